import { sql, type Kysely } from 'kysely'
import type { Tables } from '../tables.js'

/** Who brings the same message again gets the same answer: what that was, and who may have it. */
const statements = [
  "alter table logouts add column browser text not null default ''",
  'alter table logouts add column ended text',
  'alter table logout_requests add column whole integer not null default 0',
  'alter table assertions add column login text',
]

export async function sameAnswerAgain(db: Kysely<Tables>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}
