/** Single logout that we start: the request to the IdP, and the judgement of its answer (saml-core 3.7, saml-profiles 4.4). */
import { isoTime, type Instant } from '../base/clock.js'
import { Refusal } from '../base/refusal.js'
import { LOGOUT_BY_USER, nameIdFormat, ns, status } from '../words/saml-names.js'
import type { NameId } from './assertion.js'
import { gate } from './gate.js'
import { readXml } from './reader.js'
import { checkedRelayState, openRedirect, signedUrl } from './redirect-binding.js'
import { entitiesOf, redirectEndpoint } from './samlify-entities.js'
import { checkStatus } from './status.js'
import { parseTime } from './times.js'
import { attribute, childNamed, isNamed, textOf, type XmlElement } from './tree.js'
import type { ServiceProvider, TrustedIdp } from './trust.js'
import { element } from './xml-writer.js'

export interface Farewell {
  /** Fresh, from randomXmlId. */
  readonly id: string
  /** Opaque; at most 80 octets. */
  readonly relayState: string
  readonly at: Instant
  /** Exactly as the assertion named the person, qualifiers included (saml-profiles 4.4.4.1). */
  readonly nameId: NameId
  readonly sessionIndex?: string
}

/** How long the IdP may act on a request: a browser on the way is not slower. */
const REQUEST_LIFETIME = 5 * 60_000

/** @returns undefined when the IdP takes no logout over HTTP-Redirect: then only our own session ends */
export function logoutRequestUrl(sp: ServiceProvider, idp: TrustedIdp, farewell: Farewell): URL | undefined {
  const destination = redirectEndpoint(idp.singleLogout)
  if (destination === undefined) return undefined
  const entities = entitiesOf(sp, idp)
  const user = {} // the name is in our own text; samlify's template knows no qualifiers
  const { context } = entities.sp.createLogoutRequest(entities.idp, 'redirect', user, {
    relayState: checkedRelayState(farewell.relayState),
    customTagReplacement: () => ({ id: farewell.id, context: logoutRequest(sp, destination, farewell) }),
  })
  return signedUrl(context)
}

function logoutRequest(sp: ServiceProvider, destination: string, farewell: Farewell): string {
  const { nameId, sessionIndex, at } = farewell
  return element(
    'samlp:LogoutRequest',
    {
      'xmlns:samlp': ns.protocol,
      'xmlns:saml': ns.assertion,
      ID: farewell.id,
      Version: '2.0',
      IssueInstant: isoTime(at),
      Destination: destination,
      Reason: LOGOUT_BY_USER,
      NotOnOrAfter: isoTime(at + REQUEST_LIFETIME),
    },
    element('saml:Issuer', { Format: nameIdFormat.entity }, sp.entityId),
    element(
      'saml:NameID',
      {
        NameQualifier: nameId.nameQualifier,
        SPNameQualifier: nameId.spNameQualifier,
        Format: nameId.format,
      },
      nameId.value,
    ),
    sessionIndex === undefined ? undefined : element('samlp:SessionIndex', {}, sessionIndex),
  ).xml
}

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
 * @param rawQuery as the browser sent it: what is signed are its octets
 * @returns `partial` when some session somewhere at the IdP's other services may still be open
 * @throws Refusal `saml.*`, `request.malformed`, or `idp.declined` when the IdP says that it did not log out
 */
export function judgeLogoutResponse(rawQuery: string, asked: LogoutAsked): { ok: true; partial: boolean } {
  const document = readXml(openRedirect(rawQuery, 'SAMLResponse', asked.idp))
  const response = document.root
  if (!isNamed(response, ns.protocol, 'LogoutResponse')) throw new Refusal('saml.not-response')
  gate(document)
  checkAddressed(response, asked)
  checkTime(response, asked)
  const partial = isPartial(response)
  if (!partial) checkStatus(response)
  return { ok: true, partial }
}

function checkAddressed(response: XmlElement, { idp, sp, requestId }: LogoutAsked): void {
  if (attribute(response, 'Version') !== '2.0') throw new Refusal('saml.version')
  const issuer = childNamed(response, ns.assertion, 'Issuer')
  if (issuer === undefined || textOf(issuer).trim() !== idp.entityId) throw new Refusal('saml.wrong-issuer')
  // saml-bindings 3.4.5.2: a signed message must name its destination
  if (attribute(response, 'Destination') !== sp.sloUrl) throw new Refusal('saml.destination')
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
