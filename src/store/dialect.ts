import { type Kysely, PostgresAdapter, sql } from 'kysely'
import type { Tables } from './tables.js'

export const isPostgres = (db: Kysely<Tables>): boolean => db.getExecutor().adapter instanceof PostgresAdapter

/**
 * Whoever asks for the same turn inside a transaction waits until the other one has ended. SQLite has one writer at a time
 * anyway. The transaction must be `read committed`, or it does not see what it waited for.
 */
export async function takeTurn(trx: Kysely<Tables>, what: string): Promise<void> {
  if (isPostgres(trx)) await sql`select pg_advisory_xact_lock(hashtextextended(${`bridge ${what}`}, 0))`.execute(trx)
}

/** A change of the schema takes as long as it takes, and so may the wait for another node that makes it. */
export async function takeTurnToMigrate(trx: Kysely<Tables>): Promise<void> {
  if (!isPostgres(trx)) return
  await sql`set local statement_timeout = 0`.execute(trx)
  await sql`set local lock_timeout = 0`.execute(trx)
  await takeTurn(trx, 'migrations')
}
