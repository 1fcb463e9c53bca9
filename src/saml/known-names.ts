/**
 * Names that every message repeats. The reader hands out these very strings instead of pieces of the document, so that
 * whoever asks for a name later compares addresses and not letters, and no piece keeps the document alive.
 */
import { ns } from '../words/saml-names.js'
import { isAsciiName } from './characters.js'

const NAMES =
  'xmlns xml xs xsd xsi type nil saml saml2 samlp saml2p md mdui ds dsig dsig11 xenc xenc11 ec e alg ' +
  'Response Assertion EncryptedAssertion Issuer Status StatusCode StatusMessage StatusDetail Extensions ID Id Version ' +
  'IssueInstant Destination Consent InResponseTo Format NameQualifier SPNameQualifier SPProvidedID Value Subject NameID ' +
  'BaseID EncryptedID SubjectConfirmation SubjectConfirmationData Method Recipient NotBefore NotOnOrAfter Address ' +
  'Conditions AudienceRestriction Audience OneTimeUse ProxyRestriction Advice AuthnStatement AuthnInstant SessionIndex ' +
  'SessionNotOnOrAfter SubjectLocality DNSName AuthnContext AuthnContextClassRef AuthnContextDecl AuthnContextDeclRef ' +
  'AuthenticatingAuthority AttributeStatement Attribute EncryptedAttribute AttributeValue Name NameFormat FriendlyName ' +
  'Signature SignedInfo SignatureValue CanonicalizationMethod SignatureMethod Algorithm Reference URI Transforms ' +
  'Transform InclusiveNamespaces PrefixList DigestMethod DigestValue KeyInfo KeyName KeyValue RSAKeyValue Modulus ' +
  'Exponent X509Data X509Certificate EncryptedData EncryptedKey EncryptionMethod CipherData CipherValue MGF OAEPparams ' +
  'RetrievalMethod ReferenceList DataReference Type LogoutRequest LogoutResponse Reason'

/** Odd, so that few names share a place; those that do are cut out of the document like unknown ones. */
const PLACES = 1021

const place = (length: number, first: number, middle: number, last: number): number =>
  (length * 31 + first * 17 + middle * 7 + last) % PLACES

const placeOf = (text: string, from: number, to: number): number =>
  place(to - from, text.charCodeAt(from), text.charCodeAt((from + to) >> 1), text.charCodeAt(to - 1))

const known: (string | undefined)[] = Array.from({ length: PLACES }, () => undefined)
for (const name of NAMES.split(' ')) known[placeOf(name, 0, name.length)] ??= name

/** A name as it stands in a tag, and its two parts; the prefix is empty where there is none. */
export interface QualifiedName {
  readonly written: string
  readonly prefix: string
  readonly local: string
}

/** Qualified names of ours that were read before. Of known names only: nothing that anybody may send fills it. */
const qualified: (QualifiedName | undefined)[] = Array.from({ length: PLACES }, () => undefined)

/**
 * Looks a qualified name up while reading its letters for the first time: most names of a message are known ones.
 *
 * @returns undefined when it has to be read letter by letter
 */
export function knownNameAt(text: string, at: number): QualifiedName | undefined {
  let mix = 0
  let end = at
  for (let unit = text.charCodeAt(end); isAsciiName(unit); unit = text.charCodeAt(++end)) mix = (mix * 31 + unit) | 0
  const name = qualified[(mix >>> 0) % PLACES]
  if (name?.written.length !== end - at || text.charCodeAt(end) > 127) return undefined // NaN at the end
  return text.startsWith(name.written, at) ? name : undefined
}

/** @param colon where the prefix ends; `from` itself when there is none */
export function qualifiedName(text: string, from: number, colon: number, to: number): QualifiedName {
  const prefix = colon === from ? '' : nameAt(text, from, colon)
  const local = nameAt(text, colon === from ? from : colon + 1, to)
  const written = prefix === '' ? local : `${prefix}:${local}`
  const name = { written, prefix, local }
  if (isKnown(local) && (prefix === '' || isKnown(prefix))) qualified[mixOf(written) % PLACES] = name
  return name
}

function mixOf(written: string): number {
  let mix = 0
  for (let i = 0; i < written.length; i++) mix = (mix * 31 + written.charCodeAt(i)) | 0
  return mix >>> 0
}

const isKnown = (name: string): boolean => known[placeOf(name, 0, name.length)] === name

/** @returns the name that stands there, without colon */
export function nameAt(text: string, from: number, to: number): string {
  const name = known[placeOf(text, from, to)]
  return name !== undefined && name.length === to - from && text.startsWith(name, from) ? name : text.slice(from, to)
}

const namespaces = new Map<string, string>(Object.values(ns).map(name => [name, name]))

/** @returns our own copy of a namespace name that SAML uses; undefined for others */
export const knownNamespace = (name: string): string | undefined => namespaces.get(name)
