import { createReadStream } from 'node:fs'
import type { Readable } from 'node:stream'
import { UnusableInput, type Desk } from './desk.js'

/**
 * The octets of a file, or of standard input for `-`.
 *
 * @param most octets; nothing honest is larger
 * @throws UnusableInput
 */
export async function readInput(desk: Desk, file: string, most = 16 * 1024 * 1024): Promise<Buffer> {
  const name = file === '-' ? 'standard input' : file
  const octets = await collect(file === '-' ? desk.stdin : createReadStream(file), name, most)
  if (octets.length === 0)
    throw new UnusableInput(`${name} is empty. Give the file that was saved, or pipe the text in.`)
  return octets
}

/** The text of a UTF-8 file. @throws UnusableInput */
export async function readTextInput(desk: Desk, file: string): Promise<string> {
  const octets = await readInput(desk, file)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(octets)
  } catch {
    throw new UnusableInput(`${file} is not UTF-8 text. Save it as UTF-8, or fetch it again.`)
  }
}

async function collect(stream: Readable, name: string, most: number): Promise<Buffer> {
  const parts: Buffer[] = []
  let length = 0
  try {
    for await (const part of stream) {
      const octets = Buffer.from(part as Uint8Array)
      length += octets.length
      if (length > most)
        throw new UnusableInput(`${name} is larger than ${most / 1024 / 1024} MiB; nothing of ours is.`)
      parts.push(octets)
    }
  } catch (error) {
    throw error instanceof UnusableInput ? error : new UnusableInput(reasonOf(error, name), { cause: error })
  }
  return Buffer.concat(parts)
}

function reasonOf(error: unknown, name: string): string {
  const { code } = error as NodeJS.ErrnoException
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return `${name} does not exist. Check the path, or give - to read standard input.`
  if (code === 'EISDIR') return `${name} is a folder. Name a file in it.`
  if (code === 'EACCES' || code === 'EPERM') return `${name} may not be read by this user. Change its owner or mode.`
  return `${name} cannot be read (${code ?? 'unknown error'}).`
}
