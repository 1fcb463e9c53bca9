/** Where the person is signed in, and how they end it from afar: ours first, then the journals hear of it. */
import { createHash } from 'node:crypto'
import type { Instant } from '../base/clock.js'
import type { Visitor } from '../login/outcome.js'
import type { Notice } from '../login/logout-ports.js'
import type { Ports } from '../login/ports.js'
import { noticesFor, tellJournals, TOLD_FIRST_WITHIN } from '../login/tell-journals.js'
import type { Session, SessionKey, SessionTrace } from '../sessions/sessions.js'
import type { AuditEvent } from '../audit/audit.js'
import type { Person } from '../words/person.js'

export interface ShownSession {
  /** What a form names it by; nobody finds the key from it. */
  readonly id: string
  /** The very one that asks. */
  readonly current: boolean
  /** Otherwise it is over here, and a journal that was entered in it may still have one of its own. */
  readonly open: boolean
  readonly openedAt: Instant
  /** Journals that were entered; each once. */
  readonly journals: readonly string[]
  readonly address?: string
  /** The browser as it named itself. */
  readonly device?: string
}

export const shownId = (key: SessionKey): string =>
  createHash('sha256').update(`cabinet\0${key}`).digest('base64url').slice(0, 27)

/** A session of the person who asks, and the sign-in that opened it. */
export interface OwnSession {
  readonly trace: SessionTrace
  readonly signIn: AuditEvent
}

/** Nothing of a session is left for longer (sessions/opening.ts). */
const LONGEST_TRACE = 24 * 3_600_000
/** Sign-ins of one person within that time that are shown. */
const SHOWN = 200

/**
 * Those of which something is left, open or over, the latest first. They are found by the sign-ins of the person.
 *
 * @param most sign-ins that are looked at. Nothing is ended by a part of them: who signs in often enough would hide a session
 */
export async function sessionsOf(ports: Ports, person: Person, most = Infinity): Promise<readonly OwnSession[]> {
  const now = ports.clock.now()
  const since = now - Math.max(LONGEST_TRACE, ports.limits.absolute)
  const names = ports.pseudonyms.everInAudit(person)
  const found: OwnSession[] = []
  let left = most
  for await (const signIn of ports.audit.allOfPerson(names, since, 'login.verified')) {
    if (left-- <= 0) break
    if (signIn.number === undefined) continue
    for await (const trace of ports.sessions.traces(now, signIn.number))
      if (isTheirs(trace, ports, names)) found.push({ trace, signIn })
  }
  return found
}

/** What is left of a session that is over names nobody any more; then the number of the sign-in speaks for it. */
const isTheirs = ({ person }: SessionTrace, { pseudonyms }: Ports, names: readonly string[]): boolean =>
  person === undefined || names.includes(pseudonyms.forAudit(person))

/** Those that are over and entered nothing are told to nobody: they open nothing any more. */
export async function ownSessions(ports: Ports, session: Session): Promise<readonly ShownSession[]> {
  const found = await sessionsOf(ports, session.person, SHOWN)
  return found.filter(({ trace: { open, entered } }) => open || entered.length > 0).map(own => shown(own, session))
}

const shown = ({ trace, signIn }: OwnSession, { key }: Session): ShownSession => ({
  id: shownId(trace.key),
  current: trace.key === key,
  open: trace.open,
  openedAt: signIn.at,
  journals: [...new Set(trace.entered.map(({ journal }) => journal))],
  ...(signIn.address !== undefined && { address: signIn.address }),
  ...(signIn.device !== undefined && { device: signIn.device }),
})

export const tracesOf = async (ports: Ports, { person }: Session): Promise<readonly SessionTrace[]> =>
  (await sessionsOf(ports, person)).map(({ trace }) => trace)

/** One of the person's other sessions. One that is not there (any more) is over: the button may be pressed again. */
export async function endSession(ports: Ports, visitor: Visitor, session: Session, id: string): Promise<void> {
  const found = await tracesOf(ports, session)
  const wanted = found.find(({ key }) => key !== session.key && shownId(key) === id)
  if (wanted) await endAll(ports, visitor, session, [wanted])
}

/** Every session of the person but this one. */
export async function endOthers(ports: Ports, visitor: Visitor, session: Session): Promise<void> {
  const found = await tracesOf(ports, session)
  const others = found.filter(({ key }) => key !== session.key)
  await endAll(ports, visitor, session, others)
}

/** Each is one transaction with its event and its notices; what a crash leaves untold is told later. */
export async function endAll(
  ports: Ports,
  visitor: Visitor,
  { person }: Session,
  sessions: readonly SessionTrace[],
): Promise<void> {
  const now = ports.clock.now()
  const ended: SessionTrace[] = []
  const notices: Notice[] = []
  for (const { key } of sessions) {
    await ports.logouts.endWhole(key, now, now + TOLD_FIRST_WITHIN, last => {
      const own = noticesFor(ports, [last], now)
      ended.push(last)
      notices.push(...own)
      return { notices: own, events: [closed(ports, visitor, person, last)] }
    })
  }
  await tellJournals(ports, ended, notices)
}

const closed = (ports: Ports, visitor: Visitor, person: Session['person'], last: SessionTrace): AuditEvent => ({
  at: ports.clock.now(),
  what: 'session.closed',
  result: 'ok',
  number: last.number,
  address: visitor.address,
  device: visitor.device,
  idp: person.idp,
  person: ports.pseudonyms.forAudit(person),
  facts: { why: 'cabinet', by: visitor.number },
})
