/** One table after another, from SQLite into a transaction of PostgreSQL. */
import { sql, type Kysely } from 'kysely'
import { StoreError } from './store-error.js'
import type { Tables } from './tables.js'

/** Rows in one statement: with the 18 columns of the audit far below the 65,535 values that PostgreSQL takes. */
const AT_ONCE = 500

/** @param tell is called with the rows that are over there by now @returns how many there were */
export async function pourTable(
  from: Kysely<Tables>,
  trx: Kysely<Tables>,
  table: keyof Tables,
  tell: (table: string, rows: number) => void,
): Promise<number> {
  await sql`delete from ${sql.table(table)}`.execute(trx)
  let [poured, last] = [0, 0]
  for (;;) {
    const rows = await page(from, table, last)
    if (rows.length === 0) break
    await insert(trx, table, rows)
    poured += rows.length
    last = rows.at(-1)!.place
    tell(table, poured)
  }
  const [here, there] = [await countOf(from, table), await countOf(trx, table)]
  if (here !== poured || there !== poured)
    throw new StoreError(`${table}: of ${here} rows ${there} arrived. Nothing was moved. Report this as a bug.`)
  return poured
}

interface Page {
  readonly place: number
  readonly columns: Readonly<Record<string, unknown>>
}

async function page(from: Kysely<Tables>, table: keyof Tables, after: number): Promise<readonly Page[]> {
  const { rows } = await sql<{ moved_place: number } & Record<string, unknown>>`
    select rowid as moved_place, * from ${sql.table(table)} where rowid > ${after} order by rowid limit ${AT_ONCE}`.execute(
    from,
  )
  return rows.map(({ moved_place: place, ...columns }) => ({ place, columns }))
}

async function insert(trx: Kysely<Tables>, table: keyof Tables, rows: readonly Page[]): Promise<void> {
  const names = Object.keys(rows[0]!.columns)
  const values = rows.map(({ columns }) => sql`(${sql.join(names.map(name => columns[name]))})`)
  await sql`insert into ${sql.table(table)} (${sql.join(names.map(name => sql.ref(name)))})
    overriding system value values ${sql.join(values)}`.execute(trx)
}

/** The next row of the audit gets a number that none had before, though the last ones may be deleted by now. */
export async function goOnCounting(from: Kysely<Tables>, trx: Kysely<Tables>): Promise<void> {
  const { rows } = await sql<{ seq: number }>`select seq from sqlite_sequence where name = 'audit_events'`.execute(from)
  const last = rows[0]?.seq ?? 0
  await sql`select setval(pg_get_serial_sequence('audit_events', 'seq'), ${Math.max(last, 1)}, ${last > 0})`.execute(
    trx,
  )
}

export async function countOf(db: Kysely<Tables>, table: keyof Tables): Promise<number> {
  const { rows } = await sql<{ rows: number }>`select count(*) as rows from ${sql.table(table)}`.execute(db)
  return rows[0]!.rows
}
