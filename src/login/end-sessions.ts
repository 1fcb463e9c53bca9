/** An administrator, or a school's decision, ends sessions from outside, and the journals hear of it as of any logout. */
import type { Instant } from '../base/clock.js'
import type { RequestNumber } from '../base/request-number.js'
import type { SessionTrace } from '../sessions/sessions.js'
import type { Ports } from './ports.js'
import { noticesFor } from './tell-journals.js'

/** Whose: of the login with this number, of everybody who entered this account (within a time, of its id), or of all. */
export type Whose =
  | { readonly number: RequestNumber }
  | { readonly journal: string; readonly login: string }
  | { readonly accountId: string; readonly from: Instant; readonly until: Instant }
  | { readonly everybody: true }

export interface LeftByForce {
  readonly id: string
  readonly willBeTold: boolean
  /** It keeps no session of its own, so nobody is inside any more. */
  readonly over?: true
}

export interface EndedSession {
  readonly number: RequestNumber
  /** It could still be used. */
  readonly wasOpen: boolean
  /** Journals that were entered; each once. */
  readonly journals: readonly LeftByForce[]
}

/**
 * Sessions that are over end, too: journals keep theirs for hours longer. Each is one transaction with its audit event and
 * the notices to its journals, which are due at once; the bridge that serves tells them. What was ended stays ended when
 * the command is interrupted, and it may be given again.
 */
export async function endSessions(ports: Ending, whose: Whose): Promise<readonly EndedSession[]> {
  const ended: EndedSession[] = []
  for await (const trace of ports.sessions.traces(ports.clock.now(), 'number' in whose ? whose.number : undefined)) {
    if (!isMeant(trace, whose)) continue
    const done = await endByForce(ports, trace, 'accountId' in whose ? 'school' : 'administrator')
    if (done) ended.push(shown(ports, trace))
  }
  return ended
}

export type Ending = Pick<Ports, 'clock' | 'chance' | 'journals' | 'sessions' | 'logouts' | 'pseudonyms'>

/** One transaction. @returns false when nothing was left of the session */
export function endByForce(
  ports: Ending,
  { key }: Pick<SessionTrace, 'key'>,
  why: 'administrator' | 'school' | 'consent withdrawn',
): Promise<boolean> {
  const now = ports.clock.now()
  return ports.logouts.endWhole(key, now, now, last => ({
    notices: noticesFor(ports, [last], now),
    events: [
      {
        at: now,
        what: 'session.closed',
        result: 'ok',
        number: last.number,
        facts: { why },
        ...(last.person && { idp: last.person.idp, person: ports.pseudonyms.forAudit(last.person) }),
      },
    ],
  }))
}

function isMeant({ entered }: SessionTrace, whose: Whose): boolean {
  if ('journal' in whose) return entered.some(each => each.journal === whose.journal && each.login === whose.login)
  if (!('accountId' in whose)) return true
  return entered.some(each => each.accountId === whose.accountId && whose.from <= each.at && each.at <= whose.until)
}

function shown({ journals }: Pick<Ports, 'journals'>, { number, open, entered }: SessionTrace): EndedSession {
  const ids = [...new Set(entered.map(({ journal }) => journal))]
  const left = (id: string): LeftByForce => {
    const door = journals.get(id)?.door
    return { id, willBeTold: door?.leave !== undefined, ...(door?.endsWithUs && { over: true }) }
  }
  return { number, wasOpen: open, journals: ids.map(left) }
}
