/**
 * Nothing is really sent: what would come by SMS, letter, call or app lies here, for the browser that caused it. Another
 * browser sees none of it.
 */
import type { Instant } from '../../base/clock.js'

export interface Message {
  readonly at: Instant
  /** «СМС», «Письмо», «Звонок», «Приложение». */
  readonly by: string
  /** The telephone or address, with stars in it. */
  readonly to: string
  readonly text: string
}

const MOST_MESSAGES = 30
const MOST_BROWSERS = 1_000

export class Inbox {
  readonly #by = new Map<string, Message[]>()

  /** @param device the browser's id */
  put(device: string, message: Message): void {
    const messages = [message, ...this.of(device)].slice(0, MOST_MESSAGES)
    this.#by.delete(device)
    this.#by.set(device, messages)
    const [oldest] = this.#by.keys()
    if (this.#by.size > MOST_BROWSERS && oldest !== undefined) this.#by.delete(oldest)
  }

  /** The newest first. */
  of(device: string): readonly Message[] {
    return this.#by.get(device) ?? []
  }
}

/** `+7(000)0000001` becomes `+7 *** ***-00-01`. */
export const starredPhone = (phone: string): string => {
  const digits = phone.replace(/\D/g, '')
  return `+${digits[0] ?? ''} *** ***-${digits.slice(-4, -2)}-${digits.slice(-2)}`
}

/** `mother@mail.example` becomes `m***@mail.example`. */
export const starredEmail = (email: string): string => email.replace(/^(.)[^@]*/, '$1***')
