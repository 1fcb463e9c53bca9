/** What Attempts must do, whichever database is behind them. */
import { expect } from 'chai'
import { MINUTE, T0, together, using, type Open } from './samples.js'

const LIMITS = [{ most: 2, within: MINUTE }]

export function attemptsContract(driver: string, open: Open): void {
  describe(`attempts: ${driver}`, () => {
    it(
      'counts what was heard, says how long to wait, and hears again as the first one grows old',
      using(open, async ({ attempts }) => {
        const take = (at: number) => attempts.take('test', 'somebody', LIMITS, at)
        expect(await take(T0)).to.equal(0)
        expect(await take(T0 + 10_000)).to.equal(0)
        expect(await take(T0 + 20_000)).to.equal(40_000)
        expect(await take(T0 + MINUTE - 1), 'who asks in vain waits no longer for it').to.equal(1)
        expect(await take(T0 + MINUTE)).to.equal(0)
        expect(await take(T0 + MINUTE + 1), 'the second one still counts').to.equal(9_999)
      }),
    )

    it(
      'keeps purposes and people apart',
      using(open, async ({ attempts }) => {
        for (const who of ['a', 'a', 'b']) expect(await attempts.take('test', who, LIMITS, T0)).to.equal(0)
        expect(await attempts.take('test', 'a', LIMITS, T0)).to.equal(MINUTE)
        expect(await attempts.take('other', 'a', LIMITS, T0)).to.equal(0)
        expect(await attempts.take('test', 'b', LIMITS, T0)).to.equal(0)
      }),
    )

    it(
      'holds to every limit, and names the longest wait',
      using(open, async ({ attempts }) => {
        const limits = [...LIMITS, { most: 3, within: 60 * MINUTE }]
        const take = (at: number) => attempts.take('test', 'a', limits, at)
        expect([await take(T0), await take(T0), await take(T0 + MINUTE)]).to.deep.equal([0, 0, 0])
        expect(await take(T0 + 2 * MINUTE)).to.equal(58 * MINUTE)
      }),
    )

    it(
      'lets two of fifty through that come at the same moment',
      using(open, async ({ attempts }) => {
        const waits = await together(() => attempts.take('test', 'a', LIMITS, T0))
        expect(waits.filter(wait => wait === 0)).to.have.length(2)
      }),
    )

    it(
      'forgets after a week',
      using(open, async ({ attempts }) => {
        await attempts.take('test', 'a', LIMITS, T0)
        expect(await attempts.sweep(T0 + 7 * 1_440 * MINUTE - 1)).to.equal(0)
        expect(await attempts.sweep(T0 + 7 * 1_440 * MINUTE)).to.equal(1)
      }),
    )
  })
}
