/** What school IT sees before any journal is connected: every check, what the IdP sent, and what the rules would do with it. */
import { Refusal } from '../base/refusal.js'
import type { RefusalCode } from '../base/refusals.js'
import { accountsFor } from '../identity/match.js'
import type { Session } from '../sessions/sessions.js'
import type { Choice } from '../words/account.js'
import type { Check } from '../words/check.js'
import { evidenceFor } from './evidence.js'
import type { Drift } from './drift.js'
import type { Ports } from './ports.js'

export interface Decision {
  readonly journal: string
  readonly title: string
  /** What the person could enter, or why not. */
  readonly choices: readonly Choice[]
  readonly refused?: RefusalCode
}

export interface SelfTest {
  readonly checks: readonly Check[]
  readonly decisions: readonly Decision[]
  /** Of the clock of this IdP, once enough answers came. */
  readonly drift?: Drift
}

export async function selfTest(ports: Ports, session: Session): Promise<SelfTest> {
  const events = await ports.audit.byNumber(session.number)
  const checks = events.find(({ what }) => what === 'login.verified')?.checks ?? []
  const { person } = session
  const evidence = await evidenceFor(ports, person)
  const to = { schools: ports.schools, now: ports.clock.now() }
  const decisions = [...ports.journals.values()].map(({ journal }): Decision => {
    const known = { journal: journal.id, title: journal.title }
    try {
      return { ...known, choices: accountsFor(person, evidence, { journal, ...to }).choices }
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      return { ...known, choices: [], refused: error.code }
    }
  })
  const drift = ports.drifts.of(person.idp)
  return { checks, decisions, ...(drift && { drift }) }
}
