import { sql, type Kysely } from 'kysely'
import type { Tables } from '../tables.js'

/** What was written before the watch began is not judged. */
const statements = [
  `create table watch_tallies (
    tally text not null, subject text not null, mark text not null, count integer not null, at bigint not null,
    gone_at bigint not null, primary key (tally, subject, mark))`,
  'create index watch_tallies_gone_at on watch_tallies (gone_at)',
  'create table watch_place (id integer primary key, entry bigint not null, seq bigint not null)',
  'insert into watch_place (id, entry, seq) select 1, coalesce(max(position), 0), 0 from audit_chain',
  `create table anomalies (
    id text primary key, rule text not null, kind text not null, subject text not null, number text, value integer not null,
    first_at bigint not null, last_at bigint not null, state text not null, decided_at bigint, decided_by text, reason text,
    told integer not null, told_at bigint, accounts text)`,
  "create unique index anomalies_living on anomalies (rule, kind, subject) where state <> 'closed'",
  'create index anomalies_last_at on anomalies (last_at)',
  `create table locks (
    id text primary key, kind text not null, subject text not null, rule text not null, anomaly text, since bigint not null,
    until bigint not null, ended_at bigint, ended_by text, reason text)`,
  'create index locks_until on locks (until)',
  `create table banners (
    idp text not null, trouble text not null, since bigint not null, until bigint, primary key (idp, trouble))`,
  `create table alerts (
    id text primary key, channel text not null, since bigint not null, attempts integer not null, next_at bigint not null,
    content text not null)`,
  'create index alerts_next_at on alerts (next_at)',
]

export async function watch(db: Kysely<Tables>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}
