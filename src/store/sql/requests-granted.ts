/** What a school's yes does to links, and how it is taken back. Inside the transaction of the decision. */
import type { Kysely } from 'kysely'
import { randomId, systemChance } from '../../base/chance.js'
import type { Instant } from '../../base/clock.js'
import type { RosterRecord } from '../../identity/roster.js'
import type { Person } from '../../words/person.js'
import type { Tables } from '../tables.js'
import { activeOn, endedBy, lockAccount, makeLink, sameHuman, type LinkTools } from './links.js'
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
  const listed = trx.selectFrom('accounts').selectAll().where('account_id', '=', accountId)
  const account = await listed.where('missing_since', 'is', null).executeTakeFirst()
  if (!account) return undefined
  const active = await activeOn(trx, accountId)
  const human = sameHuman(tools.lookup, person)
  const others = active.filter(row => !human.is(row)).map(({ id }) => id)
  if (others.length > 0) await trx.updateTable('links').where('id', 'in', others).set(endedBy('school', at)).execute()
  const own = active.find(row => human.isOwn(row))
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

/** Somebody else than who got it has the account now, so that it cannot go back to who had it before. */
export async function becameAnothers(trx: Kysely<Tables>, { made, ended }: Given, accountId = ''): Promise<boolean> {
  if (ended.length === 0) return false
  await lockAccount(trx, accountId)
  const given = await trx.selectFrom('links').select('person_hmac').where('id', '=', made).executeTakeFirst()
  return (await activeOn(trx, accountId)).some(row => row.person_hmac !== given?.person_hmac)
}

export async function giveBack(trx: Kysely<Tables>, { made, ended, snilsBefore }: Given, now: Instant): Promise<void> {
  const link = trx.updateTable('links').where('id', '=', made)
  if (snilsBefore === undefined) await link.set(endedBy('school', now)).execute()
  else await link.set({ snils_hmac: snilsBefore }).execute()
  if (ended.length > 0)
    await trx.updateTable('links').where('id', 'in', ended).set({ ended_at: null, ended_by: null }).execute()
}
