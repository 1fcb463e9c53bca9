import type { Kysely, Transaction } from 'kysely'
import { randomId, systemChance } from '../../base/chance.js'
import type { Instant } from '../../base/clock.js'
import type { ImportPlan, Replacing, Roster, RosterEntry, RosterRecord } from '../../identity/roster.js'
import { roles } from '../../words/account.js'
import type { SchoolCode } from '../../words/school.js'
import { takeTurn } from '../dialect.js'
import type { Lookup } from '../lookup.js'
import type { Place, Seal } from '../sealed.js'
import type { AccountRow, Tables } from '../tables.js'
import { prepared } from './prepared.js'
import { canonical, compare, rosterKey, type Comparison, type Known } from './roster-comparison.js'

/** Rows a statement: 8 columns each stay far below SQLite's 32,766 and PostgreSQL's 65,535 parameters. */
const BATCH = 500

interface Scope {
  readonly journal: string
  readonly school: SchoolCode
}

/** What a login asks. */
/** Of one question: a database takes only so many parameters, and the journal of a region has thousands of schools. */
const MOST_KEYS = 1_000

/** Those that lists name no more included, in no order. @param keys HMACs of the roster key */
export async function accountsUnder(db: Kysely<Tables>, keys: readonly string[]): Promise<AccountRow[]> {
  const rows: AccountRow[] = []
  for (let from = 0; from < keys.length; from += MOST_KEYS) {
    const some = db
      .selectFrom('accounts')
      .selectAll()
      .where('key_hmac', 'in', keys.slice(from, from + MOST_KEYS))
    rows.push(...(await some.execute()))
  }
  return rows
}

function lookUp(db: Kysely<Tables>, seal: Seal, lookup: Lookup): Pick<Roster, 'bySnils' | 'byAccounts' | 'byLogin'> {
  const findBySnils = prepared(db, (db, candidates: readonly string[]) =>
    db
      .selectFrom('accounts')
      .selectAll()
      .where(
        'snils_hmac',
        'in',
        lookup.candidates('snils', '').map((_, i) => candidates[i]!),
      )
      .where('missing_since', 'is', null)
      .orderBy('journal')
      .orderBy('school')
      .orderBy('account_id'),
  )
  return {
    async bySnils(snils) {
      const { rows } = await findBySnils(db, lookup.candidates('snils', snils))
      return rows.map(row => entryOf(row, seal))
    },

    async byAccounts(accountIds) {
      if (accountIds.length === 0) return []
      const rows = db.selectFrom('accounts').selectAll().where('account_id', 'in', accountIds)
      return (await rows.where('missing_since', 'is', null).execute()).map(row => entryOf(row, seal))
    },

    async byLogin(journal, schools, login) {
      const places = schools.flatMap(school => roles.map(role => JSON.stringify([journal, school, login, role])))
      const keys = places.flatMap(place => lookup.candidates('roster-key', place))
      const rows = (await accountsUnder(db, keys)).filter(row => row.missing_since === null)
      const place = ({ school, account_id }: AccountRow) => `${school} ${account_id}`
      return rows.sort((a, b) => (place(a) < place(b) ? -1 : 1)).map(row => entryOf(row, seal))
    },
  }
}

export const createRoster = (db: Kysely<Tables>, seal: Seal, lookup: Lookup): Roster => ({
  ...lookUp(db, seal, lookup),

  async plan(journal, school, records) {
    const comparison = compare(await known(db, { journal, school }), { journal, school }, records, lookup)
    return planOf(db, seal, comparison)
  },

  replace: (journal, school, records, replacing) =>
    importing(db, { journal, school }, trx =>
      replaceIn(trx, { journal, school }, records, { ...replacing, seal, lookup }),
    ),

  async entries({ journal, school }) {
    let query = db.selectFrom('accounts').selectAll().orderBy('journal').orderBy('school').orderBy('account_id')
    if (journal !== undefined) query = query.where('journal', '=', journal)
    if (school !== undefined) query = query.where('school', '=', school)
    return (await query.execute()).map(row => entryOf(row, seal))
  },

  async count(journal) {
    const { accounts } = await db
      .selectFrom('accounts')
      .select(({ fn }) => fn.countAll<number>().as('accounts'))
      .where('journal', '=', journal)
      .where('missing_since', 'is', null)
      .executeTakeFirstOrThrow()
    return accounts
  },
})

type ReplacingTools = Replacing & { readonly seal: Seal; readonly lookup: Lookup }

/**
 * Of two imports into one school of a journal the second waits for the first. Not serializable: a person who is being
 * linked at the same moment would undo minutes of work, though the two touch nothing that the other decides by.
 */
export const importing = <T>(
  db: Kysely<Tables>,
  { journal, school }: Scope,
  work: (trx: Transaction<Tables>) => Promise<T>,
): Promise<T> =>
  db
    .transaction()
    .setIsolationLevel('read committed')
    .execute(async trx => {
      await takeTurn(trx, JSON.stringify(['import', journal, school]))
      return work(trx)
    })

/** Inside `importing`. */
export async function replaceIn(
  trx: Kysely<Tables>,
  scope: Scope,
  records: readonly RosterRecord[],
  { now, check, wrote, seal, lookup }: ReplacingTools,
): Promise<ImportPlan> {
  const comparison = compare(await known(trx, scope), scope, records, lookup)
  const plan = await planOf(trx, seal, comparison)
  check?.(plan)
  await write(trx, scope, comparison, { seal, lookup, wrote })
  await markMissing(trx, comparison.missing, now)
  return plan
}

const known = (db: Kysely<Tables>, { journal, school }: Scope): Promise<Known[]> =>
  db
    .selectFrom('accounts')
    .select(['account_id', 'key_hmac', 'content_hmac', 'missing_since', 'created_at'])
    .where('journal', '=', journal)
    .where('school', '=', school)
    .execute()

async function planOf(db: Kysely<Tables>, seal: Seal, comparison: Comparison): Promise<ImportPlan> {
  const logins = (records: readonly { readonly record: RosterRecord }[]) => records.map(({ record }) => record.login)
  return {
    before: comparison.before,
    added: logins(comparison.added),
    changed: logins(comparison.changed),
    unchanged: comparison.unchanged,
    missing: await loginsOf(db, seal, comparison.missing),
  }
}

async function loginsOf(db: Kysely<Tables>, seal: Seal, accountIds: readonly string[]): Promise<string[]> {
  const logins: string[] = []
  for (const ids of batches(accountIds)) {
    const rows = await db
      .selectFrom('accounts')
      .select(['account_id', 'record'])
      .where('account_id', 'in', ids)
      .execute()
    logins.push(...rows.map(row => openRecord(row, seal).login))
  }
  return logins.sort()
}

interface WriteTools {
  readonly seal: Seal
  readonly lookup: Lookup
  readonly wrote: Replacing['wrote']
}

async function write(db: Kysely<Tables>, scope: Scope, comparison: Comparison, { seal, lookup, wrote }: WriteTools) {
  let done = 0
  const { added, changed, rekeyed } = comparison
  const all = [...added.map(entry => ({ ...entry, accountId: randomId(systemChance) })), ...changed, ...rekeyed]
  for (const entries of batches(all)) {
    const rows = entries.map(({ accountId, record }) => accountRow({ accountId, ...scope, record }, { seal, lookup }))
    await db
      .insertInto('accounts')
      .values(rows)
      .onConflict(conflict =>
        conflict.column('account_id').doUpdateSet(excluded => ({
          key_hmac: excluded.ref('excluded.key_hmac'),
          content_hmac: excluded.ref('excluded.content_hmac'),
          snils_hmac: excluded.ref('excluded.snils_hmac'),
          record: excluded.ref('excluded.record'),
          missing_since: null,
          created_at: null,
        })),
      )
      .execute()
    done += rows.length
    wrote?.(done, all.length)
  }
}

/** As the first keys write it. */
export const accountRow = (
  { accountId, journal, school, record }: Scope & { readonly accountId: string; readonly record: RosterRecord },
  { seal, lookup }: { readonly seal: Seal; readonly lookup: Lookup },
): AccountRow => ({
  ...{ account_id: accountId, journal, school, missing_since: null, created_at: null },
  key_hmac: lookup.index('roster-key', rosterKey({ journal, school }, record)),
  content_hmac: lookup.index('roster-content', canonical(record)),
  snils_hmac: record.snils === undefined ? null : lookup.index('snils', record.snils),
  record: seal.seal(recordPlace(accountId), record),
})

async function markMissing(db: Kysely<Tables>, accountIds: readonly string[], now: Instant): Promise<void> {
  for (const ids of batches(accountIds))
    await db.updateTable('accounts').set({ missing_since: now }).where('account_id', 'in', ids).execute()
}

function* batches<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let i = 0; i < items.length; i += BATCH) yield items.slice(i, i + BATCH)
}

const recordPlace = (accountId: string): Place => ({ table: 'accounts', column: 'record', row: accountId })

export const openRecord = (row: Pick<AccountRow, 'account_id' | 'record'>, seal: Seal): RosterRecord =>
  seal.open(recordPlace(row.account_id), row.record) as RosterRecord

const entryOf = (row: AccountRow, seal: Seal): RosterEntry => ({
  ...openRecord(row, seal),
  accountId: row.account_id,
  journal: row.journal,
  school: row.school,
  ...(row.missing_since !== null && { missingSince: row.missing_since }),
  ...(row.created_at !== null && { createdAt: row.created_at }),
})
