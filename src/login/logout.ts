/** Logout that the person starts: ours first, then the journals', then the IdP's. No answer of theirs keeps ours alive. */
import { randomId, randomXmlId } from '../base/chance.js'
import type { Instant } from '../base/clock.js'
import { Refusal } from '../base/refusal.js'
import type { RequestNumber } from '../base/request-number.js'
import type { Arrived } from '../saml/arrived.js'
import { logoutRequest, type BySoap } from '../saml/logout.js'
import { judgeLogoutResponse } from '../saml/logout-response.js'
import type { TrustedIdp } from '../saml/trust.js'
import type { Session, SessionTrace } from '../sessions/sessions.js'
import type { Left, Notice, PendingLogout } from './logout-ports.js'
import type { Outcome, Visitor } from './outcome.js'
import type { Ports } from './ports.js'
import type { Target } from '../words/target.js'
import { browserKey, newSecret, owns } from './browser.js'
import { checkFresh, isFresh, pickIdp } from './idps.js'
import { askWhere } from './start.js'
import { noticesFor, tellJournals, TOLD_FIRST_WITHIN } from './tell-journals.js'
import { eventOf, record, refused } from './witness.js'

/** How long the IdP may take to answer. */
const LOGOUT_LIFETIME = 10 * 60_000

/** Octets of an answer by SOAP that are read; the judge takes no more either. */
const LONGEST_ANSWER = 256 * 1024

/** The cookie by which the browser that asked is known when the IdP sends it back. */
export interface Ticket {
  readonly id: string
  readonly secret: string
  readonly expiresAt: Instant
}

export type Farewell =
  /** The browser goes to the IdP, which ends its own session and sends it back, or hears our answer. */
  | { readonly at: 'idp'; readonly to: URL; readonly ticket?: Ticket }
  /** The same by a form that posts itself. */
  | {
      readonly at: 'idp-form'
      readonly to: URL
      readonly fields: Readonly<Record<string, string>>
      readonly ticket?: Ticket
    }
  /** `full`: the IdP said that its session ended; `partial`: not everywhere; `ours`: only our session ended. */
  | {
      readonly at: 'farewell'
      readonly ended: 'full' | 'partial' | 'ours'
      readonly journals: readonly Left[]
      readonly back?: string
    }

/** Where to go afterwards: to a fresh sign-in («Это не вы? Войти другим»), or to the farewell page. */
export interface Afterwards {
  readonly then?: Target
  /** Where the farewell page leads back to; the caller has checked it against the list of a journal. */
  readonly back?: string
}

/** `POST /logout`. */
export async function startLogout(
  ports: Ports,
  visitor: Visitor,
  { then, back }: Afterwards = {},
): Promise<Farewell | Outcome> {
  const now = ports.clock.now()
  const session = visitor.session && (await ports.sessions.find(visitor.session, now))
  const ours = { at: 'farewell', ended: 'ours', ...(back !== undefined && { back }) } as const
  // ended under this very click
  if (!session && visitor.session) await ports.logouts.settle(visitor.session)
  if (!session) return then ? again(ports, visitor, undefined, then) : { ...ours, journals: [] }
  const journals = await endOurs(ports, visitor, session)

  const idp = ports.trust.find(session.person.idp)
  // an answer of stale keys would prove nothing: then only our own end is told
  const asked =
    idp && isFresh(ports, idp)
      ? await askIdp(ports, visitor, session, idp, {
          journals,
          ...(then && { then }),
          ...(back !== undefined && { back }),
        })
      : undefined
  if (asked && asked.at !== 'farewell') return asked
  if (then) return again(ports, visitor, session.person.idp, then)
  return asked ?? { ...ours, journals }
}

/** One transaction ends the session and writes down who must be told; then they are told. SDP-SP34: before the IdP is asked. */
async function endOurs(ports: Ports, visitor: Visitor, session: Session): Promise<readonly Left[]> {
  const now = ports.clock.now()
  const known = { number: visitor.number, idp: session.person.idp, session }
  const event = eventOf(ports, visitor, known, { what: 'session.closed', result: 'ok', facts: { why: 'logout' } })
  let ended: readonly SessionTrace[] = []
  let notices: readonly Notice[] = []
  const didEnd = await ports.logouts.end(session.key, now, now + TOLD_FIRST_WITHIN, trace => {
    ended = [trace]
    notices = noticesFor(ports, ended, now)
    return { notices, events: [event] }
  })
  if (!didEnd) await ports.logouts.settle(session.key)
  return tellJournals(ports, ended, notices)
}

/** @returns undefined when the IdP takes no logout, or did not confirm the one that our server brought */
async function askIdp(
  ports: Ports,
  visitor: Visitor,
  session: Session,
  idp: TrustedIdp,
  kept: Pick<PendingLogout, 'journals' | 'then' | 'back'>,
): Promise<Farewell | undefined> {
  if (!session.nameId) return undefined
  const at = ports.clock.now()
  const secret = newSecret(ports.chance, visitor.address)
  const pending: PendingLogout = {
    id: randomId(ports.chance),
    browser: browserKey(secret),
    requestId: randomXmlId(ports.chance),
    idp: idp.entityId,
    number: visitor.number,
    expiresAt: at + LOGOUT_LIFETIME,
    ...kept,
  }
  const request = logoutRequest(ports.serviceProvider, idp, {
    id: pending.requestId,
    relayState: pending.id,
    at,
    nameId: session.nameId,
    ...(session.sessionIndex !== undefined && { sessionIndex: session.sessionIndex }),
  })
  if (!request) return undefined
  await ports.logouts.start(pending)
  const known = { number: visitor.number, idp: idp.entityId, session }
  await record(ports, visitor, known, { what: 'logout.started', result: 'ok', facts: { by: request.how } })
  if (request.how === 'soap') return askBySoap(ports, visitor, idp, request, pending)
  const ticket: Ticket = { id: pending.id, secret, expiresAt: pending.expiresAt }
  if (request.how === 'post') return { at: 'idp-form', to: request.to, fields: request.fields, ticket }
  return { at: 'idp', to: request.to, ticket }
}

/** The answer comes on the same connection; one that is none, or is refused, leaves us with our own end alone. */
async function askBySoap(
  ports: Ports,
  visitor: Visitor,
  idp: TrustedIdp,
  { to, envelope }: BySoap,
  pending: PendingLogout,
): Promise<Farewell | undefined> {
  const headers = { soapaction: '"http://www.oasis-open.org/committees/security"' } // saml-bindings 3.2.2.1
  const reply = await ports.courier.post({ to: to.href, type: 'text/xml', body: envelope, headers }, LONGEST_ANSWER)
  if (reply?.status !== 200) return undefined
  try {
    return await conclude(ports, visitor, idp, pending, { by: 'soap', octets: reply.body })
  } catch (error) {
    await refused(ports, visitor, { number: pending.number, idp: idp.entityId }, error)
    return undefined
  }
}

/** Judges the IdP's answer, and counts it once; a reload reads what the first one said. */
async function conclude(
  ports: Ports,
  visitor: Visitor,
  idp: TrustedIdp,
  pending: PendingLogout,
  arrived: Arrived,
): Promise<Farewell> {
  const now = ports.clock.now()
  const { requestId, number } = pending
  const { partial } = judgeLogoutResponse(arrived, { idp, sp: ports.serviceProvider, requestId, now })
  const said = partial ? 'partial' : 'full'
  const known = { number, idp: idp.entityId }
  if (await ports.logouts.conclude(pending.id, now, said))
    await record(ports, visitor, known, { what: 'logout.finished', result: 'ok', facts: { partial } })
  const { journals, back } = pending
  return { at: 'farewell', ended: pending.ended ?? said, journals, ...(back !== undefined && { back }) }
}

/** A fresh sign-in at the IdP, whatever session it still has. */
async function again(ports: Ports, visitor: Visitor, idp: string | undefined, target: Target): Promise<Outcome> {
  try {
    return await askWhere(ports, visitor, target, true, idp)
  } catch (error) {
    return refused(ports, visitor, { number: visitor.number, target }, error)
  }
}

/**
 * `/saml/slo` with the IdP's answer. It counts once, for a logout that we started, and in the browser that asked: another one
 * would read that it is signed out, and in which journals somebody else has been.
 */
export async function finishLogout(
  ports: Ports,
  visitor: Visitor,
  arrived: Arrived,
  relayState: string,
): Promise<Farewell | Outcome> {
  let number: RequestNumber = visitor.number
  try {
    const pending = await ports.logouts.find(relayState, ports.clock.now())
    if (!pending) throw new Refusal('logout.unknown')
    number = pending.number
    if (!owns(visitor, pending)) throw new Refusal('logout.unknown', { cause: 'other-browser' })
    const idp = checkFresh(ports, pickIdp(ports, pending.idp))
    const farewell = await conclude(ports, visitor, idp, pending, arrived)
    return pending.then ? await again(ports, visitor, pending.idp, pending.then) : farewell
  } catch (error) {
    return refused(ports, visitor, { number }, error)
  }
}
