/** The person takes an account off themselves, and within thirty days takes it up again. */
import { Refusal } from '../base/refusal.js'
import type { AuditEvent, EventKind } from '../audit/audit.js'
import type { Link } from '../identity/links.js'
import type { Visitor } from '../login/outcome.js'
import type { Ports } from '../login/ports.js'
import { eventOf } from '../login/witness.js'
import type { Session } from '../sessions/sessions.js'
import { endAll, tracesOf } from './sessions.js'

/** @throws Refusal `cabinet.unknown` when the person has no such active link */
export async function activeLink({ links }: Pick<Ports, 'links'>, { person }: Session, id: string): Promise<Link> {
  const { own } = await links.around(person, [])
  const link = own.find(each => each.id === id && !each.ended)
  if (!link) throw new Refusal('cabinet.unknown', { what: 'link' })
  return link
}

/**
 * Sessions in which the account was entered end first, and the journal hears of it: who unlinks an account wants nobody to
 * stay inside. Only then the link ends; a crash between leaves it standing, and the person asks again.
 *
 * @returns `signed-out` when this very session was one of them
 * @throws Refusal `cabinet.unknown`
 */
export async function unlink(
  ports: Ports,
  visitor: Visitor,
  session: Session,
  id: string,
): Promise<'unlinked' | 'signed-out'> {
  const link = await activeLink(ports, session, id)
  const found = await tracesOf(ports, session)
  const inside = found.filter(({ entered }) => entered.some(({ accountId }) => accountId === link.accountId))
  await endAll(ports, visitor, session, inside)
  const event = eventAbout(ports, visitor, session, link, 'link.ended')
  if (!(await ports.links.end(session.person, id, ports.clock.now(), event)))
    throw new Refusal('cabinet.unknown', { what: 'link' })
  return inside.some(({ key }) => key === session.key) ? 'signed-out' : 'unlinked'
}

/**
 * @throws Refusal `cabinet.unknown` when it is not a link of the person, `cabinet.too-late` when its time is over or somebody
 *   else ended it, `identity.held` when the account became somebody else's meanwhile: then the school is asked
 */
export async function relink(ports: Ports, visitor: Visitor, session: Session, id: string): Promise<void> {
  const { own } = await ports.links.around(session.person, [])
  const link = own.find(each => each.id === id)
  if (!link) throw new Refusal('cabinet.unknown', { what: 'link' })
  if (!link.ended) return
  const event = eventAbout(ports, visitor, session, link, 'link.resumed')
  const resumed = await ports.links.resume(session.person, id, ports.clock.now(), event)
  if (resumed === 'gone') throw new Refusal('cabinet.too-late')
  if (resumed === 'held') await askSchool(ports, visitor, session, link, event)
}

async function askSchool(ports: Ports, visitor: Visitor, { person }: Session, link: Link, event: AuditEvent) {
  const { journal, school, accountId } = link
  const doubt = { kind: 'held' as const, school, journal, accountIds: [accountId] }
  const asked = { ...doubt, number: visitor.number, person, at: ports.clock.now() }
  await ports.requests.file([asked], { ...event, result: 'refused', code: 'identity.held' })
  throw new Refusal('identity.held')
}

const eventAbout = (
  ports: Ports,
  visitor: Visitor,
  session: Session,
  { accountId, journal }: Link,
  what: EventKind,
): AuditEvent =>
  eventOf(
    ports,
    visitor,
    { number: visitor.number, idp: session.person.idp, session },
    { what, result: 'ok', accountId, journal, facts: { by: 'person' } },
  )
