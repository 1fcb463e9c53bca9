import { sql, type Kysely } from 'kysely'
import type { Tables } from '../tables.js'

const statements = [
  `create table messages (
    id text primary key, person_hmac text not null, kind text not null, number text not null, since bigint not null,
    attempts integer not null, next_at bigint not null, content text not null)`,
  'create index messages_next_at on messages (next_at)',
  'create index messages_person on messages (person_hmac)',
  `create table notice_choices (
    id text primary key, person_hmac text not null, switched_off text not null, chosen_at bigint not null, person text not null)`,
  'create unique index notice_choices_person on notice_choices (person_hmac)',
  'alter table devices add column seen_at bigint',
  'create index devices_device on devices (device_hmac)',
  'alter table logins add column devices text',
]

export async function noticesToPeople(db: Kysely<Tables>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}
