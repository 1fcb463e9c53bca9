import { createHash, createPublicKey, X509Certificate, type KeyObject } from 'node:crypto'
import { ns } from '../words/saml-names.js'
import { note, type Notes } from './metadata-finding.js'
import { attribute, childNamed, childrenNamed, textOf, type XmlElement } from './tree.js'
import type { TrustedKey } from './trust.js'

export interface PublishedKey {
  readonly trusted: TrustedKey
  /** A KeyDescriptor without `use` is meant for both purposes (saml-metadata 2.4.1.1). */
  readonly signs: boolean
  readonly element: XmlElement
}

/** Every key that can be read and is strong enough; the others are found fault with. */
export function readKeys(role: XmlElement, notes: Notes): PublishedKey[] {
  return childrenNamed(role, ns.metadata, 'KeyDescriptor').flatMap(element => {
    const use = attribute(element, 'use')
    const signs = use === undefined || use === 'signing'
    const trusted = readKey(element)
    // we encrypt nothing for the IdP, so what is wrong with its encryption key stops nobody
    const severity = signs ? 'error' : 'warning'
    if (typeof trusted === 'string') {
      const code = /-----BEGIN/.test(textOf(element)) ? 'pem-header' : 'unreadable-key'
      note(
        notes,
        severity,
        code,
        element,
        trusted,
        'ask the IdP for the certificate as base64 of DER, without header lines',
      )
      return []
    }
    const weakness = weaknessOf(trusted.key)
    if (weakness === undefined) return [{ trusted, signs, element }]
    note(
      notes,
      severity,
      'weak-key',
      element,
      weakness,
      'ask the IdP for an RSA key of 2048 bits or more, or P-256 or P-384',
    )
    return []
  })
}

/** @returns the key, or what is wrong with it */
function readKey(descriptor: XmlElement): TrustedKey | string {
  const info = childNamed(descriptor, ns.ds, 'KeyInfo')
  if (!info) return 'a KeyDescriptor without KeyInfo'
  const certificates = childrenNamed(info, ns.ds, 'X509Data').flatMap(data =>
    childrenNamed(data, ns.ds, 'X509Certificate'),
  )
  // one KeyDescriptor is one key; certificates behind the first are its chain, which we do not trust
  if (certificates[0]) return readCertificate(textOf(certificates[0]))
  const value = childNamed(info, ns.ds, 'KeyValue')
  const rsa = value && childNamed(value, ns.ds, 'RSAKeyValue')
  return rsa ? readRsaValue(rsa) : 'a KeyDescriptor without certificate'
}

function readCertificate(text: string): TrustedKey | string {
  const der = fromBase64(text)
  if (!der) return 'a certificate that is not base64 (PEM header lines must not stand in metadata)'
  try {
    const certificate = new X509Certificate(der)
    return {
      key: certificate.publicKey,
      fingerprint: sha256(certificate.raw),
      notAfter: Date.parse(certificate.validTo),
    }
  } catch {
    return 'a certificate that cannot be read (damaged, or of an algorithm that Node.js does not know, such as GOST)'
  }
}

/** xmldsig-core 4.4.2.2: CryptoBinary is base64 of the number, big-endian. */
function readRsaValue(rsa: XmlElement): TrustedKey | string {
  const [n, e] = ['Modulus', 'Exponent'].map(local => {
    const element = childNamed(rsa, ns.ds, local)
    return element && fromBase64(textOf(element))?.toString('base64url')
  })
  if (n === undefined || e === undefined) return 'an RSAKeyValue without Modulus or Exponent'
  try {
    const key = createPublicKey({ key: { kty: 'RSA', n, e }, format: 'jwk' })
    return { key, fingerprint: sha256(key.export({ type: 'spki', format: 'der' })) }
  } catch {
    return 'an RSAKeyValue that is no key'
  }
}

function fromBase64(text: string): Buffer | undefined {
  const signs = text.replaceAll(/\s/g, '')
  return /^[A-Za-z0-9+/]+={0,2}$/.test(signs) && signs.length % 4 === 0 ? Buffer.from(signs, 'base64') : undefined
}

const sha256 = (octets: Buffer): string => createHash('sha256').update(octets).digest('hex')

const CURVES = new Set(['prime256v1', 'secp384r1', 'secp521r1'])

function weaknessOf(key: KeyObject): string | undefined {
  const { modulusLength = 0, namedCurve } = key.asymmetricKeyDetails ?? {}
  if (key.asymmetricKeyType === 'rsa')
    return modulusLength < 2048 ? `an RSA key of ${modulusLength} bits, which can be broken` : undefined
  if (key.asymmetricKeyType === 'ec')
    return CURVES.has(namedCurve ?? '') ? undefined : `a key on the curve ${namedCurve ?? '?'}`
  return `a key of the kind ${key.asymmetricKeyType ?? '?'}, which no allowed algorithm uses`
}
