/** Which algorithms count, and which key may verify which (RFC 6931, xmldsig-core1 6, xmlenc-core1 5). */
import { verify, type KeyObject } from 'node:crypto'
import { Refusal } from '../base/refusal.js'
import { algorithm } from '../words/saml-names.js'
import type { TrustedIdp, TrustedKey } from './trust.js'

/** What decides about a signature: keys of the metadata, and what the settings allow or forbid this IdP. */
export type SignatureRules = Pick<TrustedIdp, 'signingKeys' | 'legacyAlgorithms' | 'refusedAlgorithms'>

type Hash = 'sha1' | 'sha256' | 'sha384' | 'sha512'

interface SignatureAlgorithm {
  readonly hash: Hash
  readonly keyType: 'rsa' | 'ec'
}

const SIGNATURES: Readonly<Record<string, SignatureAlgorithm>> = {
  [algorithm.rsaSha256]: { hash: 'sha256', keyType: 'rsa' },
  [algorithm.rsaSha384]: { hash: 'sha384', keyType: 'rsa' },
  [algorithm.rsaSha512]: { hash: 'sha512', keyType: 'rsa' },
  [algorithm.ecdsaSha256]: { hash: 'sha256', keyType: 'ec' },
  [algorithm.ecdsaSha384]: { hash: 'sha384', keyType: 'ec' },
}
const LEGACY_SIGNATURES: Readonly<Record<string, SignatureAlgorithm>> = {
  [algorithm.rsaSha1]: { hash: 'sha1', keyType: 'rsa' },
}
const DIGESTS: Readonly<Record<string, Hash>> = {
  [algorithm.sha256]: 'sha256',
  [algorithm.sha384]: 'sha384',
  [algorithm.sha512]: 'sha512',
}

/** Bits of an RSA modulus below which no signature counts. */
const LEAST_RSA_BITS = 2048
const CURVES = new Set(['prime256v1', 'secp384r1', 'secp521r1'])

/** @throws Refusal `saml.algorithm` */
export function digestHash(uri: string, { legacyAlgorithms, refusedAlgorithms }: SignatureRules): Hash {
  if (refusedAlgorithms?.includes(uri)) throw refusedAlgorithm('digest', uri)
  const hash = Object.hasOwn(DIGESTS, uri) ? DIGESTS[uri] : undefined
  if (hash !== undefined) return hash
  if (legacyAlgorithms && uri === algorithm.sha1) return 'sha1'
  throw refusedAlgorithm('digest', uri)
}

/**
 * Tries every key that the metadata names.
 *
 * @returns the key that verified
 * @throws Refusal `saml.algorithm`; `saml.weak-key` when no key is of the right type and strength; `saml.untrusted-key`
 */
export function verifyOctets(
  octets: Uint8Array,
  signature: Uint8Array,
  uri: string,
  rules: SignatureRules,
): TrustedKey {
  const { hash, keyType } = signatureAlgorithm(uri, rules)
  const usable = rules.signingKeys.filter(({ key }) => fits(key, keyType))
  if (usable.length === 0) throw new Refusal('saml.weak-key', { algorithm: uri, keys: rules.signingKeys.length })
  // XML Signature writes an ECDSA signature as r and s side by side, not as DER (xmldsig-core1 6.4.3)
  const found = usable.find(({ key }) => verify(hash, octets, { key, dsaEncoding: 'ieee-p1363' }, signature))
  if (found === undefined) throw new Refusal('saml.untrusted-key', { algorithm: uri, keys: usable.length })
  return found
}

/** @throws Refusal `saml.algorithm` */
function signatureAlgorithm(uri: string, { legacyAlgorithms, refusedAlgorithms }: SignatureRules): SignatureAlgorithm {
  if (refusedAlgorithms?.includes(uri)) throw refusedAlgorithm('signature', uri)
  const found = Object.hasOwn(SIGNATURES, uri)
    ? SIGNATURES[uri]
    : legacyAlgorithms && Object.hasOwn(LEGACY_SIGNATURES, uri)
      ? LEGACY_SIGNATURES[uri]
      : undefined
  if (found === undefined) throw refusedAlgorithm('signature', uri)
  return found
}

function fits(key: KeyObject, type: 'rsa' | 'ec'): boolean {
  if (key.asymmetricKeyType !== type) return false
  const { modulusLength = 0, namedCurve = '' } = key.asymmetricKeyDetails ?? {}
  return type === 'rsa' ? modulusLength >= LEAST_RSA_BITS : CURVES.has(namedCurve)
}

/** Algorithms that are refused by name. Others are not repeated: a refusal quotes no message. */
const KNOWN = new Set<string>([
  ...Object.values(algorithm),
  'http://www.w3.org/2000/09/xmldsig#hmac-sha1',
  'http://www.w3.org/2001/04/xmldsig-more#hmac-sha256',
  'http://www.w3.org/2000/09/xmldsig#dsa-sha1',
  'http://www.w3.org/2001/04/xmldsig-more#rsa-md5',
  'http://www.w3.org/2001/04/xmldsig-more#md5',
  'http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1',
  'http://www.w3.org/TR/2001/REC-xml-c14n-20010315',
  'http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments',
  'http://www.w3.org/2006/12/xml-c14n11',
  'http://www.w3.org/TR/1999/REC-xslt-19991116',
  'http://www.w3.org/TR/1999/REC-xpath-19991116',
  'http://www.w3.org/2002/06/xmldsig-filter2',
  'http://www.w3.org/2000/09/xmldsig#base64',
  'http://www.w3.org/2001/04/xmlenc#tripledes-cbc',
  'urn:ietf:params:xml:ns:cpxmlsec:algorithms:gostr34102012-gostr34112012-256',
  'urn:ietf:params:xml:ns:cpxmlsec:algorithms:gostr34102012-gostr34112012-512',
  'urn:ietf:params:xml:ns:cpxmlsec:algorithms:gostr34112012-256',
  'urn:ietf:params:xml:ns:cpxmlsec:algorithms:gostr34112012-512',
])

export const refusedAlgorithm = (use: string, uri: string): Refusal =>
  new Refusal('saml.algorithm', { use, algorithm: KNOWN.has(uri) ? uri : 'other' })
