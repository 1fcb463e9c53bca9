/** The memory behind the second confirmation: codes that were sent, and devices that people trust. */
import type { AuditEvent } from '../audit/audit.js'
import type { Instant } from '../base/clock.js'
import type { ConfirmCode } from '../confirm/code.js'
import type { SessionKey } from '../sessions/sessions.js'
import type { DeviceKey, Purpose } from '../words/confirming.js'
import type { Person } from '../words/person.js'
import type { Way } from '../words/way.js'
import type { NewMessage } from './message-ports.js'

/** A code that was sent. */
export interface Confirmation {
  readonly id: string
  readonly way: Way
  readonly sentAt: Instant
  readonly expiresAt: Instant
  /** No answer to it counts any more. */
  readonly locked: boolean
  /** The right answer came. */
  readonly confirmedAt?: Instant
}

export interface NewConfirmation {
  readonly id: string
  readonly session: SessionKey
  readonly purpose: Purpose
  readonly way: Way
  readonly code: ConfirmCode
  readonly sentAt: Instant
  readonly expiresAt: Instant
}

export interface CodeAnswer {
  readonly session: SessionKey
  readonly purpose: Purpose
  readonly code: ConfirmCode
  readonly person: Person
  /** IP address, or the network that stands for a household. */
  readonly address: string
  readonly now: Instant
  /** The person wants this device to be remembered. */
  readonly remember?: NewDevice
}

export interface NewDevice {
  readonly id: string
  readonly key: DeviceKey
  /** The browser as it names itself. */
  readonly name: string
  readonly trustedUntil: Instant
}

/** `confirmed-before`: given twice, it is right twice, and nothing is written the second time. */
export type Answered = 'confirmed' | 'confirmed-before' | 'wrong' | 'locked' | 'expired' | 'limit'

/** Codes are kept as HMACs, bound to session and purpose; nobody reads one again. */
export interface Confirmations {
  /** The latest of this purpose in this session. */
  find(session: SessionKey, purpose: Purpose): Promise<Confirmation | undefined>
  /** One transaction with its event. Earlier codes of the same purpose and session count no more. */
  start(confirmation: NewConfirmation, event: AuditEvent): Promise<void>
  /** It never left the house. */
  drop(id: string): Promise<void>
  /**
   * One transaction: a wrong answer is counted against code, person and address, the right one uses the code up, remembers
   * the device and is recorded.
   */
  answer(answer: CodeAnswer, event: AuditEvent): Promise<Answered>
  sweep(now: Instant): Promise<number>
}

export interface Device {
  readonly id: string
  /** The browser as it named itself. */
  readonly name: string
  readonly since: Instant
  /** The second confirmation is left out there until then. */
  readonly trustedUntil: Instant
}

/** Somebody signed in on a device: one that was seen with this person before, or a new one. */
export type Sighting = { readonly person: Person; readonly now: Instant } & (
  | { readonly at: 'known'; readonly keys: readonly DeviceKey[] }
  | { readonly at: 'new'; readonly device: Omit<NewDevice, 'trustedUntil'>; readonly message?: NewMessage }
)

/**
 * Devices that were seen, and those on which the person need not confirm twice. Trust ends with its time, with a link that ends, with a consent that is
 * withdrawn, and when the person comes with another СНИЛС.
 */
export interface Devices {
  /** Whether the person was seen on one of them before. */
  knows(keys: readonly DeviceKey[], person: Person): Promise<boolean>
  trusts(keys: readonly DeviceKey[], person: Person, now: Instant): Promise<boolean>
  /** Those that are trusted, the latest first. */
  of(person: Person, now: Instant): Promise<readonly Device[]>
  /** One transaction with its event. @returns false when it is none of the person's; then nothing is written */
  forget(person: Person, id: string, event: AuditEvent): Promise<boolean>
  sweep(now: Instant): Promise<number>
}
