import { sql, type Kysely } from 'kysely'
import type { Tables } from '../tables.js'

const statements = [
  `create table creations (
    id text primary key, account_id text not null, person_hmac text not null, snils_hmac text not null, journal text not null,
    school text not null, role text not null, number text not null, since bigint not null, person text not null)`,
  // of one human a journal is asked for one account in each school
  'create unique index creations_place on creations (snils_hmac, journal, school)',
  'create index creations_person on creations (person_hmac)',
  'alter table accounts add column created_at bigint',
]

export async function accountsMadeAtFirstLogin(db: Kysely<Tables>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}
