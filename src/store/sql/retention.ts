import { sql, type Kysely } from 'kysely'
import type { EventKind } from '../../audit/audit.js'
import type { Instant } from '../../base/clock.js'
import type { Retained, Retention, RetentionLimits } from '../../login/retention-ports.js'
import { UNDO_FOR } from '../../words/undo.js'
import { noteCut } from '../chain/chain.js'
import type { Stamps } from '../chain/stamp.js'
import type { Tables } from '../tables.js'
import { notSeen } from './devices.js'
import { leftChoices, type LeftTools } from './left-choices.js'

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
type Past = (db: Kysely<Tables>, at: At, most: number) => Promise<readonly (string | number)[]>

interface At {
  readonly now: Instant
  readonly limits: RetentionLimits
  readonly tools: RetentionTools
}

interface RetentionTools extends LeftTools {
  readonly stamps: Stamps
}

const AUDIT = { loginAudit: true, securityAudit: true }

/** Whoever sends notices gives them up after a day, and says so in the audit; what is left then, nobody sends any more. */
const MESSAGES_KEPT = 2 * 86_400_000

const ALL = Number.MAX_SAFE_INTEGER

export const createRetention = (db: Kysely<Tables>, tools: RetentionTools): Retention => ({
  async plan(now, limits) {
    const counts: [string, number][] = []
    for (const kind of Object.keys(past) as Retained[])
      counts.push([kind, (await past[kind](db, { now, limits, tools }, ALL)).length])
    return Object.fromEntries(counts) as Record<Retained, number>
  },

  delete: (kind, now, limits, most) =>
    db.transaction().execute(async trx => {
      const keys = await past[kind](trx, { now, limits, tools }, most)
      if (keys.length > 0) await remove[kind](trx, keys)
      if (keys.length > 0 && kind in AUDIT) await noteCut(trx, tools.stamps, keys as readonly number[], now)
      return keys.length
    }),
})

/** Events stand in the order of time but for a few seconds, so that the young ones need not be read. */
const events =
  (kind: keyof typeof AUDIT, kept: 'in' | 'not in'): Past =>
  async (db, { now, limits }, most) => {
    const before = now - limits[kind]
    const young = db.selectFrom('audit_events').select('seq').where('at', '>=', before).orderBy('seq').limit(1)
    const { seq: first = ALL } = (await young.executeTakeFirst()) ?? {}
    const rows = await db
      .selectFrom('audit_events')
      .select('seq')
      .where('seq', '<', first)
      .where('at', '<', before)
      .where('what', kept, ordinary)
      .orderBy('seq')
      .limit(most)
      .execute()
    return rows.map(({ seq }) => seq)
  }

const past: Readonly<Record<Retained, Past>> = {
  loginAudit: events('loginAudit', 'in'),
  securityAudit: events('securityAudit', 'not in'),
  async unlinked(db, { now, limits }, most) {
    const before = now - limits.unlinked
    const since = sql<number>`coalesce(decided_at, filed_at)`
    const rows = await db.selectFrom('requests').select('id').where(since, '<', before).limit(most).execute()
    return rows.map(({ id }) => id)
  },
  /** One that still waits for its destruction stays until that is done. */
  async consents(db, { now, limits }, most) {
    const before = now - limits.consents
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
  choices: (db, { now, limits, tools }, most) => leftChoices(db, tools, now - limits.unlinked, most),
  async devices(db, { now }, most) {
    return (await db.selectFrom('devices').select('id').where(notSeen(now)).limit(most).execute()).map(({ id }) => id)
  },
  async messages(db, { now }, most) {
    const old = db
      .selectFrom('messages')
      .select('id')
      .where('since', '<', now - MESSAGES_KEPT)
    return (await old.limit(most).execute()).map(({ id }) => id)
  },
  async creations(db, { now, limits }, most) {
    const old = db
      .selectFrom('creations')
      .select('id')
      .where('since', '<', now - limits.unlinked)
    return (await old.limit(most).execute()).map(({ id }) => id)
  },
  /** Whoever took it off, or whom the school took it from, may have it back for a time. */
  async created(db, { now, limits }, most) {
    const before = now - Math.max(limits.unlinked, UNDO_FOR)
    const linked = db
      .selectFrom('links')
      .select('account_id')
      .where(eb => eb.or([eb('ended_at', 'is', null), eb('ended_at', '>=', before)]))
    const rows = await db
      .selectFrom('accounts')
      .select('account_id')
      .where('created_at', '<', before)
      .where('account_id', 'not in', linked)
      .limit(most)
      .execute()
    return rows.map(({ account_id }) => account_id)
  },
}

type Remove = (trx: Kysely<Tables>, keys: readonly (string | number)[]) => Promise<unknown>

const removeEvents: Remove = (trx, keys) =>
  trx
    .deleteFrom('audit_events')
    .where('seq', 'in', keys as readonly number[])
    .execute()

const removeFrom =
  (table: 'notice_choices' | 'devices' | 'messages' | 'creations'): Remove =>
  (trx, keys) =>
    trx
      .deleteFrom(table)
      .where('id', 'in', keys as readonly string[])
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
  choices: removeFrom('notice_choices'),
  devices: removeFrom('devices'),
  messages: removeFrom('messages'),
  creations: removeFrom('creations'),
  created: (trx, keys) =>
    trx
      .deleteFrom('accounts')
      .where('account_id', 'in', keys as readonly string[])
      .where('created_at', 'is not', null)
      .execute(),
}
