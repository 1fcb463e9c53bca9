/**
 * An encrypted element to text (xmlenc-core1 3 and 5, saml-core 2.3.4). From the first private-key operation on, every failure
 * is the same refusal: whoever sends ciphertexts learns nothing from the answer about what came out of them.
 */
import { createDecipheriv, randomBytes, type CipherGCMTypes } from 'node:crypto'
import { Refusal } from '../base/refusal.js'
import { algorithm, ENCRYPTED_ELEMENT, ns } from '../words/saml-names.js'
import { refusedAlgorithm } from './algorithms.js'
import { decodeUtf8, readBase64 } from './decode.js'
import { openOaep, type OaepHash } from './oaep.js'
import { attribute, childElements, childNamed, childrenNamed, textOf, type XmlElement } from './tree.js'
import type { SpKey, TrustedIdp } from './trust.js'

interface Cipher {
  readonly name: string
  readonly keyLength: 16 | 24 | 32
  readonly mode: 'gcm' | 'cbc'
}

const CIPHERS: Readonly<Record<string, Cipher>> = {
  [algorithm.aes128Gcm]: { name: 'aes-128-gcm', keyLength: 16, mode: 'gcm' },
  [algorithm.aes192Gcm]: { name: 'aes-192-gcm', keyLength: 24, mode: 'gcm' },
  [algorithm.aes256Gcm]: { name: 'aes-256-gcm', keyLength: 32, mode: 'gcm' },
  [algorithm.aes128Cbc]: { name: 'aes-128-cbc', keyLength: 16, mode: 'cbc' },
  [algorithm.aes192Cbc]: { name: 'aes-192-cbc', keyLength: 24, mode: 'cbc' },
  [algorithm.aes256Cbc]: { name: 'aes-256-cbc', keyLength: 32, mode: 'cbc' },
}

const HASHES: Readonly<Record<string, OaepHash>> = {
  [algorithm.sha1]: 'sha1',
  [algorithm.sha256]: 'sha256',
  [algorithm.sha384]: 'sha384',
  [algorithm.sha512]: 'sha512',
}
const MGF_HASHES: Readonly<Record<string, OaepHash>> = {
  [algorithm.mgf1Sha1]: 'sha1',
  [algorithm.mgf1Sha256]: 'sha256',
  'http://www.w3.org/2009/xmlenc11#mgf1sha384': 'sha384',
  'http://www.w3.org/2009/xmlenc11#mgf1sha512': 'sha512',
}

/** A key encrypted to one of our certificates. */
interface WrappedKey {
  readonly digest: OaepHash
  readonly mgf: OaepHash
  readonly label: Buffer
  readonly octets: Buffer
}

/** An EncryptedAssertion, read and allowed, but not yet opened. */
export interface Sealed {
  readonly cipher: Cipher
  readonly algorithm: string
  readonly octets: Buffer
  readonly keys: readonly WrappedKey[]
}

/** What the settings allow or forbid the IdP. */
export type EncryptionRules = Pick<TrustedIdp, 'cbc' | 'refusedAlgorithms'>

/** Keys tried for one assertion: an IdP may encrypt to each of our certificates. */
const MAX_WRAPPED_KEYS = 8

/**
 * Reads what an EncryptedAssertion says about itself; no key is touched.
 *
 * @param insideSigned whether a verified signature covers it: then nobody else chose the ciphertext
 * @throws Refusal `saml.algorithm`, `saml.decryption`
 */
export function readSealed(encrypted: XmlElement, rules: EncryptionRules, insideSigned: boolean): Sealed {
  const { cbc, refusedAlgorithms } = rules
  const data = childNamed(encrypted, ns.xenc, 'EncryptedData')
  const uri = methodOf(data)
  const cipher = Object.hasOwn(CIPHERS, uri) ? CIPHERS[uri] : undefined
  const allowed = cipher?.mode === 'gcm' || cbc === 'any' || (cbc === 'signed-response' && insideSigned)
  if (data === undefined || cipher === undefined || !allowed || refusedAlgorithms?.includes(uri))
    throw refusedAlgorithm('encryption', uri)
  // saml-core 2.3.4: what is encrypted is an element; the contents of one would be read in another place than they were in
  const type = attribute(data, 'Type')
  if (type !== undefined && type !== ENCRYPTED_ELEMENT) throw new Refusal('saml.decryption', { what: 'no Element' })
  const inside = childNamed(data, ns.ds, 'KeyInfo')
  const keys = [
    ...(inside === undefined ? [] : childrenNamed(inside, ns.xenc, 'EncryptedKey')),
    ...childrenNamed(encrypted, ns.xenc, 'EncryptedKey'),
  ]
  if (keys.length === 0 || keys.length > MAX_WRAPPED_KEYS) throw new Refusal('saml.decryption', { keys: keys.length })
  return { cipher, algorithm: uri, octets: cipherValue(data), keys: keys.map(key => readWrappedKey(key, rules)) }
}

/**
 * Tries each of our keys on each encrypted key, until one unwraps it.
 *
 * @returns the plaintext, on which nobody may rely before its signature was verified
 * @throws Refusal `saml.decryption`, always without facts
 */
export function open(sealed: Sealed, ours: readonly SpKey[]): string {
  const key = wrappedFor(sealed, ours)
  // none fits: go on with a key of chance, so that neither time nor answer tells which half failed
  const text = plaintextOf(sealed, key ?? randomBytes(sealed.cipher.keyLength))
  if (key === undefined || text === undefined) throw new Refusal('saml.decryption')
  return text
}

/**
 * The first key that unwraps is the key: OAEP does not open by chance. No further one is tried when the plaintext is wrong,
 * or the time of another private-key operation would tell wrong padding from right padding.
 */
function wrappedFor({ cipher, keys }: Sealed, ours: readonly SpKey[]): Buffer | undefined {
  for (const { privateKey } of ours) {
    for (const wrapped of keys) {
      const key = openOaep(privateKey, wrapped)
      if (key?.length === cipher.keyLength) return key
    }
  }
  return undefined
}

/** @returns undefined whatever goes wrong: it is nobody's business what did */
function plaintextOf(sealed: Sealed, key: Buffer): string | undefined {
  try {
    if (sealed.cipher.mode === 'gcm') return decodeUtf8(openGcm(sealed, key))
    const { octets, padded } = openCbc(sealed, key)
    const text = decodeUtf8(octets)
    return padded ? text : undefined
  } catch {
    return undefined
  }
}

const methodOf = (parent: XmlElement | undefined): string => {
  const method = parent && childNamed(parent, ns.xenc, 'EncryptionMethod')
  return (method && attribute(method, 'Algorithm')) ?? ''
}

function readWrappedKey(element: XmlElement, { refusedAlgorithms = [] }: EncryptionRules): WrappedKey {
  const uri = methodOf(element)
  if ((uri !== algorithm.rsaOaepMgf1p && uri !== algorithm.rsaOaep) || refusedAlgorithms.includes(uri))
    throw refusedAlgorithm('key transport', uri)
  const parameters = childElements(childNamed(element, ns.xenc, 'EncryptionMethod')!)
  const named = (local: string): XmlElement | undefined => parameters.find(each => each.local === local)
  // xmlenc-core1 5.5.2: SHA-1 and MGF1 with SHA-1 are the defaults; the older URI fixes the latter
  const digest = hashOf(named('DigestMethod'), HASHES)
  const mgf = uri === algorithm.rsaOaep ? hashOf(named('MGF'), MGF_HASHES) : 'sha1'
  const label = named('OAEPparams')
  return { digest, mgf, label: label ? base64Text(label) : Buffer.alloc(0), octets: cipherValue(element) }
}

function hashOf(element: XmlElement | undefined, allowed: Readonly<Record<string, OaepHash>>): OaepHash {
  if (element === undefined) return 'sha1'
  const uri = attribute(element, 'Algorithm') ?? ''
  const hash = Object.hasOwn(allowed, uri) ? allowed[uri] : undefined
  if (hash === undefined) throw refusedAlgorithm('key transport digest', uri)
  return hash
}

/** CipherReference, which would have us fetch something, has no CipherValue. */
function cipherValue(parent: XmlElement): Buffer {
  const data = childNamed(parent, ns.xenc, 'CipherData')
  const value = data && childNamed(data, ns.xenc, 'CipherValue')
  if (value === undefined) throw new Refusal('saml.decryption', { what: 'no CipherValue' })
  return base64Text(value)
}

function base64Text(element: XmlElement): Buffer {
  const octets = readBase64(textOf(element).replace(/[ \t\n\r]+/g, ''))
  if (octets === undefined) throw new Refusal('saml.decryption', { what: `${element.local} is not base64` })
  return octets
}

const IV_GCM = 12
const TAG_GCM = 16
const BLOCK = 16

/** xmlenc-core1 5.2.4: 96 bits of IV, ciphertext, 128 bits of tag; a shorter tag is not accepted. */
function openGcm({ cipher, octets }: Sealed, key: Buffer): Buffer {
  if (octets.length <= IV_GCM + TAG_GCM) throw new RangeError('too short')
  const decipher = createDecipheriv(cipher.name as CipherGCMTypes, key, octets.subarray(0, IV_GCM), {
    authTagLength: TAG_GCM,
  })
  decipher.setAuthTag(octets.subarray(-TAG_GCM))
  return Buffer.concat([decipher.update(octets.subarray(IV_GCM, -TAG_GCM)), decipher.final()])
}

/**
 * xmlenc-core1 5.2.1: the last octet counts the padding, whose other octets are arbitrary (not PKCS#7). Wrong padding is
 * taken for one octet, and told only after the text was decoded: padding alone must not make a difference in time.
 */
function openCbc({ cipher, octets }: Sealed, key: Buffer): { octets: Buffer; padded: boolean } {
  if (octets.length < 2 * BLOCK || octets.length % BLOCK !== 0) throw new RangeError('not whole blocks')
  const decipher = createDecipheriv(cipher.name, key, octets.subarray(0, BLOCK)).setAutoPadding(false)
  const padded = Buffer.concat([decipher.update(octets.subarray(BLOCK)), decipher.final()])
  const padding = padded.at(-1)!
  const right = padding >= 1 && padding <= BLOCK
  return { octets: padded.subarray(0, padded.length - (right ? padding : 1)), padded: right }
}
