import { sql, type Kysely } from 'kysely'
import type { Tables } from '../tables.js'

const statements = [
  `create table links (
    id text primary key, account_id text not null, journal text not null, school text not null,
    person_hmac text not null, snils_hmac text, ground text not null, since bigint not null, ended_at bigint,
    ended_by text, content text not null)`,
  'create index links_account_id on links (account_id)',
  'create index links_person_hmac on links (person_hmac)',
  'create index links_journal_school on links (journal, school)',

  `create table requests (
    id text primary key, number text not null, kind text not null, school text not null, journal text not null,
    person_hmac text not null, filed_at bigint not null, decided_at bigint, content text not null)`,
  // of one person a question stands open once
  'create unique index requests_open on requests (person_hmac, kind, school, journal) where decided_at is null',
  // every login in which the question came up again has a number of its own, and any of them finds it
  'create table request_numbers (number text not null, request text not null, primary key (number, request))',
  'create index requests_school on requests (school, decided_at)',
]

export async function links(db: Kysely<Tables>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}
