/**
 * Two engines agree: messages honest and hostile, changed by chance at every stage of their making. Whatever we accept, xml-crypto
 * on xmldom accepts, too, and the same person is read from what it found signed. `npm run nightly` does the same for tens of
 * thousands; a seed that fails here is printed by fast-check and brings the case back.
 */
import { expect } from 'chai'
import fc from 'fast-check'
import { openCourtroom } from '../support/judged.js'
import { anyCase, TwoEngines } from '../support/two-engines.js'

const RUNS = 400

describe('attacks: two engines', function () {
  this.timeout(60_000)
  let engines: TwoEngines
  before(async () => {
    engines = new TwoEngines(await openCourtroom())
  })

  it(`agree about ${RUNS} changed messages, and neither crashes nor hangs`, () => {
    const codes = new Map<string, number>()
    fc.assert(
      fc.property(anyCase, given => {
        const { ours, finding } = engines.judge(given, false)
        codes.set(ours, (codes.get(ours) ?? 0) + 1)
        expect(finding).to.equal(undefined)
      }),
      { numRuns: RUNS },
    )
    expect(codes.get('accepted'), 'accepted').to.be.greaterThan(10)
    expect(codes.size, 'kinds of refusals').to.be.greaterThan(6)
  })
})
