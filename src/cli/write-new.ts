/** New files that are whole or not there, whenever the process dies, and that never take the place of another one. */
import { existsSync } from 'node:fs'
import { link, mkdir, open, readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

export interface NewFile {
  readonly name: string
  readonly text: string
  /** Of POSIX, nine bits. */
  readonly mode: number
}

/** @returns whether it was written: false where something stands there already */
export async function writeNew(path: string, text: string, mode = 0o644): Promise<boolean> {
  if (existsSync(path)) return false
  const fresh = join(dirname(path), `.${basename(path)}.new`)
  await writeThrough(fresh, text, mode)
  return move(fresh, path)
}

const MAKING = '.making'
const COMPLETE = 'complete'

/**
 * Several files of one folder that are of use only together: a key and its certificate. A run that was cut off is finished by
 * `finishTogether`, or was as if it had never been.
 */
export async function writeTogether(folder: string, files: readonly NewFile[]): Promise<void> {
  await finishTogether(folder)
  const making = join(folder, MAKING)
  await mkdir(making, { recursive: true, mode: 0o700 })
  for (const { name, text, mode } of files) await writeThrough(join(making, name), text, mode)
  await writeThrough(join(making, COMPLETE), '', 0o600)
  await finishTogether(folder)
}

/** Puts in place what a run that was cut off had written whole, and removes what it had not. */
export async function finishTogether(folder: string): Promise<void> {
  const making = join(folder, MAKING)
  if (!existsSync(making)) return
  if (existsSync(join(making, COMPLETE)))
    for (const name of await readdir(making)) if (name !== COMPLETE) await move(join(making, name), join(folder, name))
  await rm(making, { recursive: true, force: true })
}

/** On the disk when it returns. */
async function writeThrough(path: string, text: string, mode: number): Promise<void> {
  await rm(path, { force: true }) // of a run that was cut off
  const handle = await open(path, 'wx', mode)
  try {
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function move(fresh: string, path: string): Promise<boolean> {
  try {
    await link(fresh, path) // unlike rename it refuses when something is there
    await rm(fresh)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    if (existsSync(path)) return false
    await rename(fresh, path) // a file system without hard links
    return true
  }
}
