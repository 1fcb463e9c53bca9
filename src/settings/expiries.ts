/** One calendar of everything that ends by a date: for list-certs, its calendar file, doctor and the figures. */
import type { Instant } from '../base/clock.js'
import { describeCertificate } from '../certificates/describe.js'
import type { Trust, TrustedIdp } from '../saml/trust.js'
import type { KeyState, KeyUse, OwnKey } from './key-states.js'

/** A closed list, so that each may be the label of a figure. */
export const expiryKinds = ['sp-signing', 'sp-encryption', 'idp-signing', 'idp-metadata'] as const
export type ExpiryKind = (typeof expiryKinds)[number]

export interface Expiry {
  readonly kind: ExpiryKind
  /** Of an IdP: its entityID. */
  readonly idp?: string
  /** Subject of the certificate, where it is known. */
  readonly subject?: string
  /** Of the certificate or key, as colon-free lower-case hex. */
  readonly sha256?: string
  /** `RSA 3072` */
  readonly key?: string
  /** Of a key of ours. */
  readonly state?: KeyState
  readonly notBefore?: Instant
  readonly notAfter: Instant
}

export interface ExpirySources {
  readonly secrets: Readonly<Record<KeyUse, readonly OwnKey[]>>
  readonly idps: readonly (Pick<TrustedIdp, 'entityId' | 'signingKeys'> & {
    /** validUntil of the metadata, where it has one. */
    readonly validUntil?: Instant
  })[]
}

/** The IdPs with the end that their metadata set themselves. */
export const withValidity = (trust: Pick<Trust, 'idps' | 'status'>): ExpirySources['idps'] => {
  const ends = new Map(trust.status().map(({ entityId, validUntil }) => [entityId, validUntil]))
  return trust.idps.map(({ entityId, signingKeys }) => {
    const validUntil = ends.get(entityId)
    return { entityId, signingKeys, ...(validUntil !== undefined && { validUntil }) }
  })
}

const DAY = 86_400_000

/** An IdP needs weeks to take a new certificate in. */
export const SOON = 30 * DAY

/** Whole days that are left, rounded down; below zero, it has expired. The time of day decides, not the calendar's page. */
export const daysLeft = (notAfter: Instant, now: Instant): number => Math.floor((notAfter - now) / DAY)

/** The first to end first. */
export function expiriesOf({ secrets, idps }: ExpirySources): readonly Expiry[] {
  const ours = (kind: ExpiryKind, keys: readonly OwnKey[]): readonly Expiry[] =>
    keys.map(({ certificatePem, state }) => ({ kind, state, ...described(certificatePem) }))
  const theirs = idps.flatMap(({ entityId, signingKeys, validUntil }): readonly Expiry[] => [
    ...signingKeys.flatMap(({ fingerprint, notAfter }) =>
      notAfter === undefined ? [] : [{ kind: 'idp-signing' as const, idp: entityId, sha256: fingerprint, notAfter }],
    ),
    ...(validUntil === undefined ? [] : [{ kind: 'idp-metadata' as const, idp: entityId, notAfter: validUntil }]),
  ])
  return [...ours('sp-signing', secrets.signing), ...ours('sp-encryption', secrets.decryption), ...theirs].sort(
    (one, other) => one.notAfter - other.notAfter,
  )
}

function described(certificatePem: string) {
  const { subject, sha256, key, notBefore, notAfter } = describeCertificate(certificatePem)
  return { subject, sha256, key, notBefore, notAfter }
}
