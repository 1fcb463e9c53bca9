/**
 * Text that somebody else wrote, fit for a terminal: control characters and those that turn the direction of writing are
 * shown as `\u001b`, so that no message can paint over what the command says.
 */
export const printable = (text: string): string =>
  text.replace(
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g,
    sign => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )

/** The same on one line. */
export const oneLine = (text: string): string => printable(text.replace(/\s+/g, ' ').trim())

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
