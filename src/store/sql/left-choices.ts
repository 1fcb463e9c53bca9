import type { Kysely } from 'kysely'
import type { Instant } from '../../base/clock.js'
import type { Lookup } from '../lookup.js'
import type { Seal } from '../sealed.js'
import type { Tables } from '../tables.js'
import { openChoice } from './messages.js'

export interface LeftTools {
  readonly seal: Seal
  readonly lookup: Lookup
  /** `identityOf` of everybody who has a session; inside the transaction that asks, where sessions are in the database. */
  readonly signedIn: (db: Kysely<Tables>) => Promise<ReadonlySet<string>>
}

/** Choices looked at in one go. */
const PAGE = 500

/**
 * Wishes about notices that nobody has any use for: made before that time by somebody who has no session, and whose last link ended
 * before that time. While keys are being changed, links may stand under another key than the wish.
 *
 * @returns ids, at most so many
 */
export async function leftChoices(
  db: Kysely<Tables>,
  { seal, lookup, signedIn }: LeftTools,
  before: Instant,
  most: number,
): Promise<readonly string[]> {
  const left: string[] = []
  let here: ReadonlySet<string> | undefined
  for (let after = '', some = PAGE; some === PAGE && left.length < most;) {
    const rows = await old(db, before, after)
    if (rows.length > 0) here ??= await signedIn(db)
    for (const row of rows) {
      const identity = openChoice(row, seal)
      if (here?.has(identity) || left.length === most) continue
      if (!(await isLinked(db, lookup.candidates('person', identity), before))) left.push(row.id)
    }
    some = rows.length
    after = rows.at(-1)?.id ?? after
  }
  return left
}

/** Whose link stands under the same key are not even looked at: in an ordinary school that is everybody. */
const old = (db: Kysely<Tables>, before: Instant, after: string) =>
  db
    .selectFrom('notice_choices')
    .select(['id', 'person'])
    .where('chosen_at', '<', before)
    .where('id', '>', after)
    .where(eb =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('links')
            .select('links.id')
            .whereRef('links.person_hmac', '=', 'notice_choices.person_hmac')
            .where('ended_at', 'is', null),
        ),
      ),
    )
    .orderBy('id')
    .limit(PAGE)
    .execute()

async function isLinked(db: Kysely<Tables>, names: readonly string[], before: Instant): Promise<boolean> {
  const own = db.selectFrom('links').select('id').where('person_hmac', 'in', names)
  const standing = own.where(eb => eb.or([eb('ended_at', 'is', null), eb('ended_at', '>=', before)]))
  return (await standing.limit(1).executeTakeFirst()) !== undefined
}
