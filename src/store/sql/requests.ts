import type { ExpressionBuilder, Kysely } from 'kysely'
import { randomId, systemChance } from '../../base/chance.js'
import type { RequestNumber } from '../../base/request-number.js'
import type { Decided, NewRequest, RequestKind, SchoolRequest } from '../../identity/requests.js'
import type { Requests } from '../../login/people-ports.js'
import { withChildren, type AskedChild } from '../../words/asked-child.js'
import type { SchoolInJournal } from '../../words/journal.js'
import type { Person } from '../../words/person.js'
import type { SchoolCode } from '../../words/school.js'
import { UNDO_FOR } from '../../words/undo.js'
import { identityOf } from '../identity-of.js'
import type { Place } from '../sealed.js'
import type { Tables } from '../tables.js'
import type { RequestRow } from '../tables-people.js'
import { auditRow } from './audit.js'
import { becameAnothers, giveAccount, giveBack, type Given } from './requests-granted.js'
import { linkedPerson, sameHuman, type LinkTools } from './links.js'

/** What is sealed: who asks in full (a link is made of it), and what a decision did. */
export interface RequestContent {
  readonly person: Person
  readonly accountIds: readonly string[]
  readonly children?: readonly AskedChild[]
  readonly decided?: Decided
  readonly given?: Given
}

export function createRequests(db: Kysely<Tables>, tools: LinkTools): Requests {
  const shown = (rows: readonly RequestRow[]) => rows.map(row => requestOf(row, contentOf(row, tools)))
  return {
    file: (requests, event) =>
      db.transaction().execute(async trx => {
        const numbers = await fileRequests(trx, tools, requests)
        await trx.insertInto('audit_events').values(auditRow(event, tools.seal)).execute()
        return numbers
      }),

    async of(person) {
      const names = tools.lookup.candidates('person', identityOf(person))
      const own = db.selectFrom('requests').selectAll().where('person_hmac', 'in', names)
      return shown(await own.orderBy('filed_at', 'desc').execute())
    },

    async open(places, limit) {
      if (places.length === 0) return []
      const open = db.selectFrom('requests').selectAll().where(inPlaces(places)).where('decided_at', 'is', null)
      return shown(await open.orderBy('filed_at').limit(limit).execute())
    },

    async decided(places, since, limit) {
      if (places.length === 0) return []
      const decided = db.selectFrom('requests').selectAll().where(inPlaces(places))
      return shown(await decided.where('decided_at', '>=', since).orderBy('decided_at', 'desc').limit(limit).execute())
    },

    async byNumber(number) {
      const ids = db.selectFrom('request_numbers').select('request').where('number', '=', number)
      return shown(await db.selectFrom('requests').selectAll().where('id', 'in', ids).orderBy('id').execute())
    },

    async find(id) {
      const row = await db.selectFrom('requests').selectAll().where('id', '=', id).executeTakeFirst()
      return row && shown([row])[0]
    },

    async holders(id, accountIds) {
      if (accountIds.length === 0) return []
      const row = await db.selectFrom('requests').selectAll().where('id', '=', id).executeTakeFirst()
      if (!row) return []
      const { person } = contentOf(row, tools)
      const human = sameHuman(tools.lookup, person)
      const active = db
        .selectFrom('links')
        .selectAll()
        .where('account_id', 'in', accountIds)
        .where('ended_at', 'is', null)
      const others = (await active.orderBy('since').execute()).filter(link => !human.is(link))
      return others.map(link => linkedPerson(link, tools.seal))
    },

    ...createDecisions(db, tools),
  }
}

/** One condition for each journal: SQLite takes only so many of them, and an operator may run thousands of schools. */
function inPlaces(places: readonly (SchoolCode | SchoolInJournal)[]) {
  const whole = places.filter(place => typeof place === 'string')
  const schools = new Map<string, SchoolCode[]>()
  for (const place of places)
    if (typeof place !== 'string') schools.set(place.journal, [...(schools.get(place.journal) ?? []), place.school])
  return (eb: ExpressionBuilder<Tables, 'requests'>) =>
    eb.or([
      ...(whole.length > 0 ? [eb('school', 'in', whole)] : []),
      ...[...schools].map(([journal, codes]) => eb.and([eb('journal', '=', journal), eb('school', 'in', codes)])),
    ])
}

/** Each whole or not at all. */
const createDecisions = (db: Kysely<Tables>, tools: LinkTools): Pick<Requests, 'decide' | 'takeBack'> => ({
  decide: (id, decided, event) =>
    db.transaction().execute(async trx => {
      const row = await trx.selectFrom('requests').selectAll().where('id', '=', id).executeTakeFirst()
      if (!row) return 'unknown'
      if (row.decided_at !== null) return 'decided-before'
      const content = contentOf(row, tools)
      const { accountId, at } = decided
      const gives = decided.granted && accountId !== undefined
      const given = gives ? await giveAccount(trx, tools, { person: content.person, accountId, at }) : undefined
      if (gives && !given) return 'no-account'
      const after: RequestContent = { ...content, decided, ...(given && { given }) }
      const undecided = trx.updateTable('requests').where('id', '=', id).where('decided_at', 'is', null)
      await undecided.set({ decided_at: at, content: tools.seal.seal(place(id), after) }).execute()
      await trx.insertInto('audit_events').values(auditRow(event, tools.seal)).execute()
      return 'decided'
    }),

  takeBack: (id, now, event) =>
    db.transaction().execute(async trx => {
      const row = await trx.selectFrom('requests').selectAll().where('id', '=', id).executeTakeFirst()
      if (!row || row.decided_at === null) return 'unknown'
      if (row.decided_at + UNDO_FOR <= now) return 'too-late'
      const { given, decided, ...asked } = contentOf(row, tools)
      const { person } = asked
      if (await standsAgain(trx, row, tools.lookup.candidates('person', identityOf(person)))) return 'asked-again'
      if (given && (await becameAnothers(trx, tools, { ...given, person, accountId: decided?.accountId ?? '' })))
        return 'held'
      if (given) await giveBack(trx, tools, given, now)
      const content = tools.seal.seal(place(id), asked satisfies RequestContent)
      await trx.updateTable('requests').where('id', '=', id).set({ decided_at: null, content }).execute()
      await trx.insertInto('audit_events').values(auditRow(event, tools.seal)).execute()
      return 'taken-back'
    }),
})

/** The person came again after the decision, and the same question was put anew. */
async function standsAgain(
  trx: Kysely<Tables>,
  { kind, school, journal }: RequestRow,
  names: readonly string[],
): Promise<boolean> {
  const same = trx.selectFrom('requests').select('id').where('person_hmac', 'in', names).where('kind', '=', kind)
  const open = same.where('school', '=', school).where('journal', '=', journal).where('decided_at', 'is', null)
  return (await open.executeTakeFirst()) !== undefined
}

/** Inside a transaction: a question that stands open already keeps its number. */
export async function fileRequests(
  trx: Kysely<Tables>,
  tools: LinkTools,
  requests: readonly NewRequest[],
): Promise<readonly RequestNumber[]> {
  const numbers: RequestNumber[] = []
  for (const request of requests) {
    const row = requestRow(request, tools)
    const open = await trx
      .selectFrom('requests')
      .select(['id', 'number', 'content'])
      .where('person_hmac', 'in', tools.lookup.candidates('person', identityOf(request.person)))
      .where('kind', '=', row.kind)
      .where('school', '=', row.school)
      .where('journal', '=', row.journal)
      .where('decided_at', 'is', null)
      .executeTakeFirst()
    if (!open) await trx.insertInto('requests').values(row).execute()
    else if (request.children) await addChildren(trx, tools, open, request.children)
    const named = trx.insertInto('request_numbers').values({ number: row.number, request: open?.id ?? row.id })
    await named.onConflict(same => same.doNothing()).execute()
    numbers.push((open?.number ?? row.number) as RequestNumber)
  }
  return numbers
}

async function addChildren(
  trx: Kysely<Tables>,
  tools: LinkTools,
  { id, content }: Pick<RequestRow, 'id' | 'content'>,
  more: readonly AskedChild[],
): Promise<void> {
  const known = contentOf({ id, content }, tools)
  const children = withChildren(known.children ?? [], more)
  const sealed = tools.seal.seal(place(id), { ...known, children } satisfies RequestContent)
  await trx.updateTable('requests').where('id', '=', id).set({ content: sealed }).execute()
}

const place = (row: string): Place => ({ table: 'requests', column: 'content', row })

const contentOf = (row: Pick<RequestRow, 'id' | 'content'>, { seal }: LinkTools): RequestContent =>
  seal.open(place(row.id), row.content) as RequestContent

function requestRow({ person, accountIds, children, ...request }: NewRequest, { seal, lookup }: LinkTools): RequestRow {
  const id = randomId(systemChance)
  return {
    ...{ id, number: request.number, kind: request.kind, school: request.school, journal: request.journal },
    person_hmac: lookup.index('person', identityOf(person)),
    filed_at: request.at,
    decided_at: null,
    content: seal.seal(place(id), { person, accountIds, ...(children && { children }) } satisfies RequestContent),
  }
}

const requestOf = (
  row: RequestRow,
  { person, accountIds, children, decided, given }: RequestContent,
): SchoolRequest => ({
  ...{ id: row.id, number: row.number as RequestNumber, kind: row.kind as RequestKind },
  ...{ school: row.school, journal: row.journal, at: row.filed_at, accountIds },
  person: shownPerson(person),
  ...(children && { children }),
  ...(decided && { decided }),
  ...(given && given.ended.length > 0 && { tookAway: true as const }),
})

const shownPerson = ({ lastName, firstName, middleName, birthDate, snils }: Person): SchoolRequest['person'] =>
  Object.fromEntries(
    Object.entries({ lastName, firstName, middleName, birthDate, snils }).filter(([, value]) => value !== undefined),
  )
