/**
 * Audit: what happened, when, from where, to whom (a pseudonym), and why not.
 * Does not touch: names, СНИЛС, tokens, or anything quoted from a message, so that destroying a person's data never edits it.
 * Called by: login and web; `explain` reads it.
 */
import type { Instant } from '../base/clock.js'
import type { Facts } from '../base/refusal.js'
import type { RefusalCode } from '../base/refusals.js'
import type { RequestNumber } from '../base/request-number.js'
import type { Check } from '../words/check.js'

export type EventKind =
  | 'login.started'
  | 'login.verified'
  | 'login.restarted'
  | 'login.refused'
  | 'account.chosen'
  | 'journal.entered'
  | 'link.made'
  | 'link.ended'
  | 'link.resumed'
  | 'code.made'
  | 'code.shown'
  | 'code.used'
  | 'code.revoked'
  | 'proof.shown'
  | 'account.asked'
  | 'account.created'
  | 'request.filed'
  | 'request.decided'
  | 'request.taken-back'
  | 'request.viewed'
  | 'record.viewed'
  | 'session.closed'
  | 'logout.started'
  | 'logout.finished'
  | 'logout.obeyed'
  | 'logout.refused'
  | 'journal.asked'
  | 'journal.told'
  | 'confirmation.started'
  | 'confirmation.given'
  | 'device.forgotten'
  | 'notices.chosen'
  | 'message.sent'
  | 'consent.given'
  | 'consent.withdrawn'
  | 'data.destroyed'
  | 'hand-off.redeemed'
  | 'hand-off.refused'
  | 'request.refused'
  | 'request.failed'
  | 'roster.imported'
  | 'keys.rotated'
  | 'metadata.taken'
  | 'metadata.held'
  | 'metadata.approved'
  | 'metadata.rejected'
  | 'metadata.rolled-back'
  | 'metadata.failed'
  | 'anomaly.found'
  | 'anomaly.acknowledged'
  | 'lock.set'
  | 'lock.lifted'
  | 'banner.raised'
  | 'banner.lowered'
  | 'backup.made'
  | 'backup.restored'
  | 'database.moved'

export interface AuditEvent {
  readonly at: Instant
  readonly what: EventKind
  readonly result: 'ok' | 'refused' | 'failed'
  readonly number?: RequestNumber
  readonly code?: RefusalCode
  readonly address?: string
  /** The browser as it names itself, cut at 200 characters. */
  readonly device?: string
  readonly idp?: string
  readonly authnMethod?: string
  /** HMAC under the `audit` key: the same person has the same one, and nobody can turn it back. */
  readonly person?: string
  readonly journal?: string
  readonly accountId?: string
  readonly facts?: Facts
  readonly checks?: readonly Check[]
}

export interface Audit {
  record(event: AuditEvent): Promise<void>
  /** Everything that happened in this time, both ends included, in the order in which it was written. */
  between(period: { readonly from?: Instant; readonly to?: Instant }): AsyncIterable<AuditEvent>
  /** Everything under one request number, oldest first. */
  byNumber(number: RequestNumber): Promise<readonly AuditEvent[]>
  /**
   * What was written under any of these pseudonyms, from `since` on, the latest first, and no more than `limit`; with a
   * kind only events of that kind.
   */
  ofPerson(
    pseudonyms: readonly string[],
    since: Instant,
    limit: number,
    kind?: EventKind,
  ): Promise<readonly AuditEvent[]>
  /** The same without a limit, some at a time: of somebody with years of history nobody holds all of it. */
  allOfPerson(pseudonyms: readonly string[], since: Instant, kind?: EventKind): AsyncIterable<AuditEvent>
}
