import type { Instant } from '../base/clock.js'
import type { Deposit } from '../journals/connector.js'
import type { SessionKey } from '../sessions/sessions.js'

/** A browser inside a journal whose own proxy asks us about every request. It ends with the session, and not later. */
export interface Visit {
  readonly journal: string
  readonly session: SessionKey
  /** What the journal's gate made, to be read by it again. */
  readonly content: Deposit['content']
}

export interface FoundVisit extends Visit {
  /** The idle end of the session lies so far back that `Sessions.touch` would move it. */
  readonly touchable: boolean
}

export interface Visits {
  /**
   * One transaction. Of one session the last twenty visits are kept.
   *
   * @param secret what the browser will bring; only its hash is stored
   * @param before the one that this browser had in this journal until now: it ends
   * @returns false when the session is not open; then nothing is written
   */
  open(secret: string, visit: Visit, now: Instant, before?: string): Promise<boolean>
  /** @returns undefined when unknown, of another journal, or its session is not open any more */
  find(secret: string, journal: string, now: Instant): Promise<FoundVisit | undefined>
  /** Deletes those whose session is not open. @returns how many */
  sweep(now: Instant): Promise<number>
}
