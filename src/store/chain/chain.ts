/**
 * Rows get a stamp in the transaction that writes them, which costs a login some microseconds; into the chain they are taken a little
 * later, many at once, so that logins do not queue for its end.
 */
import type { Kysely } from 'kysely'
import type { Instant } from '../../base/clock.js'
import type { AuditChain } from '../../login/chain-ports.js'
import { takeTurn } from '../dialect.js'
import type { Tables } from '../tables.js'
import { append, cutsOf, headOf, macOf, markOf, openBegin, openTaken, rangesOf, type Entry } from './entries.js'
import { examine } from './examine.js'
import type { Stamps } from './stamp.js'

/** Entries that are pruned in one transaction. */
const PRUNED_AT_ONCE = 200

export const createChain = (db: Kysely<Tables>, stamps: Stamps): AuditChain => ({
  take: (now, most) =>
    db
      .transaction()
      .setIsolationLevel('read committed')
      .execute(async trx => {
        await takeTurn(trx, 'audit chain')
        return take(trx, stamps, now, most)
      }),

  async prune() {
    const isCut = await cutsOf(db)
    for (let count = 0; ;) {
      const some = await db.transaction().execute(trx => prune(trx, stamps, isCut))
      count += some
      if (some < PRUNED_AT_ONCE) return count
    }
  },

  async head() {
    const head = await headOf(db)
    return head && { position: head.position, mac: head.mac }
  },

  async macAt(position) {
    const entry = await db.selectFrom('audit_chain').selectAll().where('position', '=', position).executeTakeFirst()
    return entry && macOf(entry)
  },

  examine: (period, found) => examine({ db, stamps, found }, period),

  anchors: () => db.selectFrom('audit_anchors').selectAll().orderBy('position').execute(),

  async keepAnchor(anchor) {
    const row = db.insertInto('audit_anchors').values(anchor)
    await row.onConflict(same => same.column('position').doNothing()).execute()
  },
})

async function take(trx: Kysely<Tables>, stamps: Stamps, now: Instant, most: number): Promise<number> {
  const loose = trx.selectFrom('audit_events').selectAll().where('entry', 'is', null).orderBy('seq').limit(most)
  const rows = await loose.execute()
  if (rows.length === 0) return 0
  const head = (await headOf(trx)) ?? (await begin(trx, stamps, now))
  const unstampedTo = await unstampedToOf(trx)
  const body = rows.map(row => [row.seq, markOf(row, stamps, unstampedTo)])
  const { position } = await append(trx, stamps, head, { kind: 'rows', body, at: now })
  const seqs = rows.map(({ seq }) => seq)
  await trx.updateTable('audit_events').set({ entry: position }).where('seq', 'in', seqs).execute()
  return rows.length
}

/** Rows of an older version are vouched for as they stand on the day on which the chain begins. */
async function begin(trx: Kysely<Tables>, stamps: Stamps, now: Instant): Promise<Entry> {
  const unstamped = trx.selectFrom('audit_events').where('stamp', 'is', null)
  const row = await unstamped.select(({ fn }) => fn.max<number | null>('seq').as('seq')).executeTakeFirst()
  return append(trx, stamps, undefined, { kind: 'begin', body: { unstampedTo: row?.seq ?? 0 }, at: now })
}

export async function unstampedToOf(db: Kysely<Tables>): Promise<number> {
  const first = db.selectFrom('audit_chain').selectAll().where('kind', 'in', ['begin', 'base']).orderBy('position')
  const entry = await first.limit(1).executeTakeFirst()
  return entry ? openBegin(entry) : 0
}

/** In the transaction that deletes rows past their time. */
export async function noteCut(
  trx: Kysely<Tables>,
  stamps: Stamps,
  seqs: readonly number[],
  now: Instant,
): Promise<void> {
  const head = await headOf(trx)
  // nothing was ever taken in, so nothing will be missed
  if (head) await append(trx, stamps, head, { kind: 'cut', body: rangesOf(seqs), at: now })
}

/** Only what was cut may go: of rows that somebody took away the entry stays, and tells. */
async function prune(trx: Kysely<Tables>, stamps: Stamps, isCut: (seq: number) => boolean): Promise<number> {
  const unstampedTo = await unstampedToOf(trx)
  const oldest = trx.selectFrom('audit_chain').selectAll().orderBy('position').limit(PRUNED_AT_ONCE)
  const entries = await oldest.execute()
  const kept = entries.findIndex(entry => entry.kind === 'rows' && !openTaken(entry).every(([seq]) => isCut(seq)))
  const gone = kept < 0 ? entries.slice(0, -1) : entries.slice(0, kept)
  const last = gone.at(-1)
  if (!last || gone.every(({ kind }) => kind === 'begin' || kind === 'base')) return 0
  const base = {
    position: last.position,
    at: last.at,
    kind: 'base',
    body: JSON.stringify({ unstampedTo, mac: last.mac }),
  }
  await trx.deleteFrom('audit_chain').where('position', '<=', last.position).execute()
  await trx
    .insertInto('audit_chain')
    .values({ ...base, mac: stamps.entry(base, '') })
    .execute()
  return gone.length
}
