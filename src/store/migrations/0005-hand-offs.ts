import { sql, type Kysely } from 'kysely'
import type { Tables } from '../tables.js'

const statements = [
  `create table deposits (
    handle_hash text primary key, journal text not null, session_key text not null, number text not null,
    content text not null, expires_at bigint not null)`,
  'create index deposits_expires_at on deposits (expires_at)',
  `create table used_ids (
    purpose text not null, id text not null, remember_until bigint not null, primary key (purpose, id))`,
  'create index used_ids_remember_until on used_ids (remember_until)',
  'alter table notices add column mark text',
]

export async function handOffs(db: Kysely<Tables>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}
