import { sql, type Kysely } from 'kysely'
import type { Instant } from '../../base/clock.js'
import type { RequestNumber } from '../../base/request-number.js'
import type { Entered, Session, SessionKey, SessionLimits, Sessions, SessionTrace } from '../../sessions/sessions.js'
import { identityOf } from '../identity-of.js'
import type { Lookup } from '../lookup.js'
import type { Place, Seal } from '../sealed.js'
import type { SessionRow, Tables } from '../tables.js'
import { prepared } from './prepared.js'

/** The part of a session that says who it is; sealed as one value. */
type Content = Pick<Session, 'person' | 'nameId' | 'sessionIndex' | 'received'>

/** What is left of it when the session is over. */
type TraceContent = Omit<Content, 'person' | 'received'>

/** The idle end moves in steps of idle / 15 (a minute of fifteen): a page with ten requests costs one write, not ten. */
export const STEPS = 15

/** Sessions that become traces in one transaction: other requests wait no longer than a few milliseconds. */
const BATCH = 50

export function createSessions(db: Kysely<Tables>, seal: Seal, limits: SessionLimits): Sessions {
  const findOpen = prepared(db, (db, given: { readonly key: string; readonly now: Instant }) =>
    db
      .selectFrom('sessions')
      .selectAll()
      .where('key', '=', given.key)
      .where('traced', '=', 0)
      .where('idle_ends_at', '>', given.now)
      .where('ends_at', '>', given.now),
  )
  return {
    async find(key, now) {
      const [row] = (await findOpen(db, { key, now })).rows
      return row && sessionOf(row, seal)
    },

    touch: (key, now) => touch(db, key, now, limits.idle),

    traces: (now, number) => traces(db, seal, now, number),

    async sweep(now) {
      const over = await db
        .deleteFrom('sessions')
        .where('traced', '=', 0)
        .where('idle_ends_at', '<=', now)
        .where(eb => eb.or([eb('entered', '=', ''), eb('trace_until', '<=', now)]))
        .executeTakeFirst()
      const traces = await db
        .deleteFrom('sessions')
        .where('traced', '=', 1)
        .where('trace_until', '<=', now)
        .executeTakeFirst()
      let made = 0
      for (let some = BATCH; some === BATCH; made += some) some = await makeTraces(db, seal, now)
      return Number(over.numDeletedRows + traces.numDeletedRows) + made
    },
  }
}

/** The idle end never lies behind the absolute one, so that it alone tells what is over. */
const makeTraces = (db: Kysely<Tables>, seal: Seal, now: Instant): Promise<number> =>
  db.transaction().execute(async trx => {
    const rows = await trx
      .selectFrom('sessions')
      .select(['key', 'content', 'entered'])
      .where('traced', '=', 0)
      .where('idle_ends_at', '<=', now)
      .limit(BATCH)
      .execute()
    for (const row of rows) {
      const trace = { traced: 1, ...nameless(row, seal) }
      await trx.updateTable('sessions').set(trace).where('key', '=', row.key).execute()
    }
    return rows.length
  })

/** What is kept of a session that is over. */
export function nameless(
  { key, content, entered }: Pick<SessionRow, 'key' | 'content' | 'entered'>,
  seal: Seal,
): Pick<SessionRow, 'content' | 'entered'> {
  const { nameId, sessionIndex } = seal.open(place('content', key), content) as Content
  const kept: TraceContent = { ...(nameId && { nameId }), ...(sessionIndex !== undefined && { sessionIndex }) }
  const journals = openEntered(key, entered, seal).map(each => ({ ...each, login: '' }))
  return { content: seal.seal(place('content', key), kept), entered: sealEntered(key, journals, seal) }
}

async function* traces(
  db: Kysely<Tables>,
  seal: Seal,
  now: Instant,
  number: RequestNumber | undefined,
): AsyncGenerator<SessionTrace> {
  for (let after = '', some = BATCH; some === BATCH;) {
    const rows = await db
      .selectFrom('sessions')
      .selectAll()
      .where('key', '>', after)
      .$if(number !== undefined, query => query.where('number', '=', number!))
      .orderBy('key')
      .limit(BATCH)
      .execute()
    for (const row of rows) yield traceOf(row, seal, now)
    some = rows.length
    after = rows.at(-1)?.key ?? after
  }
}

/** @returns every session of this name at this IdP, open or over; inside the transaction that ends them */
export async function tracesNamed(
  trx: Kysely<Tables>,
  seal: Seal,
  names: readonly string[],
  now: Instant,
): Promise<readonly SessionTrace[]> {
  const rows = await trx.selectFrom('sessions').selectAll().where('name_id_hmac', 'in', names).execute()
  return rows.map(row => traceOf(row, seal, now))
}

export function traceOf(row: SessionRow, seal: Seal, now: Instant): SessionTrace {
  const key = row.key as SessionKey
  const { nameId, sessionIndex, ...more } = seal.open(place('content', key), row.content) as
    Content | (TraceContent & { person?: never })
  return {
    key,
    number: row.number as RequestNumber,
    open: row.idle_ends_at > now && row.ends_at > now,
    ...(nameId && { nameId }),
    ...(sessionIndex !== undefined && { sessionIndex }),
    ...(more.person && { person: more.person }),
    entered: openEntered(key, row.entered, seal),
  }
}

async function touch(db: Kysely<Tables>, key: SessionKey, now: Instant, idle: number): Promise<void> {
  const wanted = now + idle
  const before = Math.ceil(wanted - idle / STEPS)
  await db
    .updateTable('sessions')
    .set({ idle_ends_at: sql<number>`case when ends_at < ${wanted} then ends_at else ${wanted} end` })
    .where('key', '=', key)
    .where('idle_ends_at', '>', now)
    .where('ends_at', '>', now)
    .where('idle_ends_at', '<', before)
    .whereRef('idle_ends_at', '<', 'ends_at')
    .execute()
}

/** It is over from now on; its trace stays. */
export async function closeSession(trx: Kysely<Tables>, key: SessionKey, now: Instant): Promise<void> {
  const open = trx.updateTable('sessions').where('key', '=', key).where('idle_ends_at', '>', now)
  await open.set({ idle_ends_at: now }).execute()
}

/** Entries of one journal that a session remembers, where each has a mark of its own. */
const MARKS_KEPT = 20

/**
 * Inside the transaction of the entry. Writes only over what it read, so that of two tabs that enter two journals at once
 * neither is forgotten.
 *
 * @returns false when the session is not open
 */
export async function noteEntered(
  trx: Kysely<Tables>,
  seal: Seal,
  key: SessionKey,
  entered: Entered,
): Promise<boolean> {
  for (;;) {
    const row = await trx
      .selectFrom('sessions')
      .select('entered')
      .where('key', '=', key)
      .where('idle_ends_at', '>', entered.at)
      .where('ends_at', '>', entered.at)
      .executeTakeFirst()
    if (!row) return false
    const { numUpdatedRows } = await trx
      .updateTable('sessions')
      .set({ entered: sealEntered(key, withEntered(openEntered(key, row.entered, seal), entered), seal) })
      .where('key', '=', key)
      .where('entered', '=', row.entered)
      .executeTakeFirst()
    if (numUpdatedRows === 1n) return true
  }
}

/** The latest last, and none twice: a transaction may run again. */
export const withEntered = (others: readonly Entered[], entered: Entered): readonly Entered[] => [
  ...withoutOlder(
    others.filter(
      ({ accountId, at, mark }) => mark !== entered.mark || accountId !== entered.accountId || at !== entered.at,
    ),
    entered,
  ),
  entered,
]

/** The list does not grow without end: an account stands in it once, and of marks the last ones. */
function withoutOlder(others: readonly Entered[], { journal, accountId, mark }: Entered): readonly Entered[] {
  if (mark === undefined) return others.filter(other => other.journal !== journal || other.accountId !== accountId)
  const marked = others.filter(other => other.journal === journal)
  const kept = new Set(marked.slice(-(MARKS_KEPT - 1)))
  return others.filter(other => other.journal !== journal || kept.has(other))
}

const place = (column: string, key: string): Place => ({ table: 'sessions', column, row: key })

export const sealEntered = (key: string, entered: readonly Entered[], seal: Seal): string =>
  entered.length === 0 ? '' : seal.seal(place('entered', key), entered)

export const openEntered = (key: string, entered: string, seal: Seal): readonly Entered[] =>
  entered === '' ? [] : (seal.open(place('entered', key), entered) as readonly Entered[])

/** What is hashed: a name counts only together with the IdP that gave it. */
export const nameAt = (idp: string, name: string): string => JSON.stringify([idp, name])

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
    idle_ends_at: Math.min(session.idleEndsAt, session.endsAt),
    ends_at: session.endsAt,
    trace_until: session.traceUntil,
    traced: 0,
    number: session.number,
    name_id_hmac: nameId ? lookup.index('name-id', nameAt(person.idp, nameId.value)) : null,
    session_index_hmac:
      sessionIndex === undefined ? null : lookup.index('session-index', nameAt(person.idp, sessionIndex)),
  }
}

/** `identityOf` of everybody who has a session that is no trace yet. */
export async function identitiesSignedIn(db: Kysely<Tables>, seal: Seal): Promise<ReadonlySet<string>> {
  const rows = await db.selectFrom('sessions').select(['key', 'content']).where('traced', '=', 0).execute()
  return new Set(
    rows.map(({ key, content }) => identityOf((seal.open(place('content', key), content) as Content).person)),
  )
}

export function sessionOf(row: SessionRow, seal: Seal): Session {
  const key = row.key as SessionKey
  const content = seal.open(place('content', key), row.content) as Content
  return {
    key,
    ...content,
    openedAt: row.opened_at,
    idleEndsAt: row.idle_ends_at,
    endsAt: row.ends_at,
    traceUntil: row.trace_until,
    number: row.number as RequestNumber,
    entered: openEntered(key, row.entered, seal),
  }
}
