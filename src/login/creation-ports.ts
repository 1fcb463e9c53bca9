/** The memory behind accounts that journals make at a first login. */
import type { AuditEvent } from '../audit/audit.js'
import type { Instant } from '../base/clock.js'
import type { RequestNumber } from '../base/request-number.js'
import type { StandsThere } from '../identity/creating.js'
import type { NewLink } from '../identity/links.js'
import type { RosterRecord } from '../identity/roster.js'
import type { CreatableRole } from '../words/account.js'
import type { Person } from '../words/person.js'
import type { SchoolCode } from '../words/school.js'
import type { NewMessage } from './message-ports.js'

/** An account that a journal was or will be asked for, until its answer is written down. */
export interface Creation {
  /** The key under which the journal is asked, however often. */
  readonly id: string
  /** What the account will be called here. */
  readonly accountId: string
  readonly journal: string
  readonly school: SchoolCode
  readonly role: CreatableRole
  readonly number: RequestNumber
  readonly since: Instant
}

export interface NewCreation extends Creation {
  /** Of a СНИЛС. */
  readonly person: Person
}

/** What the journal answered, ready to be written down. */
export interface Made {
  readonly creation: Creation
  readonly record: RosterRecord
  readonly link: NewLink
  /** Schools of the journal in which the login must be nobody's. */
  readonly schools: readonly SchoolCode[]
  readonly event: AuditEvent
  readonly message?: NewMessage
}

/**
 * Of one human, by the СНИЛС, a journal is asked for one account in each school: whoever asks again, at another node or after
 * a crash, asks under the same key.
 */
export interface Creations {
  /** Those of this human that are under way, the oldest first. */
  of(person: Person): Promise<readonly Creation[]>
  /**
   * One transaction with its event, before the journal is asked. `listed`: an account of the СНИЛС stands there; `was-listed`:
   * one did, until the school took it off its list. Then nothing is written.
   *
   * @returns the creation that is under way: this one, or the one that was begun before
   */
  begin(
    creation: NewCreation,
    event: AuditEvent,
  ): Promise<
    { readonly at: 'begun'; readonly creation: Creation } | { readonly at: 'listed' } | { readonly at: 'was-listed' }
  >
  /**
   * One transaction: account, link and event are written, and the creation is over. Only `made` writes. Whoever brings the
   * same answer twice hears `made-before`.
   *
   * @param judge says whose the account is, by what stands under its login
   */
  finish(
    made: Made,
    judge: (there: readonly StandsThere[]) => 'new' | 'made' | 'listed' | 'taken',
  ): Promise<
    | { readonly at: 'made' | 'made-before' | 'listed' | 'over' }
    | { readonly at: 'taken'; readonly accountIds: readonly string[] }
  >
  /** One transaction with its event: the journal will not make it, so whoever asks again begins anew. */
  drop(id: string, event: AuditEvent): Promise<void>
}
