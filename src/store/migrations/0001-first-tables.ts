import { sql, type Kysely } from 'kysely'
import type { Tables } from '../tables.js'

/** What the columns mean stands in tables.ts; here is only what the database must hold to. */
const statements = [
  `create table key_checks (
    purpose text not null, key_id text not null, check_value text not null,
    primary key (purpose, key_id))`,
  'create table probe (id integer primary key, writes bigint not null)',
  'insert into probe (id, writes) values (1, 0)',

  `create table logins (
    id text primary key, request_id text not null unique, browser text not null, idp text not null, target text not null,
    forced integer not null, number text not null, started_at bigint not null, expires_at bigint not null,
    old_session text, finished_at bigint, session_key text, chosen text)`,
  'create index logins_expires_at on logins (expires_at)',

  'create table assertions (idp text not null, id text not null, remember_until bigint not null, primary key (idp, id))',
  'create index assertions_remember_until on assertions (remember_until)',

  `create table logouts (
    id text primary key, request_id text not null, idp text not null, number text not null, then_target text,
    journals text not null, expires_at bigint not null)`,

  `create table sessions (
    key text primary key, content text not null, entered text not null, opened_at bigint not null,
    idle_ends_at bigint not null, ends_at bigint not null, number text not null,
    name_id_hmac text, session_index_hmac text)`,
  'create index sessions_idle_ends_at on sessions (idle_ends_at)',
  'create index sessions_ends_at on sessions (ends_at)',

  `create table accounts (
    account_id text primary key, journal text not null, school text not null, key_hmac text not null unique,
    content_hmac text not null, snils_hmac text, record text not null, missing_since bigint)`,
  'create index accounts_journal_school on accounts (journal, school)',
  'create index accounts_snils_hmac on accounts (snils_hmac)',

  `create table audit_events (
    seq integer primary key autoincrement, at bigint not null, what text not null, result text not null,
    number text, code text, address text, device text, idp text, authn_method text, person text, journal text,
    account_id text, facts text, checks text)`,
  'create index audit_events_number on audit_events (number)',
]

export async function firstTables(db: Kysely<Tables>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}
