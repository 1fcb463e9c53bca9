import type { AuditEvent } from '../audit/audit.js'
import type { Instant } from '../base/clock.js'
import type { ImportPlan, Replacing, RosterRecord } from '../identity/roster.js'
import type { SchoolCode } from '../words/school.js'

export interface Taking extends Replacing {
  /** What this file is known by, from before it is read until it is put away. */
  readonly token: string
  readonly journal: string
  readonly school: SchoolCode
  readonly records: readonly RosterRecord[]
  readonly now: Instant
  readonly event: (plan: ImportPlan) => AuditEvent
}

export interface Intake {
  /**
   * One transaction: the token is remembered, the list replaced, the event recorded.
   *
   * @returns undefined when the token is known: the file was imported before, and nothing is written
   */
  take(taking: Taking): Promise<ImportPlan | undefined>
  /** Whether a file of this token was imported. */
  taken(token: string): Promise<boolean>
}
