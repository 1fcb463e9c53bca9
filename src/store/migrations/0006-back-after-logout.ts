import { sql, type Kysely } from 'kysely'
import type { Tables } from '../tables.js'

export async function backAfterLogout(db: Kysely<Tables>): Promise<void> {
  await sql.raw('alter table logouts add column back text').execute(db)
}
