/**
 * How a journal's server proves, when it calls us, that it is the journal's: by a secret (RFC 6749, 2.3.1) or by an assertion
 * signed with its own key (RFC 7523, 2.2). Nothing here remembers or counts.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { decodeProtectedHeader, errors, jwtVerify, type JWTPayload } from 'jose'
import type { z } from 'zod'
import type { Chance } from '../base/chance.js'
import type { Instant } from '../base/clock.js'
import {
  assertionAlgorithms,
  decoyKeys,
  readClientKeys,
  type AssertionAlgorithm,
  type ClientKey,
} from './client-keys.js'
import type { Client, ClientAssertion, DoorTools } from './connector.js'
import { MOST_KEYS, openSharedKeys, secretRef, sharedKeys } from './shared-key.js'

/** For the block of a connector whose journal calls us. */
export const clientSettings = {
  secret: sharedKeys.optional().meta({
    description:
      "Where the secret lies by which the journal's server proves itself. Text of at least 32 characters, used as it stands. While it is being changed a list, `[{ id: k2, env: … }, { id: k1, env: … }]`: all are accepted.",
    example: { env: 'SGO_SECRET' },
  }),
  keys: secretRef.optional().meta({
    description:
      "Instead of a secret: where the journal's public keys lie (a JWKS, or PEM), with which its server signs (private_key_jwt; ES256, RS256, PS256 or EdDSA).",
    example: { file: 'certs/sgo-public.pem' },
  }),
}

type ClientBlock = z.output<z.ZodObject<typeof clientSettings>>

/** @returns what is wrong: whoever cannot prove anything can fetch nothing */
export const wrongClient = ({ secret, keys }: ClientBlock): string | undefined =>
  secret === undefined && keys === undefined
    ? "the journal's server must prove itself: give a secret, e.g. { env: SGO_SECRET }, or its public keys as `keys`"
    : undefined

/** @throws RangeError naming the secret or key that is missing or too weak */
export function openClient({ secret, keys }: ClientBlock, tools: DoorTools): Client {
  return clientOf(tools.journal.id, tools.issuer, tools.chance, {
    secrets: secret ? openSharedKeys(secret, tools).map(({ octets }) => octets) : [],
    keys: keys ? readClientKeys(tools.secret(keys)) : [],
  })
}

/** Who stands in for a journal that does not exist or never calls: proves nothing, and takes as long over it. */
export const stranger = (publicUrl: string, chance: Chance): Client =>
  clientOf('', publicUrl, chance, { secrets: [], keys: [] })

/** Where journals call: an assertion is meant for this address, or for the bridge as a whole. */
export const redeemAddress = (publicUrl: string): string => `${publicUrl}/hand-off/redeem`

interface Proofs {
  readonly secrets: readonly Buffer[]
  readonly keys: readonly ClientKey[]
}

function clientOf(id: string, publicUrl: string, chance: Chance, { secrets, keys }: Proofs): Client {
  const matches = secretCheck(secrets, chance)
  const decoys = decoyKeys(chance)
  const audiences = [redeemAddress(publicUrl), publicUrl]
  return {
    // no `some`: it would stop at the first
    hasSecret: spellings => spellings.map(matches).includes(true),
    readAssertion: (jwt, now) => readAssertion(jwt, now, { id, audiences, keys, decoys }),
  }
}

/** Compares with the same number of secrets whoever asks, under a key of this process, so that no length shows. */
function secretCheck(secrets: readonly Buffer[], chance: Chance): (spelling: string) => boolean {
  const blind = chance.bytes(32)
  const hide = (octets: Buffer): Buffer => createHmac('sha256', blind).update(octets).digest()
  const fillers = Array.from({ length: MOST_KEYS - secrets.length }, () => chance.bytes(32))
  const known = [...secrets, ...fillers].map(hide)
  return spelling => {
    const given = hide(Buffer.from(spelling))
    return known.map(one => timingSafeEqual(one, given)).includes(true)
  }
}

/** Seconds that the journal's clock may differ from ours. */
const SKEW_S = 30
/** Seconds that an assertion may be valid: long enough for a slow call, short enough to remember every one. */
const LONGEST_S = 300
const LONGEST_JTI = 255

interface Expected {
  readonly id: string
  readonly audiences: readonly string[]
  readonly keys: readonly ClientKey[]
  readonly decoys: readonly ClientKey[]
}

/** RFC 7523, section 3. Signature first: of a JWT that nobody signed no claim is looked at. */
async function readAssertion(jwt: string, now: Instant, expected: Expected): Promise<ClientAssertion | string> {
  const header = headerOf(jwt)
  if (!header) return 'no JWT'
  const alg = assertionAlgorithms.find(known => known === header.alg)
  if (!alg) return 'alg'
  let why = 'signature'
  for (const { key } of keysFor(alg, header.kid, expected)) {
    try {
      const { payload } = await jwtVerify(jwt, key, {
        algorithms: [alg],
        issuer: expected.id,
        subject: expected.id,
        audience: [...expected.audiences],
        requiredClaims: ['exp', 'jti'],
        currentDate: new Date(now),
        clockTolerance: SKEW_S,
      })
      return readClaims(payload, Math.floor(now / 1000))
    } catch (error) {
      if (!(error instanceof errors.JOSEError)) throw error
      if (!(error instanceof errors.JWSSignatureVerificationFailed)) why = reasonOf(error)
    }
  }
  return why
}

function keysFor(alg: AssertionAlgorithm, kid: unknown, { keys, decoys }: Expected): readonly ClientKey[] {
  const can = ({ algorithms }: ClientKey): boolean => algorithms.includes(alg)
  const meant = keys.filter(key => can(key) && (kid === undefined || key.id === undefined || key.id === kid))
  return meant.length > 0 ? meant : decoys.filter(can)
}

function headerOf(jwt: string): { readonly alg?: unknown; readonly kid?: unknown } | undefined {
  try {
    return decodeProtectedHeader(jwt)
  } catch {
    return undefined
  }
}

/** Names of claims and codes only; what the assertion says stays out of the audit. */
function reasonOf(error: errors.JOSEError): string {
  if (error instanceof errors.JWTExpired || error instanceof errors.JWTClaimValidationFailed) return error.claim
  return error.code
}

function readClaims({ aud, exp, iat, jti }: JWTPayload, now: number): ClientAssertion | string {
  // one that is also meant for others could be carried to us by them
  if (Array.isArray(aud) && aud.length !== 1) return 'aud'
  if (exp! > now + LONGEST_S + SKEW_S) return 'exp'
  if (iat !== undefined && iat > now + SKEW_S) return 'iat'
  if (typeof jti !== 'string' || jti === '' || jti.length > LONGEST_JTI) return 'jti'
  return { jti, expiresAt: (Math.ceil(exp!) + SKEW_S) * 1000 }
}
