/** The audit as a chain: nothing in it can be changed, taken out, put in or moved unseen by who holds only the database. */
import type { Instant } from '../base/clock.js'

/** A place in the chain, and the value that stands for everything before it. */
export interface ChainHead {
  readonly position: number
  /** HMAC over the entry and the one before, base64url. */
  readonly mac: string
}

/** What was signed about the chain on one day. */
export interface KeptAnchor {
  readonly position: number
  readonly at: Instant
  /** A JWS; also in the log, where whoever holds the database does not reach it. */
  readonly token: string
}

export type FindingKind =
  | 'row-changed'
  | 'row-missing'
  | 'row-inserted'
  | 'row-doubled'
  | 'row-unproven'
  | 'entry-changed'
  | 'entry-missing'
  | 'tail-missing'
  | 'anchor-forged'
  | 'anchor-differs'

export interface Finding {
  readonly kind: FindingKind
  /** Of the row in audit_events. */
  readonly seq?: number
  /** Of the entry in audit_chain. */
  readonly position?: number
  /** When the row says it was written, or when the entry was made. */
  readonly at?: Instant
  readonly what?: string
  readonly number?: string
}

export interface Examined {
  readonly entries: number
  readonly rows: number
  /** Written, and not in the chain yet. */
  readonly loose: number
  /** The last entry; none in a chain that was never begun. */
  readonly head?: ChainHead
  /** Entries up to here went with the rows that they held, when those were past their time. */
  readonly prunedTo: number
}

/** Only rows that were taken into the chain in this time are looked at; the chain itself always is. */
export interface Period {
  readonly from?: Instant
  readonly to?: Instant
}

export interface AuditChain {
  /** Takes up to `most` rows that are in no entry yet into a new one. @returns how many */
  take(now: Instant, most: number): Promise<number>
  /** Forgets the oldest entries none of whose rows is kept any more. @returns how many */
  prune(): Promise<number>
  head(): Promise<ChainHead | undefined>
  /** @returns undefined when there is no such entry */
  macAt(position: number): Promise<string | undefined>
  examine(period: Period, found: (finding: Finding) => void): Promise<Examined>
  /** The oldest first. */
  anchors(): Promise<readonly KeptAnchor[]>
  keepAnchor(anchor: KeptAnchor): Promise<void>
}
