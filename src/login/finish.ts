/** The second half of a login: from the IdP's answer to the journal's door. Read this file first. */
import { randomId, randomXmlId } from '../base/chance.js'
import { Refusal, type Facts } from '../base/refusal.js'
import type { RefusalCode } from '../base/refusals.js'
import { checkState, findJournal } from '../journals/journals.js'
import { readPerson } from '../identity/person.js'
import { judgeResponse, peek, type Asked } from '../saml/response.js'
import type { VerifiedAssertion } from '../saml/assertion.js'
import type { TrustedIdp } from '../saml/trust.js'
import type { Session, SessionKey } from '../sessions/sessions.js'
import { openingSession } from '../sessions/opening.js'
import { moved, NOBODY, owns } from './browser.js'
import { driftOf } from './drift.js'
import { checkFresh, mayEnter, pickIdp } from './idps.js'
import { STALE_TWICE, nextStep, type Next } from './next-step.js'
import type { Step, Visitor } from './outcome.js'
import type { Ports, Started, Waiting } from './ports.js'
import {
  about,
  findRecent,
  findRecentByRequest,
  isFinished,
  isOver,
  lastWish,
  ownLogins,
  unknownLogin,
  type Found,
} from './recent.js'
import type { Target } from '../words/target.js'
import { sightingOf } from './sighting.js'
import { sendToIdp } from './start.js'
import { timed, timedAsync } from './timed.js'
import { eventOf, refused, refusedAs, type Known } from './witness.js'

/** What was posted to the assertion consumer service. */
export interface Posted {
  /** The form field `SAMLResponse`, as it came. */
  readonly response: string
  readonly relayState?: string
}

/** The IdP's answer has arrived. A refused answer consumes nothing: the honest one may still come. */
export async function finishLogin(ports: Ports, visitor: Visitor, posted: Posted): Promise<Step> {
  let known: Known = { number: visitor.number }
  try {
    const login = await findLogin(ports, visitor, posted)
    if (!login) return await unsolicited(ports, visitor, posted)
    known = about(login)
    checkBrowser(ports, visitor, login)
    if (await wasLeft(ports, login)) return { outcome: { at: 'hop', login: login.id } }
    return await ports.sameAnswers.share(login.id, posted.response, () => answer(ports, visitor, posted, login))
  } catch (error) {
    const wish = known.target ? {} : await lastWish(ports, visitor)
    return { outcome: { ...(await refused(ports, visitor, known, error)), ...wish } }
  }
}

/** Its session has ended since, by a logout or another sign-in: the cookie of it must not replace the one of today. */
const wasLeft = async (ports: Ports, login: Found): Promise<boolean> =>
  isFinished(login) && (await ports.sessions.find(login.session, ports.clock.now())) === undefined

/**
 * The browser that asked is the one that answers; what it brings is still to be judged. A login that is finished or over is
 * told at our own page, which sees the session of this browser and leads it on.
 */
async function answer(ports: Ports, visitor: Visitor, posted: Posted, login: Found): Promise<Step> {
  if (isFinished(login) || isOver(login, ports.clock.now())) return { outcome: { at: 'hop', login: login.id } }
  const request = { id: login.requestId, at: login.startedAt, forced: login.forced }
  return enter(
    ports,
    visitor,
    login,
    judge(ports, visitor, checkFresh(ports, pickIdp(ports, login.idp)), posted, request),
    'asked',
  )
}

/** Looks the login up by RelayState or, failing that, by InResponseTo. */
async function findLogin(ports: Ports, visitor: Visitor, posted: Posted): Promise<Found | undefined> {
  const byRelayState = posted.relayState === undefined ? undefined : await findRecent(ports, posted.relayState)
  return byRelayState ?? findByRequest(ports, visitor, posted)
}

async function findByRequest(ports: Ports, visitor: Visitor, posted: Posted): Promise<Found | undefined> {
  const { inResponseTo } = peek(posted.response)
  if (inResponseTo === undefined) return undefined
  const login = await findRecentByRequest(ports, inResponseTo)
  if (!login) throw unknownLogin(visitor, posted.relayState)
  return login
}

/** The causes are told apart, since each is mended elsewhere: in the settings of the browser, by waiting less, or not at all. */
function checkBrowser(ports: Ports, visitor: Visitor, login: Found): void {
  if (owns(visitor, login)) return
  if (isFinished(login)) throw new Refusal('login.finished')
  if (isOver(login, ports.clock.now())) throw new Refusal('login.expired', { cause: 'state-expired' })
  if (visitor.logins.size === 0) throw new Refusal('login.cookie-missing', { cause: 'cookie-blocked' })
  const cause = visitor.logins.has(login.id) ? 'other-secret' : 'other-browser'
  throw new Refusal('login.other-browser', { cause, logins: visitor.logins.size })
}

const judge = (ports: Ports, { address }: Visitor, idp: TrustedIdp, posted: Posted, request: Asked['request']) =>
  timed(ports, 'judge', () =>
    judgeResponse(posted.response, { idp, sp: ports.serviceProvider, request, now: ports.clock.now(), address }),
  )

/** From the verdict on: one transaction makes the login finished, the assertion known, the session open and the account entered. */
async function enter(
  ports: Ports,
  visitor: Visitor,
  login: Started,
  verdict: ReturnType<typeof judge>,
  came: 'asked' | 'unsolicited' | 'again',
): Promise<Step> {
  const known: Known = { ...about(login), checks: verdict.checks }
  const clocks = compareClocks(ports, login.idp, verdict)
  if (!verdict.accepted) return { outcome: await refused(ports, visitor, known, verdict.refusal.with(clocks)) }

  const { assertion } = verdict
  const earlier = came === 'unsolicited' && (await finishedBy(ports, assertion))
  if (earlier) return { outcome: { at: 'hop', login: earlier.id } }
  if (came === 'unsolicited') await ports.logins.start(login)
  const { secret, session } = openFor(ports, login, assertion)
  const facts = { ...clocks, ...(moved(visitor, login) && { moved: true }) }
  const verified = eventOf(ports, visitor, { ...known, session }, { what: 'login.verified', result: 'ok', facts })
  const then = await timedAsync(ports, 'decide', () => walkIn(ports, visitor, login, session))
  const seen = await sightingOf(ports, visitor, login, session, then.entering?.entered.school)
  const claim = {
    login: login.id,
    now: session.openedAt,
    assertion,
    session,
    ...(login.browser === NOBODY && { issuedAfter: assertion.issuedAt - ports.serviceProvider.skew }),
    closes: await sessionsBefore(ports, visitor, login),
    events: [verified, then.refused ?? then.entering?.event].filter(event => event !== undefined),
    ...(then.entering && { entering: then.entering }),
    ...(then.requests && { requests: then.requests }),
    ...(seen && { sighting: seen.sighting }),
  }
  const claimed = await timedAsync(ports, 'write', () => ports.logins.claim(claim))
  const isStale = claimed === 'held' || claimed === 'unlinked' || claimed === 'withdrawn'
  if (isStale && came === 'again') throw new Error(STALE_TWICE)
  if (isStale) return enter(ports, visitor, login, verdict, 'again')
  // nothing is known of the time when it was issued: whoever brings it is asked anew, as if we took no such answers
  if (claimed === 'forgotten')
    return { outcome: await sendToIdp(ports, visitor, login.target, pickIdp(ports, login.idp), false) }
  if (claimed === 'finished-before') return { outcome: { at: 'hop', login: login.id } }
  if (claimed === 'replayed') return { outcome: await refused(ports, visitor, known, new Refusal('saml.replayed')) }
  if (claimed === 'logged-out')
    return { outcome: await refused(ports, visitor, known, new Refusal('login.logged-out')) }
  return { outcome: then.outcome, opened: secret, ...(seen?.secret !== undefined && { device: seen.secret }) }
}

/**
 * An answer that nobody asked for comes again, and no cookie of a login says whose it is: our page of the login that it
 * finished sees whether this browser holds the session.
 */
const finishedBy = (ports: Ports, { idp, id }: VerifiedAssertion): Promise<Found | undefined> =>
  ports.logins.findByAssertion({ idp, id }, ports.clock.now())

/**
 * What a new sign-in closes: the session that the browser had when it asked, and those that its other tabs opened since. The
 * cookie of a session does not come with the IdP's post, but those of the logins do.
 */
async function sessionsBefore(ports: Ports, visitor: Visitor, login: Started): Promise<readonly SessionKey[]> {
  const others = (await ownLogins(ports, visitor, login.id)).filter(isFinished).map(({ session }) => session)
  return [...new Set([...(login.oldSession ? [login.oldSession] : []), ...others])]
}

/** Refusals that a wrong clock may cause. Whatever else was wrong with such an answer, it answers this very login. */
const TIMES: readonly RefusalCode[] = ['saml.not-yet-valid', 'saml.expired', 'saml.too-old']

/** @returns for the audit: by how many seconds the IdP's clock was ahead in this answer, and in those before it */
function compareClocks(ports: Ports, idp: string, verdict: ReturnType<typeof judge>): Facts {
  const signed = verdict.accepted ? verdict.assertion : verdict.signed
  if (!signed) return {}
  const now = ports.clock.now()
  const usual = ports.drifts.of(idp)
  if (verdict.accepted || TIMES.includes(verdict.refusal.code)) ports.drifts.measure(idp, signed, now)
  return { drift: driftOf(signed.issuedAt, now), ...(usual && { usualDrift: usual.seconds }) }
}

/**
 * Decided before anything is written and told after everything is, so that signing in and entering are one transaction. A
 * refusal here (no account, say) is one of a person who is signed in all the same. Any other error leaves the answer unused.
 */
async function walkIn(ports: Ports, visitor: Visitor, login: Started, session: Session): Promise<Next> {
  const waiting: Waiting = { ...login, session: session.key, finishedAt: session.openedAt }
  try {
    return await nextStep(ports, visitor, waiting, session)
  } catch (error) {
    return refusedAs(ports, visitor, { ...about(login), session }, error)
  }
}

function openFor(ports: Ports, login: Started, assertion: VerifiedAssertion) {
  return openingSession({
    secret: randomId(ports.chance),
    assertion,
    person: readPerson(assertion),
    number: login.number,
    now: ports.clock.now(),
    limits: ports.limits,
    keepReceived: login.target.kind === 'self-test',
  })
}

/**
 * Nobody asked for this answer (IdP-initiated). By default its content is dropped and an own request goes to that IdP, so
 * that the person notices nothing and nobody can be signed in by a stranger's form (login CSRF). RelayState may name a
 * journal by its id, and nothing else.
 */
async function unsolicited(ports: Ports, visitor: Visitor, posted: Posted): Promise<Step> {
  const { issuer, isResponse, inResponseTo } = peek(posted.response)
  if (!isResponse) throw new Refusal('saml.not-response')
  if (inResponseTo !== undefined || issuer === undefined) throw new Refusal('login.unknown')
  const idp = checkFresh(ports, pickIdp(ports, issuer))
  const target = unsolicitedTarget(ports, posted.relayState)
  if (!mayEnter(ports, target, idp.entityId)) throw new Refusal('idp.not-for-journal')
  if (!idp.acceptUnsolicited) return { outcome: await sendToIdp(ports, visitor, target, idp, false) }
  return enter(
    ports,
    visitor,
    nobodysLogin(ports, visitor, target, idp),
    judge(ports, visitor, idp, posted, 'unsolicited'),
    'unsolicited',
  )
}

function unsolicitedTarget(ports: Ports, relayState: string | undefined): Target {
  if (relayState === undefined || relayState === '' || !ports.journals.has(relayState)) return { kind: 'portal' }
  const { journal } = findJournal(ports.journals, relayState)
  checkState(undefined, journal)
  return { kind: 'journal', journal: journal.id }
}

function nobodysLogin(ports: Ports, visitor: Visitor, target: Target, idp: TrustedIdp): Started {
  const now = ports.clock.now()
  return {
    id: randomId(ports.chance),
    requestId: randomXmlId(ports.chance),
    browser: NOBODY,
    idp: idp.entityId,
    target,
    forced: false,
    number: visitor.number,
    startedAt: now,
    expiresAt: now + ports.loginLifetime,
    ...(visitor.session && { oldSession: visitor.session }),
  }
}
