import { sql, type Kysely } from 'kysely'
import type { Tables } from '../tables.js'

const statements = [
  `create table idp_copies (
    id text primary key, source text not null, entity_id text not null, content text not null,
    first_seen bigint not null, last_seen bigint not null)`,
  'create index idp_copies_source_entity_id on idp_copies (source, entity_id)',
  `create table idp_sources (
    source text primary key, tried_at bigint not null, succeeded_at bigint, failing_since bigint,
    failures integer not null, problem text, etag text, last_modified text, cache_duration bigint, rules text not null)`,
]

export async function idpMetadata(db: Kysely<Tables>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}
