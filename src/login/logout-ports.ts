/** What a logout needs from outside: memory of what must end and who must be told, and somebody to carry letters. */
import type { Instant } from '../base/clock.js'
import type { RequestNumber } from '../base/request-number.js'
import type { AuditEvent } from '../audit/audit.js'
import type { SessionKey, SessionTrace } from '../sessions/sessions.js'
import type { Target } from '../words/target.js'

/** A journal that was entered in a session which has ended, and whether its own session has ended, too. */
export interface Left {
  readonly journal: string
  /** `told`: it confirmed, or keeps no session of its own. `later`: it did not answer, and is told again. `never`: it takes no such messages. */
  readonly state: 'told' | 'later' | 'never'
}

/** A logout that was sent to the IdP; its answer counts once, and for the browser that asked. */
export interface PendingLogout {
  /** RelayState. */
  readonly id: string
  readonly requestId: string
  /** SHA-256 of the cookie that the asking browser got, base64url. */
  readonly browser: string
  readonly idp: string
  readonly number: RequestNumber
  /** Where the person goes afterwards: a login to start with ForceAuthn, or our farewell page. */
  readonly then?: Target
  /** Where the farewell page leads back to: an address on the list of the journal that sent the person here. */
  readonly back?: string
  /** Journals entered in the session that ended: the farewell page names them. */
  readonly journals: readonly Left[]
  readonly expiresAt: Instant
  /** The IdP has answered, and this is what it said; whoever loads the page again reads it again. */
  readonly ended?: 'full' | 'partial'
}

/** What a LogoutRequest came to. */
export interface Ended {
  readonly sessions: readonly SessionTrace[]
  readonly journals: readonly Left[]
  /** Every journal has confirmed. */
  readonly whole: boolean
  /** It was obeyed before, and nothing has happened now. */
  readonly again: boolean
}

/** A journal must be told that a session has ended. Kept until it confirmed, and at most for a day. */
export interface Notice {
  readonly id: string
  readonly journal: string
  /** The names by which the journal got to know person and session in its hand-off token. */
  readonly subject: string
  readonly sid: string
  readonly mark?: string
  readonly number: RequestNumber
  readonly since: Instant
  /** How often it was put off. */
  readonly attempts: number
}

/** What is written in the transaction that ends sessions. */
export interface Written {
  readonly notices: readonly Notice[]
  readonly events: readonly AuditEvent[]
}

/** A LogoutRequest that was judged. */
export interface LogoutOrder {
  readonly idp: string
  /** ID of the request: with the issuer, the key of the replay record. */
  readonly id: string
  /** Value of the NameID. */
  readonly name: string
  /** None: every session of this name. */
  readonly sessionIndexes: readonly string[]
  readonly issuedAt: Instant
  readonly rememberUntil: Instant
}

/**
 * `again…`: the very same request was obeyed before, and every journal had confirmed, or not (yet). `replayed`: its ID was
 * used by another request.
 */
export type Obedience = 'obeyed' | 'again-whole' | 'again-partly' | 'replayed'

export interface Logouts {
  start(logout: PendingLogout): Promise<void>
  /** @returns true once: to whoever brought the first answer; false when unknown, expired or answered before */
  conclude(id: string, now: Instant, ended: 'full' | 'partial'): Promise<boolean>
  /** Answered or not. */
  find(id: string, now: Instant): Promise<PendingLogout | undefined>
  /**
   * One transaction: the session is deleted, and what `write` makes of it is written. Its notices are put off until
   * `tellUntil`, so that whoever ends the session tells the journals first.
   *
   * @returns false when it was not open any more; then nothing is done
   */
  end(key: SessionKey, now: Instant, tellUntil: Instant, write: (session: SessionTrace) => Written): Promise<boolean>
  /**
   * What must follow the end of this session is written, though whoever ended it may have died over it. Nothing is done for
   * one that is open, or was never there.
   */
  settle(key: SessionKey): Promise<void>
  /** The same as `end` for a session that may be over. @returns false when nothing is left of it */
  endWhole(
    key: SessionKey,
    now: Instant,
    tellUntil: Instant,
    write: (session: SessionTrace) => Written,
  ): Promise<boolean>
  /**
   * One transaction: the IdP's request is new and is remembered; every session of that IdP and name, open or over, is handed
   * to `write`; those that it names in `ends` are deleted, the rest of its answer is written. When `write` throws, nothing
   * has happened, and nothing happens twice. An assertion that was issued before the request and arrives after it opens no session any more
   * (Logins.claim, saml-core 3.7.3.1).
   */
  obey(
    order: LogoutOrder,
    now: Instant,
    tellUntil: Instant,
    write: (found: readonly SessionTrace[]) => Written & { readonly ends: readonly SessionKey[] },
  ): Promise<Obedience>
  /** Every journal has confirmed: whoever brings this request again is told so. */
  confirm(order: Pick<LogoutOrder, 'idp' | 'id'>): Promise<void>
  sweep(now: Instant): Promise<number>
}

export interface Notices {
  /** Takes up to `most` that are due, the oldest first, and puts them off until `until`: nobody else tells the same meanwhile. */
  due(now: Instant, until: Instant, most: number): Promise<readonly Notice[]>
  /** Counts an attempt. */
  putOff(id: string, until: Instant): Promise<void>
  /** It was told, or will never be. */
  forget(id: string): Promise<void>
}

/** What our server posts to an address of the settings or of an IdP's metadata, and to no other. */
export interface Letter {
  readonly to: string
  readonly type: 'application/x-www-form-urlencoded' | 'application/json' | 'text/xml'
  readonly body: string
  readonly headers?: Readonly<Record<string, string>>
  /** Milliseconds; three seconds without it. */
  readonly patience?: number
}

export interface Reply {
  readonly status: number
  /** Empty unless it was asked for. */
  readonly body: Uint8Array
}

export interface Courier {
  /**
   * Follows no redirect.
   *
   * @param most octets of the answer that are read; without it nothing of the answer is looked at
   * @returns undefined when nobody answered, or with more than `most`
   */
  post(letter: Letter, most?: number): Promise<Reply | undefined>
}
