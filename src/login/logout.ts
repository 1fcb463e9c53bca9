/** Logout: ours first, then the IdP's. An unanswered or spoilt answer of the IdP never keeps our session alive. */
import { randomId, randomXmlId } from '../base/chance.js'
import { Refusal } from '../base/refusal.js'
import type { RequestNumber } from '../base/request-number.js'
import { judgeLogoutResponse, logoutRequestUrl } from '../saml/logout.js'
import type { Session } from '../sessions/sessions.js'
import type { Outcome, Visitor } from './outcome.js'
import type { Ports } from './ports.js'
import type { Target } from '../words/target.js'
import { pickIdp, sendToIdp } from './start.js'
import { record, refused } from './witness.js'

/** How long the IdP may take to answer. */
const LOGOUT_LIFETIME = 10 * 60_000

export type Farewell =
  /** The browser goes to the IdP, which ends its own session and sends it back. */
  | { readonly at: 'idp'; readonly to: URL }
  /** `full`: the IdP said that its session ended; `partial`: not everywhere; `ours`: only our session ended. */
  | { readonly at: 'farewell'; readonly ended: 'full' | 'partial' | 'ours'; readonly journals: readonly string[] }

/**
 * `POST /logout`.
 *
 * @param then where to go afterwards with a fresh sign-in («Это не вы? Войти другим»); without it to the farewell page
 */
export async function startLogout(ports: Ports, visitor: Visitor, then?: Target): Promise<Farewell | Outcome> {
  const now = ports.clock.now()
  const session = visitor.session && (await ports.sessions.find(visitor.session, now))
  if (!session) return then ? again(ports, visitor, undefined, then) : { at: 'farewell', ended: 'ours', journals: [] }
  await ports.sessions.close(session.key, now)
  const known = { number: visitor.number, idp: session.person.idp, session }
  await record(ports, visitor, known, { what: 'session.closed', result: 'ok', facts: { why: 'logout' } })

  const to = await askIdp(ports, visitor, session, then)
  if (to) return { at: 'idp', to }
  if (then) return again(ports, visitor, session.person.idp, then)
  return { at: 'farewell', ended: 'ours', journals: entered(session) }
}

const entered = (session: Session): readonly string[] => [...new Set(session.entered.map(({ journal }) => journal))]

/** @returns where the IdP takes a LogoutRequest for this session, or undefined when it takes none */
async function askIdp(ports: Ports, visitor: Visitor, session: Session, then?: Target): Promise<URL | undefined> {
  const idp = ports.trust.find(session.person.idp)
  if (!idp || !session.nameId) return undefined
  const id = randomId(ports.chance)
  const requestId = randomXmlId(ports.chance)
  const at = ports.clock.now()
  const to = logoutRequestUrl(ports.serviceProvider, idp, {
    id: requestId,
    relayState: id,
    at,
    nameId: session.nameId,
    ...(session.sessionIndex !== undefined && { sessionIndex: session.sessionIndex }),
  })
  if (!to) return undefined
  await ports.logouts.start({
    id,
    requestId,
    idp: idp.entityId,
    number: visitor.number,
    expiresAt: at + LOGOUT_LIFETIME,
    journals: entered(session),
    ...(then && { then }),
  })
  await record(
    ports,
    visitor,
    { number: visitor.number, idp: idp.entityId, session },
    { what: 'logout.started', result: 'ok' },
  )
  return to
}

/** A fresh sign-in at the IdP, whatever session it still has. */
async function again(ports: Ports, visitor: Visitor, idp: string | undefined, target: Target): Promise<Outcome> {
  try {
    return await sendToIdp(ports, visitor, target, pickIdp(ports, idp), true)
  } catch (error) {
    return refused(ports, visitor, { number: visitor.number, target }, error)
  }
}

/** `GET /saml/slo` with the IdP's answer. It counts once, and only for a logout that we started. */
export async function finishLogout(
  ports: Ports,
  visitor: Visitor,
  rawQuery: string,
  relayState: string,
): Promise<Farewell | Outcome> {
  let number: RequestNumber = visitor.number
  try {
    const now = ports.clock.now()
    const pending = await ports.logouts.find(relayState, now)
    if (!pending) throw new Refusal('logout.unknown')
    number = pending.number
    const idp = pickIdp(ports, pending.idp)
    const { partial } = judgeLogoutResponse(rawQuery, {
      idp,
      sp: ports.serviceProvider,
      requestId: pending.requestId,
      now,
    })
    if (!(await ports.logouts.take(pending.id, now))) throw new Refusal('logout.unknown')
    await record(
      ports,
      visitor,
      { number, idp: idp.entityId },
      { what: 'logout.finished', result: 'ok', facts: { partial } },
    )
    if (pending.then) return await again(ports, visitor, pending.idp, pending.then)
    return { at: 'farewell', ended: partial ? 'partial' : 'full', journals: pending.journals }
  } catch (error) {
    return refused(ports, visitor, { number }, error)
  }
}
