import type { Instant } from '../base/clock.js'

declare const proven: unique symbol

export interface NameId {
  readonly value: string
  readonly format?: string
  readonly nameQualifier?: string
  readonly spNameQualifier?: string
  /** A name that we once gave the IdP for this person; it is repeated, and names nobody. */
  readonly spProvidedId?: string
}

export interface Attribute {
  readonly name: string
  readonly friendlyName?: string
  readonly values: readonly string[]
}

/** What an assertion says. Plain data: whether to believe it is what VerifiedAssertion means. */
export interface AssertionContent {
  /** entityID of the issuer. */
  readonly idp: string
  /** The assertion's ID: with the issuer, the key of the replay record. */
  readonly id: string
  readonly nameId?: NameId
  readonly sessionIndex?: string
  readonly authnInstant: Instant
  readonly authnContext?: string
  /** SessionNotOnOrAfter: our session never outlives it. */
  readonly sessionEndsAt?: Instant
  /** The replay record is kept until then: the latest NotOnOrAfter + skew + 60 s. */
  readonly rememberUntil: Instant
  readonly issuedAt: Instant
  readonly attributes: readonly Attribute[]
}

/**
 * Everything in it was read from octets that a trusted key signed, and passed every check of design section 4.
 * Only response.ts can make one: the brand is not exported.
 */
export interface VerifiedAssertion extends AssertionContent {
  readonly [proven]: true
}
