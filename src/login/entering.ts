/** Through the door: what the journal gets, and what must be written down before it counts. Writes nothing itself. */
import { randomId } from '../base/chance.js'
import { Refusal } from '../base/refusal.js'
import { linkMade } from '../confirm/notice.js'
import { release, type ReleasedPerson } from '../consent/release.js'
import type { NewLink } from '../identity/links.js'
import type { Match } from '../identity/match.js'
import type { NewRequest } from '../identity/requests.js'
import { journalSid } from '../sessions/session-key.js'
import type { Session } from '../sessions/sessions.js'
import type { Passer } from './conditions.js'
import type { Next } from './next-step.js'
import { noticeTo } from './notifying.js'
import type { Entering, Ports, Waiting } from './ports.js'
import { eventOf } from './witness.js'

/** @param consents ids of those on which the entry rests */
export function enter(
  ports: Ports,
  passer: Passer,
  match: Match,
  requests: readonly NewRequest[],
  consents: readonly string[] = [],
): Next {
  const { visitor, at, target, session, choice } = passer
  const { journal, door } = passer.open
  const school = ports.schools.get(choice.account.school)
  if (!school) throw new Refusal('journal.school')
  const subject = ports.pseudonyms.forJournal(session.person, journal.id)
  const person = release(subject, choice, { person: session.person, school, journal })
  const { handOff, deposit, mark } = door.handOff({
    person,
    sid: journalSid(session.key, journal.id),
    school: school.code,
    authenticatedAt: session.person.authenticatedAt,
    fresh: isFresh(ports, at, session),
    ...(target.returnTo !== undefined && { returnTo: new URL(target.returnTo) }),
    ...(target.state !== undefined && { state: target.state }),
  })
  const { id: accountId, login, role } = choice.account
  const now = ports.clock.now()
  const entered = { journal: journal.id, accountId, school: school.code, login, role, subject, at: now }
  const known = { number: at.number, idp: at.idp, target, session }
  return {
    outcome: { at: 'done', handOff, journal, origins: door.origins },
    entering: {
      session: session.key,
      entered: { ...entered, ...(mark !== undefined && { mark }) },
      event: eventOf(ports, visitor, known, enteredEvent(accountId, match.warnings, person)),
      ...(deposit && { deposit }),
      ...(consents.length > 0 && { consents }),
      seen: { person: session.person, links: match.links.filter(link => link.accountId === accountId) },
      ...linkFor(ports, passer, match),
      ...(requests.length > 0 && { requests }),
    },
  }
}

/** The first entry on other evidence makes the link by which the person is known from then on. */
function linkFor(
  ports: Ports,
  { visitor, session, choice, open }: Passer,
  { unlinked }: Match,
): Pick<Entering, 'link' | 'message'> {
  const toMake = unlinked.get(choice.account.id)
  if (!toMake) return {}
  const { id: accountId, journal, school } = choice.account
  const since = ports.clock.now()
  const { person } = session
  const link: NewLink = { id: randomId(ports.chance), accountId, journal, school, since, person, ...toMake }
  return { link, ...noticeTo(ports, visitor, person, told => linkMade(told, open.journal.title), school) }
}

/** A login that took longer, or is shown again later, proves no longer that its person sits there now. */
const FRESH_FOR = 60_000

/** An IdP that still knew the person, and asked nothing, has proved nothing anew: the clock of the IdP may differ from ours. */
const isFresh = ({ clock, serviceProvider: { skew } }: Ports, at: Waiting, session: Session): boolean =>
  session.number === at.number &&
  clock.now() - session.openedAt < FRESH_FOR &&
  session.person.authenticatedAt >= at.startedAt - skew

/** `released`: names of what the journal may get of the person, never a value. */
const enteredEvent = (accountId: string, warnings: Match['warnings'], { given }: ReleasedPerson) => ({
  what: 'journal.entered' as const,
  result: 'ok' as const,
  accountId,
  facts: {
    released: Object.keys(given).join(' '),
    ...(warnings.length > 0 && { warnings: warnings.map(({ warning }) => warning).join(' ') }),
  },
})
