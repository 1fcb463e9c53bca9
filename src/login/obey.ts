/**
 * Logout that the IdP starts. Its request ends sessions, whatever browser or server brings it, and with or without cookie:
 *
 * The same request again does nothing, and hears the same answer.
 *
 *   judged -> one transaction: request new, sessions ended, notices written -> journals told -> IdP answered
 */
import { randomXmlId } from '../base/chance.js'
import { Refusal } from '../base/refusal.js'
import type { AuditEvent } from '../audit/audit.js'
import type { Arrived } from '../saml/arrived.js'
import { done, logoutResponse, partlyDone, soapResponse, type LogoutAnswer } from '../saml/logout.js'
import { judgeLogoutRequest, type JudgedRequest, type Sender } from '../saml/logout-request.js'
import { isSameName } from '../saml/same-name.js'
import type { SessionTrace } from '../sessions/sessions.js'
import { status } from '../words/saml-names.js'
import { freshTrust } from './idps.js'
import type { Farewell } from './logout.js'
import type { Ended, LogoutOrder, Notice } from './logout-ports.js'
import type { Visitor } from './outcome.js'
import type { Ports } from './ports.js'
import { noticesFor, tellJournals, TOLD_FIRST_WITHIN } from './tell-journals.js'
import { record } from './witness.js'

/** What was done, and what the IdP is told about it. */
interface Heard {
  readonly sender: Sender
  readonly answer: LogoutAnswer
  readonly ended?: Ended
  /** Why nothing was done. */
  readonly refusal?: Refusal
}

export interface Obeyed {
  /** `again`: the same request came before, and its answer has no way by browser. */
  readonly next: Farewell | { readonly at: 'again' }
  /** The session of this very browser is among those that ended. */
  readonly ownEnded: boolean
}

/**
 * `GET` or `POST /saml/slo` with a SAMLRequest.
 *
 * @throws Refusal while nobody is proven to have sent it; afterwards the IdP gets our refusal as its answer, or the
 * person when the IdP takes no answer by browser
 */
export async function obeyByBrowser(ports: Ports, visitor: Visitor, arrived: Arrived): Promise<Obeyed> {
  const { sender, answer, ended, refusal } = await hear(ports, visitor, arrived)
  const ownEnded = ended?.sessions.some(({ key }) => key === visitor.session) ?? false
  const by = logoutResponse(ports.serviceProvider, sender.idp, answer, sender.relayState)
  if (by?.how === 'redirect') return { ownEnded, next: { at: 'idp', to: by.to } }
  if (by?.how === 'post') return { ownEnded, next: { at: 'idp-form', to: by.to, fields: by.fields } }
  if (refusal) throw refusal
  if (!ended || ended.again) return { ownEnded, next: { at: 'again' } }
  return { ownEnded, next: { at: 'farewell', ended: 'full', journals: ended.journals } }
}

/** `POST /saml/slo/soap`. @returns the envelope with our answer @throws Refusal as above */
export async function obeyBySoap(ports: Ports, visitor: Visitor, octets: Uint8Array): Promise<string> {
  const { sender, answer } = await hear(ports, visitor, { by: 'soap', octets })
  return soapResponse(ports.serviceProvider, sender.idp, answer)
}

async function hear(ports: Ports, visitor: Visitor, arrived: Arrived): Promise<Heard> {
  const { serviceProvider: sp, clock } = ports
  const verdict = judgeLogoutRequest(arrived, { trust: freshTrust(ports), sp, now: clock.now() })
  const { sender } = verdict
  try {
    if (!verdict.accepted) throw verdict.refusal
    const ended = await obeyOnce(ports, visitor, sender, verdict.request)
    return { sender, ended, answer: answerTo(ports, sender, ended.whole ? done : partlyDone) }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const { code, facts } = error
    const known = { number: visitor.number, idp: sender.idp.entityId }
    await record(ports, visitor, known, { what: 'logout.refused', result: 'refused', code, facts })
    const answer = answerTo(ports, sender, statusOf(error), code)
    return { sender, answer, refusal: error }
  }
}

/** Two that come at the same moment (a double click, a proxy that tries again) share one result. */
const obeyOnce = (ports: Ports, visitor: Visitor, sender: Sender, request: JudgedRequest): Promise<Ended> =>
  ports.obeying.share(JSON.stringify([sender.idp.entityId, sender.id, request]), async () => {
    const { ended, notices, before } = await end(ports, visitor, sender, request)
    if (before) return againAs(ports, visitor, sender, before === 'again-whole')
    const journals = await tellJournals(ports, ended, notices)
    const whole = journals.every(({ state }) => state === 'told')
    if (whole) await ports.logouts.confirm({ idp: sender.idp.entityId, id: sender.id })
    return { sessions: ended, journals, whole, again: false }
  })

/** Honest people load an address again, and servers send again what they got no answer to: they hear the same once more. */
async function againAs(ports: Ports, visitor: Visitor, { idp }: Sender, whole: boolean): Promise<Ended> {
  const known = { number: visitor.number, idp: idp.entityId }
  await record(ports, visitor, known, { what: 'logout.obeyed', result: 'ok', facts: { sessions: 0, again: true } })
  return { sessions: [], journals: [], whole, again: true }
}

/** One transaction. @throws Refusal `logout.replayed`, `logout.other-name`; then nothing has happened */
async function end(ports: Ports, visitor: Visitor, sender: Sender, request: JudgedRequest) {
  const now = ports.clock.now()
  const { id, idp } = sender
  const { nameId, ...rest } = request
  const order: LogoutOrder = { ...rest, idp: idp.entityId, id, name: nameId.value }
  let ended: readonly SessionTrace[] = []
  let notices: readonly Notice[] = []
  const result = await ports.logouts.obey(order, now, now + TOLD_FIRST_WITHIN, found => {
    ended = named(ports, sender, request, found)
    notices = noticesFor(ports, ended, now)
    return { ends: ended.map(({ key }) => key), notices, events: eventsOf(ports, visitor, sender, ended) }
  })
  if (result === 'replayed') throw new Refusal('logout.replayed')
  return { ended, notices, ...(result !== 'obeyed' && { before: result }) }
}

/**
 * The sessions that the request names: the person exactly (saml-core 3.3.4), and of SessionIndexes any (3.7.3.1). None is no
 * mistake: the session may be long over, and what the IdP wants is true. But a name that we hold with another Format or
 * qualifier is refused: to call that a success would leave somebody signed in who was told to be out.
 */
function named(
  { serviceProvider: { entityId: sp } }: Ports,
  { idp: { entityId: idp } }: Sender,
  { nameId, sessionIndexes }: JudgedRequest,
  found: readonly SessionTrace[],
): readonly SessionTrace[] {
  const theirs = found.filter(trace => trace.nameId !== undefined && isSameName(trace.nameId, nameId, { idp, sp }))
  if (theirs.length === 0 && found.length > 0) throw new Refusal('logout.other-name')
  if (sessionIndexes.length === 0) return theirs
  return theirs.filter(({ sessionIndex }) => sessionIndex !== undefined && sessionIndexes.includes(sessionIndex))
}

/** One event for the request, under the number of this visit, and one for each session, under the number of its login. */
function eventsOf(
  ports: Ports,
  visitor: Visitor,
  { idp }: Sender,
  ended: readonly SessionTrace[],
): readonly AuditEvent[] {
  const at = ports.clock.now()
  const { address, device, number } = visitor
  const closed = ended.map(({ open, person, number: login }): AuditEvent => ({
    at,
    what: 'session.closed',
    result: 'ok',
    number: login,
    idp: idp.entityId,
    ...(person && { person: ports.pseudonyms.forAudit(person) }),
    facts: { why: 'idp', wasOpen: open },
  }))
  const facts = { sessions: ended.length }
  return [{ at, what: 'logout.obeyed', result: 'ok', number, address, device, idp: idp.entityId, facts }, ...closed]
}

const answerTo = (ports: Ports, sender: Sender, codes: LogoutAnswer['status'], message?: string): LogoutAnswer => ({
  id: randomXmlId(ports.chance),
  inResponseTo: sender.id,
  at: ports.clock.now(),
  status: codes,
  ...(message !== undefined && { message }),
})

/** saml-core 3.2.2.2: the fault is the requester's; the message says which. */
function statusOf({ code }: Refusal): LogoutAnswer['status'] {
  if (code === 'saml.version') return [status.versionMismatch]
  return [status.requester, code === 'logout.other-name' ? status.unknownPrincipal : status.requestDenied]
}
