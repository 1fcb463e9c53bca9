/** The school's yes or no, and its second thoughts. Each is one transaction with its line in the audit. */
import type { Instant } from '../base/clock.js'
import type { SchoolRequest } from '../identity/requests.js'
import { endSessions, type EndedSession } from '../login/end-sessions.js'
import { eventAbout, type Actor, type QueuePorts } from './question.js'

/** Characters of a reason, without spaces at its ends. */
export const REASON = { least: 3, most: 500 } as const

export interface Verdict {
  readonly granted: boolean
  readonly reason: string
  /**
   * Of a yes: which account. May be left out where the question names one only; about a child it is said, or that none is given
   * (`NO_ACCOUNT`), since its parents have an account each.
   */
  readonly accountId?: string
}

/** A yes by which nobody gets an account: the school has mended its list, or printed a code. */
export const NO_ACCOUNT = 'none'

/** @returns the reason on one line, or undefined when it is too short or too long */
export function readReason(text: string | undefined): string | undefined {
  const reason = (text ?? '').replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim()
  return reason.length >= REASON.least && reason.length <= REASON.most ? reason : undefined
}

/** What stands in the way of a yes or no; nothing was written. */
export type NotDecided =
  | 'decided-before'
  /** The last list does not name the account. */
  | 'no-account'
  /** The question names several accounts, and it was not said which one. */
  | 'which-account'
  /** The question does not name that account. */
  | 'other-account'
  | 'unknown'

export type Decision =
  { readonly result: 'decided'; readonly ended: readonly EndedSession[] } | { readonly result: NotDecided }

/**
 * Whoever loses the account is signed out: their sessions end, and the journals hear of it. That comes after the decision; the same
 * yes given again makes up for it where it was interrupted.
 */
export async function decide(
  ports: QueuePorts,
  request: SchoolRequest,
  { granted, reason, accountId: wanted }: Verdict,
  actor: Actor,
): Promise<Decision> {
  const gives = granted && !(request.kind === 'child' && wanted === NO_ACCOUNT)
  const accountId = gives ? (wanted ?? only(request)) : undefined
  if (gives && accountId === undefined) return { result: 'which-account' }
  if (accountId !== undefined && !request.accountIds.includes(accountId)) return { result: 'other-account' }
  const at = ports.clock.now()
  const given = accountId === undefined ? {} : { accountId }
  const facts = { granted, reasonLength: reason.length }
  const event = eventAbout(request, actor, at, { what: 'request.decided', ...given, facts })
  const result = await ports.requests.decide(request.id, { granted, at, by: actor.by, reason, ...given }, event)
  // the process that granted it may have died before the sessions ended
  if (result === 'decided-before' && accountId !== undefined) await signOutLosers(ports, request.id, accountId)
  if (result !== 'decided') return { result }
  // an entry that was written before the decision may have been begun after it
  const until = ports.clock.now()
  return { result, ended: accountId === undefined ? [] : await signOutLosers(ports, request.id, accountId, until) }
}

/** @param until of their entries; without it the moment of the decision, since whoever got the account may be inside by now */
async function signOutLosers(ports: QueuePorts, id: string, accountId: string, until?: Instant) {
  const { decided, tookAway } = (await ports.requests.find(id)) ?? {}
  if (!tookAway || decided?.accountId !== accountId) return []
  return signOut(ports, accountId, 0, until ?? decided.at)
}

export type TakenBack =
  | { readonly result: 'taken-back'; readonly ended: readonly EndedSession[] }
  | { readonly result: 'too-late' | 'held' | 'asked-again' | 'unknown' }

/** Everything is as before the decision; who was let in by it is signed out. */
export async function takeBack(ports: QueuePorts, request: SchoolRequest, actor: Actor): Promise<TakenBack> {
  const { id, decided } = request
  if (!decided) return { result: 'unknown' }
  const at = ports.clock.now()
  const { accountId } = decided
  const given = accountId === undefined ? {} : { accountId }
  const event = eventAbout(request, actor, at, { what: 'request.taken-back', ...given })
  const result = await ports.requests.takeBack(id, at, event)
  if (result !== 'taken-back') return { result }
  const until = ports.clock.now()
  return { result, ended: accountId === undefined ? [] : await signOut(ports, accountId, decided.at, until) }
}

const signOut = (ports: QueuePorts, accountId: string, from: Instant, until: Instant) =>
  endSessions(ports, { accountId, from, until })

const only = ({ kind, accountIds: [first, ...more] }: SchoolRequest): string | undefined =>
  more.length === 0 && kind !== 'child' ? first : undefined
