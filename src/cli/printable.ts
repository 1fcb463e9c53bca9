export { oneLine, printable } from '../base/printable.js'

/** Columns of words: every column but the last is as wide as its longest word. */
export function columns(rows: readonly (readonly string[])[], indent = '  '): string[] {
  const widths = rows.reduce<number[]>((all, row) => row.map((word, i) => Math.max(all[i] ?? 0, word.length)), [])
  return rows.map(row =>
    `${indent}${row.map((word, i) => (i === row.length - 1 ? word : word.padEnd(widths[i]! + 2))).join('')}`.trimEnd(),
  )
}

/** `2026-11-24 14:05 UTC`: for people, who compare days. */
export const shownTime = (at: number): string => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`

/** `1 row`, `2 rows`. */
export const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`
