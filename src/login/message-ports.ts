/** What messages to people need from outside: somebody who carries them. */
import type { AuditEvent } from '../audit/audit.js'
import type { Instant } from '../base/clock.js'
import type { RequestNumber } from '../base/request-number.js'
import type { NoticeKind } from '../words/notice.js'
import type { Person } from '../words/person.js'
import type { Way } from '../words/way.js'

/** One message to one person, ready to leave. */
export interface Message {
  readonly way: Way
  /** An e-mail address, or a telephone number as digits: 79001234567. */
  readonly to: string
  /** Of an e-mail. One line. */
  readonly subject: string
  /** Plain text. */
  readonly text: string
  /** The same for every attempt: whoever gets it twice can tell. */
  readonly id: string
}

export interface Postman {
  /** What the settings have a gateway for. */
  readonly ways: readonly Way[]
  /**
   * Hands a message over to the mail server or the gateway, within `PATIENCE`. Holds nothing meanwhile: to be called outside
   * of transactions.
   *
   * @returns why not, in some words that name neither person nor address; undefined when it was taken
   */
  send(message: Message): Promise<string | undefined>
}

/** A notice that waits to be sent; its address goes with it. */
export interface NewMessage {
  readonly id: string
  readonly kind: NoticeKind
  readonly person: Person
  readonly number: RequestNumber
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly at: Instant
}

/** The same as whoever sends it sees it. */
export interface WaitingMessage extends Omit<NewMessage, 'person' | 'at'> {
  readonly since: Instant
  /** How often it was put off. */
  readonly attempts: number
}

/**
 * Notices are written in the transaction of what they tell of (Logins, Links, Codes, Consents), unless the person does not want
 * that kind, and deleted as soon as they were sent.
 */
export interface Outbox {
  /** Takes up to `most` that are due, the oldest first, and puts them off until `until`: nobody else sends the same meanwhile. */
  due(now: Instant, until: Instant, most: number): Promise<readonly WaitingMessage[]>
  /** Counts an attempt. */
  putOff(id: string, until: Instant): Promise<void>
  forget(id: string): Promise<void>
}

/** What people do not want to be told. */
export interface NoticeChoices {
  off(person: Person): Promise<readonly NoticeKind[]>
  /** One transaction with its event, and with a message that is sent whatever was chosen. */
  choose(person: Person, off: readonly NoticeKind[], event: AuditEvent, message?: NewMessage): Promise<void>
}
