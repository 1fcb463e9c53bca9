/**
 * Personal fields at rest: AES-256-GCM under a named key, `d1.` + base64url of nonce, ciphertext and tag.
 *
 * Table, column and row are authenticated with it, so that a value moved to another person's row does not open.
 * A nonce is 96 random bits; NIST SP 800-38D, 8.3, allows 2^32 values under one key, which is 130 a second for a year.
 */
import { createCipheriv, createDecipheriv, createSecretKey, randomBytes, type KeyObject } from 'node:crypto'
import type { StampedRow } from './chain/stamp.js'
import type { KeyRing } from './keys.js'
import type { Tables } from './tables.js'

const NONCE_BYTES = 12
const TAG_BYTES = 16

/** Where a sealed value stands; it opens nowhere else. */
export interface Place {
  readonly table: keyof Tables
  readonly column: string
  /** Primary key of the row. */
  readonly row: string
}

/** Against reading, and against being moved. */
export interface Sealing {
  /** @param value whatever JSON can hold */
  seal(place: Place, value: unknown): string
  /** @throws Error when the value was altered, moved, or sealed with a key that we do not have */
  open(place: Place, sealed: string): unknown
}

/** With what proves that a row of the audit is ours. */
export interface Seal extends Sealing {
  stamp(row: StampedRow): string
}

export function createSeal(keys: KeyRing): Sealing {
  const byId = new Map<string, KeyObject>(keys.map(({ id, key }) => [id, createSecretKey(key)]))
  const first = { id: keys[0].id, key: createSecretKey(keys[0].key) }

  return {
    seal(place, value) {
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv('aes-256-gcm', first.key, nonce).setAAD(address(place))
      const text = Buffer.concat([
        nonce,
        cipher.update(JSON.stringify(value), 'utf8'),
        cipher.final(),
        cipher.getAuthTag(),
      ])
      return `${first.id}.${text.toString('base64url')}`
    },

    open(place, sealed) {
      const dot = sealed.indexOf('.')
      const key = byId.get(sealed.slice(0, dot))
      const bytes = Buffer.from(sealed.slice(dot + 1), 'base64url')
      if (!key || bytes.length < NONCE_BYTES + TAG_BYTES) throw unopened(place)
      return JSON.parse(decrypt(key, place, bytes)) as unknown
    },
  }
}

function decrypt(key: KeyObject, place: Place, bytes: Buffer): string {
  const end = bytes.length - TAG_BYTES
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
  decipher.setAAD(address(place)).setAuthTag(bytes.subarray(end))
  try {
    return decipher.update(bytes.subarray(NONCE_BYTES, end), undefined, 'utf8') + decipher.final('utf8')
  } catch (cause) {
    throw unopened(place, cause)
  }
}

/** Names of tables and columns hold no NUL, so no two places share an address. */
const address = ({ table, column, row }: Place): Buffer => Buffer.from(`${table}\0${column}\0${row}`, 'utf8')

const unopened = ({ table, column }: Place, cause?: unknown): Error =>
  new Error(`A sealed value in ${table}.${column} does not open: altered, moved, or sealed with an unknown key.`, {
    cause,
  })
