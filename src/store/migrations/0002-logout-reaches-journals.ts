import { sql, type Kysely } from 'kysely'
import type { Tables } from '../tables.js'

const statements = [
  'alter table sessions add column trace_until bigint not null default 0',
  'alter table sessions add column traced integer not null default 0',
  // Logouts under way, ten minutes at most: the farewell page then names no journal.
  "update logouts set journals = '[]'",
  'update sessions set trace_until = opened_at + 86400000',
  'drop index sessions_idle_ends_at',
  'drop index sessions_ends_at',
  'create index sessions_over on sessions (traced, idle_ends_at)',
  'create index sessions_name_id_hmac on sessions (name_id_hmac)',

  `create table logout_requests (
    idp text not null, id text not null, name_id_hmac text not null, session_index_hmacs text not null,
    issued_at bigint not null, remember_until bigint not null, primary key (idp, id))`,
  'create index logout_requests_name_id_hmac on logout_requests (name_id_hmac)',

  `create table notices (
    id text primary key, journal text not null, subject text not null, sid text not null, number text not null,
    since bigint not null, attempts integer not null, next_at bigint not null)`,
  'create index notices_next_at on notices (next_at)',
]

export async function logoutReachesJournals(db: Kysely<Tables>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}
