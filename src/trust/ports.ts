/**
 * Trust: which metadata of the IdPs we go by today. Fetches, verifies, keeps the last good copy, shows what changed and waits
 * for a person where a change decides who may sign in.
 * Does not touch: answers of IdPs (saml judges them by what stands here), who the person is, SQL.
 * Called by: compose, which makes it the `trust` port of login; serve (every minute); the command line.
 *
 * This file: what the room needs from outside, and the records it keeps.
 */
import type { AuditEvent } from '../audit/audit.js'
import type { Instant } from '../base/clock.js'
import type { IdpSettings } from '../saml/metadata.js'
import type { TrustedKey } from '../saml/trust.js'

/** One entry of `identityProviders`. */
export interface Source {
  /** Path or address as the settings write it: the name under which copies are kept. */
  readonly name: string
  /** Text and whole path; absent for an address. */
  readonly file?: { readonly xml: string; readonly path: string }
  /** Which entities are trusted; absent means the only IdP there is. */
  readonly wanted?: readonly string[]
  readonly signers: readonly TrustedKey[]
  /** Milliseconds that validUntil may lie ahead; absent: it need not even stand there. */
  readonly longest?: number
  /** Milliseconds between two fetches. */
  readonly refresh: number
  readonly whenExpired: 'refuse' | 'warn'
  readonly newSigningKeys: 'ask' | 'accept'
  /** What the settings allow every IdP of this source. */
  readonly idp: IdpSettings
}

/**
 * active: we go by it. pending: waits for a person. rejected: a person said no, and the same content is not asked about
 * again. retired: was active before; a rollback leads to it.
 */
export type CopyState = 'active' | 'pending' | 'rejected' | 'retired'

/** What one address said about one IdP. */
export interface Copy {
  readonly id: string
  readonly source: string
  readonly entityId: string
  readonly state: CopyState
  /** SHA-256 over what decides: keys and addresses. The same essence is the same decision. */
  readonly essence: string
  readonly xml: string
  readonly validUntil?: Instant
  /** SHA-256 of the pinned key that verified it. */
  readonly signedBy?: string
  /** When it was first fetched, and last. */
  readonly firstSeen: Instant
  readonly lastSeen: Instant
}

/** How the last visits at an address went. */
export interface SourceState {
  readonly source: string
  readonly triedAt: Instant
  readonly succeededAt?: Instant
  readonly failingSince?: Instant
  /** Failures in a row. */
  readonly failures: number
  /** A sentence for the operator; holds nothing that was fetched but names of IdPs. */
  readonly problem?: string
  readonly etag?: string
  readonly lastModified?: string
  /** Milliseconds. */
  readonly cacheDuration?: number
  /** What of the settings the last good visit was judged by: when it differs, "not modified" proves nothing. */
  readonly rules: string
}

export interface Revision {
  readonly write: readonly Copy[]
  /** Ids. */
  readonly remove: readonly string[]
  readonly event?: AuditEvent
}

/** The memory of this room. */
export interface Copies {
  /** Every copy, the oldest first. */
  all(): Promise<readonly Copy[]>
  /**
   * One transaction: reads the copies of one IdP of one source, asks what is to change, writes it with its event. Two
   * programs that fetch at the same time do it one after the other.
   */
  revise(
    of: { readonly source: string; readonly entityId: string },
    decide: (copies: readonly Copy[]) => Revision,
  ): Promise<Revision>
  sources(): Promise<readonly SourceState[]>
  note(state: SourceState, event?: AuditEvent): Promise<void>
}

export type Fetched =
  | { readonly is: 'same' }
  | {
      readonly is: 'new'
      readonly octets: Uint8Array
      readonly etag?: string
      readonly lastModified?: string
    }

/** What the last answer said about itself. */
export type Seen = Pick<SourceState, 'etag' | 'lastModified'>

/** The network. @throws FetchError */
export type Fetch = (address: string, most: number, seen: Seen) => Promise<Fetched>

/** An address could not be read. The message is a sentence for the operator and quotes nothing that was fetched. */
export class FetchError extends Error {
  override readonly name = 'FetchError'
}
