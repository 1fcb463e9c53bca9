/**
 * What must be settled between a choice and its door. Each condition looks at what is written down and either is met or names
 * the page at which the login waits; the person's answer is written down, and the next step asks all of them afresh.
 */
import type { Session } from '../sessions/sessions.js'
import type { Choice } from '../words/account.js'
import { personConfirmed } from './confirm-entry.js'
import type { JournalTarget } from '../words/target.js'
import { consentGiven } from './consent.js'
import type { Outcome, Visitor } from './outcome.js'
import type { OpenJournal, Ports, Waiting } from './ports.js'
import { loginToldApart } from './same-login.js'

/** A person before the door of one account. */
export interface Passer {
  readonly visitor: Visitor
  readonly at: Waiting
  readonly target: JournalTarget
  readonly session: Session
  readonly open: OpenJournal
  readonly choice: Choice
  /** The entry would make the account theirs. */
  readonly linking: boolean
}

/** Where the login waits; without it the condition is met, perhaps by consents that must stand when the door opens. */
export interface Met {
  readonly page?: Outcome
  readonly consents?: readonly string[]
}

/** @throws Refusal when no page could help */
type Condition = (ports: Ports, passer: Passer) => Promise<Met | undefined>

const page =
  (ask: (ports: Ports, passer: Passer) => Promise<Outcome | undefined>): Condition =>
  async (ports, passer) => {
    const shown = await ask(ports, passer)
    return shown && { page: shown }
  }

/** Asked in this order at every entry: nobody agrees to anything in another person's name. */
const conditions: readonly Condition[] = [page(loginToldApart), page(personConfirmed), consentGiven]

/** @returns the first page that the person must answer; without it nothing stands before the door */
export async function firstUnmet(ports: Ports, passer: Passer): Promise<Met> {
  const consents: string[] = []
  for (const condition of conditions) {
    const met = await condition(ports, passer)
    if (met?.page) return met
    consents.push(...(met?.consents ?? []))
  }
  return { consents }
}
