/**
 * What proves a row of the audit and an entry of the chain: HMAC-SHA-256 of RFC 2104, of a row cut to 128 bits. The key is random, never
 * changes, and lies sealed in `key_checks`; whoever holds only the database can make no stamp.
 */
import { createHmac, createSecretKey, randomBytes, timingSafeEqual } from 'node:crypto'
import type { NewAuditRow } from '../tables.js'

const NONCE_BYTES = 9
const MAC_LENGTH = 22

/** A row without its place: that the database gives, and the chain writes down. */
export type StampedRow = Omit<NewAuditRow, 'seq' | 'stamp' | 'entry'>

export interface ChainedEntry {
  readonly position: number
  readonly at: number
  readonly kind: string
  readonly body: string
}

export interface Stamps {
  /** `nonce.mac`, another one for every row, so that a row cannot be put in a second time. */
  make(row: StampedRow): string
  isMade(row: StampedRow, stamp: string): boolean
  /** Of the content alone, for rows that have no stamp, or a wrong one. */
  content(row: StampedRow): string
  /** @param before of the entry before; empty for the first */
  entry(entry: ChainedEntry, before: string): string
}

export function createStamps(octets: Buffer): Stamps {
  const key = createSecretKey(octets)
  const hmac = (text: string) => createHmac('sha256', key).update(text, 'utf8').digest('base64url')
  const mac = (nonce: string, row: StampedRow) => hmac(canonical(nonce, row)).slice(0, MAC_LENGTH)
  return {
    make(row) {
      const nonce = randomBytes(NONCE_BYTES).toString('base64url')
      return `${nonce}.${mac(nonce, row)}`
    },
    isMade(row, stamp) {
      const nonce = stamp.slice(0, stamp.indexOf('.'))
      return same(`${nonce}.${mac(nonce, row)}`, stamp)
    },
    content: row => mac('', row),
    entry: ({ position, at, kind, body }, before) => hmac(JSON.stringify(['entry', position, before, at, kind, body])),
  }
}

/** Every column in one order; docs/decisions/0019 has it, too. */
const canonical = (nonce: string, row: StampedRow): string =>
  JSON.stringify([
    'row',
    nonce,
    ...[row.at, row.what, row.result, row.number ?? null, row.code ?? null],
    ...[row.address ?? null, row.device ?? null, row.idp ?? null, row.authn_method ?? null],
    ...[row.person ?? null, row.journal ?? null, row.account_id ?? null, row.facts ?? null, row.checks ?? null],
  ])

function same(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)]
  return a.length === b.length && timingSafeEqual(a, b)
}
