/** The one place that decides what happens after sign-in, and only from what is written down. */
import { Refusal } from '../base/refusal.js'
import type { AuditEvent } from '../audit/audit.js'
import { matchAccounts, type Match } from '../identity/match.js'
import type { Doubt, NewRequest } from '../identity/requests.js'
import { findJournal } from '../journals/journals.js'
import type { Session } from '../sessions/sessions.js'
import type { Choice } from '../words/account.js'
import type { JournalTarget } from '../words/target.js'
import { enter } from './entering.js'
import { firstUnmet } from './conditions.js'
import { evidenceFor } from './evidence.js'
import { admits } from './idps.js'
import type { Outcome, Visitor } from './outcome.js'
import type { Entering, OpenJournal, Ports, Waiting } from './ports.js'
import { about } from './recent.js'
import { refusedAs } from './witness.js'
import { checkUnlocked } from './unlocked.js'

/**
 * A decision. Where an account is entered, that is written first, and only then may the outcome leave the house: a journal
 * that nobody remembers would not hear of the logout.
 */
export interface Next {
  readonly outcome: Outcome
  readonly entering?: Entering
  /** Why not, for the audit. */
  readonly refused?: AuditEvent
  /** What schools must be asked. */
  readonly requests?: readonly NewRequest[]
}

/**
 * Decides, and writes nothing. A node may die between any two requests, and another goes on from here.
 *
 * @param posted the choice made just now. One that was stored may have been taken back by the school meanwhile: then the
 *   person is asked again
 * @throws Refusal `lock.*`, `journal.unknown`, `idp.not-for-journal`, `login.not-their-account`; an `identity.*` is an outcome, since
 *   it may be one to ask a school about
 */
export async function nextStep(
  ports: Ports,
  visitor: Visitor,
  at: Waiting,
  session: Session,
  posted?: string,
): Promise<Next> {
  if (at.target.kind === 'portal') return { outcome: { at: 'portal', ...(at.target.page && { page: at.target.page }) } }
  if (at.target.kind === 'cabinet') return { outcome: cabinet(at.target) }
  if (at.target.kind === 'self-test') return { outcome: { at: 'self-test', login: at.id, session } }

  await checkUnlocked(ports, session.person, visitor.address)
  const open = findJournal(ports.journals, at.target.journal)
  if (!admits(open.journal, session.person.idp)) throw new Refusal('idp.not-for-journal')
  const match = await matchFor(ports, session, open, at.target)
  const requests = match.doubts.map(doubt => requestFor(ports, at, session, open, doubt))
  if (match.refused) return { ...refusedAs(ports, visitor, { ...about(at), session }, match.refused), requests }
  const { choices } = match
  const wanted = posted ?? at.chosen
  const choice = choices.find(({ id }) => id === wanted) ?? only(choices)
  if (posted !== undefined && choice?.id !== posted) throw new Refusal('login.not-their-account')
  const { target } = at
  if (choice) {
    const linking = match.unlinked.has(choice.account.id)
    const passer = { visitor, at, target, session, open, choice, linking }
    const unmet = await firstUnmet(ports, passer)
    return unmet.page ? { outcome: unmet.page } : enter(ports, passer, match, requests, unmet.consents)
  }
  const { journal, door } = open
  return { outcome: { at: 'choose', login: at.id, session, journal, target, origins: door.origins, choices } }
}

/**
 * The next step in a session that is open already: decided, written down, done.
 * @throws Refusal as nextStep; `session.none` when a logout was faster
 */
export async function walk(...asked: Parameters<typeof nextStep>): Promise<Outcome> {
  const outcome = (await tryToWalk(...asked)) ?? (await tryToWalk(...asked))
  if (!outcome) throw new Error(STALE_TWICE)
  return outcome
}

/** A second look finds who was faster: the rules see every holder of an account and every consent, and refuse or ask. */
export const STALE_TWICE = 'What a decision rested on has changed twice before it was written.'

/** @returns undefined when the account became somebody else's since the decision, a link was taken off, or a consent was taken back */
async function tryToWalk(...asked: Parameters<typeof nextStep>): Promise<Outcome | undefined> {
  const [ports] = asked
  const { outcome, entering, refused, requests } = await nextStep(...asked)
  if (refused) await ports.requests.file(requests ?? [], refused)
  const entered = entering ? await ports.logins.enter(entering) : 'entered'
  if (entered === 'over') throw new Refusal('session.none')
  return entered === 'entered' ? outcome : undefined
}

const matchFor = async (
  ports: Ports,
  { person }: Session,
  { journal }: OpenJournal,
  { school, child }: JournalTarget,
): Promise<Match> =>
  matchAccounts(person, await evidenceFor(ports, person), {
    ...{ journal, schools: ports.schools, now: ports.clock.now() },
    ...(school !== undefined && { school }),
    ...(child !== undefined && { child }),
  })

const requestFor = (
  ports: Ports,
  at: Waiting,
  { person }: Session,
  { journal }: OpenJournal,
  doubt: Doubt,
): NewRequest => ({
  ...doubt,
  ...{ number: at.number, journal: journal.id, person, at: ports.clock.now() },
})

const cabinet = ({ question, onward }: Extract<Waiting['target'], { kind: 'cabinet' }>): Outcome => ({
  at: 'cabinet',
  ...(question && { question }),
  ...(onward && { onward }),
})

const only = (choices: readonly Choice[]): Choice | undefined => (choices.length === 1 ? choices[0] : undefined)
