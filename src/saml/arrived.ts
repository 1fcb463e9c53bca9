/** A message of single logout as it arrived, over one of three bindings, up to the element that its signature covers. */
import { Refusal } from '../base/refusal.js'
import { ns } from '../words/saml-names.js'
import { checkSize, decodeBase64, decodeUtf8 } from './decode.js'
import { gate } from './gate.js'
import { readXml } from './reader.js'
import { openRedirect, peekRedirect } from './redirect-binding.js'
import { verifySignature } from './signature.js'
import { openSoap } from './soap.js'
import { elementsOf, isNamed, type XmlDocument, type XmlElement } from './tree.js'
import type { TrustedIdp } from './trust.js'

export type Arrived =
  /** As the browser sent it: what is signed are its octets. */
  | { readonly by: 'redirect'; readonly rawQuery: string }
  /** The form field as it came. */
  | { readonly by: 'post'; readonly message: string; readonly relayState?: string }
  | { readonly by: 'soap'; readonly octets: Uint8Array }

/** A message that says of itself whose it is. Nothing but the Issuer may be read before `verify`. */
export interface Unproven {
  readonly root: XmlElement
  readonly relayState?: string
  /** @throws Refusal `saml.*` unless this IdP signed the very element that is read */
  readonly verify: (idp: TrustedIdp) => void
}

/** saml-bindings 3.4.3: and no longer, so that every party can keep it. */
const LONGEST_RELAY_STATE = 80

/**
 * @param local `LogoutRequest`: the document element
 * @throws Refusal `request.malformed`, `soap.*`, `saml.*`
 */
export function openRequest(arrived: Arrived, local: string): Unproven {
  if (arrived.by === 'redirect') {
    const { xml, relayState, verify } = peekRedirect(arrived.rawQuery, 'SAMLRequest')
    const { root } = checked(readXml(xml), local)
    return { root, ...keptRelayState(relayState), verify: idp => verifyBeside(root, idp, verify) }
  }
  const { root } = checked(arrived.by === 'post' ? readPosted(arrived.message) : openSoap(arrived.octets), local)
  return {
    root,
    ...(arrived.by === 'post' && keptRelayState(arrived.relayState)),
    verify: idp => verifyInside(root, idp),
  }
}

/** The same for a message of an IdP that is known already: what comes in a query is verified before it is even inflated. */
export function openResponse(arrived: Arrived, local: string, idp: TrustedIdp): XmlElement {
  if (arrived.by === 'redirect') {
    const { root } = checked(readXml(openRedirect(arrived.rawQuery, 'SAMLResponse', idp)), local)
    checkPlaces(root, [])
    return root
  }
  const document = arrived.by === 'post' ? readPosted(arrived.message) : openSoap(arrived.octets)
  const { root } = checked(document, local)
  verifyInside(root, idp)
  return root
}

function readPosted(message: string): XmlDocument {
  checkSize(message.length, true)
  return readXml(decodeUtf8(decodeBase64(message)))
}

function checked(document: XmlDocument, local: string): XmlDocument {
  if (!isNamed(document.root, ns.protocol, local)) throw new Refusal('saml.not-response')
  gate(document)
  return document
}

function keptRelayState(relayState: string | undefined): { relayState?: string } {
  if (relayState === undefined) return {}
  if (Buffer.byteLength(relayState) > LONGEST_RELAY_STATE)
    throw new Refusal('request.malformed', { parameter: 'RelayState', most: LONGEST_RELAY_STATE })
  return { relayState }
}

/** saml-bindings 3.4.4.1: with a signature in the query none stands in the message, where another program might see it. */
function verifyBeside(root: XmlElement, idp: TrustedIdp, verify: (idp: TrustedIdp) => void): void {
  checkPlaces(root, [])
  verify(idp)
}

/** The signature stands in the very element that is read (tngan/samlify#634: one around somebody else's signed assertion). */
function verifyInside(root: XmlElement, idp: TrustedIdp): void {
  checkPlaces(root, [root])
  verifySignature(root, idp)
}

function checkPlaces(root: XmlElement, parents: readonly XmlElement[]): void {
  for (const element of elementsOf(root)) {
    if (isNamed(element, ns.ds, 'Signature') && !parents.includes(element.parent!))
      throw new Refusal('saml.signature-form', { what: 'a signature stands elsewhere than in the message itself' })
  }
}
