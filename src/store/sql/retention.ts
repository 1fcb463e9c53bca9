import { sql, type Kysely } from 'kysely'
import type { EventKind } from '../../audit/audit.js'
import type { Instant } from '../../base/clock.js'
import type { Retained, Retention, RetentionLimits } from '../../login/retention-ports.js'
import type { Tables } from '../tables.js'

/** What an ordinary day writes. Whatever else there is, or comes later, is kept longer. */
const ordinary: readonly EventKind[] = [
  'login.started',
  'login.verified',
  'login.restarted',
  'account.chosen',
  'journal.entered',
  'session.closed',
  'logout.started',
  'logout.finished',
  'logout.obeyed',
  'journal.asked',
  'journal.told',
  'hand-off.redeemed',
]

/** @returns the keys of records past their time, at most so many */
type Past = (db: Kysely<Tables>, before: Instant, most: number) => Promise<readonly (string | number)[]>

const ALL = Number.MAX_SAFE_INTEGER

export const createRetention = (db: Kysely<Tables>): Retention => ({
  async plan(now, limits) {
    const count = async (kind: Retained) => (await past[kind](db, now - limits[kind], ALL)).length
    return {
      loginAudit: await count('loginAudit'),
      securityAudit: await count('securityAudit'),
      unlinked: await count('unlinked'),
      consents: await count('consents'),
    }
  },

  delete: (kind, now, limits, most) =>
    db.transaction().execute(async trx => {
      const keys = await past[kind](trx, before(kind, now, limits), most)
      if (keys.length > 0) await remove[kind](trx, keys)
      return keys.length
    }),
})

const before = (kind: Retained, now: Instant, limits: RetentionLimits): Instant => now - limits[kind]

/** Events stand in the order of time but for a few seconds, so that the young ones need not be read. */
const events =
  (kept: 'ordinary' | 'others'): Past =>
  async (db, before, most) => {
    const young = db.selectFrom('audit_events').select('seq').where('at', '>=', before).orderBy('seq').limit(1)
    const { seq: first = ALL } = (await young.executeTakeFirst()) ?? {}
    const rows = await db
      .selectFrom('audit_events')
      .select('seq')
      .where('seq', '<', first)
      .where('at', '<', before)
      .where('what', kept === 'ordinary' ? 'in' : 'not in', ordinary)
      .orderBy('seq')
      .limit(most)
      .execute()
    return rows.map(({ seq }) => seq)
  }

const past: Readonly<Record<Retained, Past>> = {
  loginAudit: events('ordinary'),
  securityAudit: events('others'),
  async unlinked(db, before, most) {
    const since = sql<number>`coalesce(decided_at, filed_at)`
    const rows = await db.selectFrom('requests').select('id').where(since, '<', before).limit(most).execute()
    return rows.map(({ id }) => id)
  },
  /** One that still waits for its destruction stays until that is done. */
  async consents(db, before, most) {
    const left = db.selectFrom('accounts').select('account_id').where('missing_since', '<', before)
    const waiting = db.selectFrom('destructions').select('consent_id').where('done_at', 'is', null)
    const rows = await db
      .selectFrom('consents')
      .select('id')
      .where(eb => eb.or([eb('ended_at', '<', before), eb('account_id', 'in', left)]))
      .where('id', 'not in', waiting.where('called_off_at', 'is', null))
      .limit(most)
      .execute()
    return rows.map(({ id }) => id)
  },
}

type Remove = (trx: Kysely<Tables>, keys: readonly (string | number)[]) => Promise<unknown>

const removeEvents: Remove = (trx, keys) =>
  trx
    .deleteFrom('audit_events')
    .where('seq', 'in', keys as readonly number[])
    .execute()

const remove: Readonly<Record<Retained, Remove>> = {
  loginAudit: removeEvents,
  securityAudit: removeEvents,
  async unlinked(trx, keys) {
    const ids = keys as readonly string[]
    await trx.deleteFrom('request_numbers').where('request', 'in', ids).execute()
    await trx.deleteFrom('requests').where('id', 'in', ids).execute()
  },
  async consents(trx, keys) {
    const ids = keys as readonly string[]
    await trx.deleteFrom('destructions').where('consent_id', 'in', ids).execute()
    await trx.deleteFrom('consents').where('id', 'in', ids).execute()
  },
}
