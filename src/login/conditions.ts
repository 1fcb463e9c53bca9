/**
 * What must be settled between a choice and its door. Each condition looks at what is written down and either is met or names
 * the page at which the login waits; the person's answer is written down, and the next step asks all of them afresh.
 */
import type { Session } from '../sessions/sessions.js'
import type { Choice } from '../words/account.js'
import type { Target } from '../words/target.js'
import { consentGiven } from './consent.js'
import type { Outcome, Visitor } from './outcome.js'
import type { OpenJournal, Ports, Waiting } from './ports.js'

export type JournalTarget = Extract<Target, { kind: 'journal' }>

/** A person before the door of one account. */
export interface Passer {
  readonly visitor: Visitor
  readonly at: Waiting
  readonly target: JournalTarget
  readonly session: Session
  readonly open: OpenJournal
  readonly choice: Choice
}

/** @returns where the login waits, or nothing when it is met. @throws Refusal when no page could help */
type Condition = (ports: Ports, passer: Passer) => Promise<Outcome | undefined>

/** Asked in this order at every entry. */
const conditions: readonly Condition[] = [consentGiven]

/** @returns the first page that the person must answer, or undefined when nothing stands before the door */
export async function firstUnmet(ports: Ports, passer: Passer): Promise<Outcome | undefined> {
  for (const condition of conditions) {
    const page = await condition(ports, passer)
    if (page) return page
  }
  return undefined
}
