/**
 * A stream in segments of 64 KiB, each sealed with AES-256-GCM under a nonce that counts them and marks the last one: the
 * STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár: Online Authenticated-Encryption, 2015, section 7). A segment
 * that was altered, moved, doubled or left out does not open, nor does a stream that was cut off.
 */
import { createCipheriv, createDecipheriv } from 'node:crypto'
import { BackupError } from './backup-error.js'

/** Plain octets of a segment. */
const PLAIN = 64 * 1024
const TAG = 16

/** @param key of 32 octets, for this one stream: nonces begin at zero @param plain in parts of any length */
export async function* sealSegments(key: Buffer, plain: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const { octets, index, isLast } of cut(plain, PLAIN)) {
    const cipher = createCipheriv('aes-256-gcm', key, nonceOf(index, isLast))
    yield Buffer.concat([cipher.update(octets), cipher.final(), cipher.getAuthTag()])
  }
}

/**
 * @returns the plain octets; each part is authentic, and the whole is when the last one has come without an error
 * @throws BackupError
 */
export async function* openSegments(key: Buffer, sealed: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const { octets, index, isLast } of cut(sealed, PLAIN + TAG)) {
    const plain = opened(key, octets, nonceOf(index, isLast))
    if (plain === undefined) throw isLast ? endless() : altered(index)
    yield plain
  }
}

function opened(key: Buffer, octets: Buffer, nonce: Buffer): Buffer | undefined {
  const end = octets.length - TAG
  if (end < 0) return undefined
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG })
  decipher.setAuthTag(octets.subarray(end))
  try {
    return Buffer.concat([decipher.update(octets.subarray(0, end)), decipher.final()])
  } catch {
    return undefined
  }
}

function nonceOf(index: number, isLast: boolean): Buffer {
  const nonce = Buffer.alloc(12)
  nonce.writeUIntBE(index, 5, 6)
  nonce[11] = isLast ? 1 : 0
  return nonce
}

const endless = (): BackupError =>
  new BackupError('Its end is missing or was altered. Copy it again from where it lay, or take another backup.')

const altered = (index: number): BackupError =>
  new BackupError(
    `It was altered or damaged in the ${index + 1}. part of 64 KiB. Copy it again from where it lay, or take another backup.`,
  )

interface Piece {
  readonly octets: Buffer
  readonly index: number
  /** Nothing follows. */
  readonly isLast: boolean
}

/** The last piece may be shorter; an empty stream is one empty piece. */
async function* cut(stream: AsyncIterable<Buffer>, length: number): AsyncGenerator<Piece, void, undefined> {
  let waiting: Buffer[] = []
  let octets = 0
  let index = 0
  for await (const part of stream) {
    waiting.push(part)
    octets += part.length
    // one octet more than a piece must be there: only then is it known that it is not the last one
    if (octets <= length) continue
    let all = Buffer.concat(waiting)
    for (; all.length > length; all = all.subarray(length))
      yield { octets: all.subarray(0, length), index: index++, isLast: false }
    waiting = [all]
    octets = all.length
  }
  yield { octets: Buffer.concat(waiting), index, isLast: true }
}
