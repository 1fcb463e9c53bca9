import type { Kysely } from 'kysely'
import { randomId, systemChance } from '../../base/chance.js'
import type { Instant } from '../../base/clock.js'
import type { ImportPlan, Replacing, Roster, RosterEntry, RosterRecord } from '../../identity/roster.js'
import { roles } from '../../words/account.js'
import type { SchoolCode } from '../../words/school.js'
import type { Lookup } from '../lookup.js'
import type { Place, Seal } from '../sealed.js'
import type { AccountRow, Tables } from '../tables.js'
import { prepared } from './prepared.js'
import { compare, type Comparison, type Known } from './roster-comparison.js'

/** Rows a statement: 8 columns each stay far below SQLite's 32,766 and PostgreSQL's 65,535 parameters. */
const BATCH = 500

interface Scope {
  readonly journal: string
  readonly school: SchoolCode
}

/** What a login asks. */
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
      const rows = await db
        .selectFrom('accounts')
        .selectAll()
        .where(
          'key_hmac',
          'in',
          places.flatMap(place => lookup.candidates('roster-key', place)),
        )
        .where('missing_since', 'is', null)
        .orderBy('school')
        .orderBy('account_id')
        .execute()
      return rows.map(row => entryOf(row, seal))
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
    db.transaction().execute(trx => replaceIn(trx, { journal, school }, records, { ...replacing, seal, lookup })),

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

/** Inside the caller's transaction. */
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
    .select(['account_id', 'key_hmac', 'content_hmac', 'missing_since'])
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
    const rows = entries.map(({ accountId, key, content, record }): AccountRow => ({
      account_id: accountId,
      ...scope,
      key_hmac: key,
      content_hmac: content,
      snils_hmac: record.snils === undefined ? null : lookup.index('snils', record.snils),
      record: seal.seal(recordPlace(accountId), record),
      missing_since: null,
    }))
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
        })),
      )
      .execute()
    done += rows.length
    wrote?.(done, all.length)
  }
}

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
})
