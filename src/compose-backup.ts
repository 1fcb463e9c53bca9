/** A backup: everything that the bridge needs to rise again on another machine, but for the keys of its database. */
import { createReadStream, createWriteStream, existsSync, readFileSync, statSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { basename, dirname, isAbsolute, relative, resolve, sep } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { pack, type ArchivedFile, type Contents } from './backup/archive.js'
import { BackupError } from './backup/backup-error.js'
import { open, seal } from './backup/sealed-file.js'
import type { Instant } from './base/clock.js'
import { projectFile } from './base/project-file.js'
import { databaseKeys, namedBeside } from './settings/named-files.js'
import { SettingsError } from './settings/problems.js'
import { judgeSettings } from './settings/read.js'
import type { Settings } from './settings/settings.js'
import { dropCopies, noteIn, takeCopy } from './store/backup-copy.js'
import { dropLeftBehind, dropParts, leftBehind, partOf } from './store/left-behind.js'
import { storeKeys } from './store/open.js'

export interface BackupOrder {
  /** bridge.yaml */
  readonly config: string
  readonly to: string
  readonly passphrase: Buffer
  readonly now: Instant
}

/**
 * Consistent while the bridge runs. The file is read again before it gets its name.
 *
 * @throws SettingsError, StoreError, BackupError, each in a sentence for the operator
 */
export async function makeBackup({ config, to, passphrase, now }: BackupOrder): Promise<Contents> {
  if (existsSync(to)) throw new BackupError(`${to} exists already. Name another file; a backup is never overwritten.`)
  if (!existsSync(dirname(to)))
    throw new BackupError(`The folder ${dirname(to)} does not exist. Make it, or name another place.`)
  const { raw, settings } = settingsOf(config)
  const database = databaseFile(settings.storage.database, dirname(resolve(config)))
  const [part, copy] = [partOf(to), partOf(database)]
  try {
    const schema = await takeCopy(database, copy)
    const sources = sourcesOf(config, raw, { database, copy })
    const contents = { ...sources.table, madeAt: new Date(now).toISOString(), bridge: version(), schema }
    await write(seal(passphrase, pack(contents, sources.bodies())), part)
    await readAgain(part, passphrase)
    await rename(part, to)
    return contents
  } finally {
    await Promise.all([part, copy].map(file => rm(file, { force: true })))
  }
}

/**
 * What earlier backups and restores left when they were killed.
 *
 * @param of names of backups in that folder
 * @returns what was deleted, whole paths
 */
export function dropUnfinished(config: string, folder: string, of: string | RegExp): readonly string[] {
  const database = databaseFile(settingsOf(config).settings.storage.database, dirname(resolve(config)))
  return [...dropLeftBehind(database), ...dropParts(folder, of)]
}

export { leftBehind }

/** Who made it, for the audit. */
export interface BackupMade extends Pick<BackupOrder, 'config' | 'now'> {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly by: string
}

/**
 * That a backup was made stands in the audit, too. It is made without the keys of the database, and would be worth nothing if it could not: so where
 * they are missing, nothing is written.
 *
 * @returns why nothing was written, in words for the operator
 */
export async function noteBackup({ config, env, by, now }: BackupMade): Promise<string | undefined> {
  const { raw, settings } = settingsOf(config)
  const folder = dirname(resolve(config))
  try {
    const { data: dataKeys, lookup: lookupKeys } = databaseKeys(raw, { folder, env })
    const event = { at: now, what: 'backup.made', result: 'ok', facts: { by } } as const
    const path = databaseFile(settings.storage.database, folder)
    const isWritten = await noteIn(path, storeKeys({ dataKeys, lookupKeys }), event)
    return isWritten ? undefined : 'the database is of an older version; start the new bridge once'
  } catch (error) {
    if (!(error instanceof Error) || !FORGIVEN.includes(error.name)) throw error
    return error.message
  }
}

const FORGIVEN = ['RangeError', 'StoreError', 'StoreUnavailable']

/** What the file itself says; keys and metadata that are missing today are no hindrance. @throws SettingsError, BackupError */
export function settingsOf(config: string): { readonly raw: unknown; readonly settings: Settings } {
  if (!existsSync(config))
    throw new BackupError(`${config} does not exist. Name the settings of the bridge with --config.`)
  const { raw, settings, problems } = judgeSettings(readFileSync(config, 'utf8'), config)
  if (!settings) throw new SettingsError(config, problems)
  return { raw, settings }
}

/** @throws BackupError for a database that is no file */
export function databaseFile(database: string, folder: string): string {
  const path = /^sqlite:(.+)$/s.exec(database)?.[1]
  if (path === undefined || path === ':memory:')
    throw new BackupError(
      'Only a database in a file (sqlite:…) is backed up by this command. For PostgreSQL use pg_dump, and copy settings, keys and metadata beside it.',
    )
  return resolve(folder, path)
}

const version = (): string =>
  (JSON.parse(readFileSync(projectFile('package.json'), 'utf8')) as { version: string }).version

type Table = Omit<Contents, 'madeAt' | 'bridge' | 'schema'>

interface Files {
  readonly database: string
  readonly copy: string
}

function sourcesOf(
  config: string,
  raw: unknown,
  { database, copy }: Files,
): { table: Table; bodies(): AsyncIterable<Buffer>[] } {
  const settings = resolve(config)
  const folder = dirname(settings)
  const named = namedBeside(raw, folder)
  const files = [...new Set([settings, ...named.files])].filter(file => file !== database)
  // read now: what stands in the table must be what follows
  const octets = files.map(file => readFileSync(file))
  const described = (file: string, length: number): ArchivedFile => ({
    path: nameFrom(folder, file),
    octets: length,
    mode: statSync(file).mode & 0o777,
  })
  return {
    table: {
      settings: basename(settings),
      files: files.map((file, i) => described(file, octets[i]!.length)),
      database: { path: nameFrom(folder, database), octets: statSync(copy).size, mode: 0o600 },
      leftOut: named.apart.map(file => nameFrom(folder, file)),
      variables: [...named.variables],
    },
    bodies: () => [...octets.map(each => Readable.from([each])), createReadStream(copy)],
  }
}

/** Inside of the folder relative, with `/`; elsewhere the whole path. */
function nameFrom(folder: string, file: string): string {
  const path = relative(folder, file)
  return path.startsWith('..') || isAbsolute(path) ? file : path.split(sep).join('/')
}

async function write(octets: AsyncIterable<Buffer>, to: string): Promise<void> {
  await pipeline(octets, createWriteStream(to, { flags: 'wx', mode: 0o600, flush: true }))
}

/** A backup that cannot be read is none. */
async function readAgain(file: string, passphrase: Buffer): Promise<void> {
  const plain = open(passphrase, createReadStream(file))
  while ((await plain.next()).done !== true);
}

/** Copies that were made before updates and by restores stay no longer than these days, and no longer than all backups. */
const COPIES_KEPT = 30 * 24 * 3_600_000

/** What people had destroyed must not live on in a forgotten copy beside the database. @returns how many were deleted */
export function dropOldCopies({ storage, consent }: Settings, now: Instant): number {
  const path = /^sqlite:(?!:memory:)(.+)$/s.exec(storage.database)?.[1]
  const kept = Math.min(COPIES_KEPT, consent?.backupsKept ?? COPIES_KEPT)
  return path === undefined ? 0 : dropCopies(path, now - kept)
}
