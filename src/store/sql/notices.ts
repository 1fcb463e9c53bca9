import { sql, type Kysely } from 'kysely'
import type { RequestNumber } from '../../base/request-number.js'
import type { Notice, Notices } from '../../login/logout-ports.js'
import type { NoticeRow, Tables } from '../tables.js'

export const createNotices = (db: Kysely<Tables>): Notices => ({
  async due(now, until, most) {
    const first = db.selectFrom('notices').select('id').where('next_at', '<=', now).orderBy('since').limit(most)
    const rows = await db
      .updateTable('notices')
      .set({ next_at: until })
      .where('id', 'in', first)
      .where('next_at', '<=', now)
      .returningAll()
      .execute()
    return rows.map(noticeOf).sort((a, b) => a.since - b.since)
  },

  async putOff(id, until) {
    const notice = db.updateTable('notices').where('id', '=', id)
    await notice.set({ next_at: until, attempts: sql<number>`attempts + 1` }).execute()
  },

  async forget(id) {
    await db.deleteFrom('notices').where('id', '=', id).execute()
  },
})

const noticeOf = ({ id, journal, subject, sid, number, since, attempts }: NoticeRow): Notice => ({
  ...{ id, journal, subject, sid, since, attempts },
  number: number as RequestNumber,
})
