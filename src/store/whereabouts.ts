/**
 * Where the bridges over one database keep short-lived records: all in one place, or an answer that was used at one node
 * would be new at another. Each says so every minute, with its keys (rotation/key-holders.ts).
 */
import type { Kysely } from 'kysely'
import { randomId, systemChance } from '../base/chance.js'
import type { Instant } from '../base/clock.js'
import { StoreError } from './store-error.js'
import type { Tables } from './tables.js'

const MINUTE = 60_000
/** Told every minute; who has not been heard of for so long is not running. */
const RUNS = 3 * MINUTE
/** Longer than any answer of an IdP is taken. */
const REMEMBERED = 60 * MINUTE

/** Ids that are remembered: who is where, and who left where when. */
const [HERE, LEFT] = ['records-in', 'records-left-in'] as const

export interface Whereabouts {
  /** @throws StoreError when another bridge over this database runs and keeps its records elsewhere */
  check(now: Instant): Promise<void>
  tell(now: Instant): Promise<void>
  leave(): Promise<void>
  /** Until then records were kept elsewhere, as far back as it matters: what happened there is not known here. */
  elsewhereUntil(now: Instant): Promise<Instant>
}

/** @param place `database`, or the server as the settings name it */
export function createWhereabouts(db: Kysely<Tables>, place: string): Whereabouts {
  const own = JSON.stringify([place, randomId(systemChance)])
  let told: Instant = 0
  const others = async (now: Instant, purposes: readonly string[]) => {
    const noted = db.selectFrom('used_ids').select(['id', 'remember_until']).where('purpose', 'in', purposes)
    const rows = await noted.where('remember_until', '>', now).execute()
    return rows
      .map(row => ({ place: (JSON.parse(row.id) as readonly [string])[0], seen: row.remember_until - REMEMBERED }))
      .filter(other => other.place !== place)
  }
  const note = async (purpose: string, id: string, seen: Instant) => {
    const remember_until = seen + REMEMBERED
    await db
      .insertInto('used_ids')
      .values({ purpose, id, remember_until })
      .onConflict(conflict => conflict.columns(['purpose', 'id']).doUpdateSet({ remember_until }))
      .execute()
  }
  return {
    async check(now) {
      const [other] = (await others(now, [HERE])).filter(({ seen }) => seen > now - RUNS)
      if (other) throw new StoreError(sentence(place, other.place))
    },

    async tell(now) {
      told = now
      await note(HERE, own, now)
    },

    async leave() {
      if (told === 0) return
      await note(LEFT, JSON.stringify([place]), told)
      await db.deleteFrom('used_ids').where('purpose', '=', HERE).where('id', '=', own).execute()
    },

    async elsewhereUntil(now) {
      return Math.max(0, ...(await others(now, [HERE, LEFT])).map(({ seen }) => seen + MINUTE))
    },
  }
}

const sentence = (ours: string, theirs: string): string =>
  `storage.shortLived: this bridge would keep short-lived records in ${named(ours)}, and another one over this database keeps them in ${named(theirs)}. ` +
  'Give all the same setting, letter by letter. If you have just changed it, stop all of them first; one that did not stop in order is forgotten after three minutes.'

const named = (place: string): string => (place === 'database' ? 'the database' : place)
