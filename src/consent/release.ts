/**
 * Consent: what may be passed on about a person, and nothing else.
 * Does not touch: how it is passed on (journals).
 * Called by: login, just before a hand-off.
 */
import type { Choice, Role } from '../words/account.js'
import type { SchoolCode } from '../words/school.js'

/** Only what this journal may get. Connectors see this and never a Person. */
export interface ReleasedPerson {
  /** Pairwise: the same person has another one in every journal. */
  readonly subject: string
  readonly account: { readonly id: string; readonly login: string; readonly role: Role; readonly school: SchoolCode }
  readonly childId?: string
}

export function release(subject: string, choice: Choice): ReleasedPerson {
  const { id, login, role, school } = choice.account
  return { subject, account: { id, login, role, school }, ...(choice.child && { childId: choice.child.id }) }
}
