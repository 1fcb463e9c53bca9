/** What the watch knows: rules, whom they speak about, what stands still because of them, and why an IdP is said to be in trouble. */
import type { Instant } from '../base/clock.js'

export const ruleNames = [
  'person-failures',
  'network-failures',
  'many-accounts',
  'codes-tried',
  'travel',
  'many-devices',
  'refusal-spike',
] as const
export type RuleName = (typeof ruleNames)[number]

/** `person`: the pseudonym of the audit. `network`: an IPv4 address, or the /64 of IPv6. `code`: of a refusal. */
export interface Subject {
  readonly kind: 'person' | 'network' | 'code'
  readonly name: string
}

/** A person, or a network, that opens no journal until then. */
export interface Lock {
  readonly id: string
  readonly subject: Subject & { readonly kind: 'person' | 'network' }
  /** `by-hand`: an operator said so. */
  readonly rule: RuleName | 'by-hand'
  readonly since: Instant
  readonly until: Instant
}

/**
 * `errors`: it answers with an error. `signature`: what it signs does not verify. `clocks`: its answers are too old or too
 * early. `answers`: its answers are spoilt in another way. `silent`: people go there, and nobody comes back. `metadata`: what it publishes
 * about itself is out of date and cannot be fetched.
 */
export const troubles = ['errors', 'signature', 'clocks', 'answers', 'silent', 'metadata'] as const
export type Trouble = (typeof troubles)[number]

/** What pages say about an IdP while many people have the same trouble with it. */
export interface Banner {
  readonly idp: string
  readonly trouble: Trouble
  readonly since: Instant
  /** Set by an operator: it goes then, and not before. Without it the watch takes it down again. */
  readonly until?: Instant
}
