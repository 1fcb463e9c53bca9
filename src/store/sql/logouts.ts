import type { DeleteQueryBuilder, DeleteResult, Kysely } from 'kysely'
import type { RequestNumber } from '../../base/request-number.js'
import type { Claim } from '../../login/ports.js'
import type { Left, LogoutOrder, Logouts, Obedience, PendingLogout, Written } from '../../login/logout-ports.js'
import type { Instant } from '../../base/clock.js'
import type { SessionKey, SessionTrace } from '../../sessions/sessions.js'
import type { Target } from '../../words/target.js'
import type { Lookup } from '../lookup.js'
import type { Place, Seal } from '../sealed.js'
import type { LogoutRequestRow, LogoutRow, Tables } from '../tables.js'
import { auditRow } from './audit.js'
import { noticeRow } from './notices.js'
import { prepared } from './prepared.js'
import { nameAt, traceOf, tracesNamed } from './sessions.js'

export function createLogouts(db: Kysely<Tables>, seal: Seal, lookup: Lookup): Logouts {
  return {
    async start(logout) {
      await db.insertInto('logouts').values(logoutRow(logout, seal)).execute()
    },

    async conclude(id, now, ended) {
      const open = db.updateTable('logouts').set({ ended }).where('id', '=', id).where('ended', 'is', null)
      const { numUpdatedRows } = await open.where('expires_at', '>', now).executeTakeFirst()
      return numUpdatedRows === 1n
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

    end: (key, now, tellUntil, write) =>
      endSession(db, seal, { key, now, tellUntil, write }, query =>
        query.where('traced', '=', 0).where('idle_ends_at', '>', now),
      ),
    endWhole: (key, now, tellUntil, write) => endSession(db, seal, { key, now, tellUntil, write }, query => query),

    // written together with the end
    settle: () => Promise.resolve(),

    obey: (order, now, tellUntil, write) =>
      db.transaction().execute(async trx => {
        if (!(await rememberRequest(trx, lookup, order, now))) return again(trx, lookup, order)
        const names = lookup.candidates('name-id', nameAt(order.idp, order.name))
        const { ends, ...written } = write(await tracesNamed(trx, seal, names, now))
        if (ends.length > 0) await trx.deleteFrom('sessions').where('key', 'in', ends).execute()
        await writeAll(trx, seal, written, tellUntil)
        return 'obeyed'
      }),

    async confirm({ idp, id }) {
      const request = db.updateTable('logout_requests').where('idp', '=', idp).where('id', '=', id)
      await request.set({ whole: 1 }).execute()
    },

    async sweep(now) {
      const { numDeletedRows } = await db.deleteFrom('logouts').where('expires_at', '<=', now).executeTakeFirst()
      await db.deleteFrom('logout_requests').where('remember_until', '<=', now).execute()
      return Number(numDeletedRows)
    },
  }
}

interface Ending {
  readonly key: SessionKey
  readonly now: Instant
  readonly tellUntil: Instant
  readonly write: (session: SessionTrace) => Written
}

type Deleting = DeleteQueryBuilder<Tables, 'sessions', DeleteResult>

const endSession = (db: Kysely<Tables>, seal: Seal, ending: Ending, only: (query: Deleting) => Deleting) =>
  db.transaction().execute(async trx => {
    const { key, now, tellUntil, write } = ending
    const row = await only(trx.deleteFrom('sessions').where('key', '=', key))
      .returningAll()
      .executeTakeFirst()
    if (!row) return false
    await writeAll(trx, seal, write(traceOf(row, seal, now)), tellUntil)
    return true
  })

async function writeAll(
  trx: Kysely<Tables>,
  seal: Seal,
  { notices, events }: Written,
  tellUntil: Instant,
): Promise<void> {
  const rows = notices.map(notice => noticeRow(notice, seal, tellUntil))
  if (rows.length > 0) await trx.insertInto('notices').values(rows).execute()
  if (events.length > 0)
    await trx
      .insertInto('audit_events')
      .values(events.map(event => auditRow(event, seal)))
      .execute()
}

/**
 * Must stay the first statement: being a write, it decides who comes first (SQLite grants one writer at a time, from BEGIN
 * IMMEDIATE on). A claim of a login begins with a write, too, so that of an order and a claim that meet one sees what the
 * other wrote. On PostgreSQL one of the two begins anew (docs/decisions/0012 and 0020).
 *
 * A record past its time counts as new; it is overwritten in place, since the sweep may not have come by.
 */
async function rememberRequest(trx: Kysely<Tables>, lookup: Lookup, order: LogoutOrder, now: Instant) {
  const { idp, id, ...record } = orderRow(order, lookup)
  const { numInsertedOrUpdatedRows } = await trx
    .insertInto('logout_requests')
    .values({ idp, id, ...record })
    .onConflict(conflict =>
      conflict.columns(['idp', 'id']).doUpdateSet(record).where('logout_requests.remember_until', '<=', now),
    )
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}

export const orderRow = (order: LogoutOrder, lookup: Lookup): LogoutRequestRow => ({
  idp: order.idp,
  id: order.id,
  name_id_hmac: lookup.index('name-id', nameAt(order.idp, order.name)),
  session_index_hmacs: JSON.stringify(
    order.sessionIndexes.map(index => lookup.index('session-index', nameAt(order.idp, index))),
  ),
  issued_at: order.issuedAt,
  remember_until: order.rememberUntil,
  whole: 0,
})

async function again(trx: Kysely<Tables>, lookup: Lookup, order: LogoutOrder): Promise<Obedience> {
  const asked = trx.selectFrom('logout_requests').selectAll().where('idp', '=', order.idp).where('id', '=', order.id)
  return heardBefore(await asked.executeTakeFirstOrThrow(), lookup, order)
}

/** The same ID counts as the same request only with the same content; it may have been remembered under an older lookup key. */
export function heardBefore(known: LogoutRequestRow, lookup: Lookup, order: LogoutOrder): Obedience {
  const indexes = JSON.parse(known.session_index_hmacs) as readonly string[]
  const isSame =
    known.issued_at === order.issuedAt &&
    lookup.candidates('name-id', nameAt(order.idp, order.name)).includes(known.name_id_hmac) &&
    indexes.length === order.sessionIndexes.length &&
    order.sessionIndexes.every((index, i) =>
      lookup.candidates('session-index', nameAt(order.idp, index)).includes(indexes[i]!),
    )
  if (!isSame) return 'replayed'
  return known.whole === 1 ? 'again-whole' : 'again-partly'
}

/** At 0, 1 and so on: the name as each lookup key that we hold has it. */
interface AskedLogouts {
  readonly now: Instant
  readonly since: Instant
  readonly [key: number]: string
}

/**
 * saml-core 3.7.3.1: a request also ends the session of an assertion that comes after it. Both times are the IdP's own, so
 * a sign-in that followed the logout, under a name that stays the same, is not meant. The request may have been remembered
 * under a lookup key that is no longer the first.
 */
export function prepareWasLoggedOut(db: Kysely<Tables>, lookup: Lookup) {
  const keys = lookup.candidates('name-id', '').length
  const findRequests = prepared(db, (db, given: AskedLogouts) =>
    db
      .selectFrom('logout_requests')
      .select('session_index_hmacs')
      .where(
        'name_id_hmac',
        'in',
        Array.from({ length: keys }, (_, i) => given[i]!),
      )
      .where('remember_until', '>', given.now)
      .where('issued_at', '>=', given.since),
  )
  return async (trx: Kysely<Tables>, { now, session }: Claim): Promise<boolean> => {
    const { person, nameId, sessionIndex } = session
    if (!nameId) return false
    const names = lookup.candidates('name-id', nameAt(person.idp, nameId.value))
    const { rows } = await findRequests(trx, Object.assign({ now, since: person.authenticatedAt }, names))
    if (rows.length === 0) return false
    const indexes =
      sessionIndex === undefined ? [] : lookup.candidates('session-index', nameAt(person.idp, sessionIndex))
    return rows.some(({ session_index_hmacs: text }) => {
      const named = JSON.parse(text) as readonly string[]
      return named.length === 0 || indexes.some(index => named.includes(index))
    })
  }
}

const thenPlace = (id: string): Place => ({ table: 'logouts', column: 'then_target', row: id })
const backPlace = (id: string): Place => ({ table: 'logouts', column: 'back', row: id })

export const logoutRow = (logout: PendingLogout, seal: Seal): LogoutRow => ({
  id: logout.id,
  request_id: logout.requestId,
  browser: logout.browser,
  idp: logout.idp,
  number: logout.number,
  then_target: logout.then ? seal.seal(thenPlace(logout.id), logout.then) : null,
  journals: JSON.stringify(logout.journals),
  expires_at: logout.expiresAt,
  ended: logout.ended ?? null,
  back: logout.back === undefined ? null : seal.seal(backPlace(logout.id), logout.back),
})

export const logoutOf = (row: LogoutRow, seal: Seal): PendingLogout => ({
  id: row.id,
  requestId: row.request_id,
  browser: row.browser,
  idp: row.idp,
  number: row.number as RequestNumber,
  ...(row.then_target !== null && { then: seal.open(thenPlace(row.id), row.then_target) as Target }),
  ...(row.back !== null && { back: seal.open(backPlace(row.id), row.back) as string }),
  journals: JSON.parse(row.journals) as readonly Left[],
  expiresAt: row.expires_at,
  ...(row.ended !== null && { ended: row.ended as 'full' | 'partial' }),
})
