/** Counting by the minute: alone, among nodes over one database, and after a restart. */
import { expect } from 'chai'
import fc from 'fast-check'
import { RateLimits, type RateCount, type RateCounts, type RequestLimits } from '../../src/login/rate-limits.js'
import { openStore, type Store } from '../../src/store/open.js'
import { options } from '../store/databases.js'

const LIMITS: RequestLimits = { starts: 80, answers: 80, pages: 80, calls: 80, person: 80 }
const NOBODY_ELSE: RateCounts = {
  add: counts => Promise.resolve(counts.map(({ count }) => count)),
  sweep: () => Promise.resolve(0),
}
const T0 = 1_800_000_000_000

function node(shared: RateCounts = NOBODY_ELSE, clock = { at: T0, now: () => clock.at }) {
  const limits = new RateLimits(clock, LIMITS, shared)
  /** @returns how many of so many were let in */
  const ask = (times: number, who = '192.0.2.1') =>
    Array.from({ length: times }, () => limits.take('starts', who)).filter(wait => wait === 0).length
  return { limits, clock, ask }
}

describe('limits of requests', () => {
  it('let so many in a minute, name the wait, and keep kinds and networks apart', () => {
    const { limits, clock, ask } = node()
    expect(ask(100)).to.equal(80)
    expect(limits.take('starts', '192.0.2.1')).to.equal(60)
    expect(limits.take('pages', '192.0.2.1')).to.equal(0)
    expect(ask(1, '192.0.2.2')).to.equal(1)
    clock.at += 45_500
    expect(limits.take('starts', '192.0.2.1')).to.equal(15)
  })

  it('slide: of the minute before counts what the last sixty seconds overlap', () => {
    const { clock, ask } = node()
    clock.at += 59_000
    expect(ask(100)).to.equal(80)
    clock.at += 1_000
    expect(ask(100), 'no second helping at the turn of the minute').to.equal(0)
    clock.at += 30_000
    expect(ask(100)).to.equal(40)
    clock.at += 120_000
    expect(ask(100)).to.equal(80)
  })

  it('never refuse who stays below, and never let more than the limit in within one minute', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 3_000 }), { maxLength: 400 }), pauses => {
        const { clock, limits } = node()
        const letIn = new Map<number, number>()
        for (const pause of pauses) {
          clock.at += pause
          const minute = Math.floor(clock.at / 60_000)
          if (limits.take('starts', 'a') === 0) letIn.set(minute, (letIn.get(minute) ?? 0) + 1)
        }
        for (const count of letIn.values()) expect(count).to.be.at.most(80)
      }),
    )
    const { clock, limits } = node()
    for (let i = 0; i < 1_000; i += 1) {
      clock.at += 60_000 / 72
      expect(limits.take('starts', 'a'), `request ${i}`).to.equal(0)
    }
  })

  it('cost the database nothing for what honest people ask', async () => {
    const told: (readonly RateCount[])[] = []
    const add = (counts: readonly RateCount[]) => (told.push(counts), NOBODY_ELSE.add(counts))
    const { limits, ask } = node({ ...NOBODY_ELSE, add })
    for (let i = 0; i < 500; i += 1) ask(9, `10.0.${i >> 8}.${i & 255}`)
    await limits.share()
    expect(told).to.deep.equal([])
    ask(1, '10.0.0.7')
    await limits.share()
    expect(told).to.deep.equal([[{ key: 'starts 10.0.0.7', minute: T0 / 60_000, count: 10 }]])
    await limits.share()
    expect(told, 'nothing new, nothing told').to.have.length(1)
  })

  it('count on when the database was away meanwhile', async () => {
    let away = true
    const add: RateCounts['add'] = counts => (away ? Promise.reject(new Error('away')) : NOBODY_ELSE.add(counts))
    const { limits, ask } = node({ ...NOBODY_ELSE, add })
    expect(ask(70)).to.equal(70)
    expect(
      await limits.share().then(
        () => 'shared',
        (error: unknown) => (error as Error).message,
      ),
    ).to.equal('away')
    away = false
    await limits.share()
    expect(ask(70)).to.equal(10)
  })

  describe('over one database', () => {
    let store: Store
    before(async () => (store = await openStore(options('sqlite::memory:'))))
    after(() => store.close())

    it('hold across nodes, and across a restart', async () => {
      const [one, other] = [node(store.rateCounts), node(store.rateCounts)]
      expect([one.ask(40), other.ask(30)]).to.deep.equal([40, 30])
      await one.limits.share()
      await other.limits.share()
      await one.limits.share()
      expect(other.ask(100), 'it knows of the forty').to.equal(10)
      await other.limits.share()
      one.ask(1)
      await one.limits.share()
      expect(one.ask(100)).to.equal(0)

      const restarted = node(store.rateCounts)
      const before = restarted.ask(10)
      await restarted.limits.share()
      expect([before, restarted.ask(100)], 'an eighth of the limit, and not one more').to.deep.equal([10, 0])
    })
  })
})
