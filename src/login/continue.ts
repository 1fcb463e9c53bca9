/** The first-party hop: pages between the IdP and the journal, and the way back in for whoever comes late or again. */
import type { RefusalCode } from '../base/refusals.js'
import { Refusal } from '../base/refusal.js'
import type { Session, SessionKey } from '../sessions/sessions.js'
import { NOBODY, owns } from './browser.js'
import { pickIdp } from './idps.js'
import { takeConfirmation, type ConfirmGiven } from './confirming.js'
import { giveConsent, unanswered, type Agreement } from './consent.js'
import { nextStep, walk } from './next-step.js'
import type { Outcome, Visitor } from './outcome.js'
import type { Ports, Waiting } from './ports.js'
import { about, findRecent, isFinished, isOver, lastWish, ownLogins, unknownLogin, type Found } from './recent.js'
import { sendToIdp, walkOn } from './start.js'
import { record, refused, type Known } from './witness.js'

/** What the form of one of our pages brought. */
export type Given =
  | { readonly kind: 'choice'; readonly choice: string }
  | ({ readonly kind: 'consent' } & Agreement)
  | { readonly kind: 'consent-declined' }
  | ConfirmGiven

export interface Answer {
  readonly given: Given
  /** Whether the form came from a page that was shown in this session. */
  readonly madeIn: (session: SessionKey) => boolean
}

/**
 * `GET /continue/LOGIN`, and `POST` with the person's answer.
 * Only the browser that began the login or holds its session may go on; to any other one the login counts as used up.
 */
export async function continueLogin(ports: Ports, visitor: Visitor, id: string, answer?: Answer): Promise<Outcome> {
  let known: Known = { number: visitor.number }
  try {
    const found = await findRecent(ports, id)
    if (!found) throw unknownLogin(visitor, id)
    known = about(found)
    const session = await openSession(ports, visitor)
    if (session) known = { ...known, session }
    checkOwner(visitor, found, session)
    if (!isFinished(found) || !session || isOver(found, ports.clock.now()))
      return await beginAgain(ports, visitor, found, session)
    if (session.key !== found.session) await checkSamePerson(ports, found, session)
    return answer ? await take(ports, visitor, found, session, answer) : await walk(ports, visitor, found, session)
  } catch (error) {
    const wish = known.target ? {} : await lastWish(ports, visitor)
    return { ...(await refused(ports, visitor, known, error)), ...wish }
  }
}

const openSession = async (ports: Ports, visitor: Visitor): Promise<Session | undefined> =>
  visitor.session && ports.sessions.find(visitor.session, ports.clock.now())

/** The cookie of the login proves it, or the session that the login opened. */
function checkOwner(visitor: Visitor, found: Found, session: Session | undefined): void {
  if (owns(visitor, found)) return
  if (!isFinished(found)) throw new Refusal('login.unknown')
  // an answer that nobody asked for came twice, and this is not the browser that it signed in
  if (found.browser === NOBODY && session?.key !== found.session) throw new Refusal('saml.replayed')
  if (!session) throw new Refusal('session.none')
  if (session.key !== found.session) throw new Refusal('login.finished')
}

/**
 * The browser signed in again since, in another tab: the same person goes on with the session of today. Another one does
 * not walk in at a door that somebody else opened.
 */
async function checkSamePerson(ports: Ports, found: Waiting, session: Session): Promise<void> {
  const events = await ports.audit.byNumber(found.number)
  const before = events.find(({ what, person }) => what === 'login.verified' && person !== undefined)?.person
  const names = ports.pseudonyms.everInAudit(session.person)
  if (before === undefined || !names.includes(before))
    throw new Refusal('login.finished', { cause: 'somebody else is signed in' })
}

/** A browser may be sent round this often in a minute before it is told that it keeps no cookies. */
const ROUNDS = 3
const ROUNDS_WITHIN = 60_000

/**
 * The login never got its session into this browser, or lies too long: the same wish anew, without a page in between. The
 * IdP usually still knows the person, so that nobody notices.
 */
async function beginAgain(ports: Ports, visitor: Visitor, found: Found, session?: Session): Promise<Outcome> {
  const why: RefusalCode = isOver(found, ports.clock.now()) ? 'login.expired' : 'session.none'
  if (!session) await checkCookiesStick(ports, visitor)
  const facts = { as: visitor.number }
  await record(ports, visitor, about(found), { what: 'login.restarted', result: 'ok', code: why, facts })
  const stillForced = found.forced && !isFinished(found)
  if (session && !stillForced && found.target.kind !== 'self-test') return walkOn(ports, visitor, session, found.target)
  return sendToIdp(ports, visitor, found.target, pickIdp(ports, found.idp), stillForced)
}

/** @throws Refusal `session.none` when one login after the other opened a session and the browser shows none */
async function checkCookiesStick(ports: Ports, visitor: Visitor): Promise<void> {
  const since = ports.clock.now() - ROUNDS_WITHIN
  const lost = (await ownLogins(ports, visitor)).filter(login => isFinished(login) && login.finishedAt > since)
  if (lost.length >= ROUNDS) throw new Refusal('session.none', { cause: 'cookie-blocked', logins: lost.length })
}

async function take(
  ports: Ports,
  visitor: Visitor,
  at: Waiting,
  session: Session,
  { given, madeIn }: Answer,
): Promise<Outcome> {
  if (!madeIn(session.key) && !madeIn(at.session)) throw new Refusal('request.forged', { why: 'token' })
  switch (given.kind) {
    case 'choice':
      return choose(ports, visitor, at, session, given.choice)
    case 'consent':
      return agree(ports, visitor, at, session, given)
    case 'confirm-send':
    case 'confirm-code':
      return confirm(ports, visitor, at, session, given)
    case 'consent-declined':
      throw new Refusal('consent.declined')
  }
}

/** Only what is asked right now can be agreed to; then everything is asked afresh. */
async function agree(
  ports: Ports,
  visitor: Visitor,
  at: Waiting,
  session: Session,
  given: Agreement,
): Promise<Outcome> {
  const { outcome } = await nextStep(ports, visitor, at, session)
  if (outcome.at === 'consent') {
    const again = unanswered(outcome, given)
    if (again) return again
    await giveConsent(ports, visitor, at, outcome)
  }
  return walk(ports, visitor, at, session)
}

/** Only what is asked right now can be confirmed; then everything is asked afresh. */
async function confirm(
  ports: Ports,
  visitor: Visitor,
  at: Waiting,
  session: Session,
  given: ConfirmGiven,
): Promise<Outcome> {
  const { outcome } = await nextStep(ports, visitor, at, session)
  if (outcome.at !== 'confirm') return walk(ports, visitor, at, session)
  const known = { ...about(at), session }
  const taken = await takeConfirmation(ports, visitor, session, known, outcome.asked, given)
  return taken === 'confirmed' ? walk(ports, visitor, at, session) : { ...outcome, asked: taken }
}

/** Written only once it has led somewhere: a choice that was refused must not stand in the way of the next one. */
async function choose(ports: Ports, visitor: Visitor, at: Waiting, session: Session, choice: string): Promise<Outcome> {
  const outcome = await walk(ports, visitor, at, session, choice)
  if (outcome.at === 'refused') return outcome
  await ports.logins.choose(at.id, choice)
  await record(ports, visitor, { ...about(at), session }, { what: 'account.chosen', result: 'ok' })
  return outcome
}
