/** Whole copies of the database file: before it is brought to a new version, for a backup, and beside what a restore replaced. */
import { closeSync, existsSync, fsyncSync, openSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { sql, type Kysely } from 'kysely'
import { systemClock, type Instant } from '../base/clock.js'
import { dropLeftBehind, partOf } from './left-behind.js'
import { StoreError, StoreUnavailable } from './store-error.js'
import type { Tables } from './tables.js'

/** So many from before updates stay. */
const KEPT = 3

/** `20261129153000` */
export const stampOf = (at: Instant): string => new Date(at).toISOString().replace(/\D/g, '').slice(0, 14)

/**
 * Consistent while others write; whole and on the disk when it returns.
 *
 * @param to a new file, made for the owner alone
 * @throws StoreUnavailable, Error of node:fs
 */
export async function copyDatabase(db: Kysely<Tables>, to: string): Promise<void> {
  closeSync(openSync(to, 'wx', 0o600)) // SQLite takes an empty file, and would give one of its own another mode
  try {
    await sql`vacuum into ${to}`.execute(db)
    onTheDisk(to)
  } catch (error) {
    rmSync(to, { force: true })
    throw error
  }
}

function onTheDisk(file: string): void {
  const handle = openSync(file, 'r+')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

/** @returns undefined when the database has no tables of ours yet */
export async function schemaOf(db: Kysely<Tables>): Promise<number | undefined> {
  const tables = await db.introspection.getTables()
  if (!tables.some(({ name }) => name === 'schema_version')) return undefined
  const row = await db
    .selectFrom('schema_version')
    .select(({ fn }) => fn.max('version').as('version'))
    .executeTakeFirst()
  return row?.version ?? undefined
}

/**
 * An older database is copied beside itself before anything of it is changed: `bridge.db.schema-10-20261129153000`.
 *
 * @param known version of this program
 * @throws StoreError when there is no room: then nothing is migrated
 */
export async function copyBeforeMigrating(db: Kysely<Tables>, path: string, known: number): Promise<void> {
  const found = path === ':memory:' ? undefined : await schemaOf(db)
  if (found === undefined || found >= known) return
  const part = partOf(path)
  try {
    drop(part) // of a run that was cut off
    await copyDatabase(db, part)
    // still the same afterwards, so the same in the copy; else another program has migrated, and made a copy before
    if ((await schemaOf(db)) === found) renameSync(part, `${path}.schema-${found}-${stampOf(systemClock.now())}`)
  } catch (cause) {
    throw noCopy(path, found, known, cause)
  } finally {
    drop(part)
  }
  prune(path)
}

const drop = (file: string): void => {
  if (existsSync(file)) rmSync(file)
}

function noCopy(path: string, found: number, known: number, cause: unknown): StoreError {
  const code =
    cause instanceof StoreUnavailable ? cause.reason : ((cause as NodeJS.ErrnoException).code ?? 'unknown error')
  return new StoreError(
    `The database ${path} has schema version ${found} and must be brought to ${known}, but the copy that is made before cannot be written ` +
      `(${code}). Nothing was changed. Make room for a second file of its size, then start again.`,
    { cause },
  )
}

interface Copy {
  readonly file: string
  readonly kind: 'schema' | 'replaced'
  readonly madeAt: Instant
}

function copiesOf(path: string): readonly Copy[] {
  const [folder, name] = [dirname(path), basename(path)]
  return readdirSync(folder).flatMap(each => {
    const found = each.startsWith(`${name}.`)
      ? /^(schema-\d+|replaced)-(\d{14})(?:-wal|-shm)?$/.exec(each.slice(name.length + 1))
      : null
    if (!found) return []
    const kind = found[1] === 'replaced' ? ('replaced' as const) : ('schema' as const)
    return [{ file: join(folder, each), kind, madeAt: instantOf(found[2]!) }]
  })
}

const instantOf = (stamp: string): Instant =>
  Date.parse(stamp.replace(/^(....)(..)(..)(..)(..)(..)$/, '$1-$2-$3T$4:$5:$6Z')) || 0

function prune(path: string): void {
  const ours = copiesOf(path).filter(({ kind }) => kind === 'schema')
  for (const { file } of ours.toSorted((one, other) => other.madeAt - one.madeAt).slice(KEPT)) rmSync(file)
  dropLeftBehind(path)
}

/** Whole paths of what stands beside a database: from before updates, and what a restore or a move put aside. */
export const copiesBeside = (path: string): readonly string[] =>
  copiesOf(path)
    .map(({ file }) => file)
    .toSorted()

/** What people had destroyed must not live on in a forgotten copy. @returns how many were deleted */
export function dropCopies(path: string, madeBefore: Instant): number {
  const old = copiesOf(path).filter(({ madeAt }) => madeAt < madeBefore)
  for (const { file } of old) rmSync(file, { force: true })
  return old.length + dropLeftBehind(path).length
}
