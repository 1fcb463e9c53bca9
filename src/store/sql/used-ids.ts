import type { Kysely } from 'kysely'
import type { UsedIds } from '../../login/ports.js'
import type { Tables } from '../tables.js'

export const createUsedIds = (db: Kysely<Tables>): UsedIds => ({
  /** A record past its time counts as new; it is overwritten in place, since the sweep may not have come by. */
  async use(purpose, id, rememberUntil, now) {
    const { numInsertedOrUpdatedRows } = await db
      .insertInto('used_ids')
      .values({ purpose, id, remember_until: rememberUntil })
      .onConflict(conflict =>
        conflict
          .columns(['purpose', 'id'])
          .doUpdateSet({ remember_until: rememberUntil })
          .where('used_ids.remember_until', '<=', now),
      )
      .executeTakeFirst()
    return numInsertedOrUpdatedRows === 1n
  },

  async sweep(now) {
    const { numDeletedRows } = await db.deleteFrom('used_ids').where('remember_until', '<=', now).executeTakeFirst()
    return Number(numDeletedRows)
  },
})
