/**
 * Backup: what the file of a backup looks like. Owns its encryption and its table of contents.
 * Does not touch: the database, the settings, or where the file lies.
 * Called by: compose-backup.ts, compose-restore.ts.
 *
 *   head       a line of text, a salt, a MAC of both: tells a wrong passphrase from a damaged file
 *   segments   see segments.ts; in them the archive of archive.ts
 */
import { createHmac, randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { BackupError } from './backup-error.js'
import { openSegments, sealSegments } from './segments.js'

const FIRST_LINE = Buffer.from('esia-school-bridge backup 1\n')
const SALT = 16
const MAC = 32
const HEAD = FIRST_LINE.length + SALT + MAC
/** RFC 7914; a guess costs 64 MiB and some tenths of a second. */
const COST = { N: 2 ** 16, r: 8, p: 1, maxmem: 128 * 1024 * 1024 }

interface Keys {
  readonly cipher: Buffer
  readonly mac: Buffer
}

/** A salt of its own gives each file keys of its own. */
async function keysOf(passphrase: Buffer, salt: Buffer): Promise<Keys> {
  const octets = await new Promise<Buffer>((resolve, reject) => {
    scrypt(passphrase, salt, 64, COST, (error, key) => (error ? reject(error) : resolve(key)))
  })
  return { cipher: octets.subarray(0, 32), mac: octets.subarray(32) }
}

const macOf = ({ mac }: Keys, salt: Buffer): Buffer =>
  createHmac('sha256', mac).update(FIRST_LINE).update(salt).digest()

/** @returns the octets of the file */
export async function* seal(passphrase: Buffer, plain: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const salt = randomBytes(SALT)
  const keys = await keysOf(passphrase, salt)
  yield Buffer.concat([FIRST_LINE, salt, macOf(keys, salt)])
  yield* sealSegments(keys.cipher, plain)
}

/**
 * @param file its octets, in parts of any length
 * @returns the plain octets; what came is authentic, and nothing is missing when they end without an error
 * @throws BackupError
 */
export async function* open(passphrase: Buffer, file: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const { head, rest } = await behead(file)
  if (!head.subarray(0, FIRST_LINE.length).equals(FIRST_LINE))
    throw new BackupError('It is no backup of the bridge, or one of a kind that this program does not know.')
  if (head.length < HEAD)
    throw new BackupError('It ends after its first octets. Copy it again, or take another backup.')
  const salt = head.subarray(FIRST_LINE.length, -MAC)
  const keys = await keysOf(passphrase, salt)
  if (!timingSafeEqual(macOf(keys, salt), head.subarray(-MAC)))
    throw new BackupError('The passphrase is not the one that it was made with, or its first octets were altered.')
  yield* openSegments(keys.cipher, rest)
}

async function behead(file: AsyncIterable<Buffer>): Promise<{ head: Buffer; rest: AsyncIterable<Buffer> }> {
  const parts = file[Symbol.asyncIterator]()
  let start: Buffer = Buffer.alloc(0)
  while (start.length < HEAD) {
    const found = await parts.next()
    if (found.done === true) break
    start = Buffer.concat([start, found.value])
  }
  async function* rest(): AsyncGenerator<Buffer> {
    yield start.subarray(HEAD)
    yield* { [Symbol.asyncIterator]: () => parts }
  }
  return { head: start.subarray(0, HEAD), rest: rest() }
}
