/** RSAES-OAEP encryption (RFC 8017, 7.1.1) with any pair of hashes, which node:crypto does not offer. For tests: shares nothing with oaep.ts. */
import { constants, createHash, publicEncrypt, randomBytes, type KeyObject } from 'node:crypto'

export interface OaepHashes {
  readonly digest: 'sha1' | 'sha256' | 'sha384' | 'sha512'
  readonly mgf: 'sha1' | 'sha256' | 'sha384' | 'sha512'
}

export function sealOaep(key: KeyObject, message: Buffer, { digest, mgf }: OaepHashes, label = ''): Buffer {
  const size = key.asymmetricKeyDetails!.modulusLength! / 8
  const hash = createHash(digest).update(label).digest()
  const zeros = Buffer.alloc(size - message.length - 2 * hash.length - 2)
  const block = Buffer.concat([hash, zeros, Buffer.from([1]), message])
  const seed = randomBytes(hash.length)
  const maskedBlock = masked(block, seed, mgf)
  const encoded = Buffer.concat([Buffer.from([0]), masked(seed, maskedBlock, mgf), maskedBlock])
  return publicEncrypt({ key, padding: constants.RSA_NO_PADDING }, encoded)
}

/** The octets XOR MGF1 of the seed. */
function masked(octets: Buffer, seed: Buffer, hash: string): Buffer {
  const step = createHash(hash).digest().length
  const result = Buffer.from(octets)
  for (let counter = 0; counter * step < octets.length; counter++) {
    const number = Buffer.from([0, 0, counter >> 8, counter & 0xff])
    const part = createHash(hash).update(seed).update(number).digest()
    for (let i = 0; i < step && counter * step + i < octets.length; i++) result[counter * step + i]! ^= part[i]!
  }
  return result
}
