import { sql, type Kysely } from 'kysely'
import type { Tables } from '../tables.js'

const statements = [
  `create table consent_texts (
    version text primary key, hash text not null, whole text not null, first_seen bigint not null)`,
  `create table consents (
    id text primary key, person_hmac text not null, person text not null, subject text not null, choice text not null,
    account_id text not null, school text not null, journal text not null, role text not null, version text not null,
    text_hash text not null, rule text not null, level text not null, authn_method text, number text not null,
    given_at bigint not null, ended_at bigint, ended_how text, child_id_hmac text, child_name_hmac text, details text)`,
  'create index consents_person on consents (person_hmac, choice)',
  'create index consents_account on consents (account_id)',
  'create index consents_child_id on consents (child_id_hmac)',
  'create index consents_child_name on consents (child_name_hmac)',
  `create table destructions (
    id text primary key, consent_id text not null, person_hmac text not null, person text not null, choice text not null,
    account_id text not null, school text not null, journal text not null, number text not null, reason text not null,
    ordered_at bigint not null, due_at bigint not null, called_off_at bigint, sessions_ended_at bigint, done_at bigint,
    result text)`,
  'create index destructions_person on destructions (person_hmac)',
  'create index destructions_due_at on destructions (due_at)',
]

export async function consents(db: Kysely<Tables>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}
