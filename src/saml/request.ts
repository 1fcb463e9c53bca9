/** The question we send to an IdP: who is this? AuthnRequest over HTTP-Redirect (saml-core 3.4.1, saml-bindings 3.4). */
import { isoTime, type Instant } from '../base/clock.js'
import { binding, nameIdFormat, ns } from '../words/saml-names.js'
import { oldRedirectUrl } from './old-redirect.js'
import { checkedRelayState, signedUrl } from './redirect-binding.js'
import { entitiesOf, redirectEndpoint } from './samlify-entities.js'
import type { ServiceProvider, TrustedIdp } from './trust.js'
import { element } from '../base/xml-writer.js'

export interface Question {
  /** Fresh, from randomXmlId: what InResponseTo of the answer must name. */
  readonly id: string
  /** Opaque; at most 80 octets (saml-bindings 3.4.3). */
  readonly relayState: string
  /** Asks for a fresh sign-in, even where the IdP has a session. */
  readonly forced: boolean
  readonly at: Instant
}

/**
 * Signed with the first of our keys: rsa-sha256 or what the IdP's metadata prefers to it; rsa-sha1 where legacy is set, and
 * inside the message where the settings say so.
 */
export function authnRequestUrl(sp: ServiceProvider, idp: TrustedIdp, question: Question): URL {
  const destination = redirectEndpoint(idp.singleSignOn)
  if (destination === undefined) throw new Error('an IdP without a redirect endpoint was trusted')
  if (idp.envelopedRequests)
    return oldRedirectUrl(sp, destination, authnRequest(sp, idp, destination, question), question.relayState)
  const entities = entitiesOf(sp, idp)
  const { context } = entities.sp.createLoginRequest(entities.idp, 'redirect', {
    relayState: checkedRelayState(question.relayState),
    customTagReplacement: () => ({ id: question.id, context: authnRequest(sp, idp, destination, question) }),
  })
  return signedUrl(context)
}

/**
 * NameIDPolicy without Format leaves the kind of NameID to the IdP, since we key nothing on it; RequestedAuthnContext only
 * where the settings name classes, since the level is read from attributes (docs/sources.md#esia).
 */
function authnRequest(
  sp: ServiceProvider,
  { authnContext = [], withoutNameIdPolicy = false }: TrustedIdp,
  destination: string,
  { id, forced, at }: Question,
): string {
  const classes = authnContext.map(each => element('saml:AuthnContextClassRef', {}, each))
  return element(
    'samlp:AuthnRequest',
    {
      'xmlns:samlp': ns.protocol,
      'xmlns:saml': ns.assertion,
      ID: id,
      Version: '2.0',
      IssueInstant: isoTime(at),
      Destination: destination,
      ForceAuthn: forced ? 'true' : undefined,
      ProtocolBinding: binding.post,
      AssertionConsumerServiceURL: sp.acsUrl,
    },
    element('saml:Issuer', { Format: nameIdFormat.entity }, sp.entityId),
    withoutNameIdPolicy ? undefined : element('samlp:NameIDPolicy', { AllowCreate: 'true' }),
    classes.length === 0 ? undefined : element('samlp:RequestedAuthnContext', { Comparison: 'exact' }, ...classes),
  ).xml
}
