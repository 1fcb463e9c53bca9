import type { Kysely, Transaction } from 'kysely'
import type { Copies, Copy, CopyState, SourceState } from '../../trust/ports.js'
import type { Place, Seal } from '../sealed.js'
import type { IdpCopyRow, IdpSourceRow, Tables } from '../tables.js'
import { auditRow } from './audit.js'

export function createCopies(db: Kysely<Tables>, seal: Seal): Copies {
  return {
    async all() {
      const rows = await db.selectFrom('idp_copies').selectAll().orderBy('first_seen').orderBy('id').execute()
      return rows.map(row => copyOf(row, seal))
    },

    async revise({ source, entityId }, decide) {
      return db.transaction().execute(async trx => {
        const rows = await trx
          .selectFrom('idp_copies')
          .selectAll()
          .where('source', '=', source)
          .where('entity_id', '=', entityId)
          .orderBy('first_seen')
          .orderBy('id')
          .execute()
        const revision = decide(rows.map(row => copyOf(row, seal)))
        if (revision.remove.length > 0) await trx.deleteFrom('idp_copies').where('id', 'in', revision.remove).execute()
        for (const copy of revision.write) await write(trx, copyRow(copy, seal))
        if (revision.event) await trx.insertInto('audit_events').values(auditRow(revision.event, seal)).execute()
        return revision
      })
    },

    async sources() {
      const rows = await db.selectFrom('idp_sources').selectAll().orderBy('source').execute()
      return rows.map(stateOf)
    },

    async note(state, event) {
      const row = sourceRow(state)
      await db.transaction().execute(async trx => {
        await trx
          .insertInto('idp_sources')
          .values(row)
          .onConflict(conflict => conflict.column('source').doUpdateSet(row))
          .execute()
        if (event) await trx.insertInto('audit_events').values(auditRow(event, seal)).execute()
      })
    },
  }
}

async function write(trx: Transaction<Tables>, row: IdpCopyRow): Promise<void> {
  await trx
    .insertInto('idp_copies')
    .values(row)
    .onConflict(conflict => conflict.column('id').doUpdateSet(row))
    .execute()
}

/** Metadata are no secret, but whoever could write them here unseen would decide who may sign in. */
const xmlPlace = (id: string): Place => ({ table: 'idp_copies', column: 'content', row: id })

/** Sealed with it: what else decides whether the copy counts, so that no row can be turned into another. */
interface Content {
  readonly source: string
  readonly entityId: string
  readonly state: CopyState
  readonly xml: string
  readonly essence: string
  readonly signedBy?: string
  readonly validUntil?: number
}

const copyRow = (copy: Copy, seal: Seal): IdpCopyRow => {
  const { id, source, entityId, state, firstSeen, lastSeen, ...rest } = copy
  const content: Content = { source, entityId, state, ...rest }
  return {
    id,
    source,
    entity_id: entityId,
    content: seal.seal(xmlPlace(id), content),
    first_seen: firstSeen,
    last_seen: lastSeen,
  }
}

const copyOf = (row: IdpCopyRow, seal: Seal): Copy => ({
  ...(seal.open(xmlPlace(row.id), row.content) as Content),
  id: row.id,
  firstSeen: row.first_seen,
  lastSeen: row.last_seen,
})

const sourceRow = (state: SourceState): IdpSourceRow => ({
  source: state.source,
  tried_at: state.triedAt,
  succeeded_at: state.succeededAt ?? null,
  failing_since: state.failingSince ?? null,
  failures: state.failures,
  problem: state.problem ?? null,
  etag: state.etag ?? null,
  last_modified: state.lastModified ?? null,
  cache_duration: state.cacheDuration ?? null,
  rules: state.rules,
})

const stateOf = (row: IdpSourceRow): SourceState => ({
  source: row.source,
  triedAt: row.tried_at,
  failures: row.failures,
  rules: row.rules,
  ...(row.succeeded_at !== null && { succeededAt: row.succeeded_at }),
  ...(row.failing_since !== null && { failingSince: row.failing_since }),
  ...(row.problem !== null && { problem: row.problem }),
  ...(row.etag !== null && { etag: row.etag }),
  ...(row.last_modified !== null && { lastModified: row.last_modified }),
  ...(row.cache_duration !== null && { cacheDuration: row.cache_duration }),
})
