/** Copies of the database for a backup, and what is asked of one before it takes the place of another. */
import { existsSync } from 'node:fs'
import { sql, type Kysely } from 'kysely'
import type { AuditEvent } from '../audit/audit.js'
import { createStamps } from './chain/stamp.js'
import { checkKeys } from './key-checks.js'
import type { StoreKeys } from './keys.js'
import { createLookup } from './lookup.js'
import { auditRow } from './sql/audit.js'
import { SCHEMA_VERSION } from './migrations/run.js'
import { createSeal } from './sealed.js'
import { isAtRest, openCopy, openSqlite } from './sqlite.js'
import { copiesBeside, copyDatabase, dropCopies, schemaOf, stampOf } from './sqlite-copies.js'
import { StoreError, StoreUnavailable } from './store-error.js'
import type { Tables } from './tables.js'

export { copiesBeside, dropCopies, isAtRest, stampOf }

/**
 * A consistent copy while the bridge goes on writing.
 *
 * @param path of the database
 * @returns its schema version
 * @throws StoreError, StoreUnavailable, Error of node:fs
 */
export async function takeCopy(path: string, to: string): Promise<number> {
  if (!existsSync(path))
    throw new StoreError(
      `The database ${path} is not there yet: the first start makes it. There is nothing to back up.`,
    )
  const db = openSqlite(path)
  try {
    const schema = await schemaOf(db)
    if (schema === undefined) throw new StoreError(`${path} is no database of the bridge. There is nothing to back up.`)
    await copyDatabase(db, to)
    return schema
  } finally {
    await db.destroy()
  }
}

/**
 * Of the hour in which the copy was made. Kept, a session that was ended since would live again, and whoever had it would
 * be signed in; and so would the trust in a device that its owner forgot. What was used once stays remembered.
 */
const SHORT_LIVED = [
  'logins',
  'sessions',
  'visits',
  'deposits',
  'confirmations',
  'devices',
] as const satisfies readonly (keyof Tables)[]

/**
 * Proves that a copy is whole, not newer than this program, and written with these keys; then drops what must not live again.
 *
 * @param event is written into its audit
 * @returns its schema version
 * @throws StoreError in sentences for the operator
 */
export async function examineCopy(path: string, keys: StoreKeys, event?: AuditEvent): Promise<number> {
  const db = openCopy(path)
  try {
    if (!(await isWhole(db)))
      throw new StoreError('The database in it is damaged. Take another backup, or restore one.')
    const schema = await schemaOf(db)
    if (schema === undefined) throw new StoreError('The database in it is none of the bridge.')
    if (schema > SCHEMA_VERSION)
      throw new StoreError(
        `The database in it has schema version ${schema}, and this program knows only ${SCHEMA_VERSION}. Restore it with the version of the bridge that made it, or a newer one.`,
      )
    const { auditKey } = await checkKeys(db, keys, createSeal(keys.data), createLookup(keys.lookup))
    await forget(db)
    if (event && schema >= STAMPED_SINCE) await record(db, auditKey, event)
    return schema
  } finally {
    await db.destroy()
  }
}

async function isWhole(db: Kysely<Tables>): Promise<boolean> {
  try {
    const { rows } = await sql<{ quick_check: string }>`pragma quick_check`.execute(db)
    return rows[0]?.quick_check === 'ok'
  } catch (error) {
    if (error instanceof StoreUnavailable && error.reason.startsWith('SQLITE_CORRUPT')) return false
    throw error
  }
}

/** Before this version rows of the audit were not stamped, and one that is would be taken for a forgery. */
const STAMPED_SINCE = 16

/** Writes one event into the audit of a database, which stamps its rows. */
export async function note(db: Kysely<Tables>, keys: StoreKeys, event: AuditEvent): Promise<void> {
  const { auditKey } = await checkKeys(db, keys, createSeal(keys.data), createLookup(keys.lookup))
  await record(db, auditKey, event)
}

async function record(db: Kysely<Tables>, auditKey: Buffer, event: AuditEvent): Promise<void> {
  const stamps = createStamps(auditKey)
  await db
    .insertInto('audit_events')
    .values(auditRow(event, { stamp: row => stamps.make(row) }))
    .execute()
}

/**
 * Writes one event into a database that a bridge may be working on, and does not bring it to another version.
 *
 * @returns false when it is of a version whose audit is not stamped
 * @throws StoreError, StoreUnavailable
 */
export async function noteIn(path: string, keys: StoreKeys, event: AuditEvent): Promise<boolean> {
  const db = openSqlite(path)
  try {
    if (((await schemaOf(db)) ?? 0) < STAMPED_SINCE) return false
    await note(db, keys, event)
    return true
  } finally {
    await db.destroy()
  }
}

async function forget(db: Kysely<Tables>): Promise<void> {
  const there = new Set((await db.introspection.getTables()).map(({ name }) => name))
  for (const table of SHORT_LIVED) if (there.has(table)) await db.deleteFrom(table).execute()
}
