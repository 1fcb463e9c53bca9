/** PKCS#12 (RFC 7292): a key and its certificates in one encrypted file, the form in which Windows and Java people pass them on. */
import { createPrivateKey, X509Certificate } from 'node:crypto'
import forge from 'node-forge'
import { CertificateError } from './certificate-error.js'
import type { KeyAndCertificate } from './make.js'

export interface Bundle extends KeyAndCertificate {
  /** Certificates of the bundle that do not belong to the key: its authorities. */
  readonly authorityPems: readonly string[]
}

/** Encrypted with AES-256 (PBES2), which OpenSSL 3, Java 8u301+ and Windows 10+ read. */
export function writePkcs12(bundle: Bundle, password: string, friendlyName?: string): Buffer {
  const certificates = [bundle.certificatePem, ...bundle.authorityPems].map(pem => forge.pki.certificateFromPem(pem))
  const asn1 = forge.pkcs12.toPkcs12Asn1(forge.pki.privateKeyFromPem(bundle.privateKeyPem), certificates, password, {
    algorithm: 'aes256',
    count: 10_000,
    ...(friendlyName === undefined ? {} : { friendlyName }),
  })
  return Buffer.from(forge.asn1.toDer(asn1).getBytes(), 'binary')
}

/** @throws CertificateError when it is no PKCS#12 file, the password does not open it, or key and certificate do not fit */
export function readPkcs12(file: Buffer, password: string): Bundle {
  const bundle = open(file, password)
  const keys = [...bagsOf(bundle, forge.pki.oids['pkcs8ShroudedKeyBag']!), ...bagsOf(bundle, forge.pki.oids['keyBag']!)]
  if (keys.length !== 1)
    throw new CertificateError(`the bundle holds ${keys.length} private keys; export exactly one with its certificate`)
  const key = createPrivateKey({ key: keyDer(keys[0]!), format: 'der', type: 'pkcs8' })
  const certificates = bagsOf(bundle, forge.pki.oids['certBag']!).map(certificateOf)
  const own = certificates.find(certificate => certificate.checkPrivateKey(key))
  if (!own) throw new CertificateError('no certificate of the bundle belongs to its private key')
  return {
    privateKeyPem: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
    certificatePem: own.toString(),
    authorityPems: certificates.filter(certificate => certificate !== own).map(certificate => certificate.toString()),
  }
}

function open(file: Buffer, password: string): forge.pkcs12.Pkcs12Pfx {
  let asn1: forge.asn1.Asn1
  try {
    asn1 = forge.asn1.fromDer(file.toString('binary'))
  } catch {
    throw new CertificateError('this is not a PKCS#12 file (.p12, .pfx)')
  }
  try {
    return forge.pkcs12.pkcs12FromAsn1(asn1, password)
  } catch {
    throw new CertificateError('the password does not open this bundle, or the file is damaged')
  }
}

const bagsOf = (bundle: forge.pkcs12.Pkcs12Pfx, bagType: string): forge.pkcs12.Bag[] =>
  bundle.getBags({ bagType })[bagType] ?? []

const der = (asn1: forge.asn1.Asn1): Buffer => Buffer.from(forge.asn1.toDer(asn1).getBytes(), 'binary')

/** node-forge understands RSA and hands over everything else as it stood in the file. */
const keyDer = (bag: forge.pkcs12.Bag): Buffer =>
  der(bag.key ? forge.pki.wrapRsaPrivateKey(forge.pki.privateKeyToAsn1(bag.key)) : bag.asn1)

const certificateOf = (bag: forge.pkcs12.Bag): X509Certificate =>
  new X509Certificate(der(bag.cert ? forge.pki.certificateToAsn1(bag.cert) : bag.asn1))
