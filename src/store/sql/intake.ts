import type { Kysely } from 'kysely'
import type { Intake } from '../../intake/ports.js'
import type { Lookup } from '../lookup.js'
import type { Seal } from '../sealed.js'
import type { Tables } from '../tables.js'
import { auditRow } from './audit.js'
import { importing, replaceIn } from './roster.js'

export function createIntake(db: Kysely<Tables>, seal: Seal, lookup: Lookup): Intake {
  const known = async (db: Kysely<Tables>, token: string) =>
    (await db.selectFrom('roster_intakes').select('token').where('token', '=', token).executeTakeFirst()) !== undefined
  return {
    taken: token => known(db, token),

    take: ({ token, journal, school, records, event, ...replacing }) =>
      importing(db, { journal, school }, async trx => {
        if (await known(trx, token)) return undefined
        const plan = await replaceIn(trx, { journal, school }, records, { ...replacing, seal, lookup })
        await trx.insertInto('roster_intakes').values({ token, journal, school, at: replacing.now }).execute()
        await trx
          .insertInto('audit_events')
          .values(auditRow(event(plan), seal))
          .execute()
        return plan
      }),
  }
}
