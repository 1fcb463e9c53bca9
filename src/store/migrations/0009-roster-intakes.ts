import { sql, type Kysely } from 'kysely'
import type { Tables } from '../tables.js'

export async function rosterIntakes(db: Kysely<Tables>): Promise<void> {
  await sql
    .raw(
      'create table roster_intakes (token text primary key, journal text not null, school text not null, at bigint not null)',
    )
    .execute(db)
}
