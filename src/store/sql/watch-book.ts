/** What one round of the watch reads and writes, inside the transaction in which it runs alone. */
import type { Kysely } from 'kysely'
import { randomId, systemChance } from '../../base/chance.js'
import type { AuditEvent } from '../../audit/audit.js'
import type { Instant } from '../../base/clock.js'
import type { Lock, Trouble } from '../../words/watched.js'
import type { Book, Mark, NewAnomaly } from '../../watch/ports.js'
import type { Seal } from '../sealed.js'
import type { Tables } from '../tables.js'
import type { AnomalyRow } from '../tables-watch.js'
import { auditRow, eventOf } from './audit.js'
import { bannerOf } from './watch-rows.js'

/** Rows a statement: SQLite takes 32766 values. */
const BATCH = 500

export const createBook = (trx: Kysely<Tables>, seal: Seal): Book => ({
  rows: most => takeRows(trx, most),

  async add(marks) {
    for (let from = 0; from < marks.length; from += BATCH) await addMarks(trx, marks.slice(from, from + BATCH))
  },

  total: (tally, subjects, since) => valuesOf(trx, tally, subjects, since, 'total'),
  different: (tally, subjects, since) => valuesOf(trx, tally, subjects, since, 'different'),

  async marks(tally, subject, since) {
    const own = trx.selectFrom('watch_tallies').selectAll().where('tally', '=', tally).where('subject', '=', subject)
    const rows = await own.where('at', '>', since).execute()
    return rows.map(({ gone_at: goneAt, ...mark }) => ({ ...mark, goneAt }))
  },

  forget: (tally, subject) => forgetTallies(trx, subject, tally),

  note: anomaly => note(trx, anomaly),

  lock: (lock, anomaly) => insertLock(trx, lock, anomaly),

  async closeQuiet(since, now) {
    const quiet = trx.updateTable('anomalies').set({ state: 'closed', decided_at: now })
    const closed = await quiet.where('state', '!=', 'closed').where('last_at', '<', since).executeTakeFirst()
    return Number(closed.numUpdatedRows)
  },

  banners: now => bannersAt(trx, now),

  async raise({ idp, trouble, since }) {
    await trx.insertInto('banners').values({ idp, trouble, since, until: null }).execute()
  },

  async lower(idp: string, trouble: Trouble) {
    await trx.deleteFrom('banners').where('idp', '=', idp).where('trouble', '=', trouble).execute()
  },

  async record(event) {
    await trx.insertInto('audit_events').values(auditRow(event, seal)).execute()
  },
})

/**
 * Rows are read where the chain has taken them: there they stand in one order for all nodes, and none can appear later before one that was read.
 */
async function takeRows(trx: Kysely<Tables>, most: number): Promise<readonly AuditEvent[]> {
  const place = await trx.selectFrom('watch_place').select(['entry', 'seq']).executeTakeFirst()
  const { entry, seq } = place ?? { entry: 0, seq: 0 }
  // two questions, each answered from the index, where one with `or` would read the whole table
  const rest = entry === 0 ? [] : await rowsOf(trx, most).where('entry', '=', entry).where('seq', '>', seq).execute()
  const next =
    rest.length < most
      ? await rowsOf(trx, most - rest.length)
          .where('entry', '>', entry)
          .execute()
      : []
  const rows = [...rest, ...next]
  const last = rows.at(-1)
  if (last) await keepPlace(trx, { entry: last.entry!, seq: last.seq })
  return rows.map(eventOf)
}

const keepPlace = (trx: Kysely<Tables>, place: { readonly entry: number; readonly seq: number }): Promise<unknown> =>
  trx
    .insertInto('watch_place')
    .values({ id: 1, ...place })
    .onConflict(same => same.column('id').doUpdateSet(place))
    .execute()

const rowsOf = (trx: Kysely<Tables>, most: number) =>
  trx.selectFrom('audit_events').selectAll().where('entry', 'is not', null).orderBy('entry').orderBy('seq').limit(most)

const addMarks = (trx: Kysely<Tables>, marks: readonly Mark[]): Promise<unknown> =>
  trx
    .insertInto('watch_tallies')
    .values(marks.map(({ goneAt, ...mark }) => ({ ...mark, gone_at: goneAt })))
    .onConflict(conflict =>
      conflict.columns(['tally', 'subject', 'mark']).doUpdateSet(row => ({
        count: row('watch_tallies.count', '+', row.ref('excluded.count')),
        at: row.ref('excluded.at'),
        gone_at: row.ref('excluded.gone_at'),
      })),
    )
    .execute()

async function valuesOf(
  trx: Kysely<Tables>,
  tally: string,
  subjects: readonly string[],
  since: Instant,
  want: 'total' | 'different',
): Promise<ReadonlyMap<string, number>> {
  const rows = await trx
    .selectFrom('watch_tallies')
    .select(({ fn }) => [
      'subject',
      fn.sum<number | string>('count').as('total'),
      fn.countAll<number | string>().as('different'),
    ])
    .where('tally', '=', tally)
    .where('subject', 'in', subjects)
    .where('at', '>', since)
    .groupBy('subject')
    .execute()
  return new Map(rows.map(row => [row.subject, Number(row[want])]))
}

export async function forgetTallies(trx: Kysely<Tables>, subject: string, tally?: string): Promise<void> {
  const own = trx.deleteFrom('watch_tallies').where('subject', '=', subject)
  await (tally === undefined ? own : own.where('tally', '=', tally)).execute()
}

async function note(trx: Kysely<Tables>, { rule, subject, number, value, at }: NewAnomaly) {
  const living = trx.selectFrom('anomalies').selectAll().where('rule', '=', rule).where('kind', '=', subject.kind)
  const own = living.where('subject', '=', subject.name).where('state', '!=', 'closed')
  const known = await own.executeTakeFirst()
  if (!known) {
    const row: AnomalyRow = {
      ...{ id: randomId(systemChance).slice(0, 10), rule, kind: subject.kind, subject: subject.name, value },
      ...{ number: number ?? null, first_at: at, last_at: at, state: 'open' },
      ...{ decided_at: null, decided_by: null, reason: null, told: 0, told_at: null, accounts: null },
    }
    await trx.insertInto('anomalies').values(row).execute()
    return { id: row.id, isNew: true }
  }
  await trx
    .updateTable('anomalies')
    .set({
      last_at: Math.max(known.last_at, at),
      value: Math.max(known.value, value),
      number: number ?? known.number,
    })
    .where('id', '=', known.id)
    .execute()
  return { id: known.id, isNew: false }
}

/** @returns false when a lock of this subject stands already */
export async function insertLock(trx: Kysely<Tables>, lock: Omit<Lock, 'id'>, anomaly?: string): Promise<boolean> {
  const { subject, rule, since, until } = lock
  const own = trx.selectFrom('locks').select('id').where('kind', '=', subject.kind).where('subject', '=', subject.name)
  if (await own.where('ended_at', 'is', null).where('until', '>', since).executeTakeFirst()) return false
  await trx
    .insertInto('locks')
    .values({
      ...{ id: randomId(systemChance), kind: subject.kind, subject: subject.name, rule, since, until },
      ...{ anomaly: anomaly ?? null, ended_at: null, ended_by: null, reason: null },
    })
    .execute()
  return true
}

export async function bannersAt(db: Kysely<Tables>, now: Instant) {
  const rows = await db
    .selectFrom('banners')
    .selectAll()
    .where(row => row.or([row('until', 'is', null), row('until', '>', now)]))
    .orderBy('since')
    .execute()
  return rows.map(bannerOf)
}
