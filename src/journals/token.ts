/** JWT in compact form (RFC 7519, RFC 7515 section 7.1), signed with node:crypto: a signature costs 2 to 30 microseconds. */
import { createHmac, sign, type KeyObject } from 'node:crypto'
import type { TokenKey } from './connector.js'

export const tokenAlgorithms = ['HS256', 'ES256', 'RS256'] as const

/**
 * `JWT` lets somebody in, `logout+jwt` ends a session, `login-check+jwt` asks whether a password is right, `new-account+jwt`
 * asks for an account, `audit-anchor+jwt` vouches for our audit: nobody must take one for another (RFC 8725, 3.11).
 */
export type TokenType = 'JWT' | 'logout+jwt' | 'login-check+jwt' | 'new-account+jwt' | 'audit-anchor+jwt'

/** Signs claims for one journal. */
export type Signer = (claims: Readonly<Record<string, unknown>>, typ?: TokenType) => string

/**
 * @param key shared with one journal only; at least 32 octets (RFC 7518, 3.2)
 * @param id where the journal knows two keys: which one
 */
export const sharedKeySigner =
  (key: Buffer, id?: string): Signer =>
  (claims, typ = 'JWT') =>
    compact({ alg: 'HS256', typ, ...(id !== undefined && { kid: id }) }, claims, body =>
      createHmac('sha256', key).update(body).digest(),
    )

/** `kid` tells the journal which key of our JWKS to take. */
export const tokenKeySigner =
  (alg: 'ES256' | 'RS256', { id, privateKey }: TokenKey): Signer =>
  (claims, typ = 'JWT') =>
    // ieee-p1363: r and s side by side, as RFC 7518 section 3.4 wants them. RSA keys ignore it.
    compact({ alg, typ, kid: id }, claims, body =>
      sign('sha256', Buffer.from(body), { key: privateKey, dsaEncoding: 'ieee-p1363' }),
    )

function compact(header: object, claims: object, signature: (body: string) => Buffer): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const body = `${part(header)}.${part(claims)}`
  return `${body}.${signature(body).toString('base64url')}`
}

/** @returns the algorithm for which the key is made (RFC 7518, 3.3 and 3.4), or undefined when we sign nothing with it */
export function algorithmOf(key: KeyObject): 'ES256' | 'RS256' | undefined {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key
  if (type === 'ec') return details?.namedCurve === 'prime256v1' ? 'ES256' : undefined
  return type === 'rsa' && (details?.modulusLength ?? 0) >= 2048 ? 'RS256' : undefined
}
