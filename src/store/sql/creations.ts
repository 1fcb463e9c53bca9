import type { Kysely } from 'kysely'
import type { RequestNumber } from '../../base/request-number.js'
import type { StandsThere } from '../../identity/creating.js'
import type { Creation, Creations, Made, NewCreation } from '../../login/creation-ports.js'
import { roles, type CreatableRole } from '../../words/account.js'
import type { Person } from '../../words/person.js'
import type { Snils } from '../../words/snils.js'
import { identityOf } from '../identity-of.js'
import type { Place } from '../sealed.js'
import type { Tables } from '../tables.js'
import type { CreationRow } from '../tables-people.js'
import { auditRow } from './audit.js'
import { activeOn, makeLink, sameHuman, type LinkTools } from './links.js'
import { writeMessage } from './messages.js'
import { accountRow, accountsUnder } from './roster.js'
import { rosterKey } from './roster-comparison.js'

export const createCreations = (db: Kysely<Tables>, tools: LinkTools): Creations => ({
  async of(person) {
    const numbers = person.snils === undefined ? [] : tools.lookup.candidates('snils', person.snils)
    if (numbers.length === 0) return []
    const own = db.selectFrom('creations').selectAll().where('snils_hmac', 'in', numbers)
    return (await own.orderBy('since').orderBy('id').execute()).map(creationOf)
  },

  begin: (creation, event) =>
    db.transaction().execute(async trx => {
      const before = await standing(trx, tools, creation)
      if (before) return { at: before }
      const underWay = await sameCreation(trx, tools, creation)
      const row = creationRow(creation, tools)
      if (!underWay) await trx.insertInto('creations').values(row).execute()
      await trx.insertInto('audit_events').values(auditRow(event, tools.seal)).execute()
      return { at: 'begun', creation: creationOf(underWay ?? row) }
    }),

  finish: (made, judge) => db.transaction().execute(trx => finish(trx, tools, made, judge)),

  drop: (id, event) =>
    db.transaction().execute(async trx => {
      await trx.deleteFrom('creations').where('id', '=', id).execute()
      await trx.insertInto('audit_events').values(auditRow(event, tools.seal)).execute()
    }),
})

/** What else of the human stands there: whoever decided a moment ago may not have seen it. */
async function standing(trx: Kysely<Tables>, { lookup }: LinkTools, { person, journal, school }: NewCreation) {
  const here = { journal, school }
  const accounts = await trx
    .selectFrom('accounts')
    .select('missing_since')
    .where('snils_hmac', 'in', lookup.candidates('snils', snilsOf(person)))
    .where(eb => eb.and(here))
    .execute()
  if (accounts.some(({ missing_since }) => missing_since === null)) return 'listed'
  const human = sameHuman(lookup, person)
  const links = trx.selectFrom('links').selectAll().where('person_hmac', 'in', human.names)
  const active = await links
    .where(eb => eb.and(here))
    .where('ended_at', 'is', null)
    .execute()
  if (active.length > 0) return 'listed'
  return accounts.length > 0 ? 'was-listed' : undefined
}

const sameCreation = (trx: Kysely<Tables>, { lookup }: LinkTools, { person, journal, school }: NewCreation) =>
  trx
    .selectFrom('creations')
    .selectAll()
    .where('snils_hmac', 'in', lookup.candidates('snils', snilsOf(person)))
    .where(eb => eb.and({ journal, school }))
    .executeTakeFirst()

async function finish(
  trx: Kysely<Tables>,
  tools: LinkTools,
  { creation, record, link, schools, event, message }: Made,
  judge: Parameters<Creations['finish']>[1],
): ReturnType<Creations['finish']> {
  // written before it is read: of two who bring the same answer at one moment the second waits, and sees what the first did
  const underWay = await trx
    .updateTable('creations')
    .set(eb => ({ since: eb.ref('since') }))
    .where('id', '=', creation.id)
    .returning('id')
    .executeTakeFirst()
  const there = await underLogin(trx, tools, link.person, creation, record.login, schools)
  const standing = judge(there)
  // the journal would name the same account again: the school decides first
  if (standing === 'taken')
    return { at: 'taken', accountIds: there.filter(isHere(creation)).map(each => each.accountId) }
  await trx.deleteFrom('creations').where('id', '=', creation.id).execute()
  if (standing !== 'new') return { at: standing === 'made' ? 'made-before' : 'listed' }
  if (!underWay) return { at: 'over' }
  const { accountId, journal, school } = creation
  const row = accountRow({ accountId, journal, school, record }, tools)
  await trx
    .insertInto('accounts')
    .values({ ...row, created_at: event.at })
    .execute()
  if ((await makeLink(trx, tools, link)) === 'held') throw new Error('A new account is linked to somebody already.')
  await writeMessage(trx, tools, message)
  await trx.insertInto('audit_events').values(auditRow(event, tools.seal)).execute()
  return { at: 'made' }
}

type There = StandsThere & { readonly school: string }

const isHere =
  ({ school }: Creation) =>
  (there: There): boolean =>
    there.school === school

/** Every account of the login, in whatever role, those that lists name no more included. */
async function underLogin(
  trx: Kysely<Tables>,
  { lookup }: LinkTools,
  person: Person,
  { journal, school, role }: Creation,
  login: string,
  schools: readonly string[],
): Promise<readonly There[]> {
  const keys = [...new Set([school, ...schools])].flatMap(school =>
    roles.flatMap(role => {
      const key = rosterKey({ journal, school }, { login, role })
      return lookup.candidates('roster-key', key).map(hmac => ({ hmac, school, role }))
    }),
  )
  const byHmac = new Map(keys.map(key => [key.hmac, key]))
  const human = sameHuman(lookup, person)
  const found: There[] = []
  for (const row of await accountsUnder(trx, [...byHmac.keys()])) {
    const key = byHmac.get(row.key_hmac)!
    const links = await activeOn(trx, row.account_id)
    const other = links.some(link => !human.is(link))
    found.push({
      ...{ accountId: row.account_id, school: row.school },
      where: key.school !== school ? 'elsewhere' : key.role === role ? 'same' : 'school',
      ...{ created: row.created_at !== null, missing: row.missing_since !== null },
      snils: row.snils_hmac === null ? 'none' : human.numbers.includes(row.snils_hmac) ? 'same' : 'other',
      linked: other ? 'other' : links.length > 0 ? 'own' : 'nobody',
    })
  }
  return found
}

function snilsOf({ snils }: Person): Snils {
  if (snils === undefined) throw new Error('Nobody is made an account without a СНИЛС.')
  return snils
}

/** Whose it is, for a change of keys. */
export interface CreationContent {
  readonly identity: string
  readonly number: Snils
}

const place = (row: string): Place => ({ table: 'creations', column: 'person', row })

function creationRow({ person, ...creation }: NewCreation, { seal, lookup }: LinkTools): CreationRow {
  const content: CreationContent = { identity: identityOf(person), number: snilsOf(person) }
  return {
    ...{ id: creation.id, account_id: creation.accountId, journal: creation.journal, school: creation.school },
    ...{ role: creation.role, number: creation.number, since: creation.since },
    person_hmac: lookup.index('person', content.identity),
    snils_hmac: lookup.index('snils', content.number),
    person: seal.seal(place(creation.id), content),
  }
}

const creationOf = (row: CreationRow): Creation => ({
  ...{ id: row.id, accountId: row.account_id, journal: row.journal, school: row.school },
  ...{ role: row.role as CreatableRole, number: row.number as RequestNumber, since: row.since },
})
