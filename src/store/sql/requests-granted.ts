/** What a school's yes does to links, and how it is taken back. Inside the transaction of the decision. */
import type { Kysely } from 'kysely'
import { randomId, systemChance } from '../../base/chance.js'
import type { Instant } from '../../base/clock.js'
import type { RosterRecord } from '../../identity/roster.js'
import type { Person } from '../../words/person.js'
import { identityOf } from '../identity-of.js'
import type { Tables } from '../tables.js'
import { activeOn, endedBy, lockAccount, makeLink, type LinkTools } from './links.js'
import { openRecord } from './roster.js'

/** For taking back: the link that was made or confirmed, and those of others that had to end. */
export interface Given {
  readonly made: string
  readonly ended: readonly string[]
  /** Of a link that was there: under which number it stood before. */
  readonly snilsBefore?: string
}

interface Gift {
  readonly person: Person
  readonly accountId: string
  readonly at: Instant
}

/** @returns undefined when the list names no such account any more */
export async function giveAccount(trx: Kysely<Tables>, tools: LinkTools, gift: Gift): Promise<Given | undefined> {
  const { person, accountId, at } = gift
  await lockAccount(trx, accountId)
  const account = await trx.selectFrom('accounts').selectAll().where('account_id', '=', accountId).executeTakeFirst()
  if (!account) return undefined
  const names = tools.lookup.candidates('person', identityOf(person))
  const active = await activeOn(trx, accountId)
  const others = active.filter(row => !names.includes(row.person_hmac)).map(({ id }) => id)
  if (others.length > 0) await trx.updateTable('links').where('id', 'in', others).set(endedBy('school', at)).execute()
  const own = active.find(row => names.includes(row.person_hmac))
  if (own) {
    const snils = person.snils === undefined ? null : tools.lookup.index('snils', person.snils)
    await trx.updateTable('links').where('id', '=', own.id).set({ snils_hmac: snils }).execute()
    return { made: own.id, ended: others, ...(own.snils_hmac !== null && { snilsBefore: own.snils_hmac }) }
  }
  const { firstName, birthDate } = (openRecord(account, tools.seal) satisfies RosterRecord).person
  const made = randomId(systemChance)
  await makeLink(trx, tools, {
    ...{ id: made, accountId, journal: account.journal, school: account.school },
    ...{ person, ground: 'school', since: at },
    listed: { firstName, ...(birthDate !== undefined && { birthDate }) },
  })
  return { made, ended: others }
}

export async function giveBack(trx: Kysely<Tables>, { made, ended, snilsBefore }: Given, now: Instant): Promise<void> {
  const link = trx.updateTable('links').where('id', '=', made)
  if (snilsBefore === undefined) await link.set(endedBy('school', now)).execute()
  else await link.set({ snils_hmac: snilsBefore }).execute()
  if (ended.length > 0)
    await trx.updateTable('links').where('id', 'in', ended).set({ ended_at: null, ended_by: null }).execute()
}
