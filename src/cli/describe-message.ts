/** What a message says about itself. Nobody has verified a word of it. */
import { CertificateError } from '../certificates/certificate-error.js'
import { describeCertificate } from '../certificates/describe.js'
import { attribute, childNamed, childrenNamed, elementsOf, textOf, type XmlElement } from '../saml/tree.js'
import { ns } from '../words/saml-names.js'

export interface Described {
  /** Local name of the document element: `Response`. */
  readonly kind: string
  /** In the order of interest; absent ones left out. */
  readonly facts: readonly (readonly [name: string, value: string])[]
  readonly signatures: readonly DescribedSignature[]
  readonly encryption: readonly { readonly what: string; readonly data: string; readonly keys: readonly string[] }[]
  readonly certificates: readonly DescribedCertificate[]
}

interface DescribedSignature {
  /** Local name of the element that holds it. */
  readonly on: string
  readonly signature: string
  readonly digests: readonly string[]
  readonly canonicalization: string
  readonly references: readonly string[]
}

interface DescribedCertificate {
  /** `signing` or `encryption` in metadata; otherwise the element whose signature names it. */
  readonly of: string
  readonly sha256?: string
  readonly subject?: string
  readonly key?: string
  readonly notBefore?: number
  readonly notAfter?: number
  readonly problem?: string
}

export function describeMessage(root: XmlElement): Described {
  const all = elementsOf(root)
  const named = (space: string, local: string): XmlElement[] =>
    all.filter(element => element.ns === space && element.local === local)
  return {
    kind: root.local,
    facts: [...factsOf(root), ...named(ns.assertion, 'Assertion').flatMap(assertionFacts)],
    signatures: named(ns.ds, 'Signature').map(describeSignature),
    encryption: named(ns.xenc, 'EncryptedData').map(describeEncryption),
    certificates: named(ns.ds, 'X509Certificate').map(describeX509),
  }
}

type Fact = readonly [string, string]

const HEAD = [
  'ID', 'Version', 'IssueInstant', 'Destination', 'InResponseTo', 'AssertionConsumerServiceURL', 'ProtocolBinding',
  'ForceAuthn', 'IsPassive', 'NotOnOrAfter', 'Reason', 'entityID', 'validUntil',
] as const // prettier-ignore

function factsOf(root: XmlElement): Fact[] {
  const statuses = elementsOf(root).filter(({ ns: space, local }) => space === ns.protocol && local === 'StatusCode')
  return [
    ...HEAD.flatMap(name => fact(name, attribute(root, name))),
    ...textFacts(root, ns.assertion, ['Issuer', 'NameID']),
    ...textFacts(root, ns.protocol, ['SessionIndex']),
    ...statuses.flatMap(status => fact('StatusCode', attribute(status, 'Value'))),
  ]
}

function assertionFacts(assertion: XmlElement): Fact[] {
  const inside = (local: string) =>
    elementsOf(assertion).filter(each => each.ns === ns.assertion && each.local === local)
  const values = (local: string, name: string): Fact[] =>
    inside(local).flatMap(each => fact(`${local} ${name}`, attribute(each, name)))
  const attributes = inside('Attribute').map(each => attribute(each, 'Name') ?? '')
  return [
    ...fact('Assertion ID', attribute(assertion, 'ID')),
    ...textFacts(assertion, ns.assertion, ['Issuer']).map(([, issuer]): Fact => ['Assertion Issuer', issuer]),
    ...inside('NameID').flatMap(each => fact('NameID Format', attribute(each, 'Format'))),
    ...['Recipient', 'InResponseTo', 'NotOnOrAfter'].flatMap(name => values('SubjectConfirmationData', name)),
    ...['NotBefore', 'NotOnOrAfter'].flatMap(name => values('Conditions', name)),
    ...inside('Audience').map((each): Fact => ['Audience', textOf(each)]),
    ...['AuthnInstant', 'SessionIndex', 'SessionNotOnOrAfter'].flatMap(name => values('AuthnStatement', name)),
    ...inside('AuthnContextClassRef').map((each): Fact => ['AuthnContextClassRef', textOf(each)]),
    ...(attributes.length > 0 ? [['Attributes', attributes.join(', ')] as const] : []),
  ]
}

const fact = (name: string, value: string | undefined): Fact[] => (value === undefined ? [] : [[name, value]])

const textFacts = (parent: XmlElement, space: string, locals: readonly string[]): Fact[] =>
  locals.flatMap(local => childrenNamed(parent, space, local).map((each): Fact => [local, textOf(each).trim()]))

function describeSignature(signature: XmlElement): DescribedSignature {
  const info = childNamed(signature, ns.ds, 'SignedInfo')
  const references = info === undefined ? [] : childrenNamed(info, ns.ds, 'Reference')
  return {
    on: signature.parent?.local ?? '(the document itself)',
    signature: algorithmOf(info, 'SignatureMethod'),
    digests: references.map(reference => algorithmOf(reference, 'DigestMethod')),
    canonicalization: algorithmOf(info, 'CanonicalizationMethod'),
    references: references.map(reference => attribute(reference, 'URI') ?? '(absent)'),
  }
}

function describeEncryption(data: XmlElement) {
  const around = data.parent ?? data
  const keys = elementsOf(around).filter(({ ns: space, local }) => space === ns.xenc && local === 'EncryptedKey')
  return { what: around.local, data: methodOf(data), keys: keys.map(methodOf) }
}

function methodOf(element: XmlElement): string {
  const method = childNamed(element, ns.xenc, 'EncryptionMethod')
  const digest = method && childNamed(method, ns.ds, 'DigestMethod')
  const uri = (method && attribute(method, 'Algorithm')) ?? '(absent)'
  return digest === undefined ? uri : `${uri} with digest ${attribute(digest, 'Algorithm') ?? '(absent)'}`
}

function algorithmOf(parent: XmlElement | undefined, local: string): string {
  const method = parent && childNamed(parent, ns.ds, local)
  return (method && attribute(method, 'Algorithm')) ?? '(absent)'
}

function describeX509(element: XmlElement): DescribedCertificate {
  const of = purposeOf(element)
  try {
    const base64 = textOf(element).replace(/\s+/g, '')
    const pem = `-----BEGIN CERTIFICATE-----\n${base64.replace(/.{64}(?=.)/g, '$&\n')}\n-----END CERTIFICATE-----\n`
    const { sha256, subject, key, notBefore, notAfter } = describeCertificate(pem)
    return { of, sha256, subject, key, notBefore, notAfter }
  } catch (error) {
    if (!(error instanceof CertificateError)) throw error
    return { of, problem: 'cannot be read' }
  }
}

function purposeOf(element: XmlElement): string {
  for (let at = element.parent; at !== undefined; at = at.parent) {
    if (at.local === 'KeyDescriptor') return attribute(at, 'use') ?? 'signing and encryption'
    if (at.local === 'EncryptedKey') return 'the encrypted key'
    if (at.local === 'Signature') return `the signature on ${at.parent?.local ?? 'the document'}`
  }
  return 'the document'
}
