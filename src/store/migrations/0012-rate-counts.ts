import { sql, type Kysely } from 'kysely'
import type { Tables } from '../tables.js'

const statements = [
  `create table rate_counts (who_hmac text not null, since bigint not null, count bigint not null,
    primary key (who_hmac, since))`,
  'create index rate_counts_since on rate_counts (since)',
]

export async function rateCounts(db: Kysely<Tables>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}
