/** Service tickets: what they look like, what is kept under one, and which service may have it. */
import { z } from 'zod'
import type { Chance } from '../../base/chance.js'

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const BITS = 160
/** Signs that 160 bits need in an alphabet of 62. */
const LENGTH = 27

/**
 * 160 bits as 30 characters: clients must take 32, and nothing but letters, digits and hyphens (CAS Protocol 3.0, 3.1.1,
 * 3.7).
 */
export function newTicket(chance: Chance): string {
  let left = BigInt(`0x${chance.bytes(BITS / 8).toString('hex')}`)
  let text = ''
  while (text.length < LENGTH) {
    text += ALPHABET[Number(left % 62n)]!
    left /= 62n
  }
  return `ST-${text}`
}

/** Of any CAS server: what looks otherwise was never a service ticket. */
export const looksLikeTicket = (text: string): boolean => /^ST-[A-Za-z0-9-]{1,253}$/.test(text)

const kept = z.object({
  service: z.string(),
  user: z.string(),
  attributes: z.record(z.string(), z.string()),
  fresh: z.boolean(),
})
/** What waits for the journal's server. */
export type Kept = z.output<typeof kept>

/** @returns undefined when another kind of journal left it */
export const readKept = (content: unknown): Kept | undefined => kept.safeParse(content).data

/**
 * Whether both name the same service: as text, once the percent-encoding of unreserved characters is taken off (RFC 3986,
 * 6.2.2.2), since clients differ in what they encode. Nothing else is forgiven.
 */
export const isSameService = (one: string, other: string): boolean => plain(one) === plain(other)

const plain = (address: string): string =>
  address.replace(/%([0-9A-Fa-f]{2})/g, (encoded, hex: string) => {
    const sign = String.fromCharCode(parseInt(hex, 16))
    return /[A-Za-z0-9._~-]/.test(sign) ? sign : encoded
  })
