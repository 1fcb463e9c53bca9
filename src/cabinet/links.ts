/** The person takes an account off themselves, and within thirty days takes it up again. */
import { Refusal } from '../base/refusal.js'
import type { AuditEvent, EventKind } from '../audit/audit.js'
import { linkEnded } from '../confirm/notice.js'
import type { Link } from '../identity/links.js'
import type { Asked, ConfirmGiven } from '../login/confirming.js'
import { noticeTo } from '../login/notifying.js'
import type { Visitor } from '../login/outcome.js'
import type { Ports } from '../login/ports.js'
import { knownHere, stillAsked } from '../login/taking.js'
import { eventOf } from '../login/witness.js'
import type { Session } from '../sessions/sessions.js'
import { endAll, tracesOf } from './sessions.js'
import { checkUnlocked } from '../login/unlocked.js'

/**
 * @returns an active one, or one that the person has ended: who pressed the button and never saw the answer asks again
 * @throws Refusal `cabinet.unknown` when the person has no such link
 */
export async function linkToEnd({ links }: Pick<Ports, 'links'>, { person }: Session, id: string): Promise<Link> {
  const { own } = await links.around(person, [])
  const link = own.find(each => each.id === id && (!each.ended || each.ended.by === 'person'))
  if (!link) throw new Refusal('cabinet.unknown', { what: 'link' })
  return link
}

/**
 * Other sessions in which the account was entered end first, and the journal hears of it: who unlinks an account wants nobody
 * to stay inside. Then the link ends, those that were opened by it meanwhile, and this session last: whatever a crash interrupts, the button may be pressed again
 * and goes on from there.
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
  const link = await linkToEnd(ports, session, id)
  await endAll(ports, visitor, session, (await inside(ports, session, link)).others)
  if (!link.ended) await endLink(ports, visitor, session, link)
  const { own, others } = await inside(ports, session, link)
  await endAll(ports, visitor, session, others)
  await endAll(ports, visitor, session, own)
  return own.length > 0 ? 'signed-out' : 'unlinked'
}

/** Sessions of the person in which the account was entered; whether this very one is among them. */
async function inside(ports: Ports, session: Session, { accountId }: Link) {
  const found = (await tracesOf(ports, session)).filter(({ entered }) =>
    entered.some(each => each.accountId === accountId),
  )
  return { own: found.filter(({ key }) => key === session.key), others: found.filter(({ key }) => key !== session.key) }
}

async function endLink(ports: Ports, visitor: Visitor, session: Session, link: Link): Promise<void> {
  const event = eventAbout(ports, visitor, session, link, 'link.ended')
  const title = ports.journals.get(link.journal)?.journal.title ?? link.journal
  const { message } = noticeTo(ports, visitor, session.person, told => linkEnded(told, title), link.school)
  if (await ports.links.end(session.person, link.id, ports.clock.now(), event, message)) return
  // pressed twice at one moment, or the school was faster
  await linkToEnd(ports, session, link.id)
}

/**
 * The account becomes the person's again, so they confirm as before any account that becomes theirs.
 *
 * @returns what is still to be confirmed
 * @throws Refusal `cabinet.unknown` when it is not a link of the person, `cabinet.too-late` when its time is over or somebody
 *   else ended it, `identity.held` when the account became somebody else's meanwhile: then the school is asked; `lock.*`
 */
export async function relink(
  ports: Ports,
  visitor: Visitor,
  session: Session,
  id: string,
  given?: ConfirmGiven,
): Promise<'relinked' | Asked> {
  const { own } = await ports.links.around(session.person, [])
  const link = own.find(each => each.id === id)
  if (!link) throw new Refusal('cabinet.unknown', { what: 'link' })
  if (!link.ended) return 'relinked'
  await checkUnlocked(ports, session.person, visitor.address)
  const [entry] = await ports.roster.byAccounts([link.accountId])
  const account = { id: link.accountId, school: link.school, ...(entry && { role: entry.role }) }
  const asked = await stillAsked(ports, visitor, session, knownHere(visitor, session), account, given)
  if (asked) return asked
  await resume(ports, visitor, session, link)
  return 'relinked'
}

async function resume(ports: Ports, visitor: Visitor, session: Session, link: Link): Promise<void> {
  const event = eventAbout(ports, visitor, session, link, 'link.resumed')
  const resumed = await ports.links.resume(session.person, link.id, ports.clock.now(), event)
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
