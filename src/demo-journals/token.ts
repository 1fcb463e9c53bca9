/** The token that a browser brings: verified wholly before a word of it is believed (RFC 7515 5.2, RFC 7519 7.2). */
import { createHmac, timingSafeEqual, verify, type KeyObject } from 'node:crypto'
import type { Instant } from '../base/clock.js'
import { Denial } from './denials.js'
import type { Algorithm, DemoJournal } from './options.js'

/** What the bridge says about the account; `state` and `returnTo` are what this journal sent along. */
export interface Claims {
  readonly id: string
  /** Seconds since 1970. */
  readonly expires: number
  readonly account: string
  readonly login: string
  readonly role: string
  readonly school: string
  readonly child?: string
  readonly sid?: string
  readonly returnTo?: string
  readonly state?: string
}

/** Finds the bridge's public key. @throws Denial `keys-unreachable` */
export type FindKey = (id: string | undefined, alg: Algorithm) => Promise<KeyObject | undefined>

/** Seconds that the clocks of both servers may differ. */
export const SKEW_S = 30
/** Seconds that an honest token lives. */
const LIFETIME_S = 60
const LOGOUT_LIFETIME_S = 120
const LOGOUT_EVENT = 'http://schemas.openid.net/event/backchannel-logout'
/** Characters. Node itself takes no head of a request longer than 16 KiB. */
const LONGEST = 8192

export async function verifyToken(
  token: string,
  journal: DemoJournal,
  issuer: string,
  findKey: FindKey,
  now: Instant,
): Promise<Claims> {
  return readClaims(await verified(token, 'JWT', LIFETIME_S, journal, issuer, findKey, now))
}

/** What the bridge's server says when a session has ended. */
export interface Leaving {
  readonly id: string
  /** Seconds since 1970. */
  readonly expires: number
  readonly sid: string
}

/** OpenID Connect Back-Channel Logout 1.0, 2.4 and 2.6: another type, an event, and no nonce. */
export async function verifyLogoutToken(
  token: string,
  journal: DemoJournal,
  issuer: string,
  findKey: FindKey,
  now: Instant,
): Promise<Leaving> {
  const claims = await verified(token, 'logout+jwt', LOGOUT_LIFETIME_S, journal, issuer, findKey, now)
  const [id, sid] = [text(claims.jti), text(claims.sid)]
  const { events } = claims
  const meant = typeof events === 'object' && events !== null && LOGOUT_EVENT in events
  if (!meant || !id || !sid || claims.nonce !== undefined) throw new Denial('token-form')
  return { id, sid, expires: claims.exp as number }
}

/** A login and a password of this journal, typed at the bridge. */
export interface LoginCheck {
  readonly id: string
  /** Seconds since 1970. */
  readonly expires: number
  readonly login: string
  readonly password: string
  readonly school: string
}

export async function verifyLoginCheck(
  token: string,
  journal: DemoJournal,
  issuer: string,
  findKey: FindKey,
  now: Instant,
): Promise<LoginCheck> {
  const claims = await verified(token, 'login-check+jwt', LIFETIME_S, journal, issuer, findKey, now)
  const [id, login, password, school] = [claims.jti, claims.login, claims.password, claims.school].map(text)
  if (!id || !login || password === undefined || !school) throw new Denial('token-form')
  return { id, login, password, school, expires: claims.exp as number }
}

/** Somebody for whom the bridge wants an account. */
export interface Wish {
  readonly id: string
  /** Seconds since 1970. */
  readonly expires: number
  /** The same whenever the same account is meant. */
  readonly key: string
  /** Who it is, in this journal alone. */
  readonly subject: string
  readonly school: string
  readonly role: string
  readonly person: Fields
}

export async function verifyWish(
  token: string,
  journal: DemoJournal,
  issuer: string,
  findKey: FindKey,
  now: Instant,
): Promise<Wish> {
  const claims = await verified(token, 'new-account+jwt', LIFETIME_S, journal, issuer, findKey, now)
  const [id, key, subject, school, role] = [claims.jti, claims.key, claims.sub, claims.school, claims.role].map(text)
  const { person } = claims
  if (!id || !key || !subject || !school || !role || typeof person !== 'object' || person === null)
    throw new Denial('token-form')
  return { id, key, subject, school, role, person: person as Fields, expires: claims.exp as number }
}

async function verified(
  token: string,
  typ: string,
  lifetime: number,
  journal: DemoJournal,
  issuer: string,
  findKey: FindKey,
  now: Instant,
): Promise<Fields> {
  const parts = /^([\w-]{2,})\.([\w-]{2,})\.([\w-]{2,})$/.exec(token)
  if (!parts || token.length > LONGEST) throw new Denial('token-form')
  const [, head, body, signature] = parts as unknown as [string, string, string, string]
  const header = readPart(head)
  await checkSignature(header, `${head}.${body}`, Buffer.from(signature, 'base64url'), journal, findKey)
  if (header.typ !== typ) throw new Denial('token-form')
  const claims = readPart(body)
  if (claims.iss !== issuer) throw new Denial('token-issuer')
  if (claims.aud !== journal.audience) throw new Denial('token-audience')
  checkTimes(claims, lifetime, Math.floor(now / 1000))
  return claims
}

/** The journal decides which algorithm it takes; what the token says of itself only has to agree. */
async function checkSignature(
  header: Fields,
  signed: string,
  signature: Buffer,
  journal: DemoJournal,
  findKey: FindKey,
): Promise<void> {
  if (header.alg !== journal.alg || header.crit !== undefined) throw new Denial('token-algorithm')
  if (journal.alg === 'HS256') {
    if (!journal.key) throw new Error(`journal ${journal.id} has no shared key`)
    const right = createHmac('sha256', journal.key).update(signed).digest()
    if (right.length !== signature.length || !timingSafeEqual(right, signature)) throw new Denial('token-signature')
    return
  }
  const key = await findKey(text(header.kid), journal.alg)
  if (!key) throw new Denial('token-signature')
  const right = verify('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' }, signature)
  if (!right) throw new Denial('token-signature')
}

/** @param now seconds; a token is over in the very second of its `exp`, skew included */
function checkTimes({ iat, exp }: Fields, lifetime: number, now: number): void {
  if (typeof iat !== 'number' || typeof exp !== 'number') throw new Denial('token-form')
  if (exp - iat > lifetime) throw new Denial('token-form')
  if (iat > now + SKEW_S) throw new Denial('token-early')
  if (exp + SKEW_S <= now) throw new Denial('token-expired')
}

/** @param claims of a message that was verified */
export function readClaims(claims: Fields): Claims {
  const [id, account, login] = [text(claims.jti), text(claims.account), text(claims.login)]
  const [role, school, child] = [text(claims.role), text(claims.school), text(claims.child)]
  const [returnTo, state, sid] = [text(claims.return_to), text(claims.state), text(claims.sid)]
  if (!id || !account || !login || !role || !school) throw new Denial('token-form')
  return {
    ...{ id, expires: claims.exp as number, account, login, role, school },
    ...(child !== undefined && { child }),
    ...(sid !== undefined && { sid }),
    ...(returnTo !== undefined && { returnTo }),
    ...(state !== undefined && { state }),
  }
}

type Fields = Readonly<Record<string, unknown>>

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

function readPart(part: string): Fields {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(part, 'base64url')))
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields
  } catch {
    // Falls through: neither octets that are not UTF-8 nor text that is not JSON is a token.
  }
  throw new Denial('token-form')
}
