/** The one place that decides what happens after sign-in, and only from what is written down. */
import { Refusal } from '../base/refusal.js'
import { accountsFor, type Match } from '../identity/match.js'
import { findJournal } from '../journals/journals.js'
import type { Session } from '../sessions/sessions.js'
import type { Choice } from '../words/account.js'
import { enter } from './entering.js'
import { firstUnmet, type JournalTarget } from './conditions.js'
import { admits } from './idps.js'
import type { Outcome, Visitor } from './outcome.js'
import type { Entering, OpenJournal, Ports, Waiting } from './ports.js'

/**
 * A decision. Where an account is entered, that is written first, and only then may the outcome leave the house: a journal
 * that nobody remembers would not hear of the logout.
 */
export interface Next {
  readonly outcome: Outcome
  readonly entering?: Entering
}

/**
 * Decides, and writes nothing. A node may die between any two requests, and another goes on from here.
 *
 * @param posted the choice made just now. One that was stored may have been taken back by the school meanwhile: then the
 *   person is asked again
 * @throws Refusal any `identity.*`, `journal.unknown`, `idp.not-for-journal`, `login.not-their-account`
 */
export async function nextStep(
  ports: Ports,
  visitor: Visitor,
  at: Waiting,
  session: Session,
  posted?: string,
): Promise<Next> {
  if (at.target.kind === 'portal') return { outcome: { at: 'portal' } }
  if (at.target.kind === 'self-test') return { outcome: { at: 'self-test', login: at.id, session } }

  const open = findJournal(ports.journals, at.target.journal)
  if (!admits(open.journal, session.person.idp)) throw new Refusal('idp.not-for-journal')
  const { choices, warnings } = await placesToGo(ports, session, open, at.target)
  const wanted = posted ?? at.chosen
  const choice = choices.find(({ id }) => id === wanted) ?? only(choices)
  if (posted !== undefined && choice?.id !== posted) throw new Refusal('login.not-their-account')
  const { target } = at
  if (choice) {
    const passer = { visitor, at, target, session, open, choice }
    const page = await firstUnmet(ports, passer)
    return page ? { outcome: page } : enter(ports, passer, warnings)
  }
  const { journal, door } = open
  return { outcome: { at: 'choose', login: at.id, session, journal, target, origins: door.origins, choices } }
}

/**
 * The next step in a session that is open already: decided, written down, done.
 * @throws Refusal as nextStep; `session.none` when a logout was faster
 */
export async function walk(...asked: Parameters<typeof nextStep>): Promise<Outcome> {
  const [ports] = asked
  const { outcome, entering } = await nextStep(...asked)
  if (entering && !(await ports.logins.enter(entering))) throw new Refusal('session.none')
  return outcome
}

/** Looked up afresh at every entry: a right that the school took back ends with the next click. */
async function placesToGo(ports: Ports, session: Session, open: OpenJournal, target: JournalTarget): Promise<Match> {
  const { person } = session
  const entries = person.snils ? await ports.roster.bySnils(person.snils) : []
  return accountsFor(person, entries, {
    journal: open.journal,
    schools: ports.schools,
    ...(target.school !== undefined && { school: target.school }),
  })
}

const only = (choices: readonly Choice[]): Choice | undefined => (choices.length === 1 ? choices[0] : undefined)
