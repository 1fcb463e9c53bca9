/**
 * A folder into which somebody puts lists. What a file's name says is all that a crash leaves behind: `people.csv` waits,
 * `people.csv.TOKEN.processing` was taken up, `done/` and `failed/` hold what is over, each with a report beside it.
 */
import { mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises'
import { join, parse } from 'node:path'
import type { Instant } from '../base/clock.js'

/** A file that was taken up. */
export interface Taken {
  /** As it was called when it came. */
  readonly name: string
  readonly token: string
  readonly path: string
}

export interface Found {
  /** Taken up by a round that did not end. */
  readonly taken: readonly Taken[]
  /** Oldest first. */
  readonly ready: readonly string[]
  /** Still being written, as far as one can see. */
  readonly young: readonly string[]
}

/** Milliseconds without a change after which a file counts as whole. */
const QUIET = 60_000
const LIST = /^[^.~].*\.(csv|tsv|txt|xlsx)$/i
const PROCESSING = /^(?<name>.+)\.(?<token>[\w-]{20,64})\.processing$/s

/** @throws RangeError in a sentence when there is no such folder */
export async function look(folder: string, now: Instant): Promise<Found> {
  const taken: Taken[] = []
  const waiting: { name: string; since: number }[] = []
  for (const entry of await filesIn(folder)) {
    const groups = PROCESSING.exec(entry)?.groups
    if (groups) taken.push({ name: groups['name']!, token: groups['token']!, path: join(folder, entry) })
    else if (LIST.test(entry)) {
      const found = await stat(join(folder, entry)).catch(ifGone)
      // a copy that keeps the time of the original still changes the inode
      if (found) waiting.push({ name: entry, since: Math.max(found.mtimeMs, found.ctimeMs) })
    }
  }
  waiting.sort((a, b) => a.since - b.since || (a.name < b.name ? -1 : 1))
  const names = (test: (since: number) => boolean) => waiting.filter(({ since }) => test(since)).map(({ name }) => name)
  return { taken, ready: names(since => since <= now - QUIET), young: names(since => since > now - QUIET) }
}

async function filesIn(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true })
    return entries.filter(entry => entry.isFile()).map(entry => entry.name)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR')
      throw new RangeError(`Папки ${folder} нет. Создайте её или поправьте rosterImports в настройках.`, {
        cause: error,
      })
    if (code === 'EACCES' || code === 'EPERM')
      throw new RangeError(`В папку ${folder} мосту нельзя. Дайте его пользователю права на чтение и запись.`, {
        cause: error,
      })
    throw error
  }
}

/** @returns undefined when another round was faster */
export async function takeUp(folder: string, name: string, token: string): Promise<Taken | undefined> {
  const path = join(folder, `${name}.${token}.processing`)
  const moved = await rename(join(folder, name), path).then(() => true, ifGone)
  return moved ? { name, token, path } : undefined
}

/** @returns undefined when another round has put it away */
export const contentOf = ({ path }: Taken): Promise<Buffer | undefined> => readFile(path).catch(ifGone)

/** The report stands before the file moves: a file that is put away is always explained. @returns where it lies now */
export async function putAway(
  folder: string,
  taken: Taken,
  outcome: 'done' | 'failed',
  report: string,
): Promise<string> {
  const { name, ext } = parse(taken.name)
  const path = join(folder, outcome, `${name}.${taken.token.slice(0, 8)}${ext}`)
  await mkdir(join(folder, outcome), { recursive: true })
  await writeFile(`${path}.report.txt`, report, { mode: 0o640 })
  await rename(taken.path, path).catch(ifGone)
  return path
}

function ifGone(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
}
