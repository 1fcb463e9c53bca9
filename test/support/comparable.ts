/** Encrypting draws chance of its own: what makes two messages of one injected chance comparable all the same. */
import { privateDecrypt, type KeyObject } from 'node:crypto'

/** OAEP is undone: the wrapped key is replaced by the key inside, and what was signed over it is left out. */
export function comparable(base64: string, decryptionKey: KeyObject): string {
  const octets = Buffer.from(base64, 'base64')
  if (octets.toString('base64') !== base64) return base64 // no strict base64: spoilt already
  const text = octets.toString('latin1')
  const wrapped = /<xenc:CipherValue>([^<]+)</.exec(text)?.[1]
  if (wrapped === undefined) return base64
  try {
    const inside = privateDecrypt({ key: decryptionKey, oaepHash: 'sha1' }, Buffer.from(wrapped, 'base64'))
    return text
      .replace(wrapped, inside.toString('base64'))
      .replace(/<ds:DigestValue>[^<]+/, '')
      .replace(/<ds:SignatureValue>[^<]+/, '')
  } catch {
    return base64
  }
}
