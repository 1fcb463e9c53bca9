/**
 * Sessions: who is signed in at the bridge, and under which session of the IdP.
 * Does not touch: cookies (web), what journals know (journals keep sessions of their own).
 *
 *   open (only inside Logins.claim) --touch--> open --> over --> trace --> gone
 *
 * Over: idle 15 min, absolute 8 h, SessionNotOnOrAfter, or another sign-in in this browser. What is left is a trace, without
 * the person: it opens nothing, and a logout that the IdP starts still finds the journals that were entered. A logout deletes
 * the session at once (Logouts).
 */
import type { Instant } from '../base/clock.js'
import type { RequestNumber } from '../base/request-number.js'
import type { SchoolCode } from '../words/school.js'
import type { Role } from '../words/account.js'
import type { Person } from '../words/person.js'
import type { Attribute, NameId } from '../saml/assertion.js'

declare const brand: unique symbol
/** SHA-256 of the cookie's secret, base64url. The secret itself is never stored. */
export type SessionKey = string & { readonly [brand]: 'SessionKey' }

/** An account that was entered in this session. */
export interface Entered {
  readonly journal: string
  readonly accountId: string
  readonly school: SchoolCode
  readonly login: string
  readonly role: Role
  /** The person's name in that journal: pairwise. */
  readonly subject: string
  readonly at: Instant
  /** What the journal knows this entry by, where its protocol gives every entry a name of its own. */
  readonly mark?: string
}

export interface Session {
  readonly key: SessionKey
  readonly person: Person
  readonly nameId?: NameId
  readonly sessionIndex?: string
  readonly openedAt: Instant
  readonly idleEndsAt: Instant
  readonly endsAt: Instant
  /** So long a trace is kept when the session is over: to the IdP's session end, and no longer than a day. */
  readonly traceUntil: Instant
  /** Request number of the login that opened it. */
  readonly number: RequestNumber
  /** The latest entry last. */
  readonly entered: readonly Entered[]
  /** Only in a session that the self-test opened. */
  readonly received?: { readonly nameId?: NameId; readonly attributes: readonly Attribute[] }
}

/** What a logout needs to know of a session, open or over. */
export interface SessionTrace {
  readonly key: SessionKey
  readonly number: RequestNumber
  readonly open: boolean
  readonly nameId?: NameId
  readonly sessionIndex?: string
  readonly entered: readonly Entered[]
  /** Until the session is over and was swept. */
  readonly person?: Person
}

export interface Sessions {
  /** @returns the session while it is open at `now`: neither closed, nor idle, nor past its absolute end */
  find(key: SessionKey, now: Instant): Promise<Session | undefined>
  /** Moves the idle end to `now` + idle, never beyond the absolute end. Does nothing to a session that is not open. */
  touch(key: SessionKey, now: Instant): Promise<void>
  /** Every session of which something is left, open at `now` or over, a few at a time; with a number those of that login. */
  traces(now: Instant, number?: RequestNumber): AsyncIterable<SessionTrace>
  /** Makes traces of sessions that are over, deletes those that entered nothing, and traces past their time. @returns how many */
  sweep(now: Instant): Promise<number>
}

export interface SessionLimits {
  /** Milliseconds without a request after which a session ends. */
  readonly idle: number
  /** Milliseconds after which it ends in any case. */
  readonly absolute: number
}
