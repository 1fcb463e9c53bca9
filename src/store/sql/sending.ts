/** Rows that wait to be sent: taken by one node at a time, put off, and gone when they have arrived. */
import { sql, type Kysely } from 'kysely'
import type { Instant } from '../../base/clock.js'
import type { Tables } from '../tables.js'

type Queue = 'notices' | 'messages' | 'alerts'

interface Sending<Sent> {
  /** What is due at `now`, the oldest first, `most` of them; nobody else gets the same before `until`. */
  due(now: Instant, until: Instant, most: number): Promise<Sent[]>
  putOff(id: string, until: Instant): Promise<void>
  forget(id: string): Promise<void>
}

export const sendingFrom = <Q extends Queue, Sent extends { readonly since: Instant }>(
  db: Kysely<Tables>,
  queue: Q,
  read: (row: Tables[Q]) => Sent,
): Sending<Sent> => ({
  async due(now, until, most) {
    const { rows } = await sql<Tables[Q]>`
      update ${sql.table(queue)} set next_at = ${until} where next_at <= ${now} and id in
        (select id from ${sql.table(queue)} where next_at <= ${now} order by since limit ${most})
      returning *`.execute(db)
    return rows.map(read).sort((one, other) => one.since - other.since)
  },

  async putOff(id, until) {
    await sql`update ${sql.table(queue)} set next_at = ${until}, attempts = attempts + 1 where id = ${id}`.execute(db)
  },

  async forget(id) {
    await sql`delete from ${sql.table(queue)} where id = ${id}`.execute(db)
  },
})
