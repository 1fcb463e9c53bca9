/**
 * Confirm: a second confirmation that the person is who signed in, by a code sent to an address that the IdP vouches for.
 * Does not touch: how messages leave (courier), where it is asked (login), pages (web).
 * Called by: login, cabinet, the command line.
 */
import type { Person } from '../words/person.js'
import { ways, type Way } from '../words/way.js'

/** Where a message may go: it came in the assertion, and nobody can type another one. */
export interface Contact {
  readonly way: Way
  /** An e-mail address, or the digits of a telephone number with those of its country first. */
  readonly to: string
}

/** RFC 5321, 4.1.2, without quoted names, which no mailbox in use has: nothing in it could end a header or begin another address. */
const EMAIL = /^[\w.!#$%&'*+/=?^`{|}~-]{1,64}@(?=.{3,253}$)[\p{L}\p{N}-]{1,63}(\.[\p{L}\p{N}-]{1,63})+$/u

export const readEmail = (text: string): string | undefined => (EMAIL.test(text) ? text : undefined)

/** `+7(900)123-45-67` and `8 900 …` → `79001234567`; ITU-T E.164 allows 15 digits. */
export function readPhone(text: string): string | undefined {
  if (!/^\+?[\d ().-]{7,30}$/.test(text)) return undefined
  const digits = text.replace(/\D/g, '')
  if (/^[78]\d{10}$/.test(digits) && !text.startsWith('+8')) return `7${digits.slice(1)}`
  return text.startsWith('+') && digits.length >= 8 && digits.length <= 15 ? digits : undefined
}

/** In the order in which they are offered. @param open what the settings have a gateway for */
export function contactsOf(
  { email, mobile }: Pick<Person, 'email' | 'mobile'>,
  open: readonly Way[],
): readonly Contact[] {
  const known: Readonly<Record<Way, string | undefined>> = {
    email: email === undefined ? undefined : readEmail(email),
    sms: mobile === undefined ? undefined : readPhone(mobile),
  }
  return ways.flatMap(way => {
    const to = known[way]
    return to === undefined || !open.includes(way) ? [] : [{ way, to }]
  })
}

/** `и***@example.ru`, `+7 *** ***-45-95`: enough for whose it is, nothing for a stranger. */
export function masked({ way, to }: Contact): string {
  if (way === 'sms')
    return `+${to.length === 11 && to.startsWith('7') ? '7 ' : ''}*** ***-${to.slice(-4, -2)}-${to.slice(-2)}`
  const [name = '', host = ''] = to.split('@')
  return `${Array.from(name)[0] ?? ''}***@${host}`
}
