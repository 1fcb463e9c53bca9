/** From the form field to text: RFC 4648 and UTF-8, taken at their word. */
import { Refusal } from '../base/refusal.js'

/** Octets of a decoded message. An honest response has 5 to 20 KB. */
export const MAX_OCTETS = 256 * 1024

/** The same in base64, with a line end after every 64 characters. */
const MAX_CHARACTERS = Math.ceil((MAX_OCTETS * 4) / 3 / 64) * 66

/** @throws Refusal `saml.too-large`, before anything is decoded */
export function checkSize(length: number, encoded: boolean): void {
  const most = encoded ? MAX_CHARACTERS : MAX_OCTETS
  if (length > most) throw new Refusal('saml.too-large', { length, most })
}

/**
 * Strict base64 (RFC 4648, section 4), its last bits included. Line ends may stand between groups of four, as MIME breaks
 * lines and old IdPs do; nothing else may.
 *
 * @throws Refusal `saml.not-base64`, `saml.too-large`
 */
export function decodeBase64(text: string): Buffer {
  const octets = readBase64(text)
  if (octets === undefined || octets.length === 0) throw new Refusal('saml.not-base64')
  checkSize(octets.length, false)
  return octets
}

/** @returns undefined when the text is not strict base64 */
export function readBase64(text: string): Buffer | undefined {
  const joined = text.includes('\n') ? joinLines(text) : text
  if (joined === undefined || joined.length % 4 !== 0) return undefined
  const octets = Buffer.from(joined, 'base64')
  // Buffer skips what it does not know; only the exact text comes back from what it understood
  return octets.toString('base64') === joined ? octets : undefined
}

function joinLines(text: string): string | undefined {
  const lines = text.replaceAll('\r\n', '\n').split('\n')
  return lines.some(line => line.length % 4 !== 0) ? undefined : lines.join('')
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** @throws Refusal `saml.not-utf8` */
export function decodeUtf8(octets: Uint8Array): string {
  try {
    return utf8.decode(octets)
  } catch (error) {
    if (error instanceof TypeError) throw new Refusal('saml.not-utf8')
    throw error
  }
}
