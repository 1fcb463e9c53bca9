/** Octets of files and variables become keys, or a sentence why not. Sentences never quote what they complain about. */
import { createPrivateKey, createPublicKey, type KeyObject, X509Certificate } from 'node:crypto'

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

/** PEM, PKCS#8 or the older forms of OpenSSL; EC P-256 or RSA of 2048 bits and more. */
export function readTokenKey(pem: Buffer): KeyObject {
  const key = readPrivateKey(pem)
  const { namedCurve, modulusLength = 0 } = key.asymmetricKeyDetails ?? {}
  if (key.asymmetricKeyType === 'ec' && namedCurve === 'prime256v1') return key
  if (key.asymmetricKeyType === 'rsa' && modulusLength >= 2048) return key
  return complain('must be a key of EC P-256 or RSA with at least 2048 bits')
}

/** RSA of 2048 bits and more: what the IdP encrypts for and what signs SAML. */
export function readSamlKey(pem: Buffer): KeyObject {
  const key = readPrivateKey(pem)
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0
  return key.asymmetricKeyType === 'rsa' && bits >= 2048 ? key : complain('must be an RSA key with at least 2048 bits')
}

function readPrivateKey(pem: Buffer): KeyObject {
  const text = pem.toString('latin1')
  if (text.includes('ENCRYPTED')) complain('is protected by a passphrase; remove it: openssl pkey -in OLD -out NEW')
  if (!/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text)) {
    complain(
      'holds no private key in PEM form (-----BEGIN PRIVATE KEY-----). Make one: npx --no-install bridge make-certs',
    )
  }
  try {
    return createPrivateKey(pem)
  } catch {
    return complain('holds a private key that cannot be read; it may be damaged')
  }
}

export function readCertificate(pem: Buffer): X509Certificate {
  if (!pem.toString('latin1').includes('-----BEGIN CERTIFICATE-----')) {
    complain('holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)')
  }
  try {
    return new X509Certificate(pem)
  } catch {
    return complain('holds a certificate that cannot be read; it may be damaged')
  }
}

/**
 * Whether both have the same public half. Compared as octets: after `KeyObject.equals` on keys of two types, and after a
 * failed `checkPrivateKey`, OpenSSL under Node 20 remembers the error and refuses the next key that is read.
 */
export const sameKey = (one: KeyObject, other: KeyObject): boolean => publicOctets(one).equals(publicOctets(other))

const publicOctets = (key: KeyObject): Buffer =>
  (key.type === 'public' ? key : createPublicKey(key)).export({ type: 'spki', format: 'der' })
