/** Everything that a SQLite database remembers, in a PostgreSQL one: every row of it or none. */
import type { Kysely } from 'kysely'
import type { AuditEvent } from '../audit/audit.js'
import type { Instant } from '../base/clock.js'
import { examineCopy, note } from './backup-copy.js'
import { takeTurnToMigrate } from './dialect.js'
import { makeIndexes } from './indexes.js'
import type { StoreKeys } from './keys.js'
import { migrate } from './migrations/run.js'
import { countOf, goOnCounting, pourTable } from './pouring.js'
import { openCopy } from './sqlite.js'
import { StoreError } from './store-error.js'
import type { Tables } from './tables.js'

/**
 * `kept`: every row goes over. `seed`: so, too, and what stands there already gives way, since looking at an empty database (doctor)
 * writes it. `left`: of programs that ran, of the schema, or of the hour: who was signed in signs in again, as after a restore.
 */
const fates: Readonly<Record<keyof Tables, 'kept' | 'seed' | 'left'>> = {
  ...{ accounts: 'kept', roster_intakes: 'kept', consent_texts: 'seed', consents: 'kept', destructions: 'kept' },
  ...{ links: 'kept', requests: 'kept', request_numbers: 'kept', codes: 'kept', creations: 'kept' },
  ...{ messages: 'kept', notice_choices: 'kept', notices: 'kept', attempts: 'kept', rate_counts: 'kept' },
  ...{ assertions: 'kept', used_ids: 'seed', logout_requests: 'kept', logouts: 'left' },
  ...{ audit_events: 'kept', audit_chain: 'kept', audit_anchors: 'kept' },
  ...{ watch_tallies: 'kept', watch_place: 'seed', anomalies: 'kept', locks: 'kept', banners: 'kept', alerts: 'kept' },
  ...{ key_checks: 'seed', idp_copies: 'seed', idp_sources: 'seed' },
  ...{ schema_version: 'left', probe: 'left', key_holders: 'left' },
  ...{ logins: 'left', sessions: 'left', visits: 'left', deposits: 'left', confirmations: 'left', devices: 'left' },
}

const tables = Object.keys(fates) as (keyof Tables)[]
const moved = tables.filter(table => fates[table] !== 'left')

/** Milliseconds. A bridge says every minute that it runs. */
const RUNS = 180_000

export type MovedRows = Readonly<Partial<Record<keyof Tables, number>>>

/** @param rows of this table that are over there by now */
export type ToldOfMove = (table: string, rows: number) => void

/**
 * Proves that a copy is whole and written with these keys, drops who was signed in, brings it to this program's version, and
 * notes in its audit that it moves.
 *
 * @throws StoreError
 */
export async function prepareToMove(copy: string, keys: StoreKeys, event: AuditEvent): Promise<void> {
  await examineCopy(copy, keys)
  const db = openCopy(copy)
  try {
    await migrate(db)
    await makeIndexes(db)
    await note(db, keys, event)
  } finally {
    await db.destroy()
  }
}

/** Makes the tables where there are none. @throws StoreError when something stands there that would be mixed with what comes */
export async function mustBeEmpty(db: Kysely<Tables>, now: Instant): Promise<void> {
  await migrate(db)
  await makeIndexes(db)
  await mustHoldNothing(db, now)
}

async function mustHoldNothing(db: Kysely<Tables>, now: Instant): Promise<void> {
  const running = await db
    .selectFrom('key_holders')
    .select('id')
    .where('seen_at', '>', now - RUNS)
    .execute()
  if (running.length > 0)
    throw new StoreError(
      'A bridge runs over the PostgreSQL database already, or was killed within the last three minutes. Nothing was moved. Stop it first.',
    )
  const full: string[] = []
  for (const table of tables) {
    const rows = fates[table] === 'kept' ? await countOf(db, table) : 0
    if (rows > 0) full.push(`${table} ${rows}`)
  }
  if (full.length > 0)
    throw new StoreError(
      `The PostgreSQL database already holds records (${full.join(', ')}), and two histories cannot become one. Nothing was moved. Name an empty ` +
        'database. If these came by an earlier move that was cut off after its last row, all of them are there: start the bridge.',
    )
}

/**
 * Pours a prepared copy into an empty database in one transaction; a bridge that starts over it meanwhile waits for its end.
 *
 * @throws StoreError, StoreUnavailable; then no row is there
 */
export async function pour(copy: string, into: Kysely<Tables>, now: Instant, tell: ToldOfMove): Promise<MovedRows> {
  const from = openCopy(copy)
  try {
    return await into
      .transaction()
      .setIsolationLevel('read committed')
      .execute(async trx => {
        await takeTurnToMigrate(trx)
        await mustHoldNothing(trx, now)
        const counts: [keyof Tables, number][] = []
        for (const table of moved) counts.push([table, await pourTable(from, trx, table, tell)])
        await goOnCounting(from, trx)
        return Object.fromEntries(counts)
      })
  } finally {
    await from.destroy()
  }
}
