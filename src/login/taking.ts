/** What the ways share by which a person takes an account that no list knows them by: a code of the school, an old login. */
import { randomId } from '../base/chance.js'
import { Refusal } from '../base/refusal.js'
import { dayOf } from '../identity/age.js'
import { obstacleToBringing } from '../identity/bringing.js'
import type { NewLink } from '../identity/links.js'
import type { RosterEntry } from '../identity/roster.js'
import type { Brought } from '../identity/rules.js'
import { findJournal } from '../journals/journals.js'
import type { Session } from '../sessions/sessions.js'
import type { Journal } from '../words/journal.js'
import type { School } from '../words/school.js'
import type { Target } from '../words/target.js'
import type { Outcome, Visitor } from './outcome.js'
import { unconfirmed } from './confirm-entry.js'
import { takeConfirmation, type Asked, type ConfirmGiven } from './confirming.js'
import type { Ports } from './ports.js'
import { refusedAs, type Known } from './witness.js'

/** The account that somebody brings a witness for, its journal and school. */
export interface Place {
  readonly entry: RosterEntry
  readonly journal: Journal
  readonly school: School
}

export type Refused = Extract<Outcome, { at: 'refused' }>

export const knownHere = (visitor: Visitor, session: Session, target: Target = { kind: 'portal' }): Known => ({
  ...{ number: visitor.number, idp: session.person.idp, target, session },
})

/** @throws Refusal what stands in the way of this person */
export function placeFor(
  ports: Ports,
  { person }: Session,
  entry: RosterEntry,
  school: School,
  brought: Brought,
): Place {
  const { journal } = findJournal(ports.journals, entry.journal)
  const today = dayOf(ports.clock.now())
  const obstacle = obstacleToBringing({ person, brought, entry, school, roles: journal.roles, today })
  if (obstacle) throw new Refusal(obstacle, { level: person.level })
  return { entry, journal, school }
}

export const accountOf = ({ entry: { accountId: id, school, role } }: Place) => ({ id, school, role })

export const inJournal = ({ entry }: Place) => ({ journal: entry.journal, accountId: entry.accountId })

export const linkTo = (ports: Ports, { person }: Session, { entry }: Place, ground: Brought): NewLink => ({
  ...{ id: randomId(ports.chance), accountId: entry.accountId, journal: entry.journal, school: entry.school },
  ...{ person, ground, since: ports.clock.now() },
  listed: {
    firstName: entry.person.firstName,
    ...(entry.person.birthDate !== undefined && { birthDate: entry.person.birthDate }),
  },
})

/** Somebody else has it: whose the account is decides the school. */
export async function askTheSchool(
  ports: Ports,
  visitor: Visitor,
  known: Known,
  { person }: Session,
  place: Place,
): Promise<Refused> {
  const { outcome, refused: event } = refusedAs(ports, visitor, known, new Refusal('identity.held'))
  const { journal, accountId } = inJournal(place)
  const doubt = { kind: 'held' as const, school: place.school.code, accountIds: [accountId] }
  await ports.requests.file([{ ...doubt, journal, number: visitor.number, person, at: ports.clock.now() }], event)
  return asRefused(outcome)
}

/** What `refused` gives is a refusal; anything else passed through it as an error. */
export function asRefused(outcome: Outcome): Refused {
  if (outcome.at !== 'refused') throw new Error(`A refusal became ${outcome.at}.`)
  return outcome
}

/** What the person must confirm before the account is theirs; undefined when nothing is asked, or it has just been answered. */
export async function stillAsked(
  ports: Ports,
  visitor: Visitor,
  session: Session,
  known: Known,
  account: Parameters<typeof unconfirmed>[3],
  given: ConfirmGiven | undefined,
): Promise<Asked | undefined> {
  const asked = await unconfirmed(ports, visitor, session, account, true)
  if (!asked || !given) return asked
  const taken = await takeConfirmation(ports, visitor, session, known, asked, given)
  return taken === 'confirmed' ? undefined : taken
}
