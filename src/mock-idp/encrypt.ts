/** EncryptedAssertion: xmlenc with the key inside EncryptedData/KeyInfo, as ESIA nests it (docs/sources.md#esia). */
import { constants, createCipheriv, publicEncrypt, X509Certificate } from 'node:crypto'
import type { Chance } from '../base/chance.js'
import { algorithm, ENCRYPTED_ELEMENT, ns } from '../words/saml-names.js'
import { certificateText } from './sign.js'

export const TRIPLE_DES = 'http://www.w3.org/2001/04/xmlenc#tripledes-cbc'

export interface EncryptionForm {
  readonly data: string
  readonly transport: string
  /** Spoils IV, ciphertext and tag before they are written. */
  readonly cipher?: (octets: Buffer) => Buffer
  /** Spoils the wrapped key. */
  readonly wrappedKey?: (octets: Buffer) => Buffer
}

export const modernEncryption: EncryptionForm = { data: algorithm.aes256Gcm, transport: algorithm.rsaOaepMgf1p }
export const legacyEncryption: EncryptionForm = { data: algorithm.aes128Cbc, transport: algorithm.rsaOaepMgf1p }

/** Block ciphers: key octets, IV octets, OpenSSL's name. */
const ciphers: Readonly<Record<string, { key: number; iv: number; name: string }>> = {
  [algorithm.aes128Gcm]: { key: 16, iv: 12, name: 'aes-128-gcm' },
  [algorithm.aes192Gcm]: { key: 24, iv: 12, name: 'aes-192-gcm' },
  [algorithm.aes256Gcm]: { key: 32, iv: 12, name: 'aes-256-gcm' },
  [algorithm.aes128Cbc]: { key: 16, iv: 16, name: 'aes-128-cbc' },
  [algorithm.aes192Cbc]: { key: 24, iv: 16, name: 'aes-192-cbc' },
  [algorithm.aes256Cbc]: { key: 32, iv: 16, name: 'aes-256-cbc' },
  [TRIPLE_DES]: { key: 24, iv: 8, name: 'des-ede3-cbc' },
}

/** xmlenc-core1 5.2: gcm is IV, ciphertext, 16 octets of tag; cbc pads with anything, the last octet tells how much. */
function seal(plain: Buffer, key: Buffer, cipher: { iv: number; name: string }, chance: Chance): Buffer {
  const iv = chance.bytes(cipher.iv)
  if (cipher.name.endsWith('gcm')) {
    const gcm = createCipheriv(cipher.name as 'aes-256-gcm', key, iv)
    return Buffer.concat([iv, gcm.update(plain), gcm.final(), gcm.getAuthTag()])
  }
  const block = cipher.iv
  const pad = block - (plain.length % block)
  const padding = chance.bytes(pad)
  padding[pad - 1] = pad
  const cbc = createCipheriv(cipher.name, key, iv).setAutoPadding(false)
  return Buffer.concat([iv, cbc.update(Buffer.concat([plain, padding])), cbc.final()])
}

function wrapKey(key: Buffer, certificatePem: string, transport: string): Buffer {
  const publicKey = new X509Certificate(certificatePem).publicKey
  if (transport === algorithm.rsa15) return publicEncrypt({ key: publicKey, padding: constants.RSA_PKCS1_PADDING }, key)
  // rsa-oaep-mgf1p is SHA-1 throughout; xmlenc11 rsa-oaep is written here with SHA-256 for digest and MGF
  const oaepHash = transport === algorithm.rsaOaep ? 'sha256' : 'sha1'
  return publicEncrypt({ key: publicKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash }, key)
}

function transportMethod(transport: string): string {
  if (transport === algorithm.rsa15) return `<xenc:EncryptionMethod Algorithm="${transport}"/>`
  const digest = transport === algorithm.rsaOaep ? algorithm.sha256 : algorithm.sha1
  const mgf =
    transport === algorithm.rsaOaep
      ? `<xenc11:MGF xmlns:xenc11="${ns.xenc11}" Algorithm="${algorithm.mgf1Sha256}"/>`
      : ''
  return (
    `<xenc:EncryptionMethod Algorithm="${transport}"><ds:DigestMethod Algorithm="${digest}"/>${mgf}` +
    `</xenc:EncryptionMethod>`
  )
}

/** @param plaintext octets of one Assertion element, its namespaces declared in itself */
export function encryptAssertion(
  plaintext: string,
  certificatePem: string,
  form: EncryptionForm,
  chance: Chance,
): string {
  const cipher = ciphers[form.data]
  if (!cipher) throw new RangeError(`no cipher is known for ${form.data}`)
  const key = chance.bytes(cipher.key)
  const sealed = seal(Buffer.from(plaintext), key, cipher, chance)
  const wrapped = wrapKey(key, certificatePem, form.transport)
  const value = (octets: Buffer): string =>
    `<xenc:CipherData><xenc:CipherValue>${octets.toString('base64')}</xenc:CipherValue></xenc:CipherData>`
  const recipient = `<ds:KeyInfo><ds:X509Data><ds:X509Certificate>${certificateText(certificatePem)}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>`
  return (
    `<saml2:EncryptedAssertion xmlns:saml2="${ns.assertion}"><xenc:EncryptedData xmlns:xenc="${ns.xenc}" ` +
    `Id="_${chance.bytes(16).toString('hex')}" Type="${ENCRYPTED_ELEMENT}"><xenc:EncryptionMethod Algorithm="${form.data}"/>` +
    `<ds:KeyInfo xmlns:ds="${ns.ds}"><xenc:EncryptedKey Id="_${chance.bytes(16).toString('hex')}">` +
    `${transportMethod(form.transport)}${recipient}${value(form.wrappedKey?.(wrapped) ?? wrapped)}</xenc:EncryptedKey></ds:KeyInfo>` +
    `${value(form.cipher?.(sealed) ?? sealed)}</xenc:EncryptedData></saml2:EncryptedAssertion>`
  )
}
