/** What we say in a single logout: our own request, and our answer to the IdP's (saml-core 3.7, saml-profiles 4.4). */
import { isoTime, type Instant } from '../base/clock.js'
import { binding, LOGOUT_BY_USER, nameIdFormat, ns, status } from '../words/saml-names.js'
import type { NameId } from './assertion.js'
import { signMessage } from './enveloped.js'
import { oldRedirectUrl } from './old-redirect.js'
import { checkedRelayState, redirectUrl, signedUrl } from './redirect-binding.js'
import { entitiesOf, redirectEndpoint } from './samlify-entities.js'
import { inSoap } from './soap.js'
import type { Endpoint, ServiceProvider, TrustedIdp } from './trust.js'
import { element } from '../base/xml-writer.js'

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

/** A message by way of the browser. */
export type ByBrowser =
  | { readonly how: 'redirect'; readonly to: URL }
  | { readonly how: 'post'; readonly to: URL; readonly fields: Readonly<Record<string, string>> }

/** A message by way of our own server; the answer comes back on the same connection. */
export interface BySoap {
  readonly how: 'soap'
  readonly to: URL
  readonly envelope: string
}

/**
 * The LogoutRequest by the best way that the IdP's metadata offers: HTTP-Redirect (SDP-SP36), HTTP-POST, SOAP.
 *
 * @returns undefined when the IdP takes no logout: then only our own session ends
 */
export function logoutRequest(
  sp: ServiceProvider,
  idp: TrustedIdp,
  farewell: Farewell,
): ByBrowser | BySoap | undefined {
  const redirect = logoutRequestUrl(sp, idp, farewell)
  if (redirect) return { how: 'redirect', to: redirect }
  const signed = (to: string): string => signMessage(requestXml(sp, to, farewell), sp, idp.legacyAlgorithms)
  const post = endpointOf(idp, binding.post)?.location
  if (post !== undefined) {
    const fields = { SAMLRequest: base64(signed(post)), RelayState: checkedRelayState(farewell.relayState) }
    return { how: 'post', to: new URL(post), fields }
  }
  const soap = endpointOf(idp, binding.soap)?.location
  return soap === undefined ? undefined : { how: 'soap', to: new URL(soap), envelope: inSoap(signed(soap)) }
}

/** @returns undefined when the IdP takes no logout over HTTP-Redirect */
export function logoutRequestUrl(sp: ServiceProvider, idp: TrustedIdp, farewell: Farewell): URL | undefined {
  const destination = redirectEndpoint(idp.singleLogout)
  if (destination === undefined) return undefined
  if (idp.envelopedRequests)
    return oldRedirectUrl(sp, destination, requestXml(sp, destination, farewell), farewell.relayState)
  const entities = entitiesOf(sp, idp)
  const user = {} // the name is in our own text; samlify's template knows no qualifiers
  const { context } = entities.sp.createLogoutRequest(entities.idp, 'redirect', user, {
    relayState: checkedRelayState(farewell.relayState),
    customTagReplacement: () => ({ id: farewell.id, context: requestXml(sp, destination, farewell) }),
  })
  return signedUrl(context)
}

function requestXml(sp: ServiceProvider, destination: string, farewell: Farewell): string {
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
        SPProvidedID: nameId.spProvidedId,
      },
      nameId.value,
    ),
    sessionIndex === undefined ? undefined : element('samlp:SessionIndex', {}, sessionIndex),
  ).xml
}

export interface LogoutAnswer {
  /** Fresh, from randomXmlId. */
  readonly id: string
  readonly inResponseTo: string
  readonly at: Instant
  /** Status codes, the first on top. */
  readonly status: readonly [string, string?]
  /** Our code of a refusal: tells the IdP's people what to look for, and nobody else anything. */
  readonly message?: string
}

export const done: LogoutAnswer['status'] = [status.success]

/**
 * Ours ended, and a journal's did not. Responder on top: whoever looks at the first code alone must not call it a success
 * (saml-core 3.2.2.2).
 */
export const partlyDone: LogoutAnswer['status'] = [status.responder, status.partialLogout]

/**
 * The answer by way of the browser: to the ResponseLocation where the metadata names one (saml-metadata 2.2.2).
 *
 * @param relayState exactly as it came
 * @returns undefined when the metadata names no address that a browser could go to
 */
export function logoutResponse(
  sp: ServiceProvider,
  idp: TrustedIdp,
  answer: LogoutAnswer,
  relayState: string | undefined,
): ByBrowser | undefined {
  const redirect = responseAddress(endpointOf(idp, binding.redirect))
  const key = sp.signing[0]
  if (redirect !== undefined && key) {
    const xml = responseXml(sp, redirect, answer)
    return { how: 'redirect', to: redirectUrl(redirect, xml, relayState, key, idp.legacyAlgorithms) }
  }
  const post = responseAddress(endpointOf(idp, binding.post))
  if (post === undefined) return undefined
  const message = base64(signMessage(responseXml(sp, post, answer), sp, idp.legacyAlgorithms))
  const fields = { SAMLResponse: message, ...(relayState !== undefined && { RelayState: relayState }) }
  return { how: 'post', to: new URL(post), fields }
}

/** The answer on the connection on which the request came. */
export const soapResponse = (sp: ServiceProvider, idp: TrustedIdp, answer: LogoutAnswer): string =>
  inSoap(signMessage(responseXml(sp, undefined, answer), sp, idp.legacyAlgorithms))

function responseXml(sp: ServiceProvider, destination: string | undefined, answer: LogoutAnswer): string {
  const [first, second] = answer.status
  return element(
    'samlp:LogoutResponse',
    {
      'xmlns:samlp': ns.protocol,
      'xmlns:saml': ns.assertion,
      ID: answer.id,
      InResponseTo: answer.inResponseTo,
      Version: '2.0',
      IssueInstant: isoTime(answer.at),
      Destination: destination,
    },
    element('saml:Issuer', { Format: nameIdFormat.entity }, sp.entityId),
    element(
      'samlp:Status',
      {},
      element(
        'samlp:StatusCode',
        { Value: first },
        second === undefined ? undefined : element('samlp:StatusCode', { Value: second }),
      ),
      answer.message === undefined ? undefined : element('samlp:StatusMessage', {}, answer.message),
    ),
  ).xml
}

const endpointOf = (idp: TrustedIdp, wanted: string): Endpoint | undefined =>
  idp.singleLogout.find(endpoint => endpoint.binding === wanted)

const responseAddress = (endpoint: Endpoint | undefined): string | undefined =>
  endpoint?.responseLocation ?? endpoint?.location

const base64 = (xml: string): string => Buffer.from(xml).toString('base64')
