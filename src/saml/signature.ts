/**
 * Enveloped XML signatures as SAML restricts them (saml-core 5.4, xmldsig-core 4 and 8). Keys come from metadata only:
 * KeyInfo is not even looked at. What is returned is the element whose octets were hashed ("see what is signed").
 */
import { hash } from 'node:crypto'
import { Refusal } from '../base/refusal.js'
import { algorithm, ns } from '../words/saml-names.js'
import { digestHash, refusedAlgorithm, verifyOctets, type SignatureRules } from './algorithms.js'
import { canonicalise, type CanonicalForm } from './canonical.js'
import { readBase64 } from './decode.js'
import { attribute, childElements, childrenNamed, isNamed, textOf, type XmlElement } from './tree.js'
import type { TrustedKey } from './trust.js'

export interface Signed {
  /** The element that the signature covers, without the signature itself. */
  readonly element: XmlElement
  readonly algorithm: string
  readonly key: TrustedKey
}

/** Prefixes of one InclusiveNamespaces list. Honest ones have one to three. */
const MAX_PREFIXES = 32

/** @returns the signature that stands in this element; @throws Refusal `saml.signature-form` when there are two */
export function signatureIn(element: XmlElement): XmlElement | undefined {
  const [first, second] = childrenNamed(element, ns.ds, 'Signature')
  if (second !== undefined) throw formless('two signatures in one element')
  return first
}

/**
 * Verifies the signature that stands in an element, and that it is of this element.
 *
 * @throws Refusal `saml.unsigned`, `saml.signature-form`, `saml.wrapped`, `saml.algorithm`, `saml.weak-key`,
 *   `saml.untrusted-key`, `saml.altered`
 */
export function verifySignature(element: XmlElement, rules: SignatureRules): Signed {
  const signature = signatureIn(element)
  if (signature === undefined) throw new Refusal('saml.unsigned')
  const [signedInfo, value] = partsOf(signature)
  const [canonicalization, method, reference] = exactly(signedInfo, [
    'CanonicalizationMethod',
    'SignatureMethod',
    'Reference',
  ])
  checkReference(reference, element)
  const digest = readReference(reference, signature, rules)
  const used = algorithmOf(withoutChildren(method))
  const octets = Buffer.from(canonicalise(signedInfo, readCanonicalForm(canonicalization)))
  const key = verifyOctets(octets, base64Of(value), used, rules)
  const hashed = hash(digest.hash, canonicalise(element, digest.form), 'buffer')
  if (!hashed.equals(digest.value)) throw new Refusal('saml.altered')
  return { element, algorithm: used, key }
}

const formless = (what: string): Refusal => new Refusal('saml.signature-form', { what })

/** SignedInfo and SignatureValue; KeyInfo may follow, ds:Object may not: nothing but the parent is ever signed. */
function partsOf(signature: XmlElement): [XmlElement, XmlElement] {
  const [signedInfo, value, keyInfo, ...more] = childElements(signature)
  if (!isNamed(signedInfo, ns.ds, 'SignedInfo') || !isNamed(value, ns.ds, 'SignatureValue') || more.length > 0)
    throw formless('Signature holds other than SignedInfo, SignatureValue and KeyInfo')
  if (keyInfo !== undefined && !isNamed(keyInfo, ns.ds, 'KeyInfo')) throw formless('Signature holds an Object')
  return [signedInfo, value]
}

/** The children must be these, in this order, and no others. */
function exactly<const Names extends readonly string[]>(
  parent: XmlElement,
  names: Names,
): { [K in keyof Names]: XmlElement } {
  const children = childElements(parent)
  if (children.length !== names.length || !names.every((name, i) => isNamed(children[i], ns.ds, name)))
    throw formless(`${parent.local} holds other than ${names.join(', ')}`)
  return children as { [K in keyof Names]: XmlElement }
}

/** saml-core 5.4.2: the URI is `#` and the ID of the parent, written out. */
function checkReference(reference: XmlElement, element: XmlElement): void {
  const uri = attribute(reference, 'URI')
  const id = attribute(element, 'ID')
  if (uri === undefined || !uri.startsWith('#') || uri === '#') throw formless('Reference without the ID of its parent')
  if (id === undefined || uri !== `#${id}`) throw new Refusal('saml.wrapped')
}

function readReference(reference: XmlElement, signature: XmlElement, rules: SignatureRules) {
  const [transforms, method, value] = exactly(reference, ['Transforms', 'DigestMethod', 'DigestValue'])
  const [enveloped, canonicalization] = exactly(transforms, ['Transform', 'Transform'])
  if (algorithmOf(withoutChildren(enveloped)) !== algorithm.enveloped)
    throw refusedAlgorithm('transform', algorithmOf(enveloped))
  // a reference of the form `#id` never selects comments, whichever canonicalisation follows (xmldsig-core1 4.4.3.3)
  const form: CanonicalForm = { ...readCanonicalForm(canonicalization), comments: false, without: signature }
  return { form, hash: digestHash(algorithmOf(withoutChildren(method)), rules), value: base64Of(value) }
}

/** xml-exc-c14n 4: at most one InclusiveNamespaces; its `#default` is our empty prefix. */
function readCanonicalForm(method: XmlElement): CanonicalForm {
  const uri = algorithmOf(method)
  if (uri !== algorithm.excC14n && uri !== algorithm.excC14nWithComments)
    throw refusedAlgorithm('canonicalization', uri)
  const [list, ...more] = childElements(method)
  if (more.length > 0 || (list !== undefined && !isNamed(list, ns.excC14n, 'InclusiveNamespaces')))
    throw formless(`${method.local} holds other than one InclusiveNamespaces`)
  const prefixes = (list && attribute(list, 'PrefixList'))?.split(/[ \t\n\r]+/).filter(prefix => prefix !== '') ?? []
  if (prefixes.length > MAX_PREFIXES) throw formless('too many prefixes in InclusiveNamespaces')
  const inclusive = prefixes.map(prefix => (prefix === '#default' ? '' : prefix))
  return { comments: uri === algorithm.excC14nWithComments, inclusive }
}

const algorithmOf = (method: XmlElement): string => attribute(method, 'Algorithm') ?? ''

/** No HMACOutputLength, no XPath, no parameters at all. */
function withoutChildren(method: XmlElement): XmlElement {
  if (childElements(method).length > 0) throw formless(`${method.local} has parameters`)
  return method
}

/** One text, without comments: where one would cut the value, another reader might see another value (CVE-2025-29775). */
function base64Of(element: XmlElement): Buffer {
  if (element.children.length !== 1 || element.children[0]?.kind !== 'text')
    throw formless(`${element.local} is no plain text`)
  const octets = readBase64(textOf(element).replace(/[ \t\n\r]+/g, ''))
  if (octets === undefined || octets.length === 0) throw formless(`${element.local} is not base64`)
  return octets
}
