import { sql, type Kysely } from 'kysely'
import { takeTurnToMigrate } from './dialect.js'
import type { Tables } from './tables.js'

/** They change what a question costs and nothing that it finds, so that no version of the schema hangs on them. */
const statements = [
  'create index if not exists audit_events_person on audit_events (person, at)',
  'create index if not exists links_snils on links (snils_hmac)',
]

export const makeIndexes = (db: Kysely<Tables>): Promise<void> =>
  db
    .transaction()
    .setIsolationLevel('read committed')
    .execute(async trx => {
      await takeTurnToMigrate(trx)
      for (const statement of statements) await sql.raw(statement).execute(trx)
    })
