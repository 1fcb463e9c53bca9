import type { Kysely } from 'kysely'
import type { Instant } from '../../base/clock.js'
import type { RuleName } from '../../words/watched.js'
import type { Alerts, Deciding, Telling, Watching } from '../../watch/ports.js'
import type { Lookup } from '../lookup.js'
import { takeTurn } from '../dialect.js'
import type { Seal } from '../sealed.js'
import type { Tables } from '../tables.js'
import { auditRow } from './audit.js'
import { writeMessage } from './messages.js'
import { sendingFrom } from './sending.js'
import { bannersAt, createBook, forgetTallies, insertLock } from './watch-book.js'
import { alertOf, anomalyOf, lockOf } from './watch-rows.js'

/** Locks and anomalies that are over are kept so long, for whoever asks what happened. */
export const KEPT = 180 * 86_400_000

/** Thrown inside the transaction to undo what it wrote; never leaves this file. */
class Faster extends Error {}

export const createAlerts = (db: Kysely<Tables>): Alerts => sendingFrom(db, 'alerts', alertOf)

type Tools = { readonly seal: Seal; readonly lookup: Lookup }
type Alone = <T>(work: (trx: Kysely<Tables>) => Promise<T>) => Promise<T>

export function createWatching(db: Kysely<Tables>, tools: Tools): Watching {
  /** Whoever writes what a round reads waits for it, and the other way round. */
  const alone: Alone = work =>
    db
      .transaction()
      .setIsolationLevel('read committed')
      .execute(async trx => {
        await takeTurn(trx, 'watch')
        return work(trx)
      })
  return {
    ...readings(db),
    ...decisions(alone, tools),
    ...bannersByHand(alone, tools),
    round: work => alone(trx => work(createBook(trx, tools.seal))),

    own: (id, accounts, message) =>
      alone(async trx => {
        const fresh = trx.updateTable('anomalies').where('id', '=', id).where('accounts', 'is', null)
        const { numUpdatedRows } = await fresh.set({ accounts: JSON.stringify(accounts) }).executeTakeFirst()
        if (numUpdatedRows === 0n) return false
        await writeMessage(trx, tools, message)
        return true
      }),

    tell: telling =>
      alone(trx => tell(trx, telling)).catch((error: unknown) => {
        if (error instanceof Faster) return false
        throw error
      }),

    sweep: now => sweep(db, now),
  }
}

const writeEvent = (trx: Kysely<Tables>, { seal }: Tools, event: Deciding['event']): Promise<unknown> =>
  trx.insertInto('audit_events').values(auditRow(event, seal)).execute()

const decisions = (alone: Alone, tools: Tools): Pick<Watching, 'acknowledge' | 'lock' | 'unlock'> => ({
  acknowledge: (id, deciding) =>
    alone(async trx => {
      const open = trx.updateTable('anomalies').where('id', '=', id).where('state', '=', 'open')
      const { numUpdatedRows } = await open.set({ state: 'acknowledged', ...decided(deciding) }).executeTakeFirst()
      if (numUpdatedRows === 0n) return false
      await writeEvent(trx, tools, deciding.event)
      return true
    }),

  lock: (lock, deciding) =>
    alone(async trx => {
      const { by: ended_by, reason, event } = deciding
      const own = trx
        .updateTable('locks')
        .where('kind', '=', lock.subject.kind)
        .where('subject', '=', lock.subject.name)
      const ofRule = own.where('ended_at', 'is', null).where('until', '>', lock.since).where('rule', '!=', lock.rule)
      await ofRule.set({ ended_at: lock.since, ended_by, reason }).execute()
      if (!(await insertLock(trx, lock))) return false
      await writeEvent(trx, tools, event)
      return true
    }),

  unlock: ({ kind, name }, deciding) =>
    alone(async trx => {
      const own = trx.updateTable('locks').where('kind', '=', kind).where('subject', '=', name)
      const standing = own.where('ended_at', 'is', null).where('until', '>', deciding.now)
      const { by: ended_by, reason, now: ended_at } = deciding
      const { numUpdatedRows } = await standing.set({ ended_at, ended_by, reason }).executeTakeFirst()
      if (numUpdatedRows === 0n) return false
      const found = trx.updateTable('anomalies').where('kind', '=', kind).where('subject', '=', name)
      const living = found.where('state', '!=', 'closed')
      await living.set({ state: 'closed', ...decided(deciding) }).execute()
      await forgetTallies(trx, name)
      await writeEvent(trx, tools, deciding.event)
      return true
    }),
})

const bannersByHand = (alone: Alone, tools: Tools): Pick<Watching, 'raise' | 'lower'> => ({
  raise: ({ idp, trouble, since, until }, event) =>
    alone(async trx => {
      await trx
        .insertInto('banners')
        .values({ idp, trouble, since, until })
        .onConflict(same => same.columns(['idp', 'trouble']).doUpdateSet({ until }))
        .execute()
      await writeEvent(trx, tools, event)
    }),

  lower: (idp, event) =>
    alone(async trx => {
      const { numDeletedRows } = await trx.deleteFrom('banners').where('idp', '=', idp).executeTakeFirst()
      if (numDeletedRows > 0n) await writeEvent(trx, tools, event)
      return Number(numDeletedRows)
    }),
})

const decided = ({ by, reason, now }: Deciding) => ({ decided_by: by, reason, decided_at: now })

const readings = (db: Kysely<Tables>) =>
  ({
    async list(states, most) {
      const rows = db.selectFrom('anomalies').selectAll().where('state', 'in', states).orderBy('last_at', 'desc')
      return (await rows.limit(most).execute()).map(anomalyOf)
    },

    async find(id) {
      const row = await db.selectFrom('anomalies').selectAll().where('id', '=', id).executeTakeFirst()
      return row && anomalyOf(row)
    },

    async open() {
      const rows = await db
        .selectFrom('anomalies')
        .select(({ fn }) => ['rule', fn.countAll<number | string>().as('count')])
        .where('state', '=', 'open')
        .groupBy('rule')
        .execute()
      return new Map(rows.map(({ rule, count }) => [rule as RuleName, Number(count)]))
    },

    async unowned(most) {
      const living = db.selectFrom('anomalies').selectAll().where('kind', '=', 'person').where('state', '!=', 'closed')
      const rows = await living.where('accounts', 'is', null).orderBy('first_at').limit(most).execute()
      return rows.map(anomalyOf)
    },

    async untold(repeat, most) {
      const open = db.selectFrom('anomalies').selectAll().where('state', '=', 'open').orderBy('first_at')
      const rows = await open
        .where(row =>
          row.or([
            row('told_at', 'is', null),
            row.and([row('told_at', '<=', repeat), row('last_at', '>', row.ref('told_at'))]),
          ]),
        )
        .limit(most)
        .execute()
      return rows.map(anomalyOf)
    },

    async lastTold() {
      const row = await db
        .selectFrom('anomalies')
        .select(({ fn }) => fn.max('told_at').as('at'))
        .executeTakeFirst()
      return row?.at ?? undefined
    },

    async locks(now) {
      const standing = db.selectFrom('locks').selectAll().where('ended_at', 'is', null).where('until', '>', now)
      return (await standing.orderBy('since').execute()).map(lockOf)
    },

    banners: now => bannersAt(db, now),
  }) satisfies Partial<Watching>

async function tell(trx: Kysely<Tables>, { anomalies, alerts, now }: Telling): Promise<boolean> {
  for (const { id, told } of anomalies) {
    const same = trx.updateTable('anomalies').where('id', '=', id).where('told', '=', told)
    const { numUpdatedRows } = await same.set({ told: told + 1, told_at: now }).executeTakeFirst()
    if (numUpdatedRows === 0n) throw new Faster()
  }
  for (const { id, channel, content, since } of alerts)
    await trx
      .insertInto('alerts')
      .values({ id, channel, since, attempts: 0, next_at: since, content: JSON.stringify(content) })
      .execute()
  return true
}

async function sweep(db: Kysely<Tables>, now: Instant): Promise<number> {
  const tallies = await db.deleteFrom('watch_tallies').where('gone_at', '<=', now).executeTakeFirst()
  const locks = await db
    .deleteFrom('locks')
    .where('until', '<=', now - KEPT)
    .executeTakeFirst()
  const anomalies = db
    .deleteFrom('anomalies')
    .where('state', '=', 'closed')
    .where('last_at', '<=', now - KEPT)
  await db.deleteFrom('banners').where('until', '<=', now).execute()
  return Number(tallies.numDeletedRows + locks.numDeletedRows + (await anomalies.executeTakeFirst()).numDeletedRows)
}
