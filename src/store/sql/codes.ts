import type { Kysely } from 'kysely'
import { randomId, systemChance } from '../../base/chance.js'
import type { Instant } from '../../base/clock.js'
import type { NewCode } from '../../identity/codes.js'
import type { CodeBrought, CodeRefused, CodeUsedByThem, Codes, Limit } from '../../login/people-ports.js'
import { CODE_LOOKS } from '../../words/code.js'
import { UNDO_FOR } from '../../words/undo.js'
import { identityOf } from '../identity-of.js'
import type { Lookup } from '../lookup.js'
import type { Tables } from '../tables.js'
import type { CodeRow } from '../tables-people.js'
import { countOne, waitOf } from './attempts.js'
import { auditRow } from './audit.js'
import { activeOn, makeLink, type LinkTools } from './links.js'
import { writeMessage } from './messages.js'

const MINUTE = 60_000

/** Wrong codes; whoever mistypes is told so before anything is looked up. */
const OF_PERSON: readonly Limit[] = [
  { most: 2, within: MINUTE },
  { most: 20, within: 1_440 * MINUTE },
]
const OF_ADDRESS: readonly Limit[] = [{ most: 2, within: MINUTE }]

/** How long after its end a code is told from one that never was. */
export const KEPT = UNDO_FOR

/** Rows a statement. */
const BATCH = 500

export const createCodes = (db: Kysely<Tables>, tools: LinkTools): Codes => ({
  ...fromTheSchool(db, tools),
  ...fromThePerson(db, tools),
  async sweep(now) {
    const over = db.deleteFrom('codes').where('expires_at', '<=', now - KEPT)
    return Number((await over.executeTakeFirst()).numDeletedRows)
  },
})

const fromTheSchool = (db: Kysely<Tables>, { seal, lookup }: LinkTools): Pick<Codes, 'make' | 'living' | 'revoke'> => ({
  make: (codes, event) =>
    db.transaction().execute(async trx => {
      const accountIds = codes.map(({ accountId }) => accountId)
      await revokeIn(trx, accountIds, event.at)
      for (const some of batches(codes)) {
        const rows = some.map(code => rowOf(code, lookup))
        await trx.insertInto('codes').values(rows).execute()
      }
      await trx.insertInto('audit_events').values(auditRow(event, seal)).execute()
    }),

  async living(journal, school, now) {
    const rows = await unused(db)
      .select('account_id')
      .where('journal', '=', journal)
      .where('school', '=', school)
      .where('locked_at', 'is', null)
      .where('expires_at', '>', now)
      .execute()
    return new Set(rows.map(row => row.account_id))
  },

  revoke: (accountIds, now, event) =>
    db.transaction().execute(async trx => {
      const revoked = await revokeIn(trx, accountIds, now)
      const row = auditRow(event(revoked), seal)
      await trx.insertInto('audit_events').values(row).execute()
      return revoked
    }),
})

const fromThePerson = (db: Kysely<Tables>, tools: LinkTools): Pick<Codes, 'look' | 'find' | 'use'> => ({
  look: (brought, event) =>
    search(db, tools.lookup, brought, async (trx, row) => {
      const closed = await closedTo(trx, tools.lookup, row, brought)
      if (closed) return closed
      const change = row.looks < CODE_LOOKS ? { looks: row.looks + 1 } : { locked_at: brought.now }
      await trx.updateTable('codes').where('id', '=', row.id).set(change).execute()
      if (row.looks >= CODE_LOOKS) return { at: 'locked' }
      const shown = auditRow(event(row.account_id), tools.seal)
      await trx.insertInto('audit_events').values(shown).execute()
      return { at: 'found', accountId: row.account_id }
    }),

  find: brought =>
    search(
      db,
      tools.lookup,
      brought,
      async (trx, row) =>
        (await closedTo(trx, tools.lookup, row, brought)) ?? { at: 'found', accountId: row.account_id },
    ),

  use: (brought, link, event, message) =>
    search(db, tools.lookup, brought, async (trx, row) => {
      if (row.account_id !== link.accountId) throw new Error('The link is not to the account of the code.')
      const closed = await closedTo(trx, tools.lookup, row, brought)
      if (closed) return closed
      if ((await makeLink(trx, tools, link)) === 'held') return { at: 'held' }
      await trx.updateTable('codes').where('id', '=', row.id).set({ used_at: brought.now }).execute()
      await writeMessage(trx, tools, message)
      await trx.insertInto('audit_events').values(auditRow(event, tools.seal)).execute()
      return { at: 'made' }
    }),
})

/** In one transaction: whoever guessed too often is not heard, a wrong guess is counted, a right one goes on. */
const search = <T>(
  db: Kysely<Tables>,
  lookup: Lookup,
  { code, person, address, now }: CodeBrought,
  found: (trx: Kysely<Tables>, row: CodeRow) => Promise<T>,
): Promise<T | CodeRefused> =>
  db.transaction().execute(async (trx): Promise<T | CodeRefused> => {
    const guessers = [
      { purpose: 'code', who: `person ${identityOf(person)}`, limits: OF_PERSON, now },
      { purpose: 'code', who: `address ${address}`, limits: OF_ADDRESS, now },
    ]
    let wait = 0
    for (const guesser of guessers) wait = Math.max(wait, await waitOf(trx, lookup, guesser))
    if (wait > 0) return { at: 'limit', seconds: Math.ceil(wait / 1000) }
    const row = await lockedRow(trx, lookup.candidates('code', code))
    if (row) return found(trx, row)
    for (const guesser of guessers) await countOne(trx, lookup, guesser)
    return { at: 'wrong' }
  })

/** Written before it is read: of two who bring it at one moment the second waits, and sees what the first did. */
async function lockedRow(trx: Kysely<Tables>, hmacs: readonly string[]): Promise<CodeRow | undefined> {
  const same = trx.updateTable('codes').set(eb => ({ looks: eb.ref('looks') }))
  return same.where('code_hmac', 'in', hmacs).returningAll().executeTakeFirst()
}

/** @returns why it opens nothing, to this person now */
async function closedTo(
  trx: Kysely<Tables>,
  lookup: Lookup,
  row: CodeRow,
  brought: CodeBrought,
): Promise<CodeUsedByThem | CodeRefused | undefined> {
  if (row.used_at !== null)
    return (await isTheirs(trx, lookup, row, brought))
      ? { at: 'made-before', accountId: row.account_id }
      : { at: 'used' }
  if (row.revoked_at !== null || row.expires_at <= brought.now) return { at: 'expired' }
  return row.locked_at === null ? undefined : { at: 'locked' }
}

/** The very person who used it comes again, as who presses a button twice does. */
async function isTheirs(trx: Kysely<Tables>, lookup: Lookup, row: CodeRow, { person }: CodeBrought): Promise<boolean> {
  const names = lookup.candidates('person', identityOf(person))
  return (await activeOn(trx, row.account_id)).some(link => names.includes(link.person_hmac))
}

const unused = (db: Kysely<Tables>) =>
  db.selectFrom('codes').where('used_at', 'is', null).where('revoked_at', 'is', null)

async function revokeIn(trx: Kysely<Tables>, accountIds: readonly string[], now: Instant): Promise<number> {
  let revoked = 0
  for (const ids of batches(accountIds)) {
    const done = await trx
      .updateTable('codes')
      .set({ revoked_at: now })
      .where('account_id', 'in', ids)
      .where('used_at', 'is', null)
      .where('revoked_at', 'is', null)
      .where('expires_at', '>', now)
      .executeTakeFirst()
    revoked += Number(done.numUpdatedRows)
  }
  return revoked
}

function* batches<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let i = 0; i < items.length; i += BATCH) yield items.slice(i, i + BATCH)
}

const rowOf = ({ code, accountId, journal, school, madeAt, expiresAt }: NewCode, lookup: Lookup): CodeRow => ({
  ...{ id: randomId(systemChance), code_hmac: lookup.index('code', code), account_id: accountId, journal, school },
  ...{ made_at: madeAt, expires_at: expiresAt, looks: 0, locked_at: null, used_at: null, revoked_at: null },
})
