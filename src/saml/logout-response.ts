/** The judgement of the IdP's answer to our LogoutRequest (saml-core 3.7.3.2, saml-profiles 4.4.4.2). */
import type { Instant } from '../base/clock.js'
import { Refusal } from '../base/refusal.js'
import { ns, status } from '../words/saml-names.js'
import { openResponse, type Arrived } from './arrived.js'
import { isIssuer } from './checks.js'
import { checkStatus } from './status.js'
import { parseTime } from './times.js'
import { attribute, childNamed, type XmlElement } from './tree.js'
import type { ServiceProvider, TrustedIdp } from './trust.js'

export interface LogoutAsked {
  readonly idp: TrustedIdp
  readonly sp: ServiceProvider
  /** ID of the LogoutRequest that is answered. */
  readonly requestId: string
  readonly now: Instant
}

/** Answers that were under way longer are none to the logout of now. */
const OLDEST = 10 * 60_000

/**
 * @returns `partial` when some session somewhere at the IdP's other services may still be open
 * @throws Refusal `saml.*`, `request.malformed`, or `idp.declined` when the IdP says that it did not log out
 */
export function judgeLogoutResponse(arrived: Arrived, asked: LogoutAsked): { ok: true; partial: boolean } {
  const response = openResponse(arrived, 'LogoutResponse', asked.idp)
  checkAddressed(response, arrived, asked)
  checkTime(response, asked)
  const partial = isPartial(response)
  if (!partial) checkStatus(response)
  return { ok: true, partial }
}

function checkAddressed(response: XmlElement, { by }: Arrived, { idp, sp, requestId }: LogoutAsked): void {
  if (attribute(response, 'Version') !== '2.0') throw new Refusal('saml.version')
  if (!isIssuer(childNamed(response, ns.assertion, 'Issuer'), idp.entityId)) throw new Refusal('saml.wrong-issuer')
  // saml-bindings 3.4.5.2, 3.5.5.2: a signed message must name its destination. Over SOAP it comes on our own connection.
  const destination = attribute(response, 'Destination')
  const right = destination === sp.sloUrl || (by === 'soap' && destination === undefined)
  if (!right) throw new Refusal('saml.destination')
  if (attribute(response, 'InResponseTo') !== requestId) throw new Refusal('saml.in-response-to')
}

function checkTime(response: XmlElement, { sp, now }: LogoutAsked): void {
  const issued = parseTime(attribute(response, 'IssueInstant') ?? '')
  if (issued === undefined) throw new Refusal('saml.schema', { attribute: 'IssueInstant' })
  if (issued > now + sp.skew) throw new Refusal('saml.not-yet-valid')
  if (issued < now - OLDEST - sp.skew) throw new Refusal('saml.too-old')
}

/** saml-core 3.7.3.2: PartialLogout stands below Success or below an error, as the IdP sees it. */
function isPartial(response: XmlElement): boolean {
  const first = codeIn(childNamed(response, ns.protocol, 'Status'))
  return [first, codeIn(first)].some(code => code && attribute(code, 'Value') === status.partialLogout)
}

const codeIn = (parent: XmlElement | undefined): XmlElement | undefined =>
  parent && childNamed(parent, ns.protocol, 'StatusCode')
