/**
 * SQLite by libsql, embedded: one connection, with the pragmas that this needs. Everything that only SQLite
 * understands stands here and in sqlite-connection.ts; postgres.ts and postgres-connection.ts are the same for the other.
 */
import { accessSync, closeSync, constants, mkdirSync, openSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'libsql'
import { Kysely, SqliteDialect } from 'kysely'
import { codeOf, sqliteConnection } from './sqlite-connection.js'
import { StoreError } from './store-error.js'
import type { Tables } from './tables.js'

/**
 * @param path of a file, or `:memory:`
 * @param busyTimeout milliseconds to wait for another program (an import on the command line) that is writing; nothing
 *   else of this process goes on meanwhile
 * @throws StoreError naming what is wrong with the file
 */
export function openSqlite(path: string, busyTimeout = 5_000): Kysely<Tables> {
  if (path !== ':memory:') prepareFile(path)
  const database = new Database(path)
  try {
    // synchronous=FULL: a replay record that a power cut undoes would let an assertion in twice.
    database.exec(`PRAGMA busy_timeout = ${busyTimeout}`)
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON')
    // what was destroyed does not wait in free pages for somebody to look
    database.exec('PRAGMA secure_delete = ON')
  } catch (cause) {
    database.close()
    throw new StoreError(unusable(path, cause), { cause })
  }
  return new Kysely<Tables>({ dialect: new SqliteDialect({ database: sqliteConnection(database) }) })
}

/** A copy that nobody else uses: one file, without those that write-ahead needs beside it. @throws StoreError */
export function openCopy(path: string): Kysely<Tables> {
  const database = new Database(path)
  try {
    database.exec('PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON')
  } catch (cause) {
    database.close()
    throw new StoreError(unusable(path, cause), { cause })
  }
  return new Kysely<Tables>({ dialect: new SqliteDialect({ database: sqliteConnection(database) }) })
}

/**
 * Whether no program has this database open. What waits in its -wal is then in the file itself, and nothing lies beside it.
 *
 * @throws StoreError when it is no database any more: then nobody can tell
 */
export function isAtRest(path: string): boolean {
  const database = new Database(path)
  try {
    database.exec('PRAGMA busy_timeout = 500; PRAGMA journal_mode = DELETE')
    return true
  } catch (cause) {
    if (/^SQLITE_(BUSY|LOCKED)/.test(codeOf(cause))) return false
    throw new StoreError(unusable(path, cause), { cause })
  } finally {
    database.close()
  }
}

/**
 * Makes folder and file, both for the owner alone; SQLite gives its -wal and -shm files the same mode. A file that is there is
 * not opened: closing it would take the locks from a connection that this process still has (sqlite.org/howtocorrupt.html, 2.2),
 * and libsql keeps one that was closed until it is collected.
 */
function prepareFile(path: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    accessSync(dirname(path), constants.W_OK)
    if (statSync(path, { throwIfNoEntry: false })?.isFile()) accessSync(path, constants.W_OK)
    else closeSync(openSync(path, 'a', 0o600))
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
  if (/^SQLITE_(?:FULL|IOERR)/.test(codeOf(cause)))
    return `The database file ${path} cannot be worked with (${codeOf(cause)}): the disk is full or broken. Make room there, then look at the disk.`
  return `The database file ${path} cannot be opened (${codeOf(cause)}). Stop other programs that use it, or restore it from a backup.`
}
