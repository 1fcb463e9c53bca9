import type { Kysely } from 'kysely'
import type { RateCount, RateCounts } from '../../login/rate-limits.js'
import type { Lookup } from '../lookup.js'
import type { Tables } from '../tables.js'

export const MINUTE = 60_000
/** Milliseconds: the minute that runs, the one before, and some for clocks that differ. */
export const KEPT = 6 * MINUTE
/** Rows a statement. */
const BATCH = 200

export const createRateCounts = (db: Kysely<Tables>, lookup: Lookup): RateCounts => ({
  async add(counts) {
    const totals: number[] = []
    for (let from = 0; from < counts.length; from += BATCH)
      totals.push(...(await addBatch(db, lookup, counts.slice(from, from + BATCH))))
    return totals
  },

  async sweep(now) {
    const old = db.deleteFrom('rate_counts').where('since', '<=', now - KEPT)
    return Number((await old.executeTakeFirst()).numDeletedRows)
  },
})

async function addBatch(db: Kysely<Tables>, lookup: Lookup, counts: readonly RateCount[]): Promise<number[]> {
  const rows = counts.map(({ key, minute, count }) => ({
    ...{ who_hmac: lookup.index('attempts', key), since: minute * MINUTE, count },
  }))
  const written = await db
    .insertInto('rate_counts')
    // in one order on every node, so that two that write the same rows do not wait for each other
    .values([...rows].sort((a, b) => (a.who_hmac < b.who_hmac ? -1 : 1)))
    .onConflict(conflict =>
      conflict
        .columns(['who_hmac', 'since'])
        .doUpdateSet(at => ({ count: at.eb('rate_counts.count', '+', at.ref('excluded.count')) })),
    )
    .returning(['who_hmac', 'since', 'count'])
    .execute()
  const totals = new Map(written.map(({ who_hmac, since, count }) => [`${who_hmac} ${since}`, count]))
  return rows.map(({ who_hmac, since }) => totals.get(`${who_hmac} ${since}`) ?? 0)
}
