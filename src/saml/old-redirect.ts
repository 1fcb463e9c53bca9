/**
 * The redirect request as ЕСИА of 2014 wanted it: the signature stands inside the deflated message, and the query carries
 * dummies in its place (docs/sources.md#esia). saml-bindings 3.4.4.1 forbids a signature there, so no other IdP gets it.
 */
import { deflateRawSync } from 'node:zlib'
import { algorithm } from '../words/saml-names.js'
import { signMessage } from './enveloped.js'
import { checkedRelayState } from './redirect-binding.js'
import type { ServiceProvider } from './trust.js'

/** What stands where the signature of the query would be. */
const DUMMY = '-'

/** @param xml a request of ours, unsigned; its Destination is `location` */
export function oldRedirectUrl(sp: ServiceProvider, location: string, xml: string, relayState: string): URL {
  const query = new URLSearchParams({
    SAMLRequest: deflateRawSync(signMessage(xml, sp, true)).toString('base64'),
    RelayState: checkedRelayState(relayState),
    SigAlg: algorithm.rsaSha1,
    Signature: DUMMY,
  })
  return new URL(`${location}${location.includes('?') ? '&' : '?'}${query.toString()}`)
}
