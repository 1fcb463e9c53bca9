/** The two messages of DiscourseConnect: base64 of a query string, and the HMAC-SHA256 of that base64 text in hex. */
import { timingSafeEqual } from 'node:crypto'
import { Refusal } from '../base/refusal.js'
import { macOf, type Pairs } from './hmac.js'
import type { SharedKey } from './shared-key.js'

export interface SignedMessage {
  readonly sso: string
  readonly sig: string
}

/** What the journal wants to know, and where it waits for the answer. */
export interface Asked {
  /** At least 128 bits, drawn by the journal: the answer counts once, in the browser that it was drawn for. */
  readonly nonce: string
  /** As the journal wrote it; to be checked against its list. */
  readonly returnTo?: string
}

export function signMessage(pairs: Pairs, key: SharedKey): SignedMessage {
  const query = pairs.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&')
  const sso = Buffer.from(query).toString('base64')
  return { sso, sig: macOf(key, sso) }
}

/** The signature first; nothing is decoded of a message that nobody signed. Every key is tried, in constant time each. */
export function keyOf({ sso, sig }: SignedMessage, keys: readonly SharedKey[]): SharedKey | undefined {
  return keys.find(key => sameText(macOf(key, sso), sig))
}

export function sameText(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)]
  return a.length === b.length && timingSafeEqual(a, b)
}

/** The line ends that old Discourse puts into its base64 are signed with it, and are nothing to the decoder. */
const BASE64 = /^[A-Za-z0-9+/\r\n]+={0,2}[\r\n]*$/
const NONCE = /^[\x21-\x7e]{22,128}$/

/**
 * @param sso whose signature was right
 * @throws Refusal `request.malformed`
 */
export function readAsked(sso: string): Asked {
  if (!BASE64.test(sso)) throw malformed('sso', 'no base64')
  const query = new URLSearchParams(Buffer.from(sso, 'base64').toString())
  if (query.has('external_id')) throw malformed('external_id', 'this is an answer')
  const [nonce, ...otherNonces] = query.getAll('nonce')
  if (nonce === undefined || otherNonces.length > 0 || !NONCE.test(nonce))
    throw malformed('nonce', 'one of 22 to 128 signs of ASCII')
  const [returnTo, ...others] = query.getAll('return_sso_url')
  if (others.length > 0) throw malformed('return_sso_url', 'repeated')
  return { nonce, ...(returnTo !== undefined && { returnTo }) }
}

const malformed = (parameter: string, why: string) => new Refusal('request.malformed', { parameter, why })
