/** Puts restored files in their places: each at once or not at all, and none over another without a copy of that one. */
import { existsSync } from 'node:fs'
import { chmod, chown, copyFile, link, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'

export interface Placed {
  /** Whole path. */
  readonly to: string
  readonly octets: Buffer
  readonly mode: number
}

/** @returns those of them whose places are taken by something else */
export async function taken(files: readonly Placed[]): Promise<readonly string[]> {
  const found = await Promise.all(
    files.map(async ({ to, octets }) => !existsSync(to) || (await readFile(to)).equals(octets)),
  )
  return files.filter((_, i) => !found[i]).map(({ to }) => to)
}

/** @param stamp for the copy of what stands there: `bridge.yaml.replaced-20261129153000` */
export async function place({ to, octets, mode }: Placed, stamp: string): Promise<void> {
  if (existsSync(to) && (await readFile(to)).equals(octets)) return
  await makeFolder(dirname(to))
  const fresh = `${to}.new`
  await rm(fresh, { force: true }) // of a run that was cut off
  const handle = await open(fresh, 'wx', 0o600)
  try {
    await handle.writeFile(octets)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await chmod(fresh, mode)
  await giveToOwnerOf(dirname(to), fresh)
  await swap(fresh, to, stamp)
}

/** The old one keeps a second name; there is no moment at which none of the two is in the place. */
export async function swap(fresh: string, to: string, stamp: string): Promise<void> {
  if (existsSync(to)) {
    const kept = `${to}.replaced-${stamp}`
    await link(to, kept).catch(() => copyFile(to, kept)) // a file system without hard links
  }
  await rename(fresh, to)
}

/** Folders that are made belong to whom the folder above them belongs to. */
export async function makeFolder(folder: string): Promise<void> {
  if (existsSync(folder)) return
  await makeFolder(dirname(folder))
  await mkdir(folder, { mode: 0o700 })
  await giveToOwnerOf(dirname(folder), folder)
}

/** What root restores must be readable to the user of the bridge. Only root may give files away. */
export async function giveToOwnerOf(folder: string, file: string): Promise<void> {
  if (process.getuid?.() !== 0) return
  const { uid, gid } = await stat(folder)
  await chown(file, uid, gid)
}
