import { constants } from 'node:fs'
import { copyFile, open, realpath, rename, rm, stat, type FileHandle } from 'node:fs/promises'

/**
 * The new text takes the place of the old one at once or not at all, for whoever could read the old one: owner and mode stay,
 * also when root changes the file of the bridge's user.
 *
 * @returns where a copy of the old one is
 */
export async function replaceFile(path: string, text: string, now: number): Promise<string> {
  const file = await realpath(path)
  const copy = `${file}.before-${new Date(now).toISOString().replace(/\D/g, '').slice(0, 14)}`
  await copyFile(file, copy, constants.COPYFILE_EXCL)
  const fresh = `${file}.new`
  await rm(fresh, { force: true }) // of a run that was cut off, or a link that would lead elsewhere
  const handle = await open(fresh, 'wx', 0o600)
  try {
    await handle.writeFile(text)
    await belongAs(handle, file)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(fresh, file)
  return copy
}

async function belongAs(handle: FileHandle, file: string): Promise<void> {
  const { mode, uid, gid } = await stat(file)
  try {
    await handle.chown(uid, gid)
  } catch (error) {
    // only root may give files away; then the owner is whoever runs this, as with any editor
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') throw error
  }
  await handle.chmod(mode & 0o777)
}
