import { readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { SecretRef } from '../journals/connector.js'

/** Nothing that the settings name is honestly larger. */
const LARGEST = 4 * 1024 * 1024

/** Where files and variables come from; the folder is that of bridge.yaml. */
export interface Sources {
  readonly folder: string
  readonly env: Readonly<Record<string, string | undefined>>
}

/** @throws RangeError in a sentence for the operator */
export function readNamedFile(path: string, { folder }: Sources, largest = LARGEST): Buffer {
  const whole = resolve(folder, path)
  try {
    const found = statSync(whole)
    if (!found.isFile()) throw new RangeError(`${path} is not a file`)
    if (found.size > largest) throw new RangeError(`${path} is larger than ${largest / 1024 / 1024} MiB`)
    const octets = readFileSync(whole)
    if (octets.length === 0) throw new RangeError(`${path} is empty`)
    return octets
  } catch (error) {
    if (error instanceof RangeError) throw error
    throw new RangeError(`${path} ${reasonOf(error)}`, { cause: error })
  }
}

function reasonOf(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'does not exist'
  if (code === 'EACCES' || code === 'EPERM') return 'may not be read by this user; change its owner or mode'
  return `cannot be read (${code ?? 'unknown error'})`
}

/** @returns the octets behind `{ file }` or `{ env }` @throws RangeError in a sentence for the operator */
export function readSecret(ref: SecretRef, sources: Sources): Buffer {
  if ('file' in ref) return readNamedFile(ref.file, sources)
  const value = sources.env[ref.env]
  if (value === undefined || value === '')
    throw new RangeError(
      `the environment variable ${ref.env} is not set; a command needs it as the service does: docs/install.md`,
    )
  return Buffer.from(value)
}

/** Whether everybody on this machine may read it. Windows has no such bits: there the answer is no. */
export function isReadableByAll(path: string, { folder }: Sources): boolean {
  if (process.platform === 'win32') return false
  const found = statSync(resolve(folder, path), { throwIfNoEntry: false })
  return found !== undefined && (found.mode & 0o004) !== 0
}
