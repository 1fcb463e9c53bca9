/**
 * SOAP 1.1 around a SAML message (saml-bindings 3.2, SOAP 1.1 section 4): read by our own reader, as little of it as SAML
 * needs. The message inside is then judged like one that came by any other way.
 */
import { Refusal } from '../base/refusal.js'
import { ns } from '../words/saml-names.js'
import { checkSize, decodeUtf8 } from './decode.js'
import { readXml } from './reader.js'
import { attribute, childElements, isNamed, type XmlDocument, type XmlElement } from './tree.js'
import { element, type Markup } from '../base/xml-writer.js'

/** Header blocks for this actor, or for nobody by name, are for us (SOAP 1.1, 4.2.2). */
const NEXT = 'http://schemas.xmlsoap.org/soap/actor/next'

/**
 * @returns the one element in the Body; it keeps the namespaces that the envelope declares
 * @throws Refusal `soap.version`, `soap.envelope`, `soap.must-understand`, or what the reader refuses
 */
export function openSoap(octets: Uint8Array): XmlDocument {
  checkSize(octets.length, false)
  const { root, source } = readXml(decodeUtf8(octets))
  if (root.local !== 'Envelope') throw new Refusal('soap.envelope', { what: 'the document element is no Envelope' })
  if (root.ns !== ns.soap) throw new Refusal('soap.version')
  const body = bodyOf(root)
  const [message, ...more] = childElements(body)
  if (message === undefined || more.length > 0 || hasText(root) || hasText(body))
    throw new Refusal('soap.envelope', { what: 'the Body does not hold exactly one element' })
  return readXml(source.slice(message.from, message.to), { within: body })
}

function bodyOf(envelope: XmlElement): XmlElement {
  const parts = childElements(envelope)
  if (isNamed(parts[0], ns.soap, 'Header')) checkHeader(parts.shift()!)
  const [body, ...more] = parts
  if (!isNamed(body, ns.soap, 'Body') || more.length > 0)
    throw new Refusal('soap.envelope', { what: 'the Envelope holds other than an optional Header and a Body' })
  return body
}

/** We understand no header block at all, so none may insist. */
function checkHeader(header: XmlElement): void {
  const insists = childElements(header).some(block => {
    const must = attribute(block, 'mustUnderstand', ns.soap)
    const actor = attribute(block, 'actor', ns.soap) ?? NEXT
    return must !== undefined && must.trim() !== '0' && (actor === NEXT || actor === '')
  })
  if (insists) throw new Refusal('soap.must-understand')
}

const hasText = ({ children }: XmlElement): boolean =>
  children.some(node => node.kind === 'text' && node.value.trim() !== '')

/** @param message signed as it stands: it brings its own namespaces, and exclusive c14n sees nothing of the envelope */
export const inSoap = (message: string): string => envelope({ xml: message })

/** SOAP 1.1, 4.4. */
export type FaultCode = 'VersionMismatch' | 'MustUnderstand' | 'Client' | 'Server'

export const soapFault = (code: FaultCode, reason: string): string =>
  envelope(element('soap:Fault', {}, element('faultcode', {}, `soap:${code}`), element('faultstring', {}, reason)))

const envelope = (content: Markup): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n${element('soap:Envelope', { 'xmlns:soap': ns.soap }, element('soap:Body', {}, content)).xml}`
