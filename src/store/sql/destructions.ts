import type { Kysely } from 'kysely'
import type { Instant } from '../../base/clock.js'
import type { RequestNumber } from '../../base/request-number.js'
import type { Destroyed, Destruction, Destructions } from '../../login/consent-ports.js'
import type { Lookup } from '../lookup.js'
import type { Seal } from '../sealed.js'
import type { Tables } from '../tables.js'
import { auditRow } from './audit.js'
import { openDetails } from './consents.js'
import { destroyPerson } from './destroying.js'

export function createDestructions(db: Kysely<Tables>, tools: Tools): Destructions {
  return {
    async sessionsOpen(before) {
      const rows = await withConsents(db)
        .where('sessions_ended_at', 'is', null)
        .where('ordered_at', '<', before)
        .execute()
      return rows.map(destructionOf)
    },

    async sessionsEnded(ids, now) {
      await db.updateTable('destructions').set({ sessions_ended_at: now }).where('id', 'in', ids).execute()
    },

    carryOut: (now, event) => db.transaction().execute(trx => carryOut(trx, tools, now, event)),

    async byNumber(number) {
      return (await withConsents(db).where('destructions.number', '=', number).execute()).map(destructionOf)
    },

    async all() {
      return (await withConsents(db).execute()).map(destructionOf)
    },
  }
}

interface Tools {
  readonly seal: Seal
  readonly lookup: Lookup
}

/** While keys are being changed, of one person some rows stand under one key and some under another. */
async function namesOf(
  trx: Kysely<Tables>,
  { seal, lookup }: Tools,
  { consent_id, person_hmac }: Pick<Row, 'consent_id' | 'person_hmac'>,
): Promise<readonly string[]> {
  const consent = await trx
    .selectFrom('consents')
    .select(['id', 'details'])
    .where('id', '=', consent_id)
    .executeTakeFirst()
  if (!consent || consent.details === null) return [person_hmac]
  const { found } = openDetails({ id: consent.id, details: consent.details }, seal)
  return found ? lookup.candidates('person', found.identity) : [person_hmac]
}

const withConsents = (db: Kysely<Tables>) =>
  db
    .selectFrom('destructions')
    .innerJoin('consents', 'consents.id', 'destructions.consent_id')
    .selectAll('destructions')
    .select(['consents.subject', 'consents.version', 'consents.text_hash'])
    .orderBy('ordered_at')
    .orderBy('destructions.id')

type Row = Awaited<ReturnType<ReturnType<typeof withConsents>['executeTakeFirstOrThrow']>>

async function carryOut(
  trx: Kysely<Tables>,
  tools: Tools,
  now: Instant,
  event: Parameters<Destructions['carryOut']>[1],
): Promise<Destruction | undefined> {
  const row = await withConsents(trx)
    .where('due_at', '<=', now)
    .where('done_at', 'is', null)
    .where('called_off_at', 'is', null)
    .limit(1)
    .executeTakeFirst()
  if (!row) return undefined
  const { choice, account_id } = row
  const names = await namesOf(trx, tools, row)
  const standing = trx.selectFrom('consents').select('account_id').where('person_hmac', 'in', names)
  const others = await standing.where('ended_at', 'is', null).execute()
  const whole = others.length === 0
  const isFree = others.every(other => other.account_id !== account_id)
  const destroyed = await destroyPerson(trx, { names, choice, whole, ...(isFree && { account: account_id }) })
  const result = { done_at: now, result: JSON.stringify({ whole, destroyed }) }
  await trx.updateTable('destructions').set(result).where('id', '=', row.id).execute()
  const done = destructionOf({ ...row, ...result })
  await trx
    .insertInto('audit_events')
    .values(auditRow(event(done), tools.seal))
    .execute()
  return done
}

const destructionOf = (row: Row): Destruction => ({
  id: row.id,
  consent: row.consent_id,
  person: row.person,
  subject: row.subject,
  accountId: row.account_id,
  school: row.school,
  journal: row.journal,
  version: row.version,
  hash: row.text_hash,
  number: row.number as RequestNumber,
  orderedAt: row.ordered_at,
  dueAt: row.due_at,
  ...(row.called_off_at !== null && { calledOffAt: row.called_off_at }),
  ...(row.done_at !== null &&
    row.result !== null && {
      done: { at: row.done_at, ...(JSON.parse(row.result) as { whole: boolean; destroyed: readonly Destroyed[] }) },
    }),
})
