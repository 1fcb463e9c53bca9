import { sql, type Kysely } from 'kysely'
import type { Tables } from '../tables.js'

const statements = [
  `create table confirmations (
    id text primary key, session_key text not null, purpose text not null, way text not null, code_hmac text not null,
    sent_at bigint not null, expires_at bigint not null, tries integer not null, void_at bigint, confirmed_at bigint)`,
  'create index confirmations_session on confirmations (session_key, purpose, sent_at)',

  `create table devices (
    id text primary key, device_hmac text not null, person_hmac text not null, snils_hmac text, name text not null,
    since bigint not null, trusted_until bigint)`,
  'create index devices_person on devices (person_hmac)',
]

export async function confirmations(db: Kysely<Tables>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}
