/**
 * A second engine verifies the same signatures: xml-crypto over @xmldom/xmldom, which shares no line with our own, held to the
 * same allow-lists, the same keys and the same form of references. What we accept it must accept; where the two differ, one
 * of them has a hole. It decides nothing.
 */
import { DOMParser } from '@xmldom/xmldom'
import { Refusal } from '../base/refusal.js'
import { open, readSealed } from '../saml/decrypt.js'
import { readXml } from '../saml/reader.js'
import { childNamed, type XmlDocument } from '../saml/tree.js'
import type { SpKey, TrustedIdp } from '../saml/trust.js'
import { ns } from '../words/saml-names.js'
import { signedBytes, NotForThisEngine } from './second-engine.js'

export interface Opinion {
  /** `Response` or `Assertion`. */
  readonly on: string
  readonly verdict: 'verified' | 'refused' | 'cannot tell'
  readonly why?: string
}

export interface SecondReading {
  readonly opinions: readonly Opinion[]
  /** What the verified signatures cover, in canonical form. */
  readonly signed: Readonly<Partial<Record<'Response' | 'Assertion', string>>>
  /** The message with its assertion in the clear; undefined when it cannot be read or opened. */
  readonly opened?: string
}

/** @param xml a Response; its encrypted assertion is opened by us, since this engine verifies only */
export const secondOpinion = (xml: string, idp: TrustedIdp, decryption: readonly SpKey[]): readonly Opinion[] =>
  secondReading(xml, idp, decryption).opinions

/** The same with the octets that were signed, for whoever wants to read from them. */
export function secondReading(xml: string, idp: TrustedIdp, decryption: readonly SpKey[]): SecondReading {
  try {
    const opened = forXmldom(withPlainAssertion(readXml(xml), idp, decryption))
    const all = [...opinionsOn('Response', forXmldom(xml), idp), ...opinionsOn('Assertion', opened, idp)]
    const verified = all.flatMap(({ opinion, bytes }) => (bytes === undefined ? [] : [[opinion.on, bytes] as const]))
    return { opinions: all.map(({ opinion }) => opinion), signed: Object.fromEntries(verified), opened }
  } catch (error) {
    if (!(error instanceof Refusal) && !(error instanceof NotForThisEngine)) throw error
    const why = error instanceof Refusal ? error.code : error.message
    return { opinions: [{ on: 'Response', verdict: 'refused', why }], signed: {} }
  }
}

/**
 * `</a >` is `</a>` (XML 1.0, 3.1), but where it is the last of its name xmldom takes the element for one that was never
 * closed. Inside CDATA the replacement changes the text: then the digest differs, and this engine refuses.
 */
const forXmldom = (xml: string): string => xml.replace(/<\/([^\s<>/]+)[ \t\r\n]+>/g, '</$1>')

/** The plaintext takes the place of its EncryptedData (xmlenc-core 4.2), so that the namespaces around it hold. */
function withPlainAssertion({ root, source }: XmlDocument, idp: TrustedIdp, keys: readonly SpKey[]): string {
  const carrier = childNamed(root, ns.assertion, 'EncryptedAssertion')
  if (carrier === undefined) return source
  const plaintext = open(readSealed(carrier, idp, true), keys).replace(/^\uFEFF?<\?xml[^>]*\?>/, '')
  const { from, to } = childNamed(carrier, ns.xenc, 'EncryptedData')!
  return source.slice(0, from) + plaintext + source.slice(to)
}

interface Found {
  readonly opinion: Opinion
  readonly bytes?: string
}

function opinionsOn(local: 'Response' | 'Assertion', xml: string, idp: TrustedIdp): Found[] {
  const document = parse(xml)
  const root = document.documentElement
  const space = local === 'Response' ? ns.protocol : ns.assertion
  const below = Array.from(root.childNodes)
  const opened = below.filter(node => isElement(node, ns.assertion, 'EncryptedAssertion'))
  const places = [root, ...below, ...opened.flatMap(({ childNodes }) => Array.from(childNodes))]
  const holders = places.filter(node => isElement(node, space, local)) as Element[]
  return holders.flatMap(holder =>
    Array.from(holder.childNodes)
      .filter(node => isElement(node, ns.ds, 'Signature'))
      .map(signature => opinionOn(local, xml, { signature: signature as Element, holder }, idp)),
  )
}

const isElement = (node: Node, space: string, local: string): boolean =>
  (node as Element).localName === local && (node as Element).namespaceURI === space

/** xmldom repairs what is broken unless each of its complaints is an error. */
function parse(xml: string): Document {
  const complain = (message: string): never => {
    throw new NotForThisEngine(`xmldom: ${message.split('\n')[0]!.slice(0, 100)}`)
  }
  return new DOMParser({ errorHandler: { warning: complain, error: complain, fatalError: complain } }).parseFromString(
    xml,
    'text/xml',
  )
}

function opinionOn(on: string, xml: string, place: { signature: Element; holder: Element }, idp: TrustedIdp): Found {
  const answers = idp.signingKeys.map(({ key }) => signedBytes(xml, place, key, idp))
  const verified = answers.find(answer => 'bytes' in answer)
  if (verified !== undefined) return { opinion: { on, verdict: 'verified' }, bytes: verified.bytes }
  const why = answers.find(answer => 'why' in answer)?.why ?? 'the metadata names no key'
  return { opinion: { on, verdict: 'refused', why } }
}
