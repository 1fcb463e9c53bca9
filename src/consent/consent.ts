/**
 * Consent to the processing of personal data (152-ФЗ, ст. 9): who gave which text, for what, and what still stands.
 * The rules are in rules.ts; what may leave the house is for release.ts to say.
 */
import type { Instant } from '../base/clock.js'
import type { RequestNumber } from '../base/request-number.js'
import type { Role } from '../words/account.js'
import type { Level } from '../words/person.js'
import type { SchoolCode } from '../words/school.js'
import type { ConsentRule } from './rules.js'

/** A text as it was read out to people, whole: nothing that they agreed to stands anywhere else. */
export interface ConsentText {
  /** What the school calls it; never another text under the same version. */
  readonly version: string
  /** SHA-256 of `whole` in UTF-8, lower-case hex: the identity of the text. */
  readonly hash: string
  /** Headings, paragraphs and lists in minimal Markdown. */
  readonly whole: string
}

/** What identifies the person and the child; destroyed after a withdrawal, while the rest of the record stays as proof. */
export interface ConsentDetails {
  /** As the IdP gave it. */
  readonly name: string
  /** Of the account in the journal. */
  readonly login: string
  readonly address: string
  readonly device: string
  readonly child?: ConsentedChild
}

/** The child for whom a representative agreed, as the school's list named it then. */
export interface ConsentedChild {
  /** The journal's own number of the child. */
  readonly id: string
  readonly name: string
  readonly className?: string
}

/** One person agreed to one text, for one account (and one child of it) in one journal of one school. */
export interface Consent {
  readonly id: string
  /** The person's name in the audit at that time. */
  readonly person: string
  /** The person's name in the journal: pairwise. */
  readonly subject: string
  /** Id of the Choice: account and child. */
  readonly choice: string
  readonly accountId: string
  /** The operator's school. */
  readonly school: SchoolCode
  readonly journal: string
  readonly role: Role
  readonly version: string
  readonly hash: string
  readonly rule: ConsentRule
  readonly level: Level
  readonly authnMethod?: string
  /** Of the login in which it was given. */
  readonly number: RequestNumber
  readonly at: Instant
  /** Given anew for a later text, or withdrawn: since then it counts no more. */
  readonly ended?: { readonly at: Instant; readonly how: 'superseded' | 'withdrawn' }
  /** Absent once they were destroyed. */
  readonly details?: ConsentDetails
}

/** By what a pupil is found among the children for whom parents agreed. Names are folded (identity/names.ts). */
export interface ChildKeys {
  readonly journal: string
  readonly school: SchoolCode
  /** The child's number, or the pupil's login, which some lists write in its place. */
  readonly id: string
  readonly name: string
}
