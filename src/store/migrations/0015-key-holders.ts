import { sql, type Kysely } from 'kysely'
import type { Tables } from '../tables.js'

export async function keyHolders(db: Kysely<Tables>): Promise<void> {
  await sql
    .raw(
      'create table key_holders (id text primary key, data_ids text not null, lookup_ids text not null, seen_at bigint not null)',
    )
    .execute(db)
}
