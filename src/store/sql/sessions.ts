import { sql, type Kysely } from 'kysely'
import type { Instant } from '../../base/clock.js'
import type { RequestNumber } from '../../base/request-number.js'
import type { Entered, Session, SessionKey, SessionLimits, Sessions } from '../../sessions/sessions.js'
import type { Lookup } from '../lookup.js'
import type { Place, Seal } from '../sealed.js'
import type { SessionRow, Tables } from '../tables.js'

/** The part of a session that says who it is; sealed as one value. */
type Content = Pick<Session, 'person' | 'nameId' | 'sessionIndex' | 'received'>

/** The idle end moves in steps of idle / 15 (a minute of fifteen): a page with ten requests costs one write, not ten. */
const STEPS = 15

export function createSessions(db: Kysely<Tables>, seal: Seal, limits: SessionLimits): Sessions {
  return {
    async find(key, now) {
      const row = await db
        .selectFrom('sessions')
        .selectAll()
        .where('key', '=', key)
        .where('idle_ends_at', '>', now)
        .where('ends_at', '>', now)
        .executeTakeFirst()
      return row && sessionOf(row, seal)
    },

    touch: (key, now) => touch(db, key, now, limits.idle),
    enter: (key, entered) => enter(db, seal, key, entered),

    async close(key, now) {
      const row = await db
        .deleteFrom('sessions')
        .where('key', '=', key)
        .returning(['idle_ends_at', 'ends_at'])
        .executeTakeFirst()
      return row !== undefined && row.idle_ends_at > now && row.ends_at > now
    },

    async sweep(now) {
      const { numDeletedRows } = await db
        .deleteFrom('sessions')
        .where(eb => eb.or([eb('idle_ends_at', '<=', now), eb('ends_at', '<=', now)]))
        .executeTakeFirst()
      return Number(numDeletedRows)
    },
  }
}

async function touch(db: Kysely<Tables>, key: SessionKey, now: Instant, idle: number): Promise<void> {
  const wanted = now + idle
  await db
    .updateTable('sessions')
    .set({ idle_ends_at: sql<number>`case when ends_at < ${wanted} then ends_at else ${wanted} end` })
    .where('key', '=', key)
    .where('idle_ends_at', '>', now)
    .where('ends_at', '>', now)
    .where('idle_ends_at', '<', wanted - idle / STEPS)
    .whereRef('idle_ends_at', '<', 'ends_at')
    .execute()
}

/** Writes only over what it read, so that of two tabs that enter two journals at once neither is forgotten. */
async function enter(db: Kysely<Tables>, seal: Seal, key: SessionKey, entered: Entered): Promise<void> {
  for (;;) {
    const row = await db.selectFrom('sessions').select('entered').where('key', '=', key).executeTakeFirst()
    if (!row) return
    const others = openEntered(key, row.entered, seal).filter(
      other => other.journal !== entered.journal || other.accountId !== entered.accountId,
    )
    const { numUpdatedRows } = await db
      .updateTable('sessions')
      .set({ entered: sealEntered(key, [...others, entered], seal) })
      .where('key', '=', key)
      .where('entered', '=', row.entered)
      .executeTakeFirst()
    if (numUpdatedRows === 1n) return
  }
}

const place = (column: string, key: string): Place => ({ table: 'sessions', column, row: key })

const sealEntered = (key: string, entered: readonly Entered[], seal: Seal): string =>
  entered.length === 0 ? '' : seal.seal(place('entered', key), entered)

const openEntered = (key: string, entered: string, seal: Seal): readonly Entered[] =>
  entered === '' ? [] : (seal.open(place('entered', key), entered) as readonly Entered[])

/** @returns the row that Logins.claim writes */
export function sessionRow(session: Session, seal: Seal, lookup: Lookup): SessionRow {
  const { key, person, nameId, sessionIndex, received } = session
  const content: Content = {
    person,
    ...(nameId && { nameId }),
    ...(sessionIndex !== undefined && { sessionIndex }),
    ...(received && { received }),
  }
  return {
    key,
    content: seal.seal(place('content', key), content),
    entered: sealEntered(key, session.entered, seal),
    opened_at: session.openedAt,
    idle_ends_at: session.idleEndsAt,
    ends_at: session.endsAt,
    number: session.number,
    name_id_hmac: nameId ? lookup.index('name-id', JSON.stringify([person.idp, nameId.value])) : null,
    session_index_hmac:
      sessionIndex === undefined ? null : lookup.index('session-index', JSON.stringify([person.idp, sessionIndex])),
  }
}

function sessionOf(row: SessionRow, seal: Seal): Session {
  const key = row.key as SessionKey
  const content = seal.open(place('content', key), row.content) as Content
  return {
    key,
    ...content,
    openedAt: row.opened_at,
    idleEndsAt: row.idle_ends_at,
    endsAt: row.ends_at,
    number: row.number as RequestNumber,
    entered: openEntered(key, row.entered, seal),
  }
}
