/**
 * Brings a database to the version that this program knows; forward only, each step whole or not at all.
 */
import { sql, type Kysely, type Transaction } from 'kysely'
import { systemClock } from '../../base/clock.js'
import { isPostgres, takeTurnToMigrate } from '../dialect.js'
import { StoreError } from '../store-error.js'
import type { Tables } from '../tables.js'
import { firstTables } from './0001-first-tables.js'
import { logoutReachesJournals } from './0002-logout-reaches-journals.js'
import { idpMetadata } from './0003-idp-metadata.js'
import { sameAnswerAgain } from './0004-same-answer-again.js'
import { handOffs } from './0005-hand-offs.js'
import { backAfterLogout } from './0006-back-after-logout.js'
import { visits } from './0007-visits.js'
import { consents } from './0008-consents.js'
import { rosterIntakes } from './0009-roster-intakes.js'
import { links } from './0010-links.js'
import { codes } from './0011-codes.js'
import { rateCounts } from './0012-rate-counts.js'
import { confirmations } from './0013-confirmations.js'
import { noticesToPeople } from './0014-notices-to-people.js'
import { keyHolders } from './0015-key-holders.js'
import { auditChain } from './0016-audit-chain.js'
import { accountsMadeAtFirstLogin } from './0017-accounts-made-at-first-login.js'
import { watch } from './0018-watch.js'
import { postgresColumns } from './postgres-columns.js'

type Migration = (db: Kysely<Tables>) => Promise<void>

/** Version n is what stands after the nth of these. Never edit one that was released; append, and only add: decision 21. */
const migrations: readonly Migration[] = [
  firstTables,
  logoutReachesJournals,
  idpMetadata,
  sameAnswerAgain,
  handOffs,
  backAfterLogout,
  visits,
  consents,
  rosterIntakes,
  links,
  codes,
  rateCounts,
  confirmations,
  noticesToPeople,
  keyHolders,
  auditChain,
  accountsMadeAtFirstLogin,
  watch,
]

export const SCHEMA_VERSION = migrations.length

/**
 * @param to only tests stop before the last one
 * @throws StoreError when the database was written by a newer version, or by another program
 */
export async function migrate(db: Kysely<Tables>, to = SCHEMA_VERSION): Promise<void> {
  // One transaction over all: of two programs that start together, the second waits and finds everything done.
  await db
    .transaction()
    .setIsolationLevel('read committed')
    .execute(async trx => {
      await takeTurnToMigrate(trx)
      const found = await versionOf(trx)
      const schema = isPostgres(trx) ? trx.withPlugin(postgresColumns) : trx
      if (found > SCHEMA_VERSION)
        throw new StoreError(
          `The database has schema version ${found}, and this program knows only ${SCHEMA_VERSION}. Start the newer version of the bridge, or restore the backup that was made before the update.`,
        )
      for (const [i, migration] of migrations.slice(0, to).entries()) {
        if (i < found) continue
        await migration(schema)
        await trx
          .insertInto('schema_version')
          .values({ version: i + 1, applied_at: systemClock.now() })
          .execute()
      }
    })
}

async function versionOf(trx: Transaction<Tables>): Promise<number> {
  const tables = await tablesOf(trx)
  if (tables.length > 0 && !tables.includes('schema_version'))
    throw new StoreError(
      'The database belongs to another program: it has tables, but no schema_version. Name an empty or new one in storage.database.',
    )
  await sql`create table if not exists schema_version (version integer primary key, applied_at bigint not null)`.execute(
    trx,
  )
  const row = await trx
    .selectFrom('schema_version')
    .select(({ fn }) => fn.max('version').as('version'))
    .executeTakeFirst()
  return row?.version ?? 0
}

/** Of a PostgreSQL database only the schema in which new tables are made. */
async function tablesOf(trx: Transaction<Tables>): Promise<readonly string[]> {
  if (!isPostgres(trx)) return (await trx.introspection.getTables()).map(({ name }) => name)
  const tables = sql<{ name: string }>`select tablename as name from pg_tables where schemaname = current_schema()`
  return (await tables.execute(trx)).rows.map(({ name }) => name)
}
