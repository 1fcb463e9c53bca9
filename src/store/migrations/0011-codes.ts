import { sql, type Kysely } from 'kysely'
import type { Tables } from '../tables.js'

const statements = [
  `create table codes (
    id text primary key, code_hmac text not null, account_id text not null, journal text not null, school text not null,
    made_at bigint not null, expires_at bigint not null, looks integer not null, locked_at bigint, used_at bigint,
    revoked_at bigint)`,
  'create unique index codes_code_hmac on codes (code_hmac)',
  'create index codes_account_id on codes (account_id)',
  'create index codes_journal_school on codes (journal, school)',

  'create table attempts (purpose text not null, who_hmac text not null, at bigint not null)',
  'create index attempts_who on attempts (purpose, who_hmac, at)',
]

export async function codes(db: Kysely<Tables>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}
