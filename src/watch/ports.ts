/**
 * Watch: looks at what the audit says, and speaks when something is unusual. Judges from stored rows alone, on one node at a time.
 * Does not touch: the road of a login, which asks only what stands (login/standing.ts); names of people, which the audit does not know.
 * Called by: serve's errands, the command line, the school's page.
 */
import type { AuditEvent } from '../audit/audit.js'
import type { Instant } from '../base/clock.js'
import type { RequestNumber } from '../base/request-number.js'
import type { NewMessage } from '../login/message-ports.js'
import type { Banner, Lock, RuleName, Subject, Trouble } from '../words/watched.js'

/** One thing of one kind that was seen: it is counted up, and its time moves on. */
export interface Mark {
  /** Which count it belongs to: mostly the name of a rule. */
  readonly tally: string
  readonly subject: string
  /** What is told apart: a person, a device, a place, a minute. */
  readonly mark: string
  readonly count: number
  readonly at: Instant
  /** When it matters to nobody any more. */
  readonly goneAt: Instant
}

/** An account that a school may ask about. */
export interface AnomalyAccount {
  readonly school: string
  readonly journal: string
  readonly accountId: string
}

export interface NewAnomaly {
  readonly rule: RuleName
  readonly subject: Subject
  /** Of the last row that it was seen by. */
  readonly number?: RequestNumber
  /** How many: failures, accounts, devices, kilometres. */
  readonly value: number
  readonly at: Instant
}

export const anomalyStates = ['open', 'acknowledged', 'closed'] as const
export type AnomalyState = (typeof anomalyStates)[number]

export interface Anomaly extends Omit<NewAnomaly, 'at'> {
  readonly id: string
  readonly first: Instant
  readonly last: Instant
  readonly state: AnomalyState
  /** Who acknowledged or closed it, and why. */
  readonly by?: string
  readonly reason?: string
  /** How often the administration was told, and when the last time. */
  readonly told: number
  readonly toldAt?: Instant
  /** Of a person: where a school is concerned. */
  readonly accounts: readonly AnomalyAccount[]
}

/** What one round sees and writes, inside its transaction. */
export interface Book {
  /** Rows that no round has seen, in the order in which the chain took them, at most so many. */
  rows(most: number): Promise<readonly AuditEvent[]>
  add(marks: readonly Mark[]): Promise<void>
  /** Of each subject: the sum of its marks' counts since then, or how many marks there are. */
  total(tally: string, subjects: readonly string[], since: Instant): Promise<ReadonlyMap<string, number>>
  different(tally: string, subjects: readonly string[], since: Instant): Promise<ReadonlyMap<string, number>>
  marks(tally: string, subject: string, since: Instant): Promise<readonly Mark[]>
  forget(tally: string, subject: string): Promise<void>
  /** One that is not closed grows; else a new one opens. @returns whether it is new */
  note(anomaly: NewAnomaly): Promise<{ readonly id: string; readonly isNew: boolean }>
  /** @returns false when a lock of this subject stands already */
  lock(lock: Omit<Lock, 'id'>, anomaly: string): Promise<boolean>
  /** Those that nobody has closed, and of which nothing was seen since then. */
  closeQuiet(since: Instant, now: Instant): Promise<number>
  banners(now: Instant): Promise<readonly Banner[]>
  raise(banner: Banner): Promise<void>
  lower(idp: string, trouble: Trouble): Promise<void>
  record(event: AuditEvent): Promise<void>
}

/** A message to the administration that waits to be sent. Nothing personal stands in it. */
export interface Alert {
  readonly id: string
  /** `webhook`, or `email` and a hash of the address: the address itself stands in the settings alone. */
  readonly channel: string
  readonly content: AlertContent
  readonly since: Instant
  readonly attempts: number
}

export interface AlertContent {
  readonly at: Instant
  readonly anomalies: readonly ToldAnomaly[]
  /** Further ones that found no room. */
  readonly more: number
}

/** As a message tells of it. */
export interface ToldAnomaly extends Pick<Anomaly, 'id' | 'rule' | 'subject' | 'value' | 'first' | 'last' | 'number'> {
  readonly schools: readonly string[]
  readonly lockedUntil?: Instant
}

export interface Telling {
  readonly anomalies: readonly Pick<Anomaly, 'id' | 'told'>[]
  readonly alerts: readonly Omit<Alert, 'attempts'>[]
  readonly now: Instant
}

export interface Deciding {
  readonly by: string
  readonly reason: string
  readonly now: Instant
  readonly event: AuditEvent
}

export interface Watching {
  /** One transaction, one at a time over all nodes. */
  round<T>(work: (book: Book) => Promise<T>): Promise<T>
  /** The latest first. */
  list(states: readonly AnomalyState[], most: number): Promise<readonly Anomaly[]>
  find(id: string): Promise<Anomaly | undefined>
  /** How many are open, by rule. */
  open(): Promise<ReadonlyMap<RuleName, number>>
  /** Those about people of whom nobody has looked yet who they are, the oldest first. */
  unowned(most: number): Promise<readonly Anomaly[]>
  /** One transaction, once for each anomaly: where a school is concerned, and what the owner is told. @returns false when another node was faster */
  own(id: string, accounts: readonly AnomalyAccount[], message?: NewMessage): Promise<boolean>
  /** The oldest open ones that must be told at `now`: never told, or told before `repeat` and seen again since. */
  untold(repeat: Instant, most: number): Promise<readonly Anomaly[]>
  /** When the administration was told of anything the last time. */
  lastTold(): Promise<Instant | undefined>
  /** One transaction. @returns false when another node told of one of them meanwhile; then nothing was written */
  tell(telling: Telling): Promise<boolean>
  /** @returns false when it was closed meanwhile, or acknowledged before */
  acknowledge(id: string, deciding: Deciding): Promise<boolean>
  locks(now: Instant): Promise<readonly Lock[]>
  /** By hand, and in the place of one that a rule has set. @returns false when one by hand stands already */
  lock(lock: Omit<Lock, 'id'>, deciding: Deciding): Promise<boolean>
  /** Ends the locks of the subject, closes what was found about it, and lets its counts begin anew. @returns false when nothing was locked */
  unlock(subject: Subject, deciding: Deciding): Promise<boolean>
  banners(now: Instant): Promise<readonly Banner[]>
  raise(banner: Banner & { readonly until: Instant }, event: AuditEvent): Promise<void>
  /** @returns how many went */
  lower(idp: string, event: AuditEvent): Promise<number>
  sweep(now: Instant): Promise<number>
}

export interface Alerts {
  due(now: Instant, until: Instant, most: number): Promise<readonly Alert[]>
  putOff(id: string, until: Instant): Promise<void>
  forget(id: string): Promise<void>
}
