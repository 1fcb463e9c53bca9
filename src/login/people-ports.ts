/** The memory behind identity: who was linked to what, and what schools were asked. */
import type { AuditEvent } from '../audit/audit.js'
import type { Instant } from '../base/clock.js'
import type { RequestNumber } from '../base/request-number.js'
import type { Code, NewCode } from '../identity/codes.js'
import type { LinkedPerson, ListedLink, NewLink, OwnLink } from '../identity/links.js'
import type { Decided, NewRequest, SchoolRequest } from '../identity/requests.js'
import type { SchoolInJournal } from '../words/journal.js'
import type { Person } from '../words/person.js'
import type { NewMessage } from './message-ports.js'
import type { SchoolCode } from '../words/school.js'

/**
 * A person is known by the IdP and its lasting number, failing that by the СНИЛС; who brings neither is never linked. An
 * account belongs to one human: of two people who want it, the second is `held` up. Whoever brings the same СНИЛС through
 * another IdP is the same human.
 */
export interface Links {
  /** The person's own links, active and ended, oldest first; and which of the accounts belong to somebody else. */
  around(
    person: Person,
    accountIds: readonly string[],
  ): Promise<{ readonly own: readonly OwnLink[]; readonly held: ReadonlySet<string> }>
  /** Active links of one school and journal, in no order, a few at a time. */
  inSchool(journal: string, school: SchoolCode): AsyncIterable<ListedLink>
  /** One transaction with its event, and the notice of it. An active link of this person to this account is left as it is. */
  make(link: NewLink, event: AuditEvent, message?: NewMessage): Promise<'made' | 'held'>
  /** @returns false when the person has no such active link; then nothing is written */
  end(person: Person, id: string, at: Instant, event: AuditEvent, message?: NewMessage): Promise<boolean>
  /** Takes an own ended link up again. `gone`: unknown, ended by a withdrawal, or longer ago than `UNDO_FOR`. */
  resume(person: Person, id: string, now: Instant, event: AuditEvent): Promise<'resumed' | 'held' | 'gone'>
}

export interface Requests {
  /**
   * One transaction with its event. The same question of the same person is asked once: while it is open, its number stays,
   * and children who are missed are added to it.
   *
   * @returns the numbers under which the doubts stand
   */
  file(requests: readonly NewRequest[], event: AuditEvent): Promise<readonly RequestNumber[]>
  /** Of this person, the latest first. */
  of(person: Person): Promise<readonly SchoolRequest[]>
  /** Undecided ones of these schools, or of those alone that ask about one journal of it; the oldest first. */
  open(places: readonly (SchoolCode | SchoolInJournal)[], limit: number): Promise<readonly SchoolRequest[]>
  /** Decided at `since` or later, the latest decision first. */
  decided(
    places: readonly (SchoolCode | SchoolInJournal)[],
    since: Instant,
    limit: number,
  ): Promise<readonly SchoolRequest[]>
  /** By the first number, or that of any later login in which the same question came up. */
  byNumber(number: RequestNumber): Promise<readonly SchoolRequest[]>
  find(id: string): Promise<SchoolRequest | undefined>
  /** Active links of anybody but the human who asks to these accounts. */
  holders(id: string, accountIds: readonly string[]): Promise<readonly LinkedPerson[]>
  /**
   * One transaction: the decision, and of a granted one the link it makes, with those of others to the account ended.
   *
   * @returns `decided` alone has written something. `no-account`: the last list does not name the account that is granted
   */
  decide(
    id: string,
    decided: Decided,
    event: AuditEvent,
  ): Promise<'decided' | 'decided-before' | 'no-account' | 'unknown'>
  /**
   * The decision and what it did are taken back, within `UNDO_FOR`. `held`: the account became a third person's meanwhile;
   * `asked-again`: the same question stands open under another number.
   */
  takeBack(
    id: string,
    now: Instant,
    event: AuditEvent,
  ): Promise<'taken-back' | 'too-late' | 'held' | 'asked-again' | 'unknown'>
}

/** Somebody brings a code: who, and from where. */
export interface CodeBrought {
  readonly code: Code
  readonly person: Person
  /** IP address, or the network that stands for a household. */
  readonly address: string
  readonly now: Instant
}

/** Why a code opens nothing. `expired`: too old, or the school took it back. `limit`: the guesser is not heard for a while. */
export type CodeRefused =
  { readonly at: 'wrong' | 'expired' | 'locked' | 'used' } | { readonly at: 'limit'; readonly seconds: number }

/** The very person who used the code comes again, and the account is still theirs: nothing is written. */
export interface CodeUsedByThem {
  readonly at: 'made-before'
  readonly accountId: string
}

/**
 * A wrong code counts against the person and the address that brought it, in the transaction that looks for it: two a minute
 * are heard, and twenty a day of one person. Codes are kept as HMACs; nobody reads one again.
 */
export interface Codes {
  /** One transaction with its event. Codes that the accounts had before count no more. */
  make(codes: readonly NewCode[], event: AuditEvent): Promise<void>
  /** Accounts of the school that have a code which may still be used. */
  living(journal: string, school: SchoolCode, now: Instant): Promise<ReadonlySet<string>>
  /** The account behind the code, which it may show `CODE_LOOKS` times; one transaction with the event. */
  look(
    brought: CodeBrought,
    event: (accountId: string) => AuditEvent,
  ): Promise<{ readonly at: 'found'; readonly accountId: string } | CodeUsedByThem | CodeRefused>
  /** The same without counting a look: of a person who was shown the account and now says yes. */
  find(
    brought: CodeBrought,
  ): Promise<{ readonly at: 'found'; readonly accountId: string } | CodeUsedByThem | CodeRefused>
  /**
   * One transaction: the code is used up, the link made, the event recorded. `held` and every refusal write nothing else.
   *
   * @param link to the account that `find` named
   */
  use(
    brought: CodeBrought,
    link: NewLink,
    event: AuditEvent,
    message?: NewMessage,
  ): Promise<{ readonly at: 'made' } | { readonly at: 'held' } | CodeUsedByThem | CodeRefused>
  /** One transaction with its event. @returns how many codes count no more */
  revoke(accountIds: readonly string[], now: Instant, event: (revoked: number) => AuditEvent): Promise<number>
  sweep(now: Instant): Promise<number>
}

/** So many within so many milliseconds. */
export interface Limit {
  readonly most: number
  readonly within: number
}

/** Things that may be tried only so often, counted on the disk: a restart forgives nothing. */
export interface Attempts {
  /**
   * Counts one, unless there were too many; of two at the same moment one is first.
   *
   * @param who is kept as an HMAC
   * @returns 0, or the milliseconds to wait; then nothing was counted
   */
  take(purpose: string, who: string, limits: readonly Limit[], now: Instant): Promise<number>
  /** What was counted at that instant was none of the person's doing. */
  giveBack(purpose: string, who: string, at: Instant): Promise<void>
  sweep(now: Instant): Promise<number>
}
