/**
 * Destruction of what is kept about a person. Whoever adds a table that knows people adds it to `belongings`: a test holds
 * every table with a `person_hmac` to it. The school's own list (accounts) stays: it is the school's, by another ground; what a journal
 * made for the person, and no list has named since, goes.
 * Sessions, logins, visits and deposits hold a person for a day at most and end by themselves; the audit knows pseudonyms.
 */
import type { Kysely } from 'kysely'
import type { Destroyed } from '../../login/consent-ports.js'
import type { Tables } from '../tables.js'

interface Doomed {
  /** Every `person_hmac` under which rows about the person may stand. */
  readonly names: readonly string[]
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
    async destroy(trx, { names, choice, whole }) {
      const nameless = { details: null, child_id_hmac: null, child_name_hmac: null }
      const own = trx.updateTable('consents').set(nameless).where('details', 'is not', null)
      const ended = own.where('ended_at', 'is not', null).where('person_hmac', 'in', names)
      const meant = whole ? ended : ended.where('choice', '=', choice)
      return Number((await meant.executeTakeFirst()).numUpdatedRows)
    },
  },
  {
    table: 'creations',
    category: 'creations',
    async destroy(trx, { names, whole }) {
      if (!whole) return 0
      const own = trx.deleteFrom('creations').where('person_hmac', 'in', names)
      return Number((await own.executeTakeFirst()).numDeletedRows)
    },
  },
  {
    // before the links, which say whose they are
    table: 'accounts',
    category: 'accounts',
    async destroy(trx, { names, account, whole }) {
      if (!whole && account === undefined) return 0
      const linked = trx.selectFrom('links').select('account_id').where('person_hmac', 'in', names)
      const meant = whole ? linked : linked.where('account_id', '=', account!)
      const others = trx.selectFrom('links').select('account_id').where('person_hmac', 'not in', names)
      const made = trx.deleteFrom('accounts').where('created_at', 'is not', null).where('account_id', 'in', meant)
      const own = made.where('account_id', 'not in', others.where('ended_at', 'is', null))
      return Number((await own.executeTakeFirst()).numDeletedRows)
    },
  },
  {
    table: 'links',
    category: 'links',
    async destroy(trx, { names, account, whole }) {
      if (!whole && account === undefined) return 0
      const own = trx.deleteFrom('links').where('person_hmac', 'in', names)
      const meant = whole ? own : own.where('account_id', '=', account!)
      return Number((await meant.executeTakeFirst()).numDeletedRows)
    },
  },
  {
    table: 'devices',
    category: 'devices',
    async destroy(trx, { names, whole }) {
      if (!whole) return 0
      const own = trx.deleteFrom('devices').where('person_hmac', 'in', names)
      return Number((await own.executeTakeFirst()).numDeletedRows)
    },
  },
  {
    table: 'messages',
    category: 'messages',
    async destroy(trx, { names, whole }) {
      if (!whole) return 0
      const own = trx.deleteFrom('messages').where('person_hmac', 'in', names)
      return Number((await own.executeTakeFirst()).numDeletedRows)
    },
  },
  {
    table: 'notice_choices',
    category: 'choices',
    async destroy(trx, { names, whole }) {
      if (!whole) return 0
      const own = trx.deleteFrom('notice_choices').where('person_hmac', 'in', names)
      return Number((await own.executeTakeFirst()).numDeletedRows)
    },
  },
  {
    table: 'requests',
    category: 'requests',
    async destroy(trx, { names, whole }) {
      if (!whole) return 0
      const ids = trx.selectFrom('requests').select('id').where('person_hmac', 'in', names)
      await trx.deleteFrom('request_numbers').where('request', 'in', ids).execute()
      const own = trx.deleteFrom('requests').where('person_hmac', 'in', names)
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
