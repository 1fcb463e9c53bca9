/** What is kept for a time only. */
import type { Instant } from '../base/clock.js'

/** Milliseconds. */
export interface RetentionLimits {
  readonly loginAudit: number
  readonly securityAudit: number
  readonly unlinked: number
  readonly consents: number
}

export type Retained = keyof RetentionLimits

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
