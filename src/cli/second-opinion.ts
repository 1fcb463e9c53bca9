/**
 * A second engine verifies the same signatures: xml-crypto over @xmldom/xmldom, which shares no line with our own. What we
 * accept it must accept; where the two differ, one of them has a hole. It decides nothing.
 */
import { DOMParser } from '@xmldom/xmldom'
import { SignedXml } from 'xml-crypto'
import { Refusal } from '../base/refusal.js'
import { open, readSealed } from '../saml/decrypt.js'
import { readXml } from '../saml/reader.js'
import { childNamed, type XmlDocument } from '../saml/tree.js'
import type { SpKey, TrustedIdp } from '../saml/trust.js'
import { ns } from '../words/saml-names.js'

export interface Opinion {
  /** `Response` or `Assertion`. */
  readonly on: string
  readonly verdict: 'verified' | 'refused' | 'cannot tell'
  readonly why?: string
}

/** @param xml a Response; its encrypted assertion is opened by us, since this engine verifies only */
export function secondOpinion(xml: string, idp: TrustedIdp, decryption: readonly SpKey[]): Opinion[] {
  try {
    const opened = withPlainAssertion(readXml(xml), idp, decryption)
    return [...opinionsOn('Response', xml, idp), ...opinionsOn('Assertion', opened, idp)]
  } catch (error) {
    if (!(error instanceof Refusal) && !(error instanceof NotForThisEngine)) throw error
    const why = error instanceof Refusal ? error.code : error.message
    return [{ on: 'Response', verdict: 'refused', why }]
  }
}

class NotForThisEngine extends Error {}

/** The plaintext takes the place of its ciphertext, so that the namespaces around it hold. */
function withPlainAssertion({ root, source }: XmlDocument, idp: TrustedIdp, keys: readonly SpKey[]): string {
  const carrier = childNamed(root, ns.assertion, 'EncryptedAssertion')
  if (carrier === undefined) return source
  const plaintext = open(readSealed(carrier, idp, true), keys).replace(/^\uFEFF?<\?xml[^>]*\?>/, '')
  return source.slice(0, carrier.from) + plaintext + source.slice(carrier.to)
}

function opinionsOn(local: 'Response' | 'Assertion', xml: string, idp: TrustedIdp): Opinion[] {
  const root = parse(xml).documentElement
  const space = local === 'Response' ? ns.protocol : ns.assertion
  const holders = [root, ...Array.from(root.childNodes)].filter(
    node => (node as Element).localName === local && (node as Element).namespaceURI === space,
  )
  const signatures = holders
    .flatMap(holder => Array.from(holder.childNodes))
    .filter(node => (node as Element).localName === 'Signature' && (node as Element).namespaceURI === ns.ds)
  return signatures.map(signature => opinionOn(local, xml, signature, idp))
}

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

function opinionOn(on: string, xml: string, signature: Node, idp: TrustedIdp): Opinion {
  const complaints = idp.signingKeys.map(({ key }) =>
    verify(xml, signature, key.export({ type: 'spki', format: 'pem' }).toString()),
  )
  if (complaints.includes(undefined)) return { on, verdict: 'verified' }
  const why = complaints[0] ?? 'the metadata names no key'
  return { on, verdict: why.includes('is not supported') ? 'cannot tell' : 'refused', why }
}

/** @returns undefined when it verifies, else why not */
function verify(xml: string, signature: Node, publicKeyPem: string): string | undefined {
  const engine = new SignedXml({ publicCert: publicKeyPem, getCertFromKeyInfo: () => null })
  try {
    engine.loadSignature(signature)
    return engine.checkSignature(xml) ? undefined : 'the signature does not verify'
  } catch (error) {
    return error instanceof Error ? error.message.split('\n')[0]!.slice(0, 200) : 'unknown reason'
  }
}
