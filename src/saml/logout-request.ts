/**
 * The judgement of a LogoutRequest that the IdP sends (saml-core 3.7.1, saml-profiles 4.4.4.1). Whoever can make us obey one
 * can throw people out, so it is judged like an answer: signed always, by a key of the metadata, on the element that is read.
 */
import { isoTime, type Instant } from '../base/clock.js'
import { Refusal } from '../base/refusal.js'
import { ns } from '../words/saml-names.js'
import { openRequest, type Arrived } from './arrived.js'
import type { NameId } from './assertion.js'
import { isIssuer } from './checks.js'
import { openEncryptedId } from './encrypted.js'
import { nameIdFrom } from './name-id.js'
import { shown } from './notes.js'
import { parseTime } from './times.js'
import { attribute, childNamed, childrenNamed, textOf, type XmlElement } from './tree.js'
import { soapAddress, type ServiceProvider, type Trust, type TrustedIdp } from './trust.js'

/** Who sent it, as its signature proves: there an answer may go. */
export interface Sender {
  readonly idp: TrustedIdp
  /** ID of the request. */
  readonly id: string
  /** To be echoed exactly. */
  readonly relayState?: string
}

export interface JudgedRequest {
  readonly nameId: NameId
  /** None: all sessions of this person. */
  readonly sessionIndexes: readonly string[]
  readonly issuedAt: Instant
  /** The replay record is kept until then: beyond the last moment at which the request could be accepted. */
  readonly rememberUntil: Instant
}

export type LogoutVerdict = { readonly sender: Sender } & (
  { readonly accepted: true; readonly request: JudgedRequest } | { readonly accepted: false; readonly refusal: Refusal }
)

export interface Judging {
  readonly trust: Pick<Trust, 'find'>
  readonly sp: ServiceProvider
  readonly now: Instant
}

/** How old an IssueInstant may be, and how far ahead a NotOnOrAfter may lie: replay records are kept as long. */
const MAX_AGE = 10 * 60_000
const MAX_AHEAD = 24 * 3_600_000
const REMEMBER_LONGER = 60_000

/** @throws Refusal as long as nobody is proven to have sent it; from then on a refusal is a verdict, and is answered */
export function judgeLogoutRequest(arrived: Arrived, judging: Judging): LogoutVerdict {
  const { root, relayState, verify } = openRequest(arrived, 'LogoutRequest')
  const idp = issuerOf(root, judging.trust)
  verify(idp)
  const sender: Sender = { idp, id: attribute(root, 'ID')!, ...(relayState !== undefined && { relayState }) }
  try {
    return { sender, accepted: true, request: read(root, arrived, idp, judging) }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return { sender, accepted: false, refusal: error }
  }
}

/** UNVERIFIED: only to find the keys that must verify it. */
function issuerOf(root: XmlElement, trust: Pick<Trust, 'find'>): TrustedIdp {
  const issuer = childNamed(root, ns.assertion, 'Issuer')
  const idp = issuer && trust.find(textOf(issuer))
  if (!idp || !isIssuer(issuer, idp.entityId)) throw new Refusal('idp.unknown')
  return idp
}

function read(root: XmlElement, { by }: Arrived, idp: TrustedIdp, { sp, now }: Judging): JudgedRequest {
  const version = attribute(root, 'Version')
  if (version !== '2.0') throw new Refusal('saml.version', { expected: '2.0', found: shown(version) })
  const here = by === 'soap' ? soapAddress(sp) : sp.sloUrl
  const destination = attribute(root, 'Destination')
  if (destination !== here) throw new Refusal('saml.destination', { expected: here, found: shown(destination) })
  return {
    ...checkTimes(root, sp.skew, now),
    nameId: nameIdOf(root, idp, sp),
    sessionIndexes: childrenNamed(root, ns.protocol, 'SessionIndex').map(textOf),
  }
}

function checkTimes(root: XmlElement, skew: number, now: Instant): Pick<JudgedRequest, 'issuedAt' | 'rememberUntil'> {
  const issuedAt = timeOf(root, 'IssueInstant')!
  const found = shown(attribute(root, 'IssueInstant'))
  if (issuedAt > now + skew) throw new Refusal('saml.not-yet-valid', { expected: `not after ${isoTime(now)}`, found })
  if (issuedAt < now - MAX_AGE - skew)
    throw new Refusal('saml.too-old', { expected: 'at most 10 minutes old', now: isoTime(now), found })
  const end = timeOf(root, 'NotOnOrAfter') ?? issuedAt + MAX_AGE
  // exclusive: at NotOnOrAfter + skew itself it is over
  if (end + skew <= now) throw new Refusal('saml.expired', { expected: `after ${isoTime(now)}`, found: isoTime(end) })
  if (end > now + MAX_AHEAD + skew)
    throw new Refusal('saml.too-long', { expected: 'at most 24 hours ahead', found: isoTime(end) })
  return { issuedAt, rememberUntil: Math.max(end, issuedAt + MAX_AGE) + skew + REMEMBER_LONGER }
}

/** Every time is UTC with `Z` (saml-core 1.3.3). */
function timeOf(root: XmlElement, name: string): Instant | undefined {
  const text = attribute(root, name)
  const time = text === undefined ? undefined : parseTime(text)
  if (text !== undefined && time === undefined)
    throw new Refusal('saml.schema', { what: `${name} is not UTC with Z (saml-core 1.3.3)` })
  return time
}

/** One of BaseID, NameID and EncryptedID; the first is abstract, and the schemas know nothing derived from it. */
function nameIdOf(root: XmlElement, idp: TrustedIdp, sp: ServiceProvider): NameId {
  const plain = childNamed(root, ns.assertion, 'NameID')
  if (plain) return nameIdFrom(plain)
  const sealed = childNamed(root, ns.assertion, 'EncryptedID')
  if (!sealed) throw new Refusal('saml.schema', { what: 'neither NameID nor EncryptedID' })
  return openEncryptedId(sealed, idp, sp, true)
}
