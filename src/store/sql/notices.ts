import type { Kysely } from 'kysely'
import type { Instant } from '../../base/clock.js'
import type { RequestNumber } from '../../base/request-number.js'
import type { Notice, Notices } from '../../login/logout-ports.js'
import type { Place, Seal } from '../sealed.js'
import type { NoticeRow, Tables } from '../tables.js'
import { sendingFrom } from './sending.js'

export const createNotices = (db: Kysely<Tables>, seal: Seal): Notices =>
  sendingFrom(db, 'notices', row => noticeOf(row, seal))

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
