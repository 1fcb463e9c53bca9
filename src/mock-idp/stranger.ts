/** A key that nobody trusts, in a certificate that looks like the IdP's: for faults only. */
import { createPublicKey, generateKeyPairSync, X509Certificate, type KeyObject } from 'node:crypto'
import type { Signer } from './sign.js'

const keys = new Map<number, KeyObject>()

/** Made once for each size: the size must fit, so that the cloned certificate keeps the lengths of its DER. */
function foreignKey(modulusLength: number): KeyObject {
  const known = keys.get(modulusLength) ?? generateKeyPairSync('rsa', { modulusLength }).privateKey
  keys.set(modulusLength, known)
  return known
}

/** Subject, issuer, serial number and dates are the honest certificate's; the public key is the stranger's. */
export function strangerLike(honest: Signer): Signer {
  const certificate = new X509Certificate(honest.certificatePem)
  const key = foreignKey(certificate.publicKey.asymmetricKeyDetails?.modulusLength ?? 2048)
  const spki = (of: KeyObject): Buffer => of.export({ type: 'spki', format: 'der' })
  const at = certificate.raw.indexOf(spki(certificate.publicKey))
  const der = Buffer.from(certificate.raw)
  spki(createPublicKey(key)).copy(der, at)
  const lines = der.toString('base64').replace(/.{64}(?=.)/g, '$&\n')
  return { key, certificatePem: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n` }
}
