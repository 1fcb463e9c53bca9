/** What RateCounts must do, whichever database is behind them. */
import { expect } from 'chai'
import { MINUTE, T0, together, using, type Open } from './samples.js'

const minute = Math.floor(T0 / MINUTE)
const counted = (key: string, count: number, at = minute) => ({ key, minute: at, count })

export function rateCountsContract(driver: string, open: Open): void {
  describe(`rate counts: ${driver}`, () => {
    it(
      'adds up what the nodes tell, each key and minute by itself, and answers in the order of the question',
      using(open, async ({ rateCounts }) => {
        expect(await rateCounts.add([counted('b', 3), counted('a', 5)])).to.deep.equal([3, 5])
        expect(await rateCounts.add([counted('a', 2), counted('c', 1), counted('b', 4)])).to.deep.equal([7, 1, 7])
        expect(await rateCounts.add([counted('a', 1, minute + 1)])).to.deep.equal([1])
      }),
    )

    it(
      'loses nothing of what is told at the same moment, and takes more than a statement holds',
      using(open, async ({ rateCounts }) => {
        const many = Array.from({ length: 450 }, (_, i) => counted(`key ${i}`, 1))
        await together(i => rateCounts.add(i % 2 === 0 ? many : [...many].reverse()))
        const totals = await rateCounts.add(many)
        expect(new Set(totals)).to.have.property('size', 1)
        expect(totals[0]).to.be.above(2)
      }),
    )

    it(
      'forgets minutes that are over',
      using(open, async ({ rateCounts }) => {
        await rateCounts.add([counted('a', 5), counted('b', 1)])
        expect(await rateCounts.sweep(minute * MINUTE + 5 * MINUTE)).to.equal(0)
        expect(await rateCounts.sweep(minute * MINUTE + 6 * MINUTE)).to.equal(2)
        expect(await rateCounts.add([counted('a', 1)])).to.deep.equal([1])
      }),
    )
  })
}
