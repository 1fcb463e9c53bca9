/**
 * Queue: what the bridge must not decide by itself, looked at and decided by the school.
 * Does not touch: the rules that ask (identity), how a page or a command shows it.
 * Called by: web and the command line.
 */
import type { Instant } from '../base/clock.js'
import type { Facts } from '../base/refusal.js'
import type { AuditEvent } from '../audit/audit.js'
import type { Ground, LinkedPerson } from '../identity/links.js'
import type { RequestKind, SchoolRequest } from '../identity/requests.js'
import type { RosterEntry } from '../identity/roster.js'
import type { Ports } from '../login/ports.js'

export type QueuePorts = Pick<
  Ports,
  'clock' | 'chance' | 'journals' | 'sessions' | 'logouts' | 'pseudonyms' | 'requests' | 'roster' | 'audit'
>

/** Most questions that are shown at once; the oldest come first. */
export const MOST = 200

/** One of the accounts of a question, as the last list has it. */
export interface AskedAccount {
  readonly id: string
  /** Without it the last list names no such account, and it cannot be given. */
  readonly entry?: RosterEntry
  /** Others than who asks, who enter it now. */
  readonly holders: readonly LinkedPerson[]
}

export interface Question {
  readonly request: SchoolRequest
  readonly accounts: readonly AskedAccount[]
}

/** Puts beside a request what the list and the links say today. */
export async function questionOf(
  { roster, requests }: Pick<QueuePorts, 'roster' | 'requests'>,
  request: SchoolRequest,
): Promise<Question> {
  const [entries, holders] = await Promise.all([
    roster.byAccounts(request.accountIds),
    requests.holders(request.id, request.accountIds),
  ])
  const accounts = request.accountIds.map(id => {
    const entry = entries.find(({ accountId }) => accountId === id)
    return { id, ...(entry && { entry }), holders: holders.filter(({ accountId }) => accountId === id) }
  })
  return { request, accounts }
}

/** Who acts, for the audit: of a web page the visitor and pseudonym, of a command the name of the system's user. */
export interface Actor {
  /** As the decision keeps it. */
  readonly by: string
  readonly event: Pick<AuditEvent, 'address' | 'device' | 'idp' | 'person'>
  readonly facts?: Facts
}

export const eventAbout = (
  { number, journal, kind }: SchoolRequest,
  actor: Actor,
  at: Instant,
  event: Pick<AuditEvent, 'what' | 'accountId' | 'facts'>,
): AuditEvent => ({
  ...{ at, result: 'ok', number, journal, ...actor.event, ...event },
  facts: { kind, ...actor.facts, ...event.facts },
})

/** Somebody has seen who stands behind a question. */
export const viewed = (
  { audit, clock }: Pick<QueuePorts, 'audit' | 'clock'>,
  request: SchoolRequest,
  actor: Actor,
): Promise<void> => audit.record(eventAbout(request, actor, clock.now(), { what: 'request.viewed' }))

export const kindTitles: Readonly<Record<RequestKind, string>> = {
  ambiguous: 'один СНИЛС у разных людей',
  held: 'учётная запись уже у другого человека',
  'snils-changed': 'у человека сменился СНИЛС',
  child: 'родитель просит добавить ребёнка',
}

export const groundTitles: Readonly<Record<Ground, string>> = {
  snils: 'по СНИЛС',
  employee: 'как сотрудник',
  code: 'по коду школы',
  proof: 'по подтверждению',
  school: 'решением школы',
  created: 'создана журналом',
}
