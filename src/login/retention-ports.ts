/** What is kept for a time only. */
import type { Instant } from '../base/clock.js'

/** Milliseconds. */
export interface RetentionLimits {
  readonly loginAudit: number
  readonly securityAudit: number
  readonly unlinked: number
  readonly consents: number
}

/**
 * Beside what the settings give a time: wishes about notices of people who left, devices not seen for long, notices that nobody
 * sent, accounts that a journal was asked for and never named, and such as it made and their person took off.
 */
export type Retained = keyof RetentionLimits | 'choices' | 'devices' | 'messages' | 'creations' | 'created'

export interface Retention {
  /** How many records would go at `now`. Writes nothing. */
  plan(now: Instant, limits: RetentionLimits): Promise<Readonly<Record<Retained, number>>>
  /**
   * Deletes up to `most` records of one kind, the oldest first, in one transaction: whoever goes on until it answers less lets logins
   * through in between.
   *
   * @returns how many
   */
  delete(kind: Retained, now: Instant, limits: RetentionLimits, most: number): Promise<number>
}
