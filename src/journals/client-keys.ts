/** Public keys by which a journal's server proves itself, as its people give them to us: a JWKS, or PEM. */
import { createPublicKey, generateKeyPairSync, type JsonWebKey, type KeyObject } from 'node:crypto'
import type { Chance } from '../base/chance.js'

/** What an assertion may be signed with. No secret among them: a public key must never be taken for one. */
export const assertionAlgorithms = ['ES256', 'RS256', 'PS256', 'EdDSA'] as const
export type AssertionAlgorithm = (typeof assertionAlgorithms)[number]

export interface ClientKey {
  readonly id?: string
  readonly key: KeyObject
  readonly algorithms: readonly AssertionAlgorithm[]
}

/** Two for a change of keys, and some to spare. */
const MOST = 4

/** @throws RangeError that says which key is wrong and how */
export function readClientKeys(octets: Buffer): readonly ClientKey[] {
  const text = octets.toString('utf8').trim()
  const keys = text.startsWith('{') ? readJwks(text) : readPem(text)
  if (keys.length === 0) throw new RangeError('keys: holds no public key; put a JWKS or PEM (BEGIN PUBLIC KEY) into it')
  if (keys.length > MOST) throw new RangeError(`keys: holds ${keys.length} keys; at most ${MOST} may be valid at once`)
  return keys
}

function readJwks(text: string): readonly ClientKey[] {
  let list: unknown
  try {
    list = (JSON.parse(text) as { keys?: unknown }).keys
  } catch {
    throw new RangeError('keys: begins like a JWKS and is no JSON')
  }
  if (!Array.isArray(list)) throw new RangeError('keys: a JWKS looks like { "keys": [ … ] }')
  return (list as readonly unknown[]).map((jwk, i) => readJwk(jwk, `keys[${i}]`))
}

function readJwk(value: unknown, where: string): ClientKey {
  if (typeof value !== 'object' || value === null) throw new RangeError(`keys: ${where} is no key`)
  const jwk = value as JsonWebKey & { readonly use?: unknown; readonly alg?: unknown; readonly kid?: unknown }
  if ('d' in jwk || 'k' in jwk) throw secretInside(where)
  if (jwk.use !== undefined && jwk.use !== 'sig') throw new RangeError(`keys: ${where} is not for signatures (use)`)
  const key = attempt(where, () => createPublicKey({ key: jwk, format: 'jwk' }))
  const fitting = algorithmsOf(key, where)
  const algorithms = jwk.alg === undefined ? fitting : fitting.filter(alg => alg === jwk.alg)
  if (algorithms.length === 0) throw new RangeError(`keys: ${where} names an alg that its key cannot do`)
  return { key, algorithms, ...(typeof jwk.kid === 'string' && { id: jwk.kid }) }
}

function readPem(text: string): readonly ClientKey[] {
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text)) throw secretInside('the file')
  const blocks = text.match(/-----BEGIN (PUBLIC KEY|CERTIFICATE)-----[^-]+-----END \1-----/g) ?? []
  return blocks.map((block, i) => {
    const where = `block ${i + 1}`
    const key = attempt(where, () => createPublicKey(block))
    return { key, algorithms: algorithmsOf(key, where) }
  })
}

const secretInside = (where: string): RangeError =>
  new RangeError(`keys: ${where} holds a private key; it belongs to the journal alone, give its public half here`)

function attempt<T>(where: string, read: () => T): T {
  try {
    return read()
  } catch {
    // the text of the error could quote the key
    throw new RangeError(`keys: ${where} cannot be read as a public key`)
  }
}

function algorithmsOf(key: KeyObject, where: string): readonly AssertionAlgorithm[] {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key
  if (type === 'ec' && details?.namedCurve === 'prime256v1') return ['ES256']
  if (type === 'rsa' && (details?.modulusLength ?? 0) >= 2048) return ['RS256', 'PS256']
  if (type === 'ed25519') return ['EdDSA']
  throw new RangeError(`keys: ${where} is neither EC P-256, RSA of at least 2048 bits nor Ed25519`)
}

/** Keys of which nobody has the private half: work for whoever has none, so that the answer takes as long. */
export function decoyKeys(chance: Chance): readonly ClientKey[] {
  const modulus = chance.bytes(256)
  modulus[0]! |= 0x80
  modulus[255]! |= 1
  const rsa = createPublicKey({ key: { kty: 'RSA', n: modulus.toString('base64url'), e: 'AQAB' }, format: 'jwk' })
  return [
    { key: generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey, algorithms: ['ES256'] },
    { key: rsa, algorithms: ['RS256', 'PS256'] },
    { key: generateKeyPairSync('ed25519').publicKey, algorithms: ['EdDSA'] },
  ]
}
