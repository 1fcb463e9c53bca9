/**
 * SQLite by libsql, embedded: one connection, with the pragmas that this needs. Everything that only SQLite
 * understands stands here and in sqlite-connection.ts; another database brings a file like these.
 */
import { accessSync, closeSync, constants, mkdirSync, openSync } from 'node:fs'
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
  if (/^SQLITE_(?:FULL|IOERR)/.test(codeOf(cause)))
    return `The database file ${path} cannot be worked with (${codeOf(cause)}): the disk is full or broken. Make room there, then look at the disk.`
  return `The database file ${path} cannot be opened (${codeOf(cause)}). Stop other programs that use it, or restore it from a backup.`
}
