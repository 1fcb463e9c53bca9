/** Takes a token out of a hand-off, spoils it, and puts it back. */
import { createHmac, generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import type { HandOff } from '../../journals/connector.js'
import { fieldsOf, withField } from './fields.js'

type Fields = Readonly<Record<string, unknown>>

export interface Jwt {
  readonly header: Fields
  readonly claims: Fields
  /** As it stands in the token. */
  readonly signature: string
  /** What was signed. */
  readonly body: string
}

const FORM = /^([\w-]{8,})\.([\w-]{8,})\.([\w-]+)$/

/** @returns the name and text of the field that holds a token, or undefined: this kind signs otherwise */
export const tokenIn = (handOff: HandOff): readonly [string, string] | undefined =>
  fieldsOf(handOff).find(([, value]) => FORM.test(value))

/** @returns the same hand-off with another token in its place */
export const withToken = (handOff: HandOff, token: string): HandOff => withField(handOff, tokenIn(handOff)![0], token)

export function read(token: string): Jwt {
  const [head = '', claims = '', signature = ''] = token.split('.')
  return { header: parse(head), claims: parse(claims), signature, body: `${head}.${claims}` }
}

const parse = (part: string): Fields => JSON.parse(Buffer.from(part, 'base64url').toString()) as Fields
const part = (value: Fields): string => Buffer.from(JSON.stringify(value)).toString('base64url')
const bodyOf = (header: Fields, claims: Fields): string => `${part(header)}.${part(claims)}`

/** Other words over the signature that the token had. */
export const reworded = ({ header, claims, signature }: Jwt, change: Fields, head: Fields = {}): string =>
  `${bodyOf({ ...header, ...head }, { ...claims, ...change })}.${signature}`

export function brokenSignature({ body, signature }: Jwt): string {
  const octets = Buffer.from(signature, 'base64url')
  octets[0] = octets[0]! ^ 1
  return `${body}.${octets.toString('base64url')}`
}

export const unsigned = ({ body }: Jwt): string => `${body}.`

/** `alg: none` in the ways of writing that programs have taken for it (RFC 8725, 3.1). */
export const algNone = ({ header, claims, signature }: Jwt): readonly string[] =>
  ['none', 'None', 'NONE'].flatMap(alg => {
    const body = bodyOf({ ...header, alg }, claims)
    return [`${body}.`, `${body}.${signature}`]
  })

/** The public key, which everybody has, taken for a shared secret (RFC 8725, 2.1). */
export const publicKeyAsSecret = ({ header, claims }: Jwt, publicKey: KeyObject): readonly string[] => {
  const pem = publicKey.export({ type: 'spki', format: 'pem' }) as string
  const body = bodyOf({ ...header, alg: 'HS256' }, claims)
  return [pem, pem.trimEnd(), JSON.stringify(publicKey.export({ format: 'jwk' }))].map(
    secret => `${body}.${createHmac('sha256', secret).update(body).digest('base64url')}`,
  )
}

/** A key of the attacker's own, sent along in the header. */
export function ownKeyInHeader({ header, claims }: Jwt): string {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const body = bodyOf({ ...header, alg: 'ES256', jwk: publicKey.export({ format: 'jwk' }) }, claims)
  return `${body}.${sign('sha256', Buffer.from(body), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`
}
