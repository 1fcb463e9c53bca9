/**
 * What must be found without being readable: HMAC-SHA-256 under a key of its own for every purpose (HKDF, RFC 5869), so that
 * the same number gives values that cannot be compared across purposes.
 *
 * A СНИЛС has 10^9 values: whoever holds a lookup key can try them all. It lies apart from the database and its backup.
 */
import { createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto'
import type { KeyRing, NamedKey } from './keys.js'

const purposes = [
  'person',
  'snils',
  'name-id',
  'session-index',
  'child',
  'code',
  'attempts',
  'confirmation',
  'device',
  'roster-key',
  'roster-content',
  'audit',
  'subject',
  'key-check',
] as const
export type Purpose = (typeof purposes)[number]

export interface Lookup {
  /** What is written: `l1.` + base64url, under the first key. */
  index(purpose: Purpose, value: string): string
  /** What is searched: one value for every key that we hold, the first key's first. */
  candidates(purpose: Purpose, value: string): readonly string[]
  /** Under one certain key, without its id. */
  under(keyId: string, purpose: Purpose, value: string): string
}

export function createLookup(keys: KeyRing): Lookup {
  const derived = new Map(keys.map(key => [key.id, derive(key)]))
  const under = (keyId: string, purpose: Purpose, value: string): string => {
    const key = derived.get(keyId)?.get(purpose)
    if (!key) throw new Error(`No lookup key ${keyId}.`)
    return createHmac('sha256', key).update(value, 'utf8').digest('base64url')
  }
  const named = (keyId: string, purpose: Purpose, value: string) => `${keyId}.${under(keyId, purpose, value)}`
  return {
    under,
    index: (purpose, value) => named(keys[0].id, purpose, value),
    candidates: (purpose, value) => keys.map(({ id }) => named(id, purpose, value)),
  }
}

/** @returns 32 octets, which say nothing about the key or about other purposes */
export const purposeKey = ({ key }: NamedKey, purpose: Purpose): Buffer =>
  Buffer.from(hkdfSync('sha256', key, '', `bridge lookup ${purpose}`, 32))

const derive = (key: NamedKey): ReadonlyMap<Purpose, KeyObject> =>
  new Map(purposes.map(purpose => [purpose, createSecretKey(purposeKey(key, purpose))]))
