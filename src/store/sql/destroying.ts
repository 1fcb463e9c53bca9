/**
 * Destruction of what is kept about a person. Whoever adds a table that knows people adds it to `belongings`: a test holds
 * every table with a `person_hmac` to it. The school's own list (accounts) stays: it is the school's, by another ground.
 * Sessions, logins, visits and deposits hold a person for a day at most and end by themselves; the audit knows pseudonyms.
 */
import type { Kysely } from 'kysely'
import type { Destroyed } from '../../login/consent-ports.js'
import type { Tables } from '../tables.js'

interface Doomed {
  /** The `person_hmac` of the consent. */
  readonly person: string
  /** Account and child for which the consent was. */
  readonly choice: string
  /** Only where no other consent of the person stands for it. */
  readonly account?: string
  /** Everything about the person; else only what hangs on that choice and account. */
  readonly whole: boolean
}

interface Belonging {
  readonly table: keyof Tables
  readonly category: Destroyed['category']
  /** @returns how many records went, or lost what tells whose they are */
  readonly destroy: (trx: Kysely<Tables>, doomed: Doomed) => Promise<number>
}

export const belongings: readonly Belonging[] = [
  {
    table: 'consents',
    category: 'consents',
    // the record itself is the proof that processing was lawful
    async destroy(trx, { person, choice, whole }) {
      const nameless = { details: null, child_id_hmac: null, child_name_hmac: null }
      const own = trx.updateTable('consents').set(nameless).where('details', 'is not', null)
      const ended = own.where('ended_at', 'is not', null).where('person_hmac', '=', person)
      const meant = whole ? ended : ended.where('choice', '=', choice)
      return Number((await meant.executeTakeFirst()).numUpdatedRows)
    },
  },
  {
    table: 'links',
    category: 'links',
    async destroy(trx, { person, account, whole }) {
      if (!whole && account === undefined) return 0
      const own = trx.deleteFrom('links').where('person_hmac', '=', person)
      const meant = whole ? own : own.where('account_id', '=', account!)
      return Number((await meant.executeTakeFirst()).numDeletedRows)
    },
  },
  {
    table: 'requests',
    category: 'requests',
    async destroy(trx, { person, whole }) {
      if (!whole) return 0
      const ids = trx.selectFrom('requests').select('id').where('person_hmac', '=', person)
      await trx.deleteFrom('request_numbers').where('request', 'in', ids).execute()
      const own = trx.deleteFrom('requests').where('person_hmac', '=', person)
      return Number((await own.executeTakeFirst()).numDeletedRows)
    },
  },
]

/** Inside the transaction that writes down what was done. */
export async function destroyPerson(trx: Kysely<Tables>, doomed: Doomed): Promise<readonly Destroyed[]> {
  const destroyed: Destroyed[] = []
  for (const { category, destroy } of belongings) destroyed.push({ category, records: await destroy(trx, doomed) })
  return destroyed
}
