/**
 * Moves rows from older keys to the first ones while the bridge goes on. What was done stands in the rows themselves (every value names
 * its key), so that it may be stopped anywhere and begun again.
 */
import { sql, type Kysely, type RawBuilder, type Transaction } from 'kysely'
import type { Moved, Rotation } from '../../login/rotation-ports.js'
import type { StoreKeys } from '../keys.js'
import type { Lookup } from '../lookup.js'
import type { Place, Seal } from '../sealed.js'
import { auditRow } from '../sql/audit.js'
import type { Tables } from '../tables.js'
import { keyUse, release } from './key-use.js'
import { moveOwnKeys } from './own-keys.js'
import { rotated, type Rotated, type Row } from './rotated.js'
import { stragglers } from './key-holders.js'
import { isUnder, under } from './under.js'

export interface RotationTools {
  readonly seal: Seal
  readonly lookup: Lookup
  readonly keys: StoreKeys
}

export function createRotation(db: Kysely<Tables>, tools: RotationTools): Rotation {
  return {
    tables: [...rotated.map(({ table }) => table), 'key_checks'],

    async waiting(table) {
      if (table === 'key_checks') return 0
      const each = known(table)
      const { rows } = await sql<{ waiting: number | string }>`
        select count(*) as waiting from ${sql.table(table)} where ${stale(each, tools.keys)}`.execute(db)
      return Number(rows[0]?.waiting ?? 0)
    },

    async move(table, after, most) {
      if (table === 'key_checks') return moveOwnKeys(db, tools)
      const each = known(table)
      const { rows } = await sql<Row>`
        select * from ${sql.table(table)} where ${sql.ref(each.id)} > ${after} and ${stale(each, tools.keys)}
        order by ${sql.ref(each.id)} limit ${most}`.execute(db)
      const next = rows.length === most ? String(rows.at(-1)?.[each.id]) : undefined
      return { ...(await moveRows(db, each, rows, tools)), ...(next !== undefined && { next }) }
    },

    use: () => keyUse(db, tools.keys),
    release: (secret, id) => release(db, secret, id),
    stragglers: since => stragglers(db, tools.keys, since),

    async lookupSince() {
      const noted = await db
        .selectFrom('audit_events')
        .select(['at', 'facts'])
        .where('what', '=', 'keys.rotated')
        .orderBy('at')
        .execute()
      const [first] = noted.filter(({ facts }) => lookupOf(facts) === tools.keys.lookup[0].id)
      return first?.at
    },

    async record(event) {
      await db.insertInto('audit_events').values(auditRow(event, tools.seal)).execute()
    },
  }
}

const known = (table: string): Rotated => rotated.find(each => each.table === table)!

const lookupOf = (facts: string | null): unknown => (JSON.parse(facts ?? '{}') as { readonly lookup?: unknown }).lookup

/** Some value of the row is not under the first key. */
function stale({ sealed, values = {} }: Rotated, { data, lookup }: StoreKeys): RawBuilder<unknown> {
  const under = (column: string, id: string) => sql`(${sql.ref(column)} <> '' and not ${isUnder(column, id)})`
  const all = [
    ...sealed.map(column => under(column, data[0].id)),
    ...Object.keys(values).map(column => under(column, lookup[0].id)),
  ]
  return sql`(${sql.join(all, sql` or `)})`
}

interface Change {
  readonly row: Row
  readonly set: Readonly<Record<string, string>>
}

/** Opened and sealed outside of the transaction, which writes only over what was read. */
async function moveRows(
  db: Kysely<Tables>,
  each: Rotated,
  rows: readonly Row[],
  tools: RotationTools,
): Promise<Omit<Moved, 'next'>> {
  let unreadable = 0
  const changes: Change[] = []
  for (const row of rows) {
    const set = changeOf(each, row, tools)
    if (!set) unreadable += 1
    else if (Object.keys(set).length > 0) changes.push({ row, set })
  }
  if (changes.length === 0) return { moved: 0, missed: 0, unreadable }
  return db.transaction().execute(async trx => {
    let moved = 0
    for (const change of changes) if (await write(trx, each, change)) moved += 1
    return { moved, missed: changes.length - moved, unreadable }
  })
}

/** @returns the columns that change; undefined when something does not open */
function changeOf({ table, id, sealed, values = {} }: Rotated, row: Row, { seal, lookup, keys }: RotationTools) {
  const set: Record<string, string> = {}
  const opened: Record<string, unknown> = {}
  for (const column of sealed) {
    const value = row[column]
    if (typeof value !== 'string' || value === '') continue
    const place: Place = { table, column, row: String(row[id]) }
    try {
      opened[column] = seal.open(place, value)
    } catch {
      return undefined
    }
    if (!under(value, keys.data[0].id)) set[column] = seal.seal(place, opened[column])
  }
  for (const [column, sourceOf] of Object.entries(values)) {
    const value = row[column]
    if (typeof value !== 'string' || under(value, keys.lookup[0].id)) continue
    const source = sourceOf(row, opened)
    if (source) set[column] = lookup.index(...source)
  }
  return set
}

async function write(trx: Transaction<Tables>, each: Rotated, { row, set }: Change): Promise<boolean> {
  const { table, id, repeated, unique } = each
  if (unique && set[unique.value] !== undefined && (await isTaken(trx, each, { row, set }))) return false
  const columns = Object.entries(set)
  const changes = columns.map(([column, value]) => sql`${sql.ref(column)} = ${value}`)
  const same = columns.map(([column]) => sql`${sql.ref(column)} = ${row[column]}`)
  const { numAffectedRows } = await sql`
    update ${sql.table(table)} set ${sql.join(changes)}
    where ${sql.ref(id)} = ${row[id]} and ${sql.join(same, sql` and `)}`.execute(trx)
  if (numAffectedRows !== 1n) return false
  const value = repeated && set[repeated.column]
  if (repeated && value !== undefined)
    await sql`
      update ${sql.table(repeated.table)} set ${sql.ref(repeated.column)} = ${value}
      where ${sql.ref(repeated.by)} = ${row[id]}`.execute(trx)
  return true
}

/** Another row stands there already; to write this one beside it would break the rule that there is one of a kind. */
async function isTaken(trx: Transaction<Tables>, { table, id, unique }: Rotated, { row, set }: Change) {
  const { value, columns, whileNull } = unique!
  if (whileNull !== undefined && row[whileNull] !== null) return false
  const same = columns.map(column => sql`and ${sql.ref(column)} = ${row[column]}`)
  const { rows } = await sql`
    select ${sql.ref(id)} from ${sql.table(table)}
    where ${sql.ref(value)} = ${set[value]} ${sql.join(same, sql` `)}
    ${whileNull === undefined ? sql`` : sql`and ${sql.ref(whileNull)} is null`}`.execute(trx)
  return rows.length > 0
}
