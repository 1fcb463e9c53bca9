/** What the ports of this folder share: which fields their hashes have, and under which names they stand. */
import { createHash } from 'node:crypto'
import type { Instant } from '../../base/clock.js'
import type { Claim, Entering } from '../../login/ports.js'
import type { Seal } from '../sealed.js'
import { depositRow } from '../sql/deposits.js'
import type { DepositRow, LoginRow, LogoutRequestRow, LogoutRow, SessionRow, VisitRow } from '../tables.js'
import { spanTo, written, type Columns } from './rows.js'

export const LOGIN: Columns<LoginRow> = {
  ...{ id: 'text', request_id: 'text', browser: 'text', idp: 'text', target: 'text', forced: 'number' },
  ...{ number: 'text', started_at: 'number', expires_at: 'number', old_session: 'text', finished_at: 'number' },
  ...{ session_key: 'text', chosen: 'text', devices: 'text' },
} as const

export const SESSION: Columns<SessionRow> = {
  ...{ key: 'text', content: 'text', entered: 'text', opened_at: 'number', idle_ends_at: 'number' },
  ...{ ends_at: 'number', trace_until: 'number', traced: 'number', number: 'text', name_id_hmac: 'text' },
  ...{ session_index_hmac: 'text' },
} as const

export const LOGOUT: Columns<LogoutRow> = {
  ...{ id: 'text', request_id: 'text', browser: 'text', idp: 'text', number: 'text', then_target: 'text' },
  ...{ journals: 'text', expires_at: 'number', ended: 'text', back: 'text' },
} as const

export const ORDER: Columns<LogoutRequestRow> = {
  ...{ idp: 'text', id: 'text', name_id_hmac: 'text', session_index_hmacs: 'text', issued_at: 'number' },
  ...{ remember_until: 'number', whole: 'number' },
} as const

export const DEPOSIT: Columns<DepositRow> = {
  ...{ handle_hash: 'text', journal: 'text', session_key: 'text', number: 'text', content: 'text' },
  ...{ expires_at: 'number' },
} as const

export const VISIT: Columns<VisitRow> = {
  ...{ secret_hash: 'text', journal: 'text', session_key: 'text', content: 'text', opened_at: 'number' },
} as const

const hashOf = (...parts: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('base64url')

/** Of an assertion, or of a request of the IdP, which chooses its ids, and any length for them. */
export const keyAt = ({ idp, id }: Pick<Claim['assertion'], 'idp' | 'id'>): string => hashOf(idp, id)

/** The deposit of an entry, as a script keeps it. */
export function keptDeposit(seal: Seal, entering: Entering | undefined, now: Instant, attempt: string): object {
  if (!entering?.deposit) return {}
  const row = depositRow(seal, entering, entering.deposit)
  return { deposit: { ...written({ ...row }), attempt }, deposit_ttl: spanTo(row.expires_at, now) }
}
