/** What the corridor needs from outside: whatever has memory, a clock or chance. compose.ts brings it, tests bring their own. */
import type { Chance } from '../base/chance.js'
import type { Clock, Instant } from '../base/clock.js'
import type { RequestNumber } from '../base/request-number.js'
import type { Audit, AuditEvent } from '../audit/audit.js'
import type { NewLink, SeenLinks } from '../identity/links.js'
import type { NewRequest } from '../identity/requests.js'
import type { ConsentTerms } from '../consent/rules.js'
import type { Roster } from '../identity/roster.js'
import type { Client, Deposit, Door } from '../journals/connector.js'
import type { NewAccounts } from '../journals/new-account.js'
import type { OldLogin } from '../journals/old-login.js'
import type { ServiceProvider, Trust } from '../saml/trust.js'
import type { Entered, Session, SessionKey, SessionLimits, Sessions } from '../sessions/sessions.js'
import type { Journal } from '../words/journal.js'
import type { Person } from '../words/person.js'
import type { Snils } from '../words/snils.js'
import type { School, SchoolCode } from '../words/school.js'
import type { DeviceKey } from '../words/confirming.js'
import type { NoticeKind } from '../words/notice.js'
import type { Target } from '../words/target.js'
import type { ConfirmTerms } from '../confirm/terms.js'
import type { Creations } from './creation-ports.js'
import type { Confirmations, Devices, Sighting } from './confirm-ports.js'
import type { Consents, Destructions } from './consent-ports.js'
import type { Drifts } from './drift.js'
import type { LoginStep } from './timed.js'
import type { RateLimits } from './rate-limits.js'
import type { FailedCalls } from './failed-calls.js'
import type { Courier, Ended, Logouts, Notices } from './logout-ports.js'
import type { AnchorSigner } from './anchoring.js'
import type { AuditChain } from './chain-ports.js'
import type { Retention, RetentionLimits } from './retention-ports.js'
import type { NewMessage, NoticeChoices, Outbox, Postman } from './message-ports.js'
import type { Attempts, Codes, Links, Requests } from './people-ports.js'
import type { Standing } from './standing.js'
import type { SameAnswers } from './same-answer.js'
import type { UnderWay } from './under-way.js'
import type { Visits } from './visit-ports.js'

/** A login that was sent to the IdP. It is looked at, never taken: a refused answer consumes nothing. */
export interface Started {
  /** RelayState, the cookie's name and the address of our pages: 27 characters of base64url. */
  readonly id: string
  /** ID of the AuthnRequest: what InResponseTo must name. */
  readonly requestId: string
  /** SHA-256 of the per-login cookie, base64url: ties the answer to the browser that asked. */
  readonly browser: string
  readonly idp: string
  readonly target: Target
  /** A fresh sign-in was demanded (ForceAuthn). */
  readonly forced: boolean
  readonly number: RequestNumber
  readonly startedAt: Instant
  readonly expiresAt: Instant
  /** The session that this browser had when it asked; a new sign-in closes it. */
  readonly oldSession?: SessionKey
  /** Keys of the device cookies that it brought then. */
  readonly devices?: readonly DeviceKey[]
}

/** A finished login that stands at one of our pages: everything nextStep needs is written here. */
export interface Waiting extends Started {
  readonly session: SessionKey
  readonly finishedAt: Instant
  /** Id of the Choice that the person made. */
  readonly chosen?: string
}

export interface Claim {
  readonly login: string
  readonly now: Instant
  readonly assertion: { readonly idp: string; readonly id: string; readonly rememberUntil: Instant }
  readonly session: Session
  /**
   * Of an answer that nobody asked for: it was issued no earlier than that by our clock. Only a memory that reaches back so
   * far can know it as new.
   */
  readonly issuedAfter?: Instant
  /** Sessions that this browser had before; closed in the same transaction. */
  readonly closes?: readonly SessionKey[]
  /** Written in the same transaction, in this order: nobody is signed in without a trace. */
  readonly events: readonly AuditEvent[]
  /** An account that is entered at once, in this very session; its event stands among `events`. */
  readonly entering?: Entering
  readonly sighting?: Sighting
  /** What schools must be asked because of it. */
  readonly requests?: readonly NewRequest[]
}

/** Somebody walks into a journal. */
export interface Entering {
  readonly session: SessionKey
  readonly entered: Entered
  readonly event: AuditEvent
  readonly deposit?: Deposit
  /** Ids of consents that must still stand in the transaction: from their withdrawal on nobody enters. */
  readonly consents?: readonly string[]
  /** Must still be so in the transaction: from the moment when a link is taken away nobody enters by it. */
  readonly seen?: SeenLinks
  /** The account was theirs by other evidence: from now on by this. */
  readonly link?: NewLink
  /** The person is told that it is theirs now. */
  readonly message?: NewMessage
  /** What schools must be asked, though the door is open. */
  readonly requests?: readonly NewRequest[]
}

/** A deposit, as whoever fetches it finds it. */
export interface Deposited {
  readonly journal: string
  readonly content: Deposit['content']
  readonly session: SessionKey
  readonly number: RequestNumber
}

export interface Deposits {
  /**
   * Looks once: whatever becomes of it, the handle is worth nothing afterwards. Of two who ask at the same moment one gets it.
   *
   * @param only for whoever has proved nothing: handles of other journals are left alone
   * @returns undefined when unknown, fetched before, past its time, or its session is not open any more
   */
  take(handle: string, now: Instant, only?: string): Promise<Deposited | undefined>
  sweep(now: Instant): Promise<number>
}

/** Names that count once: of one-time tokens that others made. */
export interface UsedIds {
  /** @returns false when `id` was used before under this purpose and is still remembered */
  use(purpose: string, id: string, rememberUntil: Instant, now: Instant): Promise<boolean>
  sweep(now: Instant): Promise<number>
}

/** What a decision to enter rested on is so no more: it must be made anew. */
export type Stale = 'held' | 'unlinked' | 'withdrawn'

export interface Logins {
  /**
   * Writes a login down: one that goes to the IdP, or one that an open session finished before it began. The event is
   * written in the same transaction.
   */
  start(login: Started | Waiting, event?: AuditEvent): Promise<void>
  /** @returns the login until its `expiresAt`, finished or not */
  find(id: string, now: Instant): Promise<Started | Waiting | undefined>
  findByRequest(requestId: string, now: Instant): Promise<Started | Waiting | undefined>
  /** Those of the logins that are known at `now`, in no order. */
  findAll(ids: readonly string[], now: Instant): Promise<readonly (Started | Waiting)[]>
  /**
   * One transaction: the login is unfinished and becomes finished, (IdP, assertion ID) is new and is remembered, the session
   * is written, the browser's old one closed, the account entered, the events recorded. All of it, or nothing. `logged-out`: the IdP ended this
   * very session after it had vouched for it, and its request came here first. `held`, `unlinked`,
   * `withdrawn`: as of `enter`. `forgotten`: the memory begins later than `issuedAfter`.
   */
  claim(claim: Claim): Promise<'claimed' | 'finished-before' | 'replayed' | 'logged-out' | Stale | 'forgotten'>
  /** @returns the login that this assertion finished */
  findByAssertion(
    assertion: Pick<Claim['assertion'], 'idp' | 'id'>,
    now: Instant,
  ): Promise<Started | Waiting | undefined>
  choose(id: string, choice: string): Promise<void>
  /**
   * One transaction: the session notes what was entered, the deposit is kept, the link made, the event recorded.
   *
   * @returns `over` when the session is not open at `entered.at`, `held` when the account became somebody else's since the
   *   decision, `unlinked` when the person's links to it are others since, `withdrawn` when a consent was taken back since: then
   *   nobody enters, and nothing is written
   */
  enter(entering: Entering): Promise<'entered' | 'over' | Stale>
  sweep(now: Instant): Promise<number>
}

/** Names for a person that say nothing about the person. */
export interface Pseudonyms {
  /** For the audit: HMAC under the key of purpose `audit`. */
  forAudit(person: Person): string
  /** The same under every lookup key that is still accepted: what the person was called before a rotation, too. */
  everInAudit(person: Person): readonly string[]
  /** Of everybody who is linked to an account under this СНИЛС, or has no other name than it; under every accepted key, too. */
  ofSnils(snils: Snils): Promise<readonly string[]>
  /** For one journal: pairwise, another one in every journal. */
  forJournal(person: Person, journal: string): string
}

export interface OpenJournal {
  readonly journal: Journal
  readonly door: Door
  /** Absent: the journal checks no logins and passwords for us. */
  readonly oldLogin?: OldLogin
  /** Absent: the journal makes no accounts. */
  readonly newAccounts?: NewAccounts
}

export interface Ports {
  readonly clock: Clock
  readonly chance: Chance
  readonly publicUrl: string
  readonly serviceProvider: ServiceProvider
  readonly trust: Trust
  readonly schools: ReadonlyMap<SchoolCode, School>
  readonly journals: ReadonlyMap<string, OpenJournal>
  readonly limits: SessionLimits
  /** Milliseconds a login may take from our button to the journal. */
  readonly loginLifetime: number
  readonly selfTest: boolean
  readonly logins: Logins
  readonly logouts: Logouts
  readonly notices: Notices
  readonly courier: Courier
  readonly postman: Postman
  readonly outbox: Outbox
  readonly noticeChoices: NoticeChoices
  /** What people are told unless they do not want it. */
  readonly noticesOffered: readonly NoticeKind[]
  readonly deposits: Deposits
  readonly usedIds: UsedIds
  readonly failedCalls: FailedCalls
  readonly rateLimits: RateLimits
  /** Locks and banners. */
  readonly standing: Standing
  /** Who is asked in place of a journal that does not exist. */
  readonly stranger: Client
  readonly visits: Visits
  readonly sessions: Sessions
  readonly roster: Roster
  readonly links: Links
  readonly requests: Requests
  readonly codes: Codes
  readonly creations: Creations
  readonly attempts: Attempts
  readonly confirmations: Confirmations
  readonly devices: Devices
  /** Absent where messages reach nobody. */
  readonly confirmTerms?: ConfirmTerms
  readonly consents: Consents
  readonly destructions: Destructions
  readonly retention: Retention
  readonly retentionLimits: RetentionLimits
  /** Absent where nobody is asked. */
  readonly consentTerms?: ConsentTerms
  readonly audit: Audit
  readonly chain: AuditChain
  /** Signs what is said about the chain of the audit. */
  readonly anchorSigner: AnchorSigner
  readonly pseudonyms: Pseudonyms
  readonly sameAnswers: SameAnswers
  /** LogoutRequests that are being obeyed. */
  readonly obeying: UnderWay<Ended>
  readonly drifts: Drifts
  /** Told how long a step of a login took, when somebody counts. */
  readonly took?: (step: LoginStep, seconds: number) => void
}
