/** Chance that can be had again: whoever knows the seed knows what was drawn. */
import { createHash } from 'node:crypto'

export interface Seeded {
  /** A whole number from 0 on, below `count`. */
  below(count: number): number
  pick<T>(from: readonly T[]): T
  /** True in so many of a hundred cases. */
  chance(percent: number): boolean
}

/** @param names tell apart what is drawn for different ends, so that the one never shifts the other */
export function seeded(seed: number, ...names: readonly (string | number)[]): Seeded {
  let state = createHash('sha256')
    .update([seed, ...names].join('\n'))
    .digest()
    .readUInt32LE(0)
  const below = (count: number): number => Math.floor(next() * count)
  // mulberry32 (Tommy Ettinger, public domain)
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
  return { below, pick: from => from[below(from.length)]!, chance: percent => below(100) < percent }
}
