/**
 * What must follow in SQL once a session has ended: notices to its journals, lines of the audit. It is kept beside, sealed, by
 * the very script that ends the session, and deleted when it is written; so a crash in between, or a database that is away,
 * delays it and loses nothing. Written once, however often it is tried.
 */
import type { Kysely } from 'kysely'
import type { Instant } from '../../base/clock.js'
import type { Written } from '../../login/logout-ports.js'
import type { Place, Seal } from '../sealed.js'
import { auditRow } from '../sql/audit.js'
import { noticeRow } from '../sql/notices.js'
import { createUsedIds } from '../sql/used-ids.js'
import type { NewAuditRow, NoticeRow, Tables } from '../tables.js'
import { script, type Memory } from './memory.js'

/** Milliseconds after which whoever began it is not at it any more. */
const LEFT_AFTER = 60_000
/** So long it is known that it was written. */
const REMEMBERED = 2 * 86_400_000

/** Lua that keeps `a.errand`, in a script that ends something. Not in the keys of one memory: it outlives them. */
export const KEEP_ERRAND = `
if a.errand then redis.call('HSET', string.sub(KEYS[1], 1, -7) .. 'errands', a.errand.id, a.errand.text) end
`

const FORGET = script(`
redis.call('HDEL', string.sub(KEYS[1], 1, -7) .. 'errands', a.id)
return answer(true)`)

interface Rows {
  readonly since: Instant
  readonly notices: readonly NoticeRow[]
  readonly events: readonly NewAuditRow[]
}

export interface Errand {
  readonly id: string
  /** Sealed. */
  readonly text: string
  readonly rows: Rows
}

interface Tools {
  readonly db: Kysely<Tables>
  readonly memory: Memory
  readonly seal: Seal
}

/**
 * @param id another one for each errand that ever was
 * @returns undefined when there is nothing to write
 */
export function errandOf({ notices, events }: Written, id: string, seal: Seal, tellUntil: Instant, since: Instant) {
  if (notices.length + events.length === 0) return undefined
  const rows: Rows = {
    since,
    notices: notices.map(notice => noticeRow(notice, seal, tellUntil)),
    events: events.map(event => auditRow(event, seal)),
  }
  return { id, text: seal.seal(place(id), rows), rows }
}

export async function runErrand({ db, memory }: Tools, { id, rows }: Pick<Errand, 'id' | 'rows'>): Promise<void> {
  await db.transaction().execute(async trx => {
    const { since, notices, events } = rows
    if (!(await createUsedIds(trx).use('errand', id, since + REMEMBERED, since))) return
    if (notices.length > 0) await trx.insertInto('notices').values(notices).execute()
    if (events.length > 0) await trx.insertInto('audit_events').values(events).execute()
  })
  await memory.ask(FORGET, { id })
}

/** At once, if it is still to be done: somebody waits to be told that it is. */
export async function runErrandNow(tools: Tools, id: string): Promise<void> {
  const { memory, seal } = tools
  const text = (await memory.send(['HGET', `${memory.prefix}errands`, id])) as string | null
  if (text !== null) await runErrand(tools, { id, rows: seal.open(place(id), text) as Rows })
}

/** Those that somebody left: the bridge that began them has died, or its database was away. */
export async function runLeftErrands(tools: Tools, now: Instant): Promise<void> {
  const { memory, seal } = tools
  const flat = (await memory.send(['HGETALL', `${memory.prefix}errands`])) as readonly string[]
  for (let i = 0; i + 1 < flat.length; i += 2) {
    const [id, text] = [flat[i]!, flat[i + 1]!]
    const rows = seal.open(place(id), text) as Rows
    if (rows.since <= now - LEFT_AFTER) await runErrand(tools, { id, rows })
  }
}

const place = (row: string): Place => ({ table: 'notices', column: 'errand', row })
