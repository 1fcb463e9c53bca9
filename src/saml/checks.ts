/**
 * What a signed assertion must say before it is believed: one small function a check, each asked whether or not another one
 * failed, so that an integrator sees all that is wrong (saml-profiles 4.1.4.3, saml-core 2.5, design section 4 step 8).
 */
import { isoTime, type Instant } from '../base/clock.js'
import { BEARER, nameIdFormat, ns } from '../words/saml-names.js'
import type { RefusalCode } from '../base/refusals.js'
import type { NameId } from './assertion.js'
import { shown, type CheckName, type Finding } from './notes.js'
import { parseTime } from './times.js'
import { attribute, childElements, childNamed, childrenNamed, textOf, type XmlElement } from './tree.js'
import type { ServiceProvider, TrustedIdp } from './trust.js'

/** What we know about the login that is answered. `unsolicited`: nobody asked. `unknown`: a command cannot know. */
export type AskedRequest =
  { readonly id: string; readonly at: Instant; readonly forced: boolean } | 'unsolicited' | 'unknown'

/** Signed elements of one answer, and what they are held against. */
export interface Case {
  readonly response: XmlElement
  readonly responseSigned: boolean
  readonly assertion: XmlElement
  /** The person's name, decrypted where it was encrypted. */
  readonly nameId: NameId | undefined
  /** Every element of the Response, and of the assertion where it stood there encrypted. */
  readonly elements: readonly XmlElement[]
  readonly idp: TrustedIdp
  readonly sp: ServiceProvider
  readonly request: AskedRequest
  readonly now: Instant
  /** Where the browser called from. */
  readonly address?: string
}

/** How old an IssueInstant may be: messages are made when they are sent. */
const MAX_AGE = 10 * 60_000
/** How far ahead a NotOnOrAfter may lie: replay records are kept as long. */
const MAX_AHEAD = 24 * 3_600_000

/** With the present written out once. */
interface Timed extends Case {
  readonly nowText: string
}

/** All checks of the content, in order. */
export function findings(given: Case): Finding[] {
  const at: Timed = { ...given, nowText: isoTime(given.now) }
  const confirmation = confirmationOf(at)
  return [
    version(at),
    assertionIssuer(at),
    destination(at),
    answers('response-in-response-to', at, attribute(at.response, 'InResponseTo')),
    ...confirmation,
    issueInstant(at),
    conditionsTime(at),
    conditions(at),
    audience(at),
    authentication(at),
    authnContext(at),
    sessionEnd(at),
    reauthentication(at),
  ]
}

function finding(check: CheckName, code: RefusalCode, ok: boolean, expected: string, found: string): Finding {
  return { check, code, result: ok ? 'pass' : 'fail', expected, found }
}

/** Entities are named by plain URI: an Issuer of another format is somebody else (saml-core 8.3.6). */
export function isIssuer(issuer: XmlElement | undefined, entityId: string): boolean {
  if (issuer === undefined) return false
  const format = attribute(issuer, 'Format')
  return textOf(issuer) === entityId && (format === undefined || format === nameIdFormat.entity)
}

function version({ response, assertion }: Case): Finding {
  const found = [response, assertion].map(each => shown(attribute(each, 'Version')))
  return finding(
    'version',
    'saml.version',
    found.every(each => each === '2.0'),
    '2.0',
    found.join(' '),
  )
}

function assertionIssuer({ assertion, idp }: Case): Finding {
  const issuer = childNamed(assertion, ns.assertion, 'Issuer')
  const found = shown(issuer && textOf(issuer))
  return finding('assertion-issuer', 'saml.wrong-issuer', isIssuer(issuer, idp.entityId), shown(idp.entityId), found)
}

/** saml-bindings 3.5.5.2: required once the Response is signed; compared as it is written, without normalising. */
function destination({ response, responseSigned, sp }: Case): Finding {
  const found = attribute(response, 'Destination')
  const ok = found === sp.acsUrl || (found === undefined && !responseSigned)
  return finding('destination', 'saml.destination', ok, sp.acsUrl, shown(found))
}

function answers(check: CheckName, { request }: Case, inResponseTo: string | undefined): Finding {
  const code = 'saml.in-response-to'
  const found = shown(inResponseTo)
  if (request === 'unknown') return { check, code, result: 'not-checked', found, why: 'the request is not known here' }
  if (request === 'unsolicited') return finding(check, code, inResponseTo === undefined, '(absent)', found)
  return finding(check, code, inResponseTo === request.id, request.id, found)
}

/** The bearer confirmation that satisfies all; without one the first, to be explained (saml-profiles 4.1.4.2). */
function confirmationOf(at: Timed): Finding[] {
  const all = bearers(at.assertion).map(confirmation => confirmationFindings(at, confirmation))
  return (
    all.find(each => each.every(({ result }) => result !== 'fail')) ?? all[0] ?? confirmationFindings(at, undefined)
  )
}

function bearers(assertion: XmlElement): XmlElement[] {
  const subject = childNamed(assertion, ns.assertion, 'Subject')
  if (subject === undefined) return []
  return childrenNamed(subject, ns.assertion, 'SubjectConfirmation').filter(
    each => attribute(each, 'Method') === BEARER,
  )
}

function confirmationFindings(at: Timed, confirmation: XmlElement | undefined): Finding[] {
  const data = confirmation && childNamed(confirmation, ns.assertion, 'SubjectConfirmationData')
  const value = (name: string): string | undefined => data && attribute(data, name)
  const formed = value('NotOnOrAfter') !== undefined && value('NotBefore') === undefined
  const form = data === undefined ? '(absent)' : formed ? 'bearer' : 'bearer of another form'
  return [
    finding('subject-confirmation', 'saml.subject-confirmation', formed, 'bearer', form),
    finding(
      'recipient',
      'saml.recipient',
      value('Recipient') === at.sp.acsUrl,
      at.sp.acsUrl,
      shown(value('Recipient')),
    ),
    answers('in-response-to', at, value('InResponseTo')),
    notOnOrAfter('confirmation-time', at, data),
    addressed(at, value('Address')),
  ]
}

/**
 * saml-core 2.4.1.2: a hint for whoever reads the audit. People change networks and speak two versions of IP at once, so it
 * stops nobody; and neither address is repeated here.
 */
function addressed({ address }: Case, named: string | undefined): Finding {
  const check = 'address'
  const code = 'saml.subject-confirmation'
  if (named === undefined || address === undefined)
    return {
      check,
      code,
      result: 'not-checked',
      why: named === undefined ? 'no Address' : 'no browser to compare with',
    }
  if (named === address) return { check, code, result: 'pass' }
  return {
    check,
    code,
    result: 'not-checked',
    why: 'the browser now calls from another address: a signal, never a stop',
  }
}

/** Times were read once by the check `times`; here only their absence is possible. */
function timeOf(element: XmlElement | undefined, name: string): Instant | undefined {
  const text = element && attribute(element, name)
  return text === undefined ? undefined : parseTime(text)
}

/** Exclusive: at NotOnOrAfter + skew itself it is over. */
function notOnOrAfter(check: CheckName, { now, nowText, sp }: Timed, element: XmlElement | undefined): Finding {
  const end = timeOf(element, 'NotOnOrAfter')
  if (end === undefined) return { check, code: 'saml.expired', result: 'not-checked', why: 'no NotOnOrAfter' }
  const found = timeText(element, 'NotOnOrAfter')
  if (end > now + MAX_AHEAD + sp.skew)
    return finding(check, 'saml.too-long', false, `at most 24 hours after ${nowText}`, found)
  return finding(check, 'saml.expired', now < end + sp.skew, `after ${nowText}`, found)
}

const timeText = (element: XmlElement | undefined, name: string): string => shown(element && attribute(element, name))

function issueInstant({ response, assertion, now, nowText, sp }: Timed): Finding {
  const both = [response, assertion]
  const early = both.find(each => timeOf(each, 'IssueInstant')! > now + sp.skew)
  const old = both.find(each => timeOf(each, 'IssueInstant')! < now - MAX_AGE - sp.skew)
  const expected = `not after ${nowText}, at most 10 minutes old`
  const found = timeText(early ?? old ?? assertion, 'IssueInstant')
  const code = early === undefined ? 'saml.too-old' : 'saml.not-yet-valid'
  return finding('issue-instant', code, early === undefined && old === undefined, expected, found)
}

const KNOWN_CONDITIONS = new Set(['AudienceRestriction', 'OneTimeUse', 'ProxyRestriction'])

/** saml-core 2.5.1: an assertion with a condition that is not understood is of no use. NotBefore lies before NotOnOrAfter. */
function conditions({ assertion }: Case): Finding {
  const all = childNamed(assertion, ns.assertion, 'Conditions')
  const known =
    all === undefined || childElements(all).every(each => each.ns === ns.assertion && KNOWN_CONDITIONS.has(each.local))
  const from = timeOf(all, 'NotBefore')
  const end = timeOf(all, 'NotOnOrAfter')
  const ordered = from === undefined || end === undefined || from < end
  const found = !known ? 'unknown condition' : ordered ? 'understood' : 'NotBefore after NotOnOrAfter'
  return finding('conditions', 'saml.condition', known && ordered, 'understood', found)
}

function conditionsTime(at: Timed): Finding {
  const all = childNamed(at.assertion, ns.assertion, 'Conditions')
  const from = timeOf(all, 'NotBefore')
  if (from === undefined || from <= at.now + at.sp.skew) return notOnOrAfter('conditions-time', at, all)
  const expected = `not after ${at.nowText}`
  return finding('conditions-time', 'saml.not-yet-valid', false, expected, timeText(all, 'NotBefore'))
}

/** xs:anyURI: white space of XML around it is no part of the value (xmlschema-2 3.2.17). Other white space of Unicode is. */
export const uriOf = (element: XmlElement): string => textOf(element).replace(/^[ \t\n\r]+|[ \t\n\r]+$/g, '')

/** saml-core 2.5.1.4: restrictions are ANDed, their audiences ORed; the browser profile demands at least one. */
function audience({ assertion, sp }: Case): Finding {
  const all = childNamed(assertion, ns.assertion, 'Conditions')
  const restrictions = all === undefined ? [] : childrenNamed(all, ns.assertion, 'AudienceRestriction')
  const audiences = restrictions.map(each => childrenNamed(each, ns.assertion, 'Audience').map(uriOf))
  const ok = audiences.length > 0 && audiences.every(each => each.includes(sp.entityId))
  const found = audiences.flat().slice(0, 5).map(shown).join(' ')
  return finding('audience', 'saml.audience', ok, sp.entityId, found === '' ? '(absent)' : found)
}

const statements = (assertion: XmlElement): XmlElement[] => childrenNamed(assertion, ns.assertion, 'AuthnStatement')

function authentication({ assertion, now, nowText, sp }: Timed): Finding {
  const all = statements(assertion)
  if (all.length === 0) return finding('authentication', 'saml.no-authentication', false, 'AuthnStatement', '(absent)')
  const early = all.find(each => timeOf(each, 'AuthnInstant')! > now + sp.skew)
  const found = timeText(early ?? all[0], 'AuthnInstant')
  return finding('authentication', 'saml.not-yet-valid', early === undefined, `not after ${nowText}`, found)
}

/** saml-core 3.3.2.2.1: one of the classes that were asked for, exactly. Asked for by the settings of this IdP only. */
function authnContext({ assertion, idp }: Case): Finding {
  const check = 'authn-context'
  const code = 'saml.authn-context'
  const asked = idp.authnContext ?? []
  if (asked.length === 0) return { check, code, result: 'not-checked', why: 'no class of sign-in was asked for' }
  const found = statements(assertion).map(authnContextClass)
  const ok = found.some(each => each !== undefined && asked.includes(each))
  return finding(check, code, ok, asked.map(shown).join(' '), shown(found[0]))
}

export function authnContextClass(statement: XmlElement): string | undefined {
  const context = childNamed(statement, ns.assertion, 'AuthnContext')
  const classRef = context && childNamed(context, ns.assertion, 'AuthnContextClassRef')
  return classRef && uriOf(classRef)
}

/** Without skew: what we would open ends then, whatever the clocks say, so it would be over before it began. */
function sessionEnd({ assertion, now, nowText }: Timed): Finding {
  const ends = sessionEnds(assertion)
  if (ends.length === 0)
    return { check: 'session-end', code: 'saml.session-over', result: 'not-checked', why: 'no SessionNotOnOrAfter' }
  const end = Math.min(...ends)
  return finding('session-end', 'saml.session-over', end > now, `after ${nowText}`, isoTime(end))
}

export function sessionEnds(assertion: XmlElement): Instant[] {
  return statements(assertion)
    .map(each => timeOf(each, 'SessionNotOnOrAfter'))
    .filter(end => end !== undefined)
}

function reauthentication({ assertion, request, sp }: Case): Finding {
  const check = 'reauthentication'
  const code = 'saml.not-reauthenticated'
  const forced = typeof request === 'object' && request.forced
  if (!forced) return { check, code, result: 'not-checked', why: 'no fresh sign-in was demanded' }
  const [statement] = statements(assertion)
  const instant = timeOf(statement, 'AuthnInstant')
  const ok = instant !== undefined && instant >= request.at - sp.skew
  return finding(check, code, ok, `not before ${isoTime(request.at)}`, timeText(statement, 'AuthnInstant'))
}

/** The latest end that any part of the assertion names: until then it could be shown again. */
export function latestEnd(assertion: XmlElement): Instant {
  const data = bearers(assertion).map(each => childNamed(each, ns.assertion, 'SubjectConfirmationData'))
  const ends = [...data, childNamed(assertion, ns.assertion, 'Conditions')].map(
    each => timeOf(each, 'NotOnOrAfter') ?? 0,
  )
  return Math.max(...ends)
}
