/** What consent needs from outside: a memory that keeps who gave what, and never loses a text. */
import type { AuditEvent } from '../audit/audit.js'
import type { Instant } from '../base/clock.js'
import type { RequestNumber } from '../base/request-number.js'
import type { ChildKeys, Consent, ConsentDetails, ConsentText } from '../consent/consent.js'
import type { Person } from '../words/person.js'
import type { NewMessage } from './message-ports.js'
import type { SchoolCode } from '../words/school.js'

export interface Giving {
  readonly consent: Omit<Consent, 'ended'> & { readonly details: ConsentDetails }
  /** Whose it is. */
  readonly by: Person
  /** Only where the giver may agree for the child. */
  readonly child?: ChildKeys
  readonly event: AuditEvent
}

export interface Withdrawal {
  readonly now: Instant
  /** What was kept on the ground of these consents is destroyed then, unless they are given again. */
  readonly destroyAt: Instant
  readonly number: RequestNumber
  readonly event: AuditEvent
  readonly message?: NewMessage
}

export interface Consents {
  /**
   * Keeps every text for good, whole. One transaction.
   *
   * @returns the versions under which another text was kept before; then nothing is written
   */
  keepTexts(texts: readonly ConsentText[], now: Instant): Promise<readonly string[]>
  text(hash: string): Promise<ConsentText | undefined>
  /**
   * One transaction: the consent and its event are written, the one for an older text ends, and a destruction that was due for the same
   * choice is called off.
   *
   * @returns false when the very same stands already; then nothing is written
   */
  give(giving: Giving): Promise<boolean>
  /** @returns the one that stands for this choice */
  find(person: Person, choice: string): Promise<Consent | undefined>
  /** Of representatives, standing, for children with this number or this name in this journal of this school. */
  ofChild(child: ChildKeys): Promise<readonly Consent[]>
  /** Those that ended, too; the latest first. */
  ofPerson(person: Person): Promise<readonly Consent[]>
  ofAccount(accountId: string): Promise<readonly Consent[]>
  /** Given in the login of this number. */
  byNumber(number: RequestNumber): Promise<readonly Consent[]>
  /**
   * One transaction: those that stand end, their destruction is ordered, the event is written.
   *
   * @returns those that ended now; none: nothing was written
   */
  withdraw(ids: readonly string[], withdrawal: Withdrawal): Promise<readonly Consent[]>
}

/** What was kept on the ground of one consent must go: ordered by its withdrawal. */
export interface Destruction {
  readonly id: string
  readonly consent: string
  /** The person's name in the audit, and in the journal, when the consent was given. */
  readonly person: string
  readonly subject: string
  readonly accountId: string
  readonly school: SchoolCode
  readonly journal: string
  readonly version: string
  readonly hash: string
  /** Under which the withdrawal was written down; what a person or a school names. */
  readonly number: RequestNumber
  readonly orderedAt: Instant
  readonly dueAt: Instant
  /** The consent was given again. */
  readonly calledOffAt?: Instant
  readonly done?: {
    readonly at: Instant
    /** The person had no other consent, so that everything went. */
    readonly whole: boolean
    readonly destroyed: readonly Destroyed[]
  }
}

/** A category of data, and how many records of it were destroyed. */
export interface Destroyed {
  readonly category: 'consents' | 'creations' | 'accounts' | 'links' | 'devices' | 'messages' | 'choices' | 'requests'
  readonly records: number
}

export interface Destructions {
  /** Ordered before `before`, whose sessions are not known to be over. */
  sessionsOpen(before: Instant): Promise<readonly Destruction[]>
  sessionsEnded(ids: readonly string[], now: Instant): Promise<void>
  /**
   * One transaction: the first that is due is carried out, and its event written.
   *
   * @returns what was done; undefined when nothing is due
   */
  carryOut(now: Instant, event: (destruction: Destruction) => AuditEvent): Promise<Destruction | undefined>
  byNumber(number: RequestNumber): Promise<readonly Destruction[]>
  /** Whatever was ordered, the oldest first. */
  all(): Promise<readonly Destruction[]>
}
