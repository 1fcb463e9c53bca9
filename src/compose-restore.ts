/** A backup is looked at as a whole beside its place; only then, and at once, it takes that place. */
import { createReadStream, createWriteStream, existsSync } from 'node:fs'
import { mkdtemp, readFile, rename, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { Unpacking, type Contents } from './backup/archive.js'
import { BackupError } from './backup/backup-error.js'
import { giveToOwnerOf, makeFolder, place, swap, taken, type Placed } from './backup/placing.js'
import { open } from './backup/sealed-file.js'
import type { AuditEvent } from './audit/audit.js'
import type { Instant } from './base/clock.js'
import { databaseFile } from './compose-backup.js'
import { databaseKeys, type DatabaseKeys } from './settings/named-files.js'
import { SettingsError } from './settings/problems.js'
import { judgeSettings, type Reading } from './settings/read.js'
import type { Settings } from './settings/settings.js'
import { examineCopy, isAtRest, stampOf } from './store/backup-copy.js'
import { dropLeftBehind, STAGE } from './store/left-behind.js'
import { storeKeys } from './store/open.js'

export interface RestoreOrder {
  readonly file: string
  readonly passphrase: Buffer
  /** Where bridge.yaml goes, and what it names. */
  readonly folder: string
  /** Where the keys of the database lie, when not where the settings name them. */
  readonly keys?: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly now: Instant
  /** Who restores it, for the audit. */
  readonly by: string
  /** What stands there already is put aside. */
  readonly overwrite: boolean
  /** Looks, and changes nothing. */
  readonly checkOnly: boolean
}

export interface Restored {
  readonly contents: Contents
  readonly database: string
  /** Whole paths of files that lay outside of the folder, and where they are now. */
  readonly elsewhere: readonly { readonly was: string; readonly is: string }[]
  /** Whole paths of what earlier ones had left when they were killed; deleted. */
  readonly leftBehind: readonly string[]
}

/** @throws BackupError, SettingsError, StoreError, RangeError, each in a sentence; then nothing was changed */
export async function restoreBackup(order: RestoreOrder): Promise<Restored> {
  const unpacking = new Unpacking(open(order.passphrase, createReadStream(order.file)))
  const contents = await unpacking.table()
  const files: Placed[] = []
  for (const { path, octets, mode } of contents.files)
    files.push({ to: placeOf(order.folder, path), octets: await unpacking.whole(octets), mode })
  const settings = settingsIn(files, contents, order.folder)
  const database = databaseFile(settings.settings.storage.database, order.folder)
  const stage = await mkdtemp(join(nearestFolder(dirname(database)), STAGE))
  try {
    const staged = join(stage, 'bridge.db')
    const octets = unpacking.body(contents.database.octets)
    await pipeline(octets, createWriteStream(staged, { flags: 'wx', mode: 0o600, flush: true }))
    await unpacking.end()
    const keys = databaseKeys(settings.raw, { folder: order.folder, env: order.env }, order.keys)
    const named = storeKeys({ dataKeys: keys.data, lookupKeys: keys.lookup })
    await examineCopy(staged, named, order.checkOnly ? undefined : restored(order, contents))
    if (!order.checkOnly) await putInPlace(order, { files, staged, database, keys, listen: settings.settings.listen })
  } finally {
    await rm(stage, { recursive: true, force: true })
  }
  const elsewhere = contents.files
    .filter(({ path }) => isAbsolute(path))
    .map(({ path }) => ({ was: path, is: placeOf(order.folder, path) }))
  // not before: had this one been refused, they might be all that is left
  return { contents, database, elsewhere, leftBehind: order.checkOnly ? [] : dropLeftBehind(database) }
}

/** The restored audit says from when it is, and who brought it back. */
const restored = ({ now, by }: RestoreOrder, { madeAt }: Contents): AuditEvent => ({
  ...{ at: now, what: 'backup.restored', result: 'ok', facts: { by, madeAt } },
})

/** What lay outside of the folder of the settings is not scattered over this machine. */
const placeOf = (folder: string, path: string): string =>
  isAbsolute(path) || path.includes('..') || /^[A-Za-z]:/.test(path)
    ? resolve(folder, 'elsewhere', path.replace(/[^\p{L}\p{N}._-]+/gu, '_').replace(/^_+/, ''))
    : resolve(folder, path)

type Judged = Reading & { readonly settings: Settings }

function settingsIn(files: readonly Placed[], { settings: name }: Contents, folder: string): Judged {
  const found = files.find(({ to }) => to === placeOf(folder, name))
  const reading = judgeSettings(found?.octets.toString('utf8') ?? '', `${name} in the backup`)
  const { settings } = reading
  if (!settings) throw new SettingsError(name, reading.problems)
  return { ...reading, settings }
}

/** So that what is staged there and its place are one file system. */
const nearestFolder = (folder: string): string => (existsSync(folder) ? folder : nearestFolder(dirname(folder)))

interface Staged {
  readonly files: readonly Placed[]
  readonly staged: string
  readonly database: string
  readonly keys: DatabaseKeys
  readonly listen: Settings['listen']
}

async function putInPlace(order: RestoreOrder, { files, staged, database, keys, listen }: Staged): Promise<void> {
  const brought = keys.files.filter(({ from, to }) => from !== to)
  const keyFiles = await Promise.all(
    brought.map(async ({ from, to }) => ({ to, octets: await readFile(from), mode: 0o600 })),
  )
  const all = [...files, ...keyFiles]
  const inTheWay = [...(existsSync(database) ? [database] : []), ...(await taken(all))]
  if (inTheWay.length > 0 && !order.overwrite)
    throw new BackupError(
      `${inTheWay.join(', ')} would be replaced. Nothing was changed. Restore into an empty folder with --into, or add --overwrite: what ` +
        'stands there then stays beside it under another name.',
    )
  await mustBeAtRest(database, listen)
  const stamp = stampOf(order.now)
  for (const file of all) await place(file, stamp)
  await makeFolder(dirname(database))
  await giveToOwnerOf(dirname(database), staged)
  for (const beside of ['-wal', '-shm']) await putAside(database + beside, `${database}.replaced-${stamp}${beside}`)
  await swap(staged, database, stamp)
}

/** Left by a database that is gone or broken; SQLite would write it over the restored one. */
const putAside = async (file: string, to: string): Promise<void> => {
  if (existsSync(file)) await rename(file, to)
}

/** @throws BackupError while a bridge, or another command, works on the database */
async function mustBeAtRest(database: string, listen: Settings['listen']): Promise<void> {
  if (!existsSync(database) && !existsSync(`${database}-wal`)) return
  if (await isInUse(database, listen))
    throw new BackupError(`The bridge still works on ${database}. Nothing was changed. Stop it, then restore.`)
}

async function isInUse(database: string, listen: Settings['listen']): Promise<boolean> {
  try {
    if (existsSync(database)) return !isAtRest(database)
  } catch {
    // broken: it cannot say who has it open, but a bridge that runs answers
  }
  return answers(listen)
}

const answers = ({ host, port }: Settings['listen']): Promise<boolean> =>
  new Promise(resolve => {
    const socket = connect({ host, port, timeout: 1_000 })
    const say = (is: boolean) => {
      socket.destroy()
      resolve(is)
    }
    socket
      .once('connect', () => say(true))
      .once('error', () => say(false))
      .once('timeout', () => say(false))
  })
