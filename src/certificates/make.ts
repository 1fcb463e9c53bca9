/**
 * Certificates: keys, X.509 certificates around them, and PKCS#12 bundles to carry both.
 * Does not touch: whom to trust (saml takes keys from metadata), where keys lie (settings), what journals get.
 * Called by: cli, the demo, tests.
 */
import { generateKeyPair } from 'node:crypto'
import { isIP } from 'node:net'
import { promisify } from 'node:util'
import forge from 'node-forge'
import { systemChance } from '../base/chance.js'
import type { Instant } from '../base/clock.js'

/** RSA only: node-forge signs no other certificates. Tokens want ES256, whose key needs no certificate: makeTokenKey. */
export type CertificateKey = 'rsa-2048' | 'rsa-3072'

export interface CertificateWish {
  readonly commonName: string
  readonly organization?: string
  /** The certificate is valid from an hour before this moment, so that a clock which lags still accepts it. */
  readonly at: Instant
  readonly days: number
  readonly keyType: CertificateKey
  /** DNS names and IP addresses of a server; not for SAML, where nobody looks at names. */
  readonly altNames?: readonly string[]
  /** Who signs it; nobody means self-signed. */
  readonly issuer?: { readonly privateKeyPem: string; readonly certificatePem: string }
  /** It may sign other certificates. */
  readonly isAuthority?: boolean
}

export interface KeyAndCertificate {
  /** PKCS#8, unencrypted: write it with writeKeyFile only. */
  readonly privateKeyPem: string
  readonly certificatePem: string
}

const HOUR = 3_600_000
const DAY = 86_400_000
const generate = promisify(generateKeyPair)

/** Takes half a second for 3072 bits, on a thread of its own. @throws RangeError naming the field that is wrong */
export async function makeCertificate(wish: CertificateWish): Promise<KeyAndCertificate> {
  if (wish.commonName.trim() === '') throw new RangeError('commonName: a certificate needs a name')
  if (!(wish.days > 0 && wish.days <= 36_500)) throw new RangeError('days: from 1 to 36500')
  const privateKeyPem = await makeRsaKey(wish.keyType)
  return { privateKeyPem, certificatePem: certify(wish, privateKeyPem) }
}

/** A P-256 key as PKCS#8 PEM: for ES256 tokens. */
export async function makeTokenKey(): Promise<string> {
  const { privateKey } = await generate('ec', { namedCurve: 'P-256' })
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
}

async function makeRsaKey(keyType: CertificateKey): Promise<string> {
  const { privateKey } = await generate('rsa', { modulusLength: keyType === 'rsa-3072' ? 3072 : 2048 })
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
}

function certify(wish: CertificateWish, privateKeyPem: string): string {
  const key = forge.pki.privateKeyFromPem(privateKeyPem)
  const certificate = forge.pki.createCertificate()
  certificate.publicKey = forge.pki.setRsaPublicKey(key.n, key.e)
  certificate.serialNumber = serialNumber()
  certificate.validity.notBefore = new Date(wish.at - HOUR)
  certificate.validity.notAfter = new Date(wish.at + wish.days * DAY)
  const subject = nameOf(wish)
  certificate.setSubject(subject)
  const authority = wish.issuer && forge.pki.certificateFromPem(wish.issuer.certificatePem)
  certificate.setIssuer(authority ? readName(authority) : subject)
  certificate.setExtensions(extensionsOf(wish, authority ?? certificate))
  certificate.sign(wish.issuer ? forge.pki.privateKeyFromPem(wish.issuer.privateKeyPem) : key, forge.md.sha256.create())
  return forge.pki.certificateToPem(certificate).replaceAll('\r\n', '\n')
}

/** RFC 5280, 4.1.2.2: positive and at most 20 octets; 16 random ones with the sign bit clear. */
function serialNumber(): string {
  const octets = systemChance.bytes(16)
  octets[0] = (octets[0]! & 0x3f) | 0x40
  return octets.toString('hex')
}

function nameOf({ commonName, organization }: CertificateWish): forge.pki.CertificateField[] {
  // node-forge needs to be told that names may be Cyrillic; its types want a class where a tag stands
  const utf8 = forge.asn1.Type.UTF8 as unknown as forge.asn1.Class
  return [
    { name: 'commonName', value: commonName, valueTagClass: utf8 },
    ...(organization === undefined ? [] : [{ name: 'organizationName', value: organization, valueTagClass: utf8 }]),
  ]
}

/** The authority's own name: node-forge gives back UTF-8 octets as they stood, and would encode them a second time. */
const readName = (authority: forge.pki.Certificate): forge.pki.CertificateField[] =>
  authority.subject.attributes.map(field => {
    const isUtf8 = Number(field.valueTagClass) === (forge.asn1.Type.UTF8 as number)
    return isUtf8 && typeof field.value === 'string' ? { ...field, value: forge.util.decodeUtf8(field.value) } : field
  })

function extensionsOf(wish: CertificateWish, issuer: forge.pki.Certificate): object[] {
  const isAuthority = wish.isAuthority ?? false
  return [
    { name: 'basicConstraints', cA: isAuthority, critical: true },
    isAuthority
      ? { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true }
      : { name: 'keyUsage', digitalSignature: true, keyEncipherment: true, critical: true },
    { name: 'subjectKeyIdentifier' },
    { name: 'authorityKeyIdentifier', keyIdentifier: issuer.generateSubjectKeyIdentifier().getBytes() },
    ...(wish.altNames === undefined || wish.altNames.length === 0
      ? []
      : [
          { name: 'extKeyUsage', serverAuth: true },
          { name: 'subjectAltName', altNames: wish.altNames.map(altName) },
        ]),
  ]
}

/** GeneralName of RFC 5280, 4.2.1.6: 7 is an IP address, 2 a DNS name. */
const altName = (name: string): object => (isIP(name) ? { type: 7, ip: name } : { type: 2, value: name })
