/** Octets of files and variables become keys, or a sentence why not. Sentences never quote what they complain about. */
import { createHash, createPublicKey, type KeyObject, X509Certificate } from 'node:crypto'
import { CertificateError } from '../certificates/certificate-error.js'
import { readMaterial, type Material } from '../certificates/read.js'
import type { TrustedKey } from '../saml/trust.js'

/** What complains is thrown as a RangeError: the text completes "…: ". */
const complain = (message: string): never => {
  throw new RangeError(message)
}

/**
 * 32 octets: raw, or as hex or base64 text with or without a line end.
 * 32 octets of readable text are a password, not a key, and refused.
 */
export function readKey32(octets: Buffer): Buffer {
  const isText = octets.every(octet => octet === 10 || octet === 13 || (octet >= 32 && octet < 127))
  if (!isText) return octets.length === 32 ? octets : complain(`must be 32 bytes, has ${octets.length}. ${KEY_FIX}`)
  const text = octets.toString('latin1').trim()
  if (/^[0-9A-Fa-f]{64}$/.test(text)) return Buffer.from(text, 'hex')
  if (/^[A-Za-z0-9+/_-]{43}=?$/.test(text)) return Buffer.from(text, 'base64') // 43 signs are 258 bits
  return complain(`must be 32 random bytes, raw or as base64 or hex text. ${KEY_FIX}`)
}

const KEY_FIX = 'Make one: openssl rand -base64 32'

/** At least 32 octets, used as they stand but for a line end. @returns base64 of them: express-session takes text */
export function readSessionSecret(octets: Buffer): string {
  let end = octets.length
  while (end > 0 && (octets[end - 1] === 10 || octets[end - 1] === 13)) end--
  if (end < 32) complain(`must be at least 32 bytes, has ${end}. ${KEY_FIX}`)
  return octets.subarray(0, end).toString('base64')
}

/** EC P-256 or RSA of 2048 bits and more, in any form without a password. */
export function readTokenKey(octets: Buffer): KeyObject {
  const key = onlyKey(material(octets, undefined, TOKEN_LOCKED), MAKE_ONE)
  const { namedCurve, modulusLength = 0 } = key.asymmetricKeyDetails ?? {}
  if (key.asymmetricKeyType === 'ec' && namedCurve === 'prime256v1') return key
  if (key.asymmetricKeyType === 'rsa' && modulusLength >= 2048) return key
  return complain('must be a key of EC P-256 or RSA with at least 2048 bits')
}

const MAKE_ONE = 'Make one: npx --no-install bridge make-certs'
const TOKEN_LOCKED = 'is protected by a passphrase; remove it: openssl pkey -in OLD -out NEW'

/** RSA of 2048 bits and more: what the IdP encrypts for and what signs SAML. */
export function readSamlKey(octets: Buffer, password?: string): KeyObject {
  const key = onlyKey(material(octets, password), MAKE_ONE)
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0
  return key.asymmetricKeyType === 'rsa' && bits >= 2048 ? key : complain('must be an RSA key with at least 2048 bits')
}

/** Every certificate of a file, chains included. */
export function readCertificates(octets: Buffer, password?: string): readonly X509Certificate[] {
  const found = material(octets, password)
  if (found.certificates.length > 0) return found.certificates
  const instead = found.keys.length > 0 ? 'a private key' : found.others[0]
  return complain(
    `holds no certificate, but ${instead ?? 'nothing that we know'}; the .crt, .cer or .pem file of this key belongs here`,
  )
}

function onlyKey({ keys, certificates, others }: Material, fix: string): KeyObject {
  const [key, ...more] = keys
  if (key && more.length === 0) return key
  if (key) return complain(`holds ${keys.length} private keys; leave the one that is meant`)
  const instead = certificates.length > 0 ? 'a certificate' : (others[0] ?? 'nothing that we know')
  return complain(`holds no private key, but ${instead}. ${fix}`)
}

function material(octets: Buffer, password: string | undefined, locked?: string): Material {
  try {
    return readMaterial(octets, password)
  } catch (error) {
    if (!(error instanceof CertificateError)) throw error
    return complain(locked !== undefined && error.message.includes('passphrase') ? locked : error.message)
  }
}

/**
 * Whether both have the same public half. Compared as octets: after `KeyObject.equals` on keys of two types, and after a
 * failed `checkPrivateKey`, OpenSSL under Node 20 remembers the error and refuses the next key that is read.
 */
export const sameKey = (one: KeyObject, other: KeyObject): boolean => publicOctets(one).equals(publicOctets(other))

const publicOctets = (key: KeyObject): Buffer =>
  (key.type === 'public' ? key : createPublicKey(key)).export({ type: 'spki', format: 'der' })

/**
 * Who may sign metadata: every certificate or public key of a PEM file, or one certificate as DER. Dates and issuers of the
 * certificates decide nothing (IIP-MD03): whoever put the file there chose its keys.
 */
export function readSigners(octets: Buffer): readonly TrustedKey[] {
  const blocks = octets.toString('latin1').match(/-----BEGIN (CERTIFICATE|PUBLIC KEY)-----[^-]+-----END \1-----/g)
  const keys = (blocks ?? [octets]).map(readSigner)
  for (const { key } of keys) {
    const { modulusLength = 0, namedCurve = '' } = key.asymmetricKeyDetails ?? {}
    if (key.asymmetricKeyType === 'rsa' ? modulusLength < 2048 : !SIGNING_CURVES.has(namedCurve))
      complain('holds a key that is too weak to sign metadata: RSA of 2048 bits or more, or P-256, P-384, P-521')
  }
  return keys
}

const SIGNING_CURVES = new Set(['prime256v1', 'secp384r1', 'secp521r1'])

function readSigner(block: string | Buffer): TrustedKey {
  try {
    if (typeof block === 'string' && block.includes('BEGIN PUBLIC KEY')) {
      const key = createPublicKey(block)
      return { key, fingerprint: sha256(key.export({ type: 'spki', format: 'der' })) }
    }
    const certificate = new X509Certificate(block)
    return {
      key: certificate.publicKey,
      fingerprint: sha256(certificate.raw),
      notAfter: Date.parse(certificate.validTo),
    }
  } catch {
    return complain('holds no certificate or public key (-----BEGIN CERTIFICATE----- or -----BEGIN PUBLIC KEY-----)')
  }
}

const sha256 = (octets: Buffer): string => createHash('sha256').update(octets).digest('hex')
