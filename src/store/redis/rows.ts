/** Rows of the tables of SQL, as a hash of Redis holds them: every field a text, and none where SQL has null. */
type Cell = string | number | null

/** Which fields a row has, and which of them are numbers. */
export type Columns<Row> = { readonly [K in keyof Row]-?: number extends Row[K] ? 'number' : 'text' }

export type Hash = Readonly<Record<string, string>>

export const written = (row: { readonly [column: string]: unknown }): Hash =>
  Object.fromEntries(
    Object.entries(row as Readonly<Record<string, Cell>>).flatMap(([column, value]) =>
      value === null ? [] : [[column, String(value)]],
    ),
  )

export function readRow<Row>(hash: Hash, columns: Columns<Row>): Row {
  const cells = Object.entries<'number' | 'text'>(columns).map(([column, kind]): [string, Cell] => {
    const value = hash[column]
    if (value === undefined) return [column, null]
    return [column, kind === 'number' ? Number(value) : value]
  })
  return Object.fromEntries(cells) as Row
}

/** As SQL has them: a lone half of a character, which only a stranger sends, is no text that anything stands under. */
export const asText = (text: string): string => Buffer.from(text, 'utf8').toString('utf8')

const HOUR = 3_600_000

/** Milliseconds after which the server forgets a record by itself, should no sweep come by; by its own clock, so it is a span. */
export const spanTo = (until: number, now: number): number => Math.max(Math.ceil(until - now), 0) + HOUR
