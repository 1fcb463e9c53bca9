/** The first half of a login: from a wish to the IdP, or straight to the door when a session is open. */
import { randomId, randomXmlId } from '../base/chance.js'
import { Refusal } from '../base/refusal.js'
import { authnRequestUrl } from '../saml/request.js'
import type { TrustedIdp } from '../saml/trust.js'
import type { Session } from '../sessions/sessions.js'
import { browserKey, newSecret } from './browser.js'
import { admittedIdps, checkFresh, mayEnter, pickAdmitted, pickIdp } from './idps.js'
import { checkLoop } from './loop.js'
import { walk } from './next-step.js'
import { waits, type Outcome, type Visitor } from './outcome.js'
import type { Ports, Started, Waiting } from './ports.js'
import type { Target } from '../words/target.js'
import { readTarget, type Wish } from './target.js'
import { roundByGate } from './visit.js'
import { eventOf, refused, type Known } from './witness.js'

export interface LoginWish extends Wish {
  /** entityID of the IdP; without it the only one that the target admits, or the person chooses. */
  readonly idp?: string
  /** Demands a fresh sign-in, even when a session is open. */
  readonly force?: boolean
}

/** `GET /login`. */
export async function startLogin(ports: Ports, visitor: Visitor, wish: LoginWish): Promise<Outcome> {
  let known: Known = { number: visitor.number }
  try {
    const target = readTarget(ports, wish)
    const begin = beginsElsewhere(ports, target, wish)
    if (begin) return { at: 'back', to: begin }
    const forced = wish.force ?? false
    known = { ...known, target, forced }
    await checkLoop(ports, visitor, wish)
    const idp = wish.idp === undefined ? undefined : pickAdmitted(ports, target, wish.idp)
    const session = forced ? undefined : await openSession(ports, visitor, target, wish.idp)
    if (session) return await walkOn(ports, visitor, session, target)
    return idp ? await sendToIdp(ports, visitor, target, idp, forced) : await askWhere(ports, visitor, target, forced)
  } catch (error) {
    return refused(ports, visitor, known, error)
  }
}

/**
 * A journal that asks by a signed message is entered by no other, and one behind its own proxy only in a browser that got a
 * cookie there: whoever comes without is sent to fetch it.
 */
function beginsElsewhere({ journals }: Ports, target: Target, wish: LoginWish): URL | undefined {
  if (target.kind !== 'journal') return undefined
  const { asks, gate } = journals.get(target.journal)?.door ?? {}
  if (gate && target.state === undefined) return roundByGate(gate, wish)
  return asks && !asks.made(target) ? asks.start : undefined
}

/** `GET /self-test`: always a fresh round trip, since the round trip is what is tested. */
export async function startSelfTest(ports: Ports, visitor: Visitor, idp?: string): Promise<Outcome> {
  try {
    if (!ports.selfTest) throw new Refusal('request.not-found')
    const target: Target = { kind: 'self-test' }
    if (idp === undefined) return await askWhere(ports, visitor, target, false)
    return await sendToIdp(ports, visitor, target, pickIdp(ports, idp), false)
  } catch (error) {
    return refused(ports, visitor, { number: visitor.number }, error)
  }
}

/** Writes the login down, then sends the browser away: what the IdP may answer exists before it is asked. */
export async function sendToIdp(
  ports: Ports,
  visitor: Visitor,
  target: Target,
  idp: TrustedIdp,
  forced: boolean,
): Promise<Outcome> {
  const now = ports.clock.now()
  ports.standing.checkNetwork(visitor.address)
  checkFresh(ports, idp)
  const secret = newSecret(ports.chance, visitor.address)
  const started: Started = {
    id: randomId(ports.chance),
    requestId: randomXmlId(ports.chance),
    browser: browserKey(secret),
    idp: idp.entityId,
    target,
    forced,
    number: visitor.number,
    startedAt: now,
    expiresAt: now + ports.loginLifetime,
    ...(visitor.session && { oldSession: visitor.session }),
    ...(visitor.devices.length > 0 && { devices: visitor.devices }),
  }
  const known = { number: visitor.number, idp: idp.entityId, target }
  const facts = { request: started.requestId }
  await ports.logins.start(started, eventOf(ports, visitor, known, { what: 'login.started', result: 'ok', facts }))
  const to = authnRequestUrl(ports.serviceProvider, idp, {
    id: started.requestId,
    relayState: started.id,
    forced,
    at: now,
  })
  return { at: 'idp', to, login: started.id, secret, expiresAt: started.expiresAt }
}

/**
 * Nobody said through which IdP: the only one is taken at once, among several the person chooses. Nothing is written down
 * until then.
 *
 * @param before entityID of the IdP of the person's last session; taken where the target admits it
 * @throws Refusal `idp.unknown`
 */
export async function askWhere(
  ports: Ports,
  visitor: Visitor,
  target: Target,
  forced: boolean,
  before?: string,
): Promise<Outcome> {
  const [first, ...others] = admittedIdps(ports, target)
  const known = [first, ...others].find(({ entityId }) => entityId === before)
  if (known || others.length === 0) return sendToIdp(ports, visitor, target, known ?? first, forced)
  return { at: 'choose-idp', target, forced, idps: [first, ...others] }
}

/** Only one through whose IdP the target may be entered; for another the person signs in again, where it counts. */
export async function openSession(
  ports: Ports,
  visitor: Visitor,
  target: Target,
  idp: string | undefined,
): Promise<Session | undefined> {
  const session = visitor.session && (await ports.sessions.find(visitor.session, ports.clock.now()))
  const fits = session && (idp === undefined || session.person.idp === idp)
  return fits && mayEnter(ports, target, session.person.idp) ? session : undefined
}

/** The person is signed in already: a login that is finished before it began, and needs a record only where it waits. */
export async function walkOn(ports: Ports, visitor: Visitor, session: Session, target: Target): Promise<Outcome> {
  const waiting = finishedBefore(ports, visitor, session, target)
  try {
    const outcome = await walk(ports, visitor, waiting, session)
    if (!waits(outcome)) return outcome
    await ports.logins.start(waiting)
    return { at: 'hop', login: waiting.id }
  } catch (error) {
    return refused(ports, visitor, { number: visitor.number, idp: session.person.idp, target, session }, error)
  }
}

export function finishedBefore(ports: Ports, visitor: Visitor, session: Session, target: Target): Waiting {
  const now = ports.clock.now()
  return {
    id: randomId(ports.chance),
    requestId: randomXmlId(ports.chance),
    browser: '',
    idp: session.person.idp,
    target,
    forced: false,
    number: visitor.number,
    startedAt: now,
    expiresAt: now + ports.loginLifetime,
    session: session.key,
    finishedAt: now,
  }
}
