/** Entries of the chain: what they hold, and how the next one is written. Inside a transaction. */
import type { Kysely } from 'kysely'
import type { Instant } from '../../base/clock.js'
import type { AuditRow, Tables } from '../tables.js'
import type { Stamps } from './stamp.js'

/**
 * `begin`: what stood there before the chain was. `rows`: rows that were taken in. `cut`: rows that went because they were past their time.
 * `base`: what is left of the oldest entries when they were pruned; it keeps the value of the last of them.
 */
export type EntryKind = 'begin' | 'rows' | 'cut' | 'base'

export type Entry = Tables['audit_chain']

/** A row and what proves it. */
export type Taken = readonly [seq: number, mark: string]

/** From and to, both included. */
export type Range = readonly [from: number, to: number]

/** A body that is no JSON was written by somebody else; that the entry was changed is said already. */
function opened(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

function pairs({ body }: Entry): readonly unknown[] {
  const list = opened(body)
  return Array.isArray(list) ? list.filter(each => Array.isArray(each)) : []
}

export const openTaken = (entry: Entry): readonly Taken[] => pairs(entry) as readonly Taken[]
export const openRanges = (entry: Entry): readonly Range[] => pairs(entry) as readonly Range[]

/** What the next entry, and an anchor, hold on to. */
export const macOf = (entry: Entry): string =>
  entry.kind === 'base' ? String((opened(entry.body) as { readonly mac?: unknown } | undefined)?.mac) : entry.mac

export const headOf = (db: Kysely<Tables>): Promise<Entry | undefined> =>
  db.selectFrom('audit_chain').selectAll().orderBy('position', 'desc').limit(1).executeTakeFirst()

export async function append(
  trx: Kysely<Tables>,
  stamps: Stamps,
  before: Entry | undefined,
  next: { readonly kind: EntryKind; readonly body: unknown; readonly at: Instant },
): Promise<Entry> {
  const entry = {
    position: (before?.position ?? 0) + 1,
    at: next.at,
    kind: next.kind,
    body: JSON.stringify(next.body),
  }
  const whole = { ...entry, mac: stamps.entry(entry, before ? macOf(before) : '') }
  await trx.insertInto('audit_chain').values(whole).execute()
  return whole
}

/** Of `begin` and, once that was pruned, of `base`: rows up to here were written before rows had stamps. */
export const openBegin = ({ body }: Entry): number =>
  Number((opened(body) as { readonly unstampedTo?: unknown } | undefined)?.unstampedTo ?? 0)

/**
 * What the chain says about a row: the mark of a row with a stamp is the stamp's own, one from before there were stamps has `-` and its
 * content, and one that nobody of ours can have written `!`.
 */
export function markOf(row: AuditRow, stamps: Stamps, unstampedTo: number): string {
  if (row.stamp === null) return `${row.seq <= unstampedTo ? '-' : '!'}${stamps.content(row)}`
  return stamps.isMade(row, row.stamp) ? row.stamp : `!${stamps.content(row)}`
}

export const isUnproven = (mark: string): boolean => mark.startsWith('!')

export function rangesOf(seqs: readonly number[]): readonly Range[] {
  const ranges: [number, number][] = []
  for (const seq of [...seqs].sort((one, other) => one - other)) {
    const last = ranges.at(-1)
    if (last && seq <= last[1] + 1) last[1] = seq
    else ranges.push([seq, seq])
  }
  return ranges
}

/** Whether a row went because it was past its time. */
export async function cutsOf(db: Kysely<Tables>): Promise<(seq: number) => boolean> {
  const entries = await db.selectFrom('audit_chain').selectAll().where('kind', '=', 'cut').execute()
  const merged: [number, number][] = []
  for (const [from, to] of entries.flatMap(openRanges).sort(([one], [other]) => one - other)) {
    const last = merged.at(-1)
    if (last && from <= last[1] + 1) last[1] = Math.max(last[1], to)
    else merged.push([from, to])
  }
  return seq => {
    let [low, high] = [0, merged.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (merged[middle]![1] < seq) low = middle + 1
      else high = middle
    }
    const range = merged[low]
    return range !== undefined && range[0] <= seq
  }
}
