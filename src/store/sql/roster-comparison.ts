import type { RosterRecord } from '../../identity/roster.js'
import type { Child } from '../../words/account.js'
import type { Lookup } from '../lookup.js'
import type { AccountRow } from '../tables.js'

/** What is read of a stored account to compare it: nothing has to be opened. */
export type Known = Pick<AccountRow, 'account_id' | 'key_hmac' | 'content_hmac' | 'missing_since' | 'created_at'>

/** A record of the file with the values under which it is found again, made with the first lookup key. */
interface Indexed {
  readonly record: RosterRecord
  readonly key: string
  readonly content: string
}

interface Matched extends Indexed {
  readonly accountId: string
}

export interface Comparison {
  /** Stored accounts that lists named, and that were not marked missing. */
  readonly before: number
  readonly added: readonly Indexed[]
  readonly changed: readonly Matched[]
  /** The same as before, but found under an older lookup key: written anew, and counted as unchanged. */
  readonly rekeyed: readonly Matched[]
  readonly unchanged: number
  /** Account ids that the records no longer name, and that were not marked so before. */
  readonly missing: readonly string[]
}

type Scope = { readonly journal: string; readonly school: string }

/** @throws Error when two records have the same login and role: the importer merges those */
export function compare(
  known: readonly Known[],
  scope: Scope,
  records: readonly RosterRecord[],
  lookup: Lookup,
): Comparison {
  refuseDoubles(records)
  const byKey = new Map(known.map(row => [row.key_hmac, row]))
  const added: Indexed[] = []
  const changed: Matched[] = []
  const rekeyed: Matched[] = []
  const found = new Set<string>()

  for (const record of records) {
    const keys = lookup.candidates('roster-key', rosterKey(scope, record))
    const contents = lookup.candidates('roster-content', canonical(record))
    const indexed: Indexed = { record, key: keys[0]!, content: contents[0]! }
    const at = keys.findIndex(key => byKey.has(key))
    const row = byKey.get(keys[at] ?? '')
    if (!row) {
      added.push(indexed)
      continue
    }
    found.add(row.account_id)
    const matched = { ...indexed, accountId: row.account_id }
    const asBefore = row.content_hmac === contents[at] && row.missing_since === null && row.created_at === null
    if (!asBefore) changed.push(matched)
    else if (at > 0) rekeyed.push(matched)
  }

  // what a journal made at a first login no list has named yet, so none can miss it
  const standing = known.filter(row => row.missing_since === null && row.created_at === null)
  const missing = standing.filter(row => !found.has(row.account_id))
  const unchanged = records.length - added.length - changed.length
  return { before: standing.length, added, changed, rekeyed, unchanged, missing: missing.map(row => row.account_id) }
}

export const rosterKey = ({ journal, school }: Scope, { login, role }: Pick<RosterRecord, 'login' | 'role'>): string =>
  JSON.stringify([journal, school, login, role])

function refuseDoubles(records: readonly RosterRecord[]): void {
  const seen = new Map<string, number>()
  for (const [i, { login, role }] of records.entries()) {
    const key = JSON.stringify([login, role])
    const before = seen.get(key)
    if (before !== undefined)
      throw new Error(
        `Records ${before + 1} and ${i + 1} of the import have the same login and role; nothing was written.`,
      )
    seen.set(key, i)
  }
}

/** The same text for the same record, in whatever order its fields were written. */
export function canonical({ login, role, person, snils, className, email, children }: RosterRecord): string {
  const { lastName, firstName, middleName, birthDate } = person
  return JSON.stringify([
    login,
    role,
    [lastName, firstName, middleName ?? null, birthDate ?? null],
    [snils ?? null, className ?? null, email ?? null],
    children.map(canonicalChild),
  ])
}

/** What older versions did not know is written only where it is: else every account would look changed after an update. */
function canonicalChild({ id, name, className, relation, from, until }: Child): readonly unknown[] {
  const authority = [relation ?? null, from ?? null, until ?? null]
  return [id, name, className ?? null, ...(authority.some(value => value !== null) ? authority : [])]
}
