import type { Kysely } from 'kysely'
import type { EndedBy, SeenLinks } from '../../identity/links.js'
import { isPostgres } from '../dialect.js'
import { identityOf } from '../identity-of.js'
import type { Lookup } from '../lookup.js'
import type { Tables } from '../tables.js'
import { sameHuman } from './links.js'
import { prepared } from './prepared.js'

/**
 * Tells whether the person's links to the account are those that were seen, until the transaction ends. Who takes a link away
 * waits for it, and then finds and ends the session that it opened: in whatever order they run, who reads that an
 * account is taken off is let in by it no more (docs/decisions/0020).
 */
export function prepareAreAsSeen(db: Kysely<Tables>, lookup: Lookup) {
  const find = prepared(db, (db, given: Given) => {
    const own = db
      .selectFrom('links')
      .selectAll()
      .where('account_id', '=', given['account']!)
      .where(
        'person_hmac',
        'in',
        lookup.candidates('person', '').map((_, i) => given[`person${i}`]!),
      )
    return isPostgres(db) ? own.forShare() : own
  })
  return async (trx: Kysely<Tables>, accountId: string, { person, links }: SeenLinks): Promise<boolean> => {
    const names = lookup.candidates('person', identityOf(person)).map((value, i) => [`person${i}`, value])
    const { rows } = await find(trx, { account: accountId, ...(Object.fromEntries(names) as Given) })
    const human = sameHuman(lookup, person)
    const now = rows.map(row => state(row.id, (row.ended_by ?? undefined) as EndedBy | undefined, human.snils(row)))
    return now.sort().join() === links.map(({ id, ended, snils }) => state(id, ended?.by, snils)).sort().join() // prettier-ignore
  }
}

export type AreAsSeen = ReturnType<typeof prepareAreAsSeen>

type Given = Readonly<Record<string, string>>

const state = (id: string, ended: EndedBy | undefined, snils: string): string => `${id} ${ended ?? 'stands'} ${snils}`
