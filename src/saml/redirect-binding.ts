/** Messages that travel in a query string: HTTP-Redirect with the DEFLATE encoding (saml-bindings 3.4). */

/** base64url and its like: signs that no browser and no URL parser rewrites, so that the signed octets stay as they are. */
const RELAY_STATE = /^[A-Za-z0-9._~-]{1,80}$/

/** @throws RangeError when the RelayState is not one of ours */
export function checkedRelayState(relayState: string): string {
  if (!RELAY_STATE.test(relayState)) throw new RangeError('RelayState: 1 to 80 of A-Z a-z 0-9 . _ ~ -')
  return relayState
}

/** The address with the signed query, octet for octet: a rewritten query would no longer verify. */
export function signedUrl(text: string): URL {
  const url = new URL(text)
  if (!url.href.endsWith(text.slice(text.lastIndexOf('SAMLRequest='))))
    throw new Error('the signed query does not survive a URL parser')
  return url
}
