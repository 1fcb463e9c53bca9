/** What still stands under which key, and what lets a key go. */
import { sql, type Kysely, type RawBuilder } from 'kysely'
import type { KeptUnder, KeyUse } from '../../login/rotation-ports.js'
import type { NamedKey, StoreKeys } from '../keys.js'
import type { Tables } from '../tables.js'
import { ending, rotated } from './rotated.js'
import { isUnder } from './under.js'

/** One column, and when the last row of it is gone where that is known. */
interface Counted {
  readonly table: keyof Tables
  readonly column: string
  readonly gone?: RawBuilder<number>
  /** Rows that need no key. */
  readonly except?: RawBuilder<boolean>
}

const sealedColumns: readonly Counted[] = [
  ...rotated.flatMap(({ table, sealed }) => sealed.map(column => ({ table, column }))),
  { table: 'key_checks', column: 'check_value', except: sql<boolean>`purpose in ('data', 'lookup')` },
]

/** Of a destroyed consent only the proof is left, which nobody looks for by its person any more; destructions follow their consents. */
const values: readonly Counted[] = [
  ...rotated.flatMap(({ table, values = {}, gone }) =>
    Object.keys(values).map(column => ({
      table,
      column,
      ...(gone !== undefined && { gone: sql<number>`${sql.ref(gone)}` }),
      ...(table === 'consents' && { except: sql<boolean>`details is null` }),
    })),
  ),
  ...ending.map(({ table, column, from, kept }) => ({
    table,
    column,
    gone: sql<number>`${sql.ref(from)} + ${sql.lit(kept)}`,
  })),
]

export async function keyUse(db: Kysely<Tables>, { data, lookup }: StoreKeys): Promise<readonly KeyUse[]> {
  const uses: KeyUse[] = []
  for (const [i, { id }] of data.entries())
    uses.push({ secret: 'data', id, first: i === 0, kept: await keptUnder(db, sealedColumns, id) })
  for (const [i, { id }] of lookup.entries())
    uses.push({ secret: 'lookup', id, first: i === 0, kept: await keptUnder(db, values, id) })
  return uses
}

async function keptUnder(
  db: Kysely<Tables>,
  columns: readonly Counted[],
  id: NamedKey['id'],
): Promise<readonly KeptUnder[]> {
  const kept: KeptUnder[] = []
  for (const { table, column, gone = sql<number>`0`, except } of columns) {
    const { rows } = await sql<{ count: number | string; gone: number | string | null }>`
      select count(*) as count, max(${gone}) as gone from ${sql.table(table)}
      where ${isUnder(column, id)} ${except === undefined ? sql`` : sql`and not (${except})`}`.execute(db)
    const { count = 0, gone: last } = rows[0] ?? {}
    const ends = Number(last ?? 0)
    if (Number(count) > 0) kept.push({ column: `${table}.${column}`, rows: Number(count), ...(ends > 0 && { ends }) })
  }
  return kept
}

export async function release(db: Kysely<Tables>, secret: KeyUse['secret'], id: string): Promise<void> {
  await db.deleteFrom('key_checks').where('purpose', '=', secret).where('key_id', '=', id).execute()
}
