import type { Kysely } from 'kysely'
import type { RequestNumber } from '../../base/request-number.js'
import type { Logouts, PendingLogout } from '../../login/ports.js'
import type { Target } from '../../words/target.js'
import type { Place, Seal } from '../sealed.js'
import type { LogoutRow, Tables } from '../tables.js'

export function createLogouts(db: Kysely<Tables>, seal: Seal): Logouts {
  return {
    async start(logout) {
      await db.insertInto('logouts').values(logoutRow(logout, seal)).execute()
    },

    async take(id, now) {
      const row = await db
        .deleteFrom('logouts')
        .where('id', '=', id)
        .where('expires_at', '>', now)
        .returningAll()
        .executeTakeFirst()
      return row && logoutOf(row, seal)
    },

    async find(id, now) {
      const row = await db
        .selectFrom('logouts')
        .selectAll()
        .where('id', '=', id)
        .where('expires_at', '>', now)
        .executeTakeFirst()
      return row && logoutOf(row, seal)
    },

    async sweep(now) {
      const { numDeletedRows } = await db.deleteFrom('logouts').where('expires_at', '<=', now).executeTakeFirst()
      return Number(numDeletedRows)
    },
  }
}

const thenPlace = (id: string): Place => ({ table: 'logouts', column: 'then_target', row: id })

const logoutRow = (logout: PendingLogout, seal: Seal): LogoutRow => ({
  id: logout.id,
  request_id: logout.requestId,
  idp: logout.idp,
  number: logout.number,
  then_target: logout.then ? seal.seal(thenPlace(logout.id), logout.then) : null,
  journals: JSON.stringify(logout.journals),
  expires_at: logout.expiresAt,
})

const logoutOf = (row: LogoutRow, seal: Seal): PendingLogout => ({
  id: row.id,
  requestId: row.request_id,
  idp: row.idp,
  number: row.number as RequestNumber,
  ...(row.then_target !== null && { then: seal.open(thenPlace(row.id), row.then_target) as Target }),
  journals: JSON.parse(row.journals) as readonly string[],
  expiresAt: row.expires_at,
})
