import type Database from 'libsql'
import type { SqliteDatabase, SqliteStatement } from 'kysely'
import { StoreUnavailable } from './store-error.js'

/** Prepared statements kept; the bridge has about forty. */
const STATEMENTS = 100
/** Result codes that speak of the machine, not of our SQL (sqlite.org/rescode.html), extended ones included. */
const UNAVAILABLE = /^SQLITE_(FULL|BUSY|LOCKED|IOERR|READONLY|CANTOPEN|NOMEM|CORRUPT|NOTADB|PROTOCOL)/

/** Kysely sees this instead of the driver: statements stay prepared, locks are taken first, errors are told apart. */
export function sqliteConnection(database: Database.Database): SqliteDatabase {
  const kept = new Map<string, SqliteStatement>()
  const control: Readonly<Record<string, SqliteStatement>> = {
    begin: command(() => begin(database)),
    commit: command(() => database.exec('COMMIT')),
    rollback: command(() => rollback(database)),
  }
  return {
    prepare(sql) {
      const found = control[sql] ?? kept.get(sql)
      if (found) return found
      const statement = available(() => prepared(database, sql))
      if (kept.size >= STATEMENTS) kept.delete(kept.keys().next().value!)
      kept.set(sql, statement)
      return statement
    },
    close() {
      kept.clear()
      if (!database.open) return
      try {
        // Statements, and the files with them, live on until they are collected: leave nothing in the -wal alone.
        database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
      } catch {
        // Busy or full: the -wal keeps what it has, and the next start reads it.
      }
      database.close()
    },
  }
}

function prepared(database: Database.Database, sql: string): SqliteStatement {
  const statement = database.prepare(sql)
  const ask = /^(insert|update|delete)/.test(sql) ? <T>(run: () => T) => locked(database, run) : available
  return {
    reader: statement.reader,
    all: parameters => ask(() => statement.all(parameters)),
    run: parameters => ask(() => statement.run(parameters)),
    iterate: parameters => ask<IterableIterator<unknown>>(() => statement.iterate(parameters)),
  }
}

/**
 * Takes the write lock before a statement that writes. libsql leaves a statement that found the lock taken in progress,
 * and then no transaction of the connection commits any more (tursodatabase/libsql-client-ts#352); `exec` does not.
 */
function locked<T>(database: Database.Database, write: () => T): T {
  if (database.inTransaction) return available(write)
  return available(() => {
    begin(database)
    try {
      const result = write()
      database.exec('COMMIT')
      return result
    } catch (error) {
      rollback(database)
      throw error
    }
  })
}

/** With the lock from the start: a transaction that reads first would fail when another program wrote in between. */
function begin(database: Database.Database): void {
  database.exec('BEGIN IMMEDIATE')
}

/** A full disk has already rolled back (sqlite.org/lang_transaction.html, 3); a second time would hide the reason. */
function rollback(database: Database.Database): void {
  if (database.inTransaction) database.exec('ROLLBACK')
}

const command = (run: () => unknown): SqliteStatement => ({
  reader: false,
  all: () => [],
  run() {
    available(run)
    return { changes: 0, lastInsertRowid: 0 }
  },
  iterate: () => [].values(),
})

function available<T>(ask: () => T): T {
  try {
    return ask()
  } catch (cause) {
    const code = codeOf(cause)
    throw UNAVAILABLE.test(code) ? new StoreUnavailable(code, { cause }) : cause
  }
}

/** @returns the database's own name of the error: `SQLITE_BUSY` */
export const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
