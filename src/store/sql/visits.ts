import { createHash } from 'node:crypto'
import type { Kysely } from 'kysely'
import type { Instant } from '../../base/clock.js'
import type { Deposit } from '../../journals/connector.js'
import type { Visit, Visits } from '../../login/visit-ports.js'
import type { SessionKey, SessionLimits } from '../../sessions/sessions.js'
import type { Place, Seal } from '../sealed.js'
import type { Tables } from '../tables.js'
import { prepared } from './prepared.js'
import { STEPS } from './sessions.js'

/** Of one session: each of its browsers' journals, and some that lost their cookie. */
export const KEPT = 20

export function createVisits(db: Kysely<Tables>, seal: Seal, { idle }: SessionLimits): Visits {
  const findOpen = prepared(
    db,
    (db, given: { readonly hash: string; readonly journal: string; readonly now: Instant }) =>
      db
        .selectFrom('visits')
        .innerJoin('sessions', 'sessions.key', 'visits.session_key')
        .select(['secret_hash', 'session_key', 'visits.content', 'idle_ends_at', 'ends_at'])
        .where('secret_hash', '=', given.hash)
        .where('journal', '=', given.journal)
        .where('traced', '=', 0)
        .where('idle_ends_at', '>', given.now)
        .where('ends_at', '>', given.now),
  )
  return {
    open: (secret, visit, now, before) =>
      db.transaction().execute(async trx => {
        if (!(await isOpen(trx, visit.session, now))) return false
        const row = visitRow(hashed(secret), visit, now, seal)
        await trx.insertInto('visits').values(row).execute()
        if (before !== undefined) await leave(trx, before, visit.journal)
        await forgetOldest(trx, visit.session)
        return true
      }),

    async find(secret, journal, now) {
      const [row] = (await findOpen(db, { hash: hashed(secret), journal, now })).rows
      if (!row) return undefined
      return {
        journal,
        session: row.session_key as SessionKey,
        content: seal.open(visitPlace(row.secret_hash), row.content) as Deposit['content'],
        touchable: row.idle_ends_at < Math.min(now + idle - idle / STEPS, row.ends_at),
      }
    },

    async sweep(now) {
      const open = db.selectFrom('sessions').select('key').where('traced', '=', 0).where('idle_ends_at', '>', now)
      const over = db.deleteFrom('visits').where('session_key', 'not in', open)
      return Number((await over.executeTakeFirst()).numDeletedRows)
    },
  }
}

async function isOpen(trx: Kysely<Tables>, key: SessionKey, now: Instant): Promise<boolean> {
  const row = await trx
    .selectFrom('sessions')
    .select('key')
    .where('key', '=', key)
    .where('traced', '=', 0)
    .where('idle_ends_at', '>', now)
    .where('ends_at', '>', now)
    .executeTakeFirst()
  return row !== undefined
}

async function leave(trx: Kysely<Tables>, secret: string, journal: string): Promise<void> {
  await trx.deleteFrom('visits').where('secret_hash', '=', hashed(secret)).where('journal', '=', journal).execute()
}

async function forgetOldest(trx: Kysely<Tables>, session: SessionKey): Promise<void> {
  const rows = await trx
    .selectFrom('visits')
    .select('secret_hash')
    .where('session_key', '=', session)
    .orderBy('opened_at', 'desc')
    .offset(KEPT)
    .limit(KEPT)
    .execute()
  if (rows.length === 0) return
  const oldest = rows.map(({ secret_hash }) => secret_hash)
  await trx.deleteFrom('visits').where('secret_hash', 'in', oldest).execute()
}

/** Who reads the database gets into no journal. */
export const hashed = (secret: string): string => createHash('sha256').update(secret).digest('base64url')

export const visitPlace = (row: string): Place => ({ table: 'visits', column: 'content', row })

export const visitRow = (secret_hash: string, { journal, session, content }: Visit, now: Instant, seal: Seal) => ({
  secret_hash,
  journal,
  session_key: session,
  content: seal.seal(visitPlace(secret_hash), content),
  opened_at: now,
})
