import type { Kysely } from 'kysely'
import type { Instant } from '../../base/clock.js'
import type { EndedBy, Ground, LinkedPerson, ListedLink, NewLink, OwnLink } from '../../identity/links.js'
import type { Links } from '../../login/people-ports.js'
import type { Name, Person } from '../../words/person.js'
import type { Snils } from '../../words/snils.js'
import { UNDO_FOR } from '../../words/undo.js'
import { identityOf } from '../identity-of.js'
import type { Lookup } from '../lookup.js'
import type { Place, Seal } from '../sealed.js'
import type { Tables } from '../tables.js'
import type { LinkRow } from '../tables-people.js'
import { auditRow } from './audit.js'
import { endTrust } from './devices.js'
import { writeMessage } from './messages.js'
import { prepared, type Prepared } from './prepared.js'

export interface LinkTools {
  readonly seal: Seal
  readonly lookup: Lookup
}

/** Links read at a time when a whole school is listed. */
const PAGE = 200

export function createLinks(db: Kysely<Tables>, tools: LinkTools): Links {
  const ask = asked(db, tools.lookup)
  return {
    async around(person, accountIds) {
      const rows = await ask(person, accountIds)
      const human = sameHuman(tools.lookup, person)
      const own = rows.filter(row => human.isOwn(row)).map(row => ownLink(row, tools, human))
      const held = rows.filter(row => row.ended_at === null && accountIds.includes(row.account_id) && !human.is(row))
      return { own, held: new Set(held.map(row => row.account_id)) }
    },

    inSchool: (journal, school) => linkedIn(db, tools, journal, school),

    make: (link, event, message) =>
      db.transaction().execute(async trx => {
        const made = await makeLink(trx, tools, link)
        if (made !== 'made') return made
        const isNew = await trx.selectFrom('links').select('id').where('id', '=', link.id).executeTakeFirst()
        if (isNew) await writeMessage(trx, tools, message)
        await trx.insertInto('audit_events').values(auditRow(event, tools.seal)).execute()
        return made
      }),

    end: (person, id, at, event, message) =>
      db.transaction().execute(async trx => {
        const own = trx
          .updateTable('links')
          .where('id', '=', id)
          .where('person_hmac', 'in', tools.lookup.candidates('person', identityOf(person)))
          .where('ended_at', 'is', null)
        const ended = await own.set(endedBy('person', at)).returning('person_hmac').execute()
        if (ended.length === 0) return false
        await endTrust(
          trx,
          tools.lookup,
          ended.map(row => ({ ...row, identity: identityOf(person) })),
        )
        await writeMessage(trx, tools, message)
        await trx.insertInto('audit_events').values(auditRow(event, tools.seal)).execute()
        return true
      }),

    resume: (person, id, now, event) =>
      db.transaction().execute(async trx => {
        const resumed = await resumeLink(trx, tools, person, id, now)
        if (resumed === 'resumed') await trx.insertInto('audit_events').values(auditRow(event, tools.seal)).execute()
        return resumed
      }),
  }
}

export const endedBy = (by: EndedBy, at: Instant): Pick<LinkRow, 'ended_at' | 'ended_by'> => ({
  ended_at: at,
  ended_by: by,
})

/** Who of two is the same: by the IdP's number, or by the СНИЛС that another IdP vouches for. */
interface Human {
  /** Every look-up value under which rows about this very person of this IdP may stand, and about the СНИЛС. */
  readonly names: readonly string[]
  readonly numbers: readonly string[]
  /** Made by this very person of this IdP. */
  isOwn(row: LinkRow): boolean
  is(row: LinkRow): boolean
  snils(row: LinkRow): OwnLink['snils']
}

export function sameHuman(lookup: Lookup, person: Person): Human {
  const names = lookup.candidates('person', identityOf(person))
  const numbers = person.snils === undefined ? [] : lookup.candidates('snils', person.snils)
  const isOwn = (row: LinkRow) => names.includes(row.person_hmac)
  const sameNumber = (row: LinkRow) => row.snils_hmac !== null && numbers.includes(row.snils_hmac)
  return {
    ...{ names, numbers, isOwn },
    is: row => isOwn(row) || sameNumber(row),
    snils: row => (row.snils_hmac === null || numbers.length === 0 ? 'unknown' : sameNumber(row) ? 'same' : 'other'),
  }
}

/** Every login asks it: one compiled query for each number of accounts. */
function asked(db: Kysely<Tables>, lookup: Lookup) {
  const names = (given: Given) => lookup.candidates('person', '').map((_, i) => given[`person${i}`]!)
  const accounts = (given: Given, count: number) => Array.from({ length: count }, (_, i) => given[`account${i}`]!)
  const known = new Map<number, Prepared<Given, LinkRow>>()
  const build = (count: number) =>
    prepared(db, (db, given: Given) =>
      db
        .selectFrom('links')
        .selectAll()
        .where(eb =>
          eb.or([
            eb('person_hmac', 'in', names(given)),
            ...(count > 0 ? [eb('account_id', 'in', accounts(given, count))] : []),
          ]),
        )
        .orderBy('since')
        .orderBy('id'),
    )
  return async (person: Person, accountIds: readonly string[]): Promise<readonly LinkRow[]> => {
    const query = known.get(accountIds.length) ?? build(accountIds.length)
    if (accountIds.length <= COMMON) known.set(accountIds.length, query)
    const values = [
      ...lookup.candidates('person', identityOf(person)).map((value, i) => [`person${i}`, value]),
      ...accountIds.map((value, i) => [`account${i}`, value]),
    ]
    return (await query(db, Object.fromEntries(values) as Given)).rows
  }
}

type Given = Readonly<Record<string, string>>

/** More accounts of one person than this are rare; their query is built each time. */
const COMMON = 10

/** Inside a transaction. An account row is written first: of two who want it at one moment, the second waits and sees. */
export async function makeLink(trx: Kysely<Tables>, tools: LinkTools, link: NewLink): Promise<'made' | 'held'> {
  const { accountId, person } = link
  await lockAccount(trx, accountId)
  const human = sameHuman(tools.lookup, person)
  const active = await activeOn(trx, accountId)
  if (active.some(row => !human.is(row))) return 'held'
  if (!active.some(row => human.isOwn(row))) await trx.insertInto('links').values(linkRow(link, tools)).execute()
  return 'made'
}

/** Written before it is read, so that of two who want it at one moment the second waits instead of losing at the end. */
export const lockAccount = (trx: Kysely<Tables>, accountId: string) =>
  trx.updateTable('accounts').set({ account_id: accountId }).where('account_id', '=', accountId).execute()

export const activeOn = (trx: Kysely<Tables>, accountId: string) =>
  trx.selectFrom('links').selectAll().where('account_id', '=', accountId).where('ended_at', 'is', null).execute()

async function resumeLink(trx: Kysely<Tables>, tools: LinkTools, person: Person, id: string, now: Instant) {
  const human = sameHuman(tools.lookup, person)
  const row = await trx.selectFrom('links').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row || !human.isOwn(row) || row.ended_by !== 'person') return 'gone'
  if (row.ended_at === null || row.ended_at + UNDO_FOR <= now) return 'gone'
  await lockAccount(trx, row.account_id)
  const active = await activeOn(trx, row.account_id)
  if (active.some(other => !human.is(other))) return 'held'
  await trx.updateTable('links').where('id', '=', id).set({ ended_at: null, ended_by: null }).execute()
  return 'resumed'
}

async function* linkedIn(
  db: Kysely<Tables>,
  tools: LinkTools,
  journal: string,
  school: string,
): AsyncIterable<ListedLink> {
  let after = ''
  for (;;) {
    const rows = await db
      .selectFrom('links')
      .leftJoin('accounts', 'accounts.account_id', 'links.account_id')
      .selectAll('links')
      .select('accounts.snils_hmac as listed_hmac')
      .where('links.journal', '=', journal)
      .where('links.school', '=', school)
      .where('links.ended_at', 'is', null)
      .where('links.id', '>', after)
      .orderBy('links.id')
      .limit(PAGE)
      .execute()
    for (const row of rows) yield { ...linkedPerson(row, tools.seal), number: numberOf(row, tools) }
    if (rows.length < PAGE) return
    after = rows.at(-1)!.id
  }
}

/** While keys are being changed, link and list may name the same number under two keys. */
function numberOf(
  { listed_hmac: listed, ...row }: LinkRow & { readonly listed_hmac: string | null },
  { seal, lookup }: LinkTools,
): ListedLink['number'] {
  if (row.snils_hmac === null || listed === null) return 'unknown'
  const { number } = openLink(row, seal)
  const own = number === undefined ? [row.snils_hmac] : lookup.candidates('snils', number)
  return own.includes(listed) ? 'listed' : 'other'
}

/** `identity` and `number` are what the look-up values are made of, so that another key can make them anew. */
interface Content {
  readonly name: Name
  readonly listed: NewLink['listed']
  readonly identity?: string
  readonly number?: Snils
}

const place = (row: string): Place => ({ table: 'links', column: 'content', row })

function linkRow({ person, listed, ...link }: NewLink, { seal, lookup }: LinkTools): LinkRow {
  const { lastName, firstName, middleName } = person
  const content: Content = {
    name: { ...{ lastName, firstName, middleName } } as Name,
    listed,
    identity: identityOf(person),
    ...(person.snils !== undefined && { number: person.snils }),
  }
  return {
    ...{ id: link.id, account_id: link.accountId, journal: link.journal, school: link.school },
    ...{ ground: link.ground, since: link.since, ended_at: null, ended_by: null },
    person_hmac: lookup.index('person', identityOf(person)),
    snils_hmac: person.snils === undefined ? null : lookup.index('snils', person.snils),
    content: seal.seal(place(link.id), content),
  }
}

export const openLink = (row: Pick<LinkRow, 'id' | 'content'>, seal: Seal): Content =>
  seal.open(place(row.id), row.content) as Content

/** @returns what changes in a link that stands under this СНИЛС from now on, or under none */
export function underNumber(row: LinkRow, number: Snils | undefined, { seal, lookup }: LinkTools) {
  const { name, listed, identity } = openLink(row, seal)
  const content: Content = {
    ...{ name, listed },
    ...(identity !== undefined && { identity }),
    ...(number !== undefined && { number }),
  }
  const snils_hmac = number === undefined ? null : lookup.index('snils', number)
  return { snils_hmac, content: seal.seal(place(row.id), content) }
}

const linkOf = (row: LinkRow, { listed }: Content) => ({
  ...{ id: row.id, accountId: row.account_id, journal: row.journal, school: row.school },
  ...{ ground: row.ground as Ground, since: row.since, listed },
  ...(row.ended_at !== null && { ended: { at: row.ended_at, by: row.ended_by as EndedBy } }),
})

const ownLink = (row: LinkRow, { seal }: LinkTools, human: Human): OwnLink => ({
  ...linkOf(row, openLink(row, seal)),
  snils: human.snils(row),
})

export function linkedPerson(row: LinkRow, seal: Seal): LinkedPerson {
  const content = openLink(row, seal)
  return { ...linkOf(row, content), ...content.name }
}
