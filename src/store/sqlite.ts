/**
 * SQLite by libsql, embedded: one connection, statements kept prepared, errors told apart. Everything that only SQLite
 * understands stands in this file; another database brings another one like it.
 */
import { accessSync, closeSync, constants, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'libsql'
import { Kysely, SqliteDialect, type SqliteDatabase, type SqliteStatement } from 'kysely'
import { StoreError, StoreUnavailable } from './store-error.js'
import type { Tables } from './tables.js'

/** Milliseconds to wait for another program (an import on the command line) that is writing. */
const BUSY_TIMEOUT = 5_000
/** Prepared statements kept; the bridge has about forty. */
const STATEMENTS = 100
/** Result codes that speak of the machine, not of our SQL (sqlite.org/rescode.html), extended ones included. */
const UNAVAILABLE = /^SQLITE_(FULL|BUSY|LOCKED|IOERR|READONLY|CANTOPEN|NOMEM|CORRUPT|NOTADB|PROTOCOL)/

/** @param path of a file, or `:memory:` @throws StoreError naming what is wrong with the file */
export function openSqlite(path: string): Kysely<Tables> {
  if (path !== ':memory:') prepareFile(path)
  const database = new Database(path)
  try {
    // synchronous=FULL: a replay record that a power cut undoes would let an assertion in twice.
    database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT}`)
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON')
  } catch (cause) {
    database.close()
    throw new StoreError(unusable(path, cause), { cause })
  }
  return new Kysely<Tables>({ dialect: new SqliteDialect({ database: connection(database) }) })
}

/** Makes folder and file, both for the owner alone; SQLite gives its -wal and -shm files the same mode. */
function prepareFile(path: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    accessSync(dirname(path), constants.W_OK)
    closeSync(openSync(path, 'a', 0o600))
  } catch (cause) {
    const why = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown reason'
    throw new StoreError(
      `The database file ${path} cannot be written (${why}). Name a writable folder in storage.database, or give this user the right to write there.`,
      { cause },
    )
  }
}

function unusable(path: string, cause: unknown): string {
  if (codeOf(cause) === 'SQLITE_NOTADB')
    return `${path} is not a database of the bridge. Name another file in storage.database, or restore this one from a backup.`
  return `The database file ${path} cannot be opened (${codeOf(cause)}). Stop other programs that use it, or restore it from a backup.`
}

/** Kysely sees this instead of the driver: it keeps statements prepared and takes the write lock at `begin`. */
function connection(database: Database.Database): SqliteDatabase {
  const kept = new Map<string, SqliteStatement>()
  const prepare = (sql: string): SqliteStatement => {
    const statement = guard(database.prepare(sql))
    if (kept.size >= STATEMENTS) kept.delete(kept.keys().next().value!)
    kept.set(sql, statement)
    return statement
  }
  return {
    prepare(sql) {
      // A transaction that reads first and writes later would fail when another program wrote in between.
      if (sql === 'begin') return kept.get('begin immediate') ?? available(() => prepare('begin immediate'))
      // A full disk has already rolled back (sqlite.org/lang_transaction.html, 3): a second one would hide the reason.
      if (sql === 'rollback' && !database.inTransaction) return nothing
      return kept.get(sql) ?? available(() => prepare(sql))
    },
    close() {
      kept.clear()
      database.close()
    },
  }
}

const nothing: SqliteStatement = {
  reader: false,
  all: () => [],
  run: () => ({ changes: 0, lastInsertRowid: 0 }),
  iterate: () => [].values(),
}

function guard(statement: Database.Statement): SqliteStatement {
  return {
    reader: statement.reader,
    all: parameters => available(() => statement.all(parameters)),
    run: parameters => available(() => statement.run(parameters)),
    iterate: parameters => available<IterableIterator<unknown>>(() => statement.iterate(parameters)),
  }
}

function available<T>(ask: () => T): T {
  try {
    return ask()
  } catch (cause) {
    const code = codeOf(cause)
    throw UNAVAILABLE.test(code) ? new StoreUnavailable(code, { cause }) : cause
  }
}

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : 'unknown')
