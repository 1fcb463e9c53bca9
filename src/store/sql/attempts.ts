import type { Kysely } from 'kysely'
import type { Instant } from '../../base/clock.js'
import type { Attempts, Limit } from '../../login/people-ports.js'
import type { Lookup } from '../lookup.js'
import type { Tables } from '../tables.js'

/** Longer than the longest limit. */
export const KEPT = 7 * 86_400_000

export const createAttempts = (db: Kysely<Tables>, lookup: Lookup): Attempts => ({
  take: (purpose, who, limits, now) =>
    db.transaction().execute(async trx => {
      const wait = await waitOf(trx, lookup, { purpose, who, limits, now })
      if (wait === 0) await countOne(trx, lookup, { purpose, who, now })
      return wait
    }),

  async giveBack(purpose, who, at) {
    const mine = db.deleteFrom('attempts').where('purpose', '=', purpose).where('at', '=', at)
    await mine.where('who_hmac', 'in', lookup.candidates('attempts', who)).execute()
  },

  async sweep(now) {
    const { numDeletedRows } = await db
      .deleteFrom('attempts')
      .where('at', '<=', now - KEPT)
      .executeTakeFirst()
    return Number(numDeletedRows)
  },
})

interface Attempt {
  readonly purpose: string
  readonly who: string
  readonly now: Instant
}

/** Inside a transaction that goes on to write. @returns milliseconds until the next one may come, or 0 */
export async function waitOf(
  trx: Kysely<Tables>,
  lookup: Lookup,
  { purpose, who, limits, now }: Attempt & { readonly limits: readonly Limit[] },
): Promise<number> {
  let wait = 0
  for (const { most, within } of limits) {
    const latest = await trx
      .selectFrom('attempts')
      .select('at')
      .where('purpose', '=', purpose)
      .where('who_hmac', 'in', lookup.candidates('attempts', who))
      .where('at', '>', now - within)
      .orderBy('at', 'desc')
      .limit(most)
      .execute()
    const first = latest.at(most - 1)
    if (latest.length === most && first) wait = Math.max(wait, first.at + within - now)
  }
  return wait
}

export async function countOne(trx: Kysely<Tables>, lookup: Lookup, { purpose, who, now }: Attempt): Promise<void> {
  await trx
    .insertInto('attempts')
    .values({ purpose, who_hmac: lookup.index('attempts', who), at: now })
    .execute()
}
