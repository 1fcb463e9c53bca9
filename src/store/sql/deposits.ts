import { createHash } from 'node:crypto'
import type { Kysely } from 'kysely'
import type { RequestNumber } from '../../base/request-number.js'
import type { Deposit } from '../../journals/connector.js'
import type { Deposited, Deposits, Entering } from '../../login/ports.js'
import type { SessionKey } from '../../sessions/sessions.js'
import type { Place, Seal } from '../sealed.js'
import type { DepositRow, Tables } from '../tables.js'

export const createDeposits = (db: Kysely<Tables>, seal: Seal): Deposits => ({
  async take(handle, now, only) {
    const row = await db
      .deleteFrom('deposits')
      .where('handle_hash', '=', hashed(handle))
      .$if(only !== undefined, query => query.where('journal', '=', only!))
      .returningAll()
      .executeTakeFirst()
    if (!row || row.expires_at <= now) return undefined
    const session = await db
      .selectFrom('sessions')
      .select('key')
      .where('key', '=', row.session_key)
      .where('traced', '=', 0)
      .where('idle_ends_at', '>', now)
      .where('ends_at', '>', now)
      .executeTakeFirst()
    return session && depositedOf(row, seal)
  },

  async sweep(now) {
    const { numDeletedRows } = await db.deleteFrom('deposits').where('expires_at', '<=', now).executeTakeFirst()
    return Number(numDeletedRows)
  },
})

/** Inside the transaction of the entry. */
export async function keepDeposit(
  trx: Kysely<Tables>,
  seal: Seal,
  entering: Entering,
  deposit: Deposit,
): Promise<void> {
  await trx
    .insertInto('deposits')
    .values(depositRow(seal, entering, deposit))
    .execute()
}

export function depositRow(seal: Seal, entering: Entering, deposit: Deposit): DepositRow {
  const handle_hash = hashed(deposit.handle)
  return {
    handle_hash,
    journal: entering.entered.journal,
    session_key: entering.session,
    number: entering.event.number ?? '',
    content: seal.seal(place(handle_hash), deposit.content),
    expires_at: deposit.expiresAt,
  }
}

/** Who reads the database learns no handle. */
export const hashed = (handle: string): string => createHash('sha256').update(handle).digest('base64url')

const place = (row: string): Place => ({ table: 'deposits', column: 'content', row })

export const depositedOf = (row: DepositRow, seal: Seal): Deposited => ({
  journal: row.journal,
  session: row.session_key as SessionKey,
  number: row.number as RequestNumber,
  content: seal.open(place(row.handle_hash), row.content) as Deposit['content'],
})
