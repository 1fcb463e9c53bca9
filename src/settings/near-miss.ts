/** @returns the known word that was probably meant: the same but for case, hyphens and underscores, or at most two slips away */
export function nearMiss(written: string, known: readonly string[]): string | undefined {
  const plain = (word: string) => word.toLowerCase().replace(/[-_]/g, '')
  const ranked = known
    .map(word => ({ word, slips: slipsBetween(plain(written).slice(0, 64), plain(word)) }))
    .filter(({ word, slips }) => slips <= (word.length < 5 ? 1 : 2))
    .sort((one, other) => one.slips - other.slips)
  return ranked[0]?.word
}

/** Letters to insert, drop or replace, two swapped neighbours counting as one slip (optimal string alignment). */
function slipsBetween(from: string, to: string): number {
  let before: number[] = []
  let above = Array.from({ length: to.length + 1 }, (_, column) => column)
  for (let row = 1; row <= from.length; row++) {
    const line = [row]
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1]
      const swapped = column > 1 && row > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]
      const steps = [line[column - 1]! + 1, above[column]! + 1, above[column - 1]! + (same ? 0 : 1)]
      line.push(Math.min(...steps, swapped ? before[column - 2]! + 1 : Infinity))
    }
    before = above
    above = line
  }
  return above[to.length]!
}
