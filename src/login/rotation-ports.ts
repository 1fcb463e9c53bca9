/** What a change of the keys for data at rest needs from outside. */
import type { Instant } from '../base/clock.js'
import type { AuditEvent } from '../audit/audit.js'

/** Rows of one column that stand under a key. */
export interface KeptUnder {
  /** `accounts.record`. */
  readonly column: string
  readonly rows: number
  /** They cannot be computed anew, and the last of them is gone by then. */
  readonly ends?: Instant
}

export interface KeyUse {
  readonly secret: 'data' | 'lookup'
  readonly id: string
  /** What is written now is written under it. */
  readonly first: boolean
  /** Columns without a row are left out. */
  readonly kept: readonly KeptUnder[]
}

/** A program that is running over this database with other keys than ours. */
export interface Straggler {
  readonly seenAt: Instant
  /** Names of settings and ids: `secrets.data d2`. It could not read what stands under them. */
  readonly lacks: readonly string[]
  /** Ids under which it still writes, where we write under others. */
  readonly writesUnder: readonly string[]
}

export interface Moved {
  /** Pass it as `after` next time; undefined when the table is through. */
  readonly next?: string
  readonly moved: number
  /** Somebody else wrote the row meanwhile: it will be met again. */
  readonly missed: number
  /** Values that do not open: altered, or sealed with a key that we do not have. */
  readonly unreadable: number
}

/** Safe beside any number of programs that write under the same first keys. */
export interface Rotation {
  readonly tables: readonly string[]
  /** How many rows do not stand under the first keys yet. */
  waiting(table: string): Promise<number>
  /** Looks at up to `most` rows behind `after` that do not, and writes those anew in one transaction that is short. */
  move(table: string, after: string, most: number): Promise<Moved>
  /** Of every key of the settings; the first of each list first. */
  use(): Promise<readonly KeyUse[]>
  /** From then on a start without this key is no mistake any more. Whoever calls has seen that no row stands under it. */
  release(secret: KeyUse['secret'], id: string): Promise<void>
  /** When the first look-up key of today was noted as such: before, the audit called people by other names. */
  lookupSince(): Promise<Instant | undefined>
  /** Programs seen at `since` or later. */
  stragglers(since: Instant): Promise<readonly Straggler[]>
  record(event: AuditEvent): Promise<void>
}

/** Who runs over this database, and with which keys. */
export interface KeyHolders {
  /** Says so now; to be repeated every minute. */
  tell(now: Instant): Promise<void>
  leave(): Promise<void>
}
