/** RSAES-OAEP decryption (RFC 8017, 7.1.2), also where label hash and mask hash differ, which node:crypto cannot do. */
import { constants, createHash, privateDecrypt, type KeyObject } from 'node:crypto'

export type OaepHash = 'sha1' | 'sha256' | 'sha384' | 'sha512'

export interface OaepCiphertext {
  readonly digest: OaepHash
  readonly mgf: OaepHash
  readonly label: Buffer
  readonly octets: Buffer
}

/** @returns the message, or undefined when this key does not open it, for whatever reason */
export function openOaep(key: KeyObject, { digest, mgf, label, octets }: OaepCiphertext): Buffer | undefined {
  try {
    if (digest !== mgf)
      return decode(privateDecrypt({ key, padding: constants.RSA_NO_PADDING }, octets), digest, mgf, label)
    return privateDecrypt(
      { key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: digest, oaepLabel: label },
      octets,
    )
  } catch {
    return undefined
  }
}

/**
 * EME-OAEP decoding, step 3. Every octet is looked at and nothing branches on the plaintext before the last line, where
 * all faults meet in one bit (Manger 2001: a difference between them opens the ciphertext).
 */
function decode(encoded: Buffer, digest: OaepHash, mgf: OaepHash, label: Buffer): Buffer | undefined {
  const labelHash = createHash(digest).update(label).digest()
  const size = labelHash.length
  if (encoded.length < 2 * size + 2) return undefined
  const seed = xor(encoded.subarray(1, size + 1), mask(encoded.subarray(size + 1), size, mgf))
  const block = xor(encoded.subarray(size + 1), mask(seed, encoded.length - size - 1, mgf))
  let wrong = encoded[0]!
  for (let i = 0; i < size; i++) wrong |= block[i]! ^ labelHash[i]!
  let start = 0
  let searching = 1
  for (let i = size; i < block.length; i++) {
    const octet = block[i]!
    const one = ((octet ^ 1) - 1) >>> 31 // 1 for the octet 1, else 0
    const zero = (octet - 1) >>> 31
    start |= -(searching & one) & (i + 1)
    wrong |= searching & (1 ^ one) & (1 ^ zero)
    searching &= 1 ^ one
  }
  return (wrong | searching) === 0 ? block.subarray(start) : undefined
}

/** MGF1 (RFC 8017, B.2.1). */
function mask(seed: Buffer, length: number, hash: OaepHash): Buffer {
  const parts: Buffer[] = []
  const counter = Buffer.alloc(4)
  for (let made = 0; made < length;) {
    counter.writeUInt32BE(parts.length)
    const part = createHash(hash).update(seed).update(counter).digest()
    parts.push(part)
    made += part.length
  }
  return Buffer.concat(parts, length)
}

function xor(a: Buffer, b: Buffer): Buffer {
  const result = Buffer.allocUnsafe(a.length)
  for (let i = 0; i < a.length; i++) result[i] = a[i]! ^ b[i]!
  return result
}
