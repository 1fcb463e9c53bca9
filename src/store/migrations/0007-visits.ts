import { sql, type Kysely } from 'kysely'
import type { Tables } from '../tables.js'

const statements = [
  `create table visits (
    secret_hash text primary key, journal text not null, session_key text not null, content text not null,
    opened_at bigint not null)`,
  'create index visits_session_key on visits (session_key)',
]

export async function visits(db: Kysely<Tables>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}
