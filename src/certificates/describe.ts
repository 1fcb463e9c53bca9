import { X509Certificate, type KeyObject } from 'node:crypto'
import type { Instant } from '../base/clock.js'
import { CertificateError } from './certificate-error.js'

export interface CertificateDescription {
  /** `CN=…, O=…` */
  readonly subject: string
  readonly issuer: string
  readonly selfSigned: boolean
  /** Colon-free lower-case hex: what people compare over the telephone. */
  readonly sha256: string
  readonly serialNumber: string
  readonly notBefore: Instant
  readonly notAfter: Instant
  /** `RSA 3072`, `EC prime256v1`. */
  readonly key: string
  /** `DNS:localhost`, `IP Address:127.0.0.1` */
  readonly altNames: readonly string[]
  readonly isAuthority: boolean
}

/** @throws CertificateError when the text is no certificate */
export function describeCertificate(pem: string): CertificateDescription {
  const certificate = read(pem)
  return {
    subject: oneLine(certificate.subject),
    issuer: oneLine(certificate.issuer),
    selfSigned: certificate.checkIssued(certificate) && certificate.verify(certificate.publicKey),
    sha256: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
    serialNumber: certificate.serialNumber.toLowerCase(),
    notBefore: Date.parse(certificate.validFrom),
    notAfter: Date.parse(certificate.validTo),
    key: describeKey(certificate.publicKey),
    altNames: certificate.subjectAltName?.split(', ') ?? [],
    isAuthority: certificate.ca,
  }
}

function read(pem: string): X509Certificate {
  try {
    return new X509Certificate(pem)
  } catch {
    throw new CertificateError('this is not an X.509 certificate in PEM form (-----BEGIN CERTIFICATE-----)')
  }
}

/** Of a name without any part Node makes no text at all, whatever its types say. */
const oneLine = (name: string | undefined): string => name?.trim().replaceAll('\n', ', ') ?? ''

function describeKey(key: KeyObject): string {
  const { modulusLength, namedCurve } = key.asymmetricKeyDetails ?? {}
  const kind = key.asymmetricKeyType?.toUpperCase() ?? 'unknown'
  return [kind, modulusLength ?? namedCurve].filter(part => part !== undefined).join(' ')
}
