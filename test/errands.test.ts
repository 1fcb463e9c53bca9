/** The calendar of a running bridge: what nobody sees when it is missing, until much later. */
import { expect } from 'chai'
import { errandsOf } from '../src/errands.js'
import { startTestTown, type TestTown } from './support/town.js'

const [SECOND, MINUTE, HOUR] = [1_000, 60_000, 3_600_000]

describe('errands', () => {
  let town: TestTown
  before(async () => (town = await startTestTown()))
  after(() => town.close())

  it('are all there, none later than what depends on it allows', () => {
    const latest: Readonly<Record<string, number>> = {
      sweep: 5 * MINUTE,
      'following withdrawals': MINUTE,
      retention: 6 * HOUR,
      'chaining the audit': 10 * SECOND,
      'telling which keys are held': MINUTE,
      'sharing counts of requests': SECOND,
      'round of trust': MINUTE,
      'looking what stands': 2 * SECOND,
      'sending notices': 5 * SECOND,
      'telling journals of a logout': 30 * SECOND,
      watching: 10 * SECOND,
      'sending alerts': 5 * SECOND,
    }
    const errands = errandsOf(town.bridge)
    expect(errands.map(({ what }) => what)).to.have.members(Object.keys(latest))
    for (const { what, every } of errands) expect(every, what).to.be.within(SECOND, latest[what]!)
  })

  it('each run on a bridge with nothing to do, and again', async () => {
    for (const { run } of [...errandsOf(town.bridge), ...errandsOf(town.bridge)]) await run()
    expect(town.logs.filter(line => / failed/.test(line))).to.deep.equal([])
  })
})
