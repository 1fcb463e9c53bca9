import { sql, type Kysely } from 'kysely'
import type { Tables } from '../tables.js'

const statements = [
  'alter table audit_events add column stamp text',
  'alter table audit_events add column entry bigint',
  'create index audit_events_loose on audit_events (seq) where entry is null',
  'create index audit_events_entry on audit_events (entry) where entry is not null',
  `create table audit_chain (
    position bigint primary key, at bigint not null, kind text not null, body text not null, mac text not null)`,
  'create table audit_anchors (position bigint primary key, at bigint not null, token text not null)',
]

export async function auditChain(db: Kysely<Tables>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}
