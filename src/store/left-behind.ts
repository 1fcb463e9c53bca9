/**
 * What a backup, a restore or an update that was killed left: whole or half copies of the database. Nobody would look for them, and what people had
 * destroyed would live on in them.
 */
import { readdirSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { systemClock } from '../base/clock.js'

/** Milliseconds. What nobody has written to for so long is nobody's any more. */
const ABANDONED = 3_600_000

/** A new folder of this name and six signs holds the database of a restore until it takes its place. */
export const STAGE = '.restoring-'

/** The name under which a file is written until it is whole. @param to whole path that it gets then */
export const partOf = (to: string): string => `${to}.part-${process.pid}`

const PART = /\.part-\d+(?:-journal|-wal|-shm)?$/

/**
 * Beside the database what a backup or an update left, and there and in the folders above what a restore did: it stages in the nearest one that is there.
 *
 * @param path of the database
 * @returns whole paths
 */
export const leftBehind = (path: string): readonly string[] => [
  ...partsOf(path).filter(isAbandoned),
  ...foldersFrom(dirname(resolve(path))).flatMap(folder =>
    namesIn(folder, name => name.startsWith(STAGE)).filter(isStage),
  ),
]

/** @returns what was left behind and is deleted now; what this user may not delete stays, and doctor goes on naming it */
export const dropLeftBehind = (path: string): readonly string[] => leftBehind(path).filter(isDeleted)

/** The same for unfinished backups. @param of the name that they would have got; in a folder of backups there are many */
export const dropParts = (folder: string, of: string | RegExp): readonly string[] =>
  partsIn(folder, of).filter(isAbandoned).filter(isDeleted)

/** Half copies of a database, also those that somebody may be writing. @param path of the database @returns whole paths */
export const partsOf = (path: string): readonly string[] => partsIn(dirname(path), basename(path))

function isDeleted(each: string): boolean {
  try {
    rmSync(each, { recursive: true, force: true })
    return true
  } catch {
    return false
  }
}

const partsIn = (folder: string, of: string | RegExp): readonly string[] =>
  namesIn(folder, name => {
    const whole = name.replace(PART, '')
    return whole !== name && (typeof of === 'string' ? whole === of : of.test(whole))
  })

const foldersFrom = (folder: string): readonly string[] =>
  dirname(folder) === folder ? [folder] : [folder, ...foldersFrom(dirname(folder))]

/** A folder that is not there, or that this user may not look into, holds nothing of ours. */
function namesIn(folder: string, isWanted: (name: string) => boolean): readonly string[] {
  try {
    return readdirSync(folder)
      .filter(isWanted)
      .map(name => join(folder, name))
  } catch {
    return []
  }
}

/** Others may name a folder so, too: ours holds a database and nothing else. */
function isStage(folder: string): boolean {
  try {
    const inside = readdirSync(folder)
    return (
      inside.every(name => name.startsWith('bridge.db')) &&
      [folder, ...inside.map(name => join(folder, name))].every(isAbandoned)
    )
  } catch {
    return false
  }
}

function isAbandoned(file: string): boolean {
  const found = statSync(file, { throwIfNoEntry: false })
  return found !== undefined && found.mtimeMs < systemClock.now() - ABANDONED
}
