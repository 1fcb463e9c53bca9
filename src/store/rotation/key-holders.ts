/** Who runs over this database with which keys: nobody may write under a key that another running program does not know. */
import type { Kysely } from 'kysely'
import { randomId, systemChance } from '../../base/chance.js'
import type { Instant } from '../../base/clock.js'
import type { KeyHolders, Straggler } from '../../login/rotation-ports.js'
import type { KeyRing, StoreKeys } from '../keys.js'
import type { Tables } from '../tables.js'
import type { Whereabouts } from '../whereabouts.js'

/** Of programs that never said goodbye. */
const FORGOTTEN_AFTER = 3_600_000

export function createKeyHolders(db: Kysely<Tables>, keys: StoreKeys, whereabouts: Whereabouts): KeyHolders {
  const id = randomId(systemChance)
  const own = { data_ids: idsOf(keys.data).join(), lookup_ids: idsOf(keys.lookup).join() }
  return {
    async tell(now) {
      await whereabouts.tell(now)
      await db.transaction().execute(async trx => {
        await trx
          .insertInto('key_holders')
          .values({ id, ...own, seen_at: now })
          .onConflict(conflict => conflict.column('id').doUpdateSet({ seen_at: now }))
          .execute()
        await trx
          .deleteFrom('key_holders')
          .where('seen_at', '<', now - FORGOTTEN_AFTER)
          .execute()
      })
    },

    async leave() {
      await whereabouts.leave()
      await db.deleteFrom('key_holders').where('id', '=', id).execute()
    },
  }
}

export async function stragglers(
  db: Kysely<Tables>,
  { data, lookup }: StoreKeys,
  since: Instant,
): Promise<readonly Straggler[]> {
  const rows = await db.selectFrom('key_holders').selectAll().where('seen_at', '>=', since).execute()
  return rows
    .map(({ seen_at, data_ids, lookup_ids }) => {
      const [theirs, theirLookup] = [data_ids.split(','), lookup_ids.split(',')]
      const lacks = [...lacking('secrets.data', data, theirs), ...lacking('secrets.lookup', lookup, theirLookup)]
      const writesUnder = [...others(data, theirs), ...others(lookup, theirLookup)]
      return { seenAt: seen_at, lacks, writesUnder }
    })
    .filter(({ lacks, writesUnder }) => lacks.length > 0 || writesUnder.length > 0)
}

const idsOf = (keys: KeyRing): readonly string[] => keys.map(({ id }) => id)

/** Only the first matters: nothing is written under the others any more. */
const lacking = (setting: string, [{ id }]: KeyRing, theirs: readonly string[]): readonly string[] =>
  theirs.includes(id) ? [] : [`${setting} ${id}`]

const others = ([{ id }]: KeyRing, [first]: readonly string[]): readonly string[] =>
  first === undefined || first === id ? [] : [first]
