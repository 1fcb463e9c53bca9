import { sql, type Kysely } from 'kysely'
import type { Instant } from '../../base/clock.js'
import type { RequestNumber } from '../../base/request-number.js'
import type { Notice, Notices } from '../../login/logout-ports.js'
import type { Place, Seal } from '../sealed.js'
import type { NoticeRow, Tables } from '../tables.js'

export const createNotices = (db: Kysely<Tables>, seal: Seal): Notices => ({
  async due(now, until, most) {
    const first = db.selectFrom('notices').select('id').where('next_at', '<=', now).orderBy('since').limit(most)
    const rows = await db
      .updateTable('notices')
      .set({ next_at: until })
      .where('id', 'in', first)
      .where('next_at', '<=', now)
      .returningAll()
      .execute()
    return rows.map(row => noticeOf(row, seal)).sort((a, b) => a.since - b.since)
  },

  async putOff(id, until) {
    const notice = db.updateTable('notices').where('id', '=', id)
    await notice.set({ next_at: until, attempts: sql<number>`attempts + 1` }).execute()
  },

  async forget(id) {
    await db.deleteFrom('notices').where('id', '=', id).execute()
  },
})

export const noticeRow = ({ mark, ...notice }: Notice, seal: Seal, next_at: Instant): NoticeRow => ({
  ...notice,
  next_at,
  mark: mark === undefined ? null : seal.seal(place(notice.id), mark),
})

const noticeOf = ({ id, journal, subject, sid, number, since, attempts, mark }: NoticeRow, seal: Seal): Notice => ({
  ...{ id, journal, subject, sid, since, attempts },
  ...(mark !== null && { mark: seal.open(place(id), mark) as string }),
  number: number as RequestNumber,
})

const place = (row: string): Place => ({ table: 'notices', column: 'mark', row })
