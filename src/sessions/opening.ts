import type { Instant } from '../base/clock.js'
import type { RequestNumber } from '../base/request-number.js'
import type { VerifiedAssertion } from '../saml/assertion.js'
import type { Person } from '../words/person.js'
import { sessionKey } from './session-key.js'
import type { Session, SessionLimits } from './sessions.js'

/** A trace lives no longer: an IdP that names no session end rarely keeps one for more than a day. */
const LONGEST_TRACE = 24 * 3_600_000

export interface Opening {
  readonly secret: string
  readonly assertion: VerifiedAssertion
  readonly person: Person
  readonly number: RequestNumber
  readonly now: Instant
  readonly limits: SessionLimits
  /** The self-test shows what the IdP sent; an ordinary session forgets it. */
  readonly keepReceived: boolean
}

/**
 * The session that a verified assertion opens. It asks for the assertion itself, so that none can be made without one.
 * Its absolute end never lies beyond the IdP's SessionNotOnOrAfter (saml-core 2.7.2).
 */
export function openingSession(from: Opening): { secret: string; session: Session } {
  const { assertion, person, number, now, limits } = from
  const endsAt = Math.min(now + limits.absolute, assertion.sessionEndsAt ?? Infinity)
  const session: Session = {
    key: sessionKey(from.secret),
    person,
    openedAt: now,
    idleEndsAt: Math.min(now + limits.idle, endsAt),
    endsAt,
    traceUntil: Math.max(endsAt, Math.min(now + LONGEST_TRACE, assertion.sessionEndsAt ?? Infinity)),
    number,
    entered: [],
    ...(assertion.nameId && { nameId: assertion.nameId }),
    ...(assertion.sessionIndex !== undefined && { sessionIndex: assertion.sessionIndex }),
    ...(from.keepReceived && {
      received: { attributes: assertion.attributes, ...(assertion.nameId && { nameId: assertion.nameId }) },
    }),
  }
  return { secret: from.secret, session }
}
