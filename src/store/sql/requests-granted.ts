/** What a school's yes does to links, and how it is taken back. Inside the transaction of the decision. */
import type { Kysely } from 'kysely'
import { randomId, systemChance } from '../../base/chance.js'
import type { Instant } from '../../base/clock.js'
import type { RosterRecord } from '../../identity/roster.js'
import type { Person } from '../../words/person.js'
import type { Snils } from '../../words/snils.js'
import type { Tables } from '../tables.js'
import { endTrust } from './devices.js'
import { activeOn, endedBy, lockAccount, makeLink, openLink, sameHuman, underNumber, type LinkTools } from './links.js'
import { openRecord } from './roster.js'

/** For taking back: the link that was made or confirmed, and those of others that had to end. */
export interface Given {
  readonly made: string
  readonly ended: readonly string[]
  /** Of a link that was there: the number under which it stood before, if any. */
  readonly before?: { readonly number?: Snils }
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
  const losers = active.filter(row => !human.is(row))
  const others = losers.map(({ id }) => id)
  await endTrust(
    trx,
    tools.lookup,
    losers.map(row => ({ ...row, identity: openLink(row, tools.seal).identity })),
  )
  if (others.length > 0) await trx.updateTable('links').where('id', 'in', others).set(endedBy('school', at)).execute()
  const own = active.find(row => human.isOwn(row))
  if (own) {
    const { number } = openLink(own, tools.seal)
    await trx
      .updateTable('links')
      .where('id', '=', own.id)
      .set(underNumber(own, person.snils, tools))
      .execute()
    return { made: own.id, ended: others, before: { ...(number !== undefined && { number }) } }
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
export async function becameAnothers(
  trx: Kysely<Tables>,
  tools: LinkTools,
  { ended, person, accountId }: Pick<Given, 'ended'> & { readonly person: Person; readonly accountId: string },
): Promise<boolean> {
  if (ended.length === 0) return false
  await lockAccount(trx, accountId)
  const human = sameHuman(tools.lookup, person)
  return (await activeOn(trx, accountId)).some(row => !human.isOwn(row))
}

export async function giveBack(trx: Kysely<Tables>, tools: LinkTools, given: Given, now: Instant): Promise<void> {
  const { made, ended, before } = given
  const link = trx.updateTable('links').where('id', '=', made)
  const row = before && (await trx.selectFrom('links').selectAll().where('id', '=', made).executeTakeFirst())
  if (row) await link.set(underNumber(row, before.number, tools)).execute()
  else await link.set(endedBy('school', now)).execute()
  if (ended.length > 0)
    await trx.updateTable('links').where('id', 'in', ended).set({ ended_at: null, ended_by: null }).execute()
}
