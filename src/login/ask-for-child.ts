/** A parent asks the school for a child that no list shows them: a question under a number, which the school decides. */
import { Refusal } from '../base/refusal.js'
import type { RequestNumber } from '../base/request-number.js'
import { isKnownAgain } from '../identity/rules.js'
import type { Session } from '../sessions/sessions.js'
import type { AskedChild } from '../words/asked-child.js'
import { servesSchool, type Journal } from '../words/journal.js'
import type { School } from '../words/school.js'
import { admits } from './idps.js'
import type { Visitor } from './outcome.js'
import type { Limit } from './people-ports.js'
import type { Ports } from './ports.js'
import { asRefused, knownHere, type Refused } from './taking.js'
import { eventOf, refused } from './witness.js'

/** Of one person: more than any family needs, too few to fill a school's queue. */
const LIMITS: readonly Limit[] = [{ most: 6, within: 86_400_000 }]

/** A journal of a school, in which parents have accounts. */
export interface ParentsPlace {
  readonly journal: Journal
  readonly school: School
}

/** Where this person may ask, in the order of the settings, school by school. */
export function placesToAsk(ports: Ports, { person }: Session): readonly ParentsPlace[] {
  const journals = [...ports.journals.values()]
    .map(({ journal }) => journal)
    .filter(journal => journal.roles.includes('parent') && admits(journal, person.idp))
  return [...ports.schools.values()].flatMap(school =>
    journals.filter(journal => servesSchool(journal, school.code)).map(journal => ({ journal, school })),
  )
}

export type AskedStep = ({ readonly at: 'asked'; readonly number: RequestNumber } & ParentsPlace) | Refused

/** One transaction: the question and its event. While the same school has an open one of this person, the child is added to it. */
export async function askForChild(
  ports: Ports,
  visitor: Visitor,
  session: Session,
  { journal, school }: ParentsPlace,
  child: AskedChild,
): Promise<AskedStep> {
  const known = knownHere(visitor, session)
  try {
    const { person } = session
    if (!isKnownAgain(person)) throw new Refusal('identity.no-snils')
    const now = ports.clock.now()
    const wait = await ports.attempts.take('child', ports.pseudonyms.forAudit(person), LIMITS, now)
    if (wait > 0) throw new Refusal('cabinet.asked-often', { seconds: Math.ceil(wait / 1000) })
    const facts = { kind: 'child', school: school.code }
    const event = eventOf(ports, visitor, known, { what: 'request.filed', result: 'ok', journal: journal.id, facts })
    const doubt = { kind: 'child' as const, school: school.code, accountIds: [], children: [child] }
    const filed = { ...doubt, journal: journal.id, number: visitor.number, person, at: now }
    const [number] = await ports.requests.file([filed], event)
    return { at: 'asked', number: number!, journal, school }
  } catch (error) {
    return asRefused(await refused(ports, visitor, known, error))
  }
}
