/**
 * Names that every message repeats. The reader hands out these very strings instead of pieces of the document, so that
 * whoever asks for a name later compares addresses and not letters, and no piece keeps the document alive.
 */
import { ns } from '../words/saml-names.js'

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

/** @returns the name that stands there */
export function nameAt(text: string, from: number, to: number): string {
  const name = known[placeOf(text, from, to)]
  return name !== undefined && name.length === to - from && text.startsWith(name, from) ? name : text.slice(from, to)
}

const namespaces = new Map<string, string>(Object.values(ns).map(name => [name, name]))

/** @returns our own copy of a namespace name that SAML uses; undefined for others */
export const knownNamespace = (name: string): string | undefined => namespaces.get(name)
