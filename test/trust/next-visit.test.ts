import { expect } from 'chai'
import type { Source } from '../../src/trust/ports.js'
import { nextVisit } from '../../src/trust/visit.js'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const source = (): Source => ({
  name: 'https://federation.example/metadata',
  signers: [],
  refresh: 6 * HOUR,
  whenExpired: 'refuse',
  newSigningKeys: 'ask',
  idp: { legacyAlgorithms: false, cbc: 'never', acceptUnsolicited: false },
})

describe('the time of the next visit', () => {
  const state = (change = {}) => ({ source: 'x', triedAt: 0, failures: 0, rules: '', ...change })
  it('is the shorter of the setting and cacheDuration, a fifth of it left to chance', () => {
    expect(nextVisit(source(), state(), undefined, 0)).to.equal(6 * HOUR)
    expect(nextVisit(source(), state(), undefined, 1)).to.equal(6 * HOUR * 0.8)
    expect(nextVisit(source(), state({ cacheDuration: HOUR }), undefined, 0)).to.equal(HOUR)
    expect(nextVisit(source(), state({ cacheDuration: 1 }), undefined, 0), 'and never hectic').to.equal(5 * MINUTE)
  })
  it('doubles from a minute on after failures, up to the usual time', () => {
    const waits = [1, 2, 3, 20].map(failures => nextVisit(source(), state({ failures }), undefined, 0))
    expect(waits).to.deep.equal([MINUTE, 2 * MINUTE, 4 * MINUTE, 6 * HOUR])
  })
  it('comes in time for a copy that runs out soon', () => {
    expect(nextVisit(source(), state(), 2 * HOUR, 0)).to.equal(HOUR)
  })
})
