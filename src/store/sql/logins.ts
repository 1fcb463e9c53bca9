import type { Kysely, Transaction } from 'kysely'
import type { Claim, Entering, Logins, Stale, Started, Waiting } from '../../login/ports.js'
import type { DeviceKey } from '../../words/confirming.js'
import type { Target } from '../../words/target.js'
import type { Instant } from '../../base/clock.js'
import type { RequestNumber } from '../../base/request-number.js'
import type { SessionKey } from '../../sessions/sessions.js'
import type { Lookup } from '../lookup.js'
import type { Place, Seal } from '../sealed.js'
import type { LoginRow, Tables } from '../tables.js'
import { auditRow } from './audit.js'
import { prepareAreStanding, type AreStanding } from './consents.js'
import { keepDeposit } from './deposits.js'
import { noteSighting } from './devices.js'
import { prepareWasLoggedOut } from './logouts.js'
import { makeLink, type LinkTools } from './links.js'
import { prepareAreAsSeen, type AreAsSeen } from './links-seen.js'
import { writeMessage } from './messages.js'
import { prepared, preparedInsert } from './prepared.js'
import { fileRequests } from './requests.js'
import type { Whereabouts } from '../whereabouts.js'
import { closeSession, noteEntered, sessionRow } from './sessions.js'

/**
 * A login that ends while its answer is being judged must still be there to be claimed; and whoever comes too late is told
 * so, and not that nobody knows the login.
 */
export const GRACE = 3_600_000

export function createLogins(
  db: Kysely<Tables>,
  seal: Seal,
  lookup: Lookup,
  whereabouts: Pick<Whereabouts, 'elsewhereUntil'>,
): Logins {
  const queries = prepareQueries(db, lookup)
  const findBy = async (column: 'id' | 'request_id', value: string, now: Instant) => {
    const [row] = (await queries.find[column](db, { value, now })).rows
    return row && loginOf(row, seal)
  }
  return {
    start: (login, event) =>
      db.transaction().execute(async trx => {
        await queries.insertLogin(trx, [loginRow(login, seal)])
        if (event) await queries.insertEvents(trx, [auditRow(event, seal)])
      }),
    find: (id, now) => findBy('id', id, now),
    findByRequest: (requestId, now) => findBy('request_id', requestId, now),
    async findAll(ids, now) {
      if (ids.length === 0) return []
      const asked = db.selectFrom('logins').selectAll().where('id', 'in', ids).where('expires_at', '>', now)
      return (await asked.execute()).map(row => loginOf(row, seal))
    },

    async findByAssertion({ idp, id }, now) {
      const known = db.selectFrom('assertions').select('login').where('idp', '=', idp).where('id', '=', id)
      const row = await known.executeTakeFirst()
      return typeof row?.login === 'string' ? findBy('id', row.login, now) : undefined
    },

    claim: async claim =>
      (await wasElsewhere(whereabouts, claim)) ? 'forgotten' : claimLogin(db, queries, seal, lookup, claim),

    async choose(id, choice) {
      const login = db.updateTable('logins').where('id', '=', id).where('finished_at', 'is not', null)
      await login.set({ chosen: choice }).execute()
    },

    enter: entering =>
      db
        .transaction()
        .execute(async trx => {
          if (!(await noteEntered(trx, seal, entering.session, entering.entered))) return 'over'
          await through(trx, { seal, lookup, ...queries.standing }, entering)
          if (entering.deposit) await keepDeposit(trx, seal, entering, entering.deposit)
          await queries.insertEvents(trx, [auditRow(entering.event, seal)])
          return 'entered'
        })
        .catch((error: unknown) => whyUndone(error) as Stale),

    async sweep(now) {
      const { numDeletedRows } = await db
        .deleteFrom('logins')
        .where('expires_at', '<=', now - GRACE)
        .executeTakeFirst()
      await db.deleteFrom('assertions').where('remember_until', '<=', now).execute()
      return Number(numDeletedRows)
    },
  }
}

/** Only of an answer that nobody asked for: any other one finds its login here alone. */
const wasElsewhere = async (whereabouts: Pick<Whereabouts, 'elsewhereUntil'>, { issuedAfter, now }: Claim) =>
  issuedAfter !== undefined && issuedAfter <= (await whereabouts.elsewhereUntil(now))

/** Thrown inside the transaction to undo what it wrote; never leaves the port. */
export class Undone extends Error {
  readonly why: string
  constructor(why: string) {
    super(why)
    this.why = why
  }
}

export function whyUndone(error: unknown): string {
  if (error instanceof Undone) return error.why
  throw error
}

/** Whether that on which an entry rests is still as it was. */
export interface Standing {
  readonly areStanding: AreStanding
  readonly areAsSeen: AreAsSeen
}

export const prepareStanding = (db: Kysely<Tables>, lookup: Lookup): Standing => ({
  areStanding: prepareAreStanding(db),
  areAsSeen: prepareAreAsSeen(db, lookup),
})

/** What else an entry writes, and keeps for years. */
export async function through(
  trx: Transaction<Tables>,
  tools: LinkTools & Standing,
  entering: Entering,
): Promise<void> {
  if (entering.consents && !(await tools.areStanding(trx, entering.consents))) throw new Undone('withdrawn')
  const { seen, entered } = entering
  if (seen && !(await tools.areAsSeen(trx, entered.accountId, seen))) throw new Undone('unlinked')
  if (entering.link && (await makeLink(trx, tools, entering.link)) === 'held') throw new Undone('held')
  await writeMessage(trx, tools, entering.message)
  if (entering.requests) await fileRequests(trx, tools, entering.requests)
}

async function claimLogin(
  db: Kysely<Tables>,
  queries: Queries,
  seal: Seal,
  lookup: Lookup,
  claim: Claim,
): ReturnType<Logins['claim']> {
  const { session, entering } = claim
  return db
    .transaction()
    .execute(async trx => {
      if (!(await finish(trx, queries, claim))) return 'finished-before'
      if (!(await rememberAssertion(trx, queries, claim))) throw new Undone('replayed')
      const row = sessionRow(entering ? { ...session, entered: [entering.entered] } : session, seal, lookup)
      if (await queries.wasLoggedOut(trx, claim)) throw new Undone('logged-out')
      await queries.insertSession(trx, [row])
      for (const key of claim.closes ?? []) await closeSession(trx, key, claim.now)
      if (entering) await through(trx, { seal, lookup, ...queries.standing }, entering)
      if (entering?.deposit) await keepDeposit(trx, seal, entering, entering.deposit)
      if (claim.sighting) await noteSighting(trx, { seal, lookup }, claim.sighting)
      if (claim.requests) await fileRequests(trx, { seal, lookup }, claim.requests)
      await queries.insertEvents(
        trx,
        claim.events.map(event => auditRow(event, seal)),
      )
      return 'claimed' as const
    })
    .catch((error: unknown) => whyUndone(error) as 'replayed' | 'logged-out' | Stale)
}

/**
 * One statement looks and writes, so of two who come together one finds it finished. Being the first one, it also decides
 * whether a LogoutRequest that comes at the same moment is seen (logouts.ts).
 */
async function finish(trx: Transaction<Tables>, queries: Queries, { login, now, session }: Claim): Promise<boolean> {
  const { numAffectedRows } = await queries.finish(trx, { login, now, session: session.key })
  if (numAffectedRows === 1n) return true
  const row = await trx.selectFrom('logins').select('id').where('id', '=', login).executeTakeFirst()
  if (!row) throw new Error('A login was claimed that was never started, or was swept away.')
  return false
}

/** A record past its time counts as new; it is overwritten in place, since the sweep may not have come by. */
async function rememberAssertion(
  trx: Transaction<Tables>,
  queries: Queries,
  { login, assertion, now }: Claim,
): Promise<boolean> {
  const { idp, id, rememberUntil } = assertion
  const { numAffectedRows } = await queries.remember(trx, { idp, id, until: rememberUntil, login, now })
  return numAffectedRows === 1n
}

type Queries = ReturnType<typeof prepareQueries>

/** What every login asks, from the answer's arrival to the journal's door. */
const prepareQueries = (db: Kysely<Tables>, lookup: Lookup) => ({
  find: { id: findLogin(db, 'id'), request_id: findLogin(db, 'request_id') },
  finish: prepared(db, (db, given: { readonly login: string; readonly now: Instant; readonly session: SessionKey }) =>
    db
      .updateTable('logins')
      .set({ finished_at: given.now, session_key: given.session })
      .where('id', '=', given.login)
      .where('finished_at', 'is', null),
  ),
  remember: rememberOnce(db),
  wasLoggedOut: prepareWasLoggedOut(db, lookup),
  standing: prepareStanding(db, lookup),
  insertLogin: preparedInsert(db, 'logins'),
  insertSession: preparedInsert(db, 'sessions'),
  insertEvents: preparedInsert(db, 'audit_events'),
})

const findLogin = (db: Kysely<Tables>, column: 'id' | 'request_id') =>
  prepared(db, (db, given: { readonly value: string; readonly now: Instant }) =>
    db.selectFrom('logins').selectAll().where(column, '=', given.value).where('expires_at', '>', given.now),
  )

interface Remembered {
  readonly idp: string
  readonly id: string
  readonly until: Instant
  readonly login: string
  readonly now: Instant
}

const rememberOnce = (db: Kysely<Tables>) =>
  prepared(db, (db, { idp, id, until, login, now }: Remembered) =>
    db
      .insertInto('assertions')
      .values({ idp, id, remember_until: until, login })
      .onConflict(conflict =>
        conflict
          .columns(['idp', 'id'])
          .doUpdateSet({ remember_until: until, login })
          .where('assertions.remember_until', '<=', now),
      ),
  )

const targetPlace = (id: string): Place => ({ table: 'logins', column: 'target', row: id })

export const loginRow = (login: Started | Waiting, seal: Seal): LoginRow => ({
  id: login.id,
  request_id: login.requestId,
  browser: login.browser,
  idp: login.idp,
  target: seal.seal(targetPlace(login.id), login.target),
  forced: login.forced ? 1 : 0,
  number: login.number,
  started_at: login.startedAt,
  expires_at: login.expiresAt,
  old_session: login.oldSession ?? null,
  finished_at: 'finishedAt' in login ? login.finishedAt : null,
  session_key: 'session' in login ? login.session : null,
  chosen: 'chosen' in login ? login.chosen : null,
  devices: login.devices ? JSON.stringify(login.devices) : null,
})

export function loginOf(row: LoginRow, seal: Seal): Started | Waiting {
  const started: Started = {
    id: row.id,
    requestId: row.request_id,
    browser: row.browser,
    idp: row.idp,
    target: seal.open(targetPlace(row.id), row.target) as Target,
    forced: row.forced === 1,
    number: row.number as RequestNumber,
    startedAt: row.started_at,
    expiresAt: row.expires_at,
    ...(row.old_session !== null && { oldSession: row.old_session as SessionKey }),
    ...(row.devices !== null && { devices: JSON.parse(row.devices) as readonly DeviceKey[] }),
  }
  if (row.finished_at === null || row.session_key === null) return started
  return {
    ...started,
    session: row.session_key as SessionKey,
    finishedAt: row.finished_at,
    ...(row.chosen !== null && { chosen: row.chosen }),
  }
}
