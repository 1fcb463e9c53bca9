import type { Kysely } from 'kysely'
import type { Instant } from '../../base/clock.js'
import type { Facts } from '../../base/refusal.js'
import type { RefusalCode } from '../../base/refusals.js'
import type { RequestNumber } from '../../base/request-number.js'
import type { Audit, AuditEvent, EventKind } from '../../audit/audit.js'
import type { Check } from '../../words/check.js'
import type { Seal } from '../sealed.js'
import { preparedInsert } from './prepared.js'
import type { AuditRow, NewAuditRow, Tables } from '../tables.js'

/**
 * Rows are only ever added: no statement changes what one says, and only retention.ts removes those past their time. store/chain/ notes in
 * `entry` that it has taken one in.
 */
export function createAudit(db: Kysely<Tables>, seal: Seal): Audit {
  const insert = preparedInsert(db, 'audit_events')
  return {
    async record(event) {
      await insert(db, [auditRow(event, seal)])
    },

    between: period => between(db, period),

    async byNumber(number) {
      const rows = await db.selectFrom('audit_events').selectAll().where('number', '=', number).orderBy('seq').execute()
      return rows.map(eventOf)
    },

    async ofPerson(pseudonyms, since, limit, kind) {
      if (pseudonyms.length === 0) return []
      const own = db.selectFrom('audit_events').selectAll().where('person', 'in', pseudonyms).where('at', '>=', since)
      const asked = kind === undefined ? own : own.where('what', '=', kind)
      return (await asked.orderBy('at', 'desc').orderBy('seq', 'desc').limit(limit).execute()).map(eventOf)
    },

    allOfPerson: (pseudonyms, since, kind) => latestFirst(pseudonyms.map(name => ofOneName(db, name, since, kind))),
  }
}

/** Rows read at a time when the audit is written out. */
const PAGE = 500

/** One name at a time, as the index has them: sorting all rows of several names anew for each page would take minutes. */
async function* ofOneName(
  db: Kysely<Tables>,
  name: string,
  since: Instant,
  kind: EventKind | undefined,
): AsyncGenerator<AuditRow> {
  let last: AuditRow | undefined
  do {
    const own = db.selectFrom('audit_events').selectAll().where('person', '=', name).where('at', '>=', since)
    const asked = kind === undefined ? own : own.where('what', '=', kind)
    const { at, seq } = last ?? { at: Number.MAX_SAFE_INTEGER, seq: Number.MAX_SAFE_INTEGER }
    const page = asked.where('at', '<=', at).where(eb => eb.or([eb('at', '<', at), eb('seq', '<', seq)]))
    const rows = await page.orderBy('at', 'desc').orderBy('seq', 'desc').limit(PAGE).execute()
    yield* rows
    last = rows.length === PAGE ? rows.at(-1) : undefined
  } while (last)
}

/** @param sources each the latest first */
async function* latestFirst(sources: readonly AsyncGenerator<AuditRow>[]): AsyncGenerator<AuditEvent> {
  const heads = await Promise.all(sources.map(source => source.next()))
  for (;;) {
    const rows = heads.map(({ value }) => value as AuditRow | undefined)
    const next = rows.reduce((best, row, i) => (row && isLater(row, rows[best]) ? i : best), 0)
    const row = rows[next]
    if (!row) return
    yield eventOf(row)
    heads[next] = await sources[next]!.next()
  }
}

const isLater = (one: AuditRow, other: AuditRow | undefined): boolean =>
  !other || one.at > other.at || (one.at === other.at && one.seq > other.seq)

async function* between(
  db: Kysely<Tables>,
  { from = 0, to = Number.MAX_SAFE_INTEGER }: Parameters<Audit['between']>[0],
): AsyncGenerator<AuditEvent> {
  for (let after = 0, some = PAGE; some === PAGE;) {
    const page = db.selectFrom('audit_events').selectAll().where('seq', '>', after).where('at', '>=', from)
    const rows = await page.where('at', '<=', to).orderBy('seq').limit(PAGE).execute()
    for (const row of rows) yield eventOf(row)
    some = rows.length
    after = rows.at(-1)?.seq ?? after
  }
}

export function auditRow(event: AuditEvent, seal: Pick<Seal, 'stamp'>): NewAuditRow {
  const row = unstamped(event)
  return { ...row, stamp: seal.stamp(row) }
}

const unstamped = (event: AuditEvent) => ({
  at: event.at,
  what: event.what,
  result: event.result,
  number: event.number ?? null,
  code: event.code ?? null,
  address: event.address ?? null,
  device: event.device ?? null,
  idp: event.idp ?? null,
  authn_method: event.authnMethod ?? null,
  person: event.person ?? null,
  journal: event.journal ?? null,
  account_id: event.accountId ?? null,
  facts: event.facts ? JSON.stringify(event.facts) : null,
  checks: event.checks ? JSON.stringify(event.checks) : null,
})

export const eventOf = (row: AuditRow): AuditEvent => ({
  at: row.at,
  what: row.what as EventKind,
  result: row.result as AuditEvent['result'],
  ...(row.number !== null && { number: row.number as RequestNumber }),
  ...(row.code !== null && { code: row.code as RefusalCode }),
  ...(row.address !== null && { address: row.address }),
  ...(row.device !== null && { device: row.device }),
  ...(row.idp !== null && { idp: row.idp }),
  ...(row.authn_method !== null && { authnMethod: row.authn_method }),
  ...(row.person !== null && { person: row.person }),
  ...(row.journal !== null && { journal: row.journal }),
  ...(row.account_id !== null && { accountId: row.account_id }),
  ...(row.facts !== null && { facts: JSON.parse(row.facts) as Facts }),
  ...(row.checks !== null && { checks: JSON.parse(row.checks) as readonly Check[] }),
})
