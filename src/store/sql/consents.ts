import type { Kysely } from 'kysely'
import { randomId, systemChance } from '../../base/chance.js'
import type { RequestNumber } from '../../base/request-number.js'
import type { ChildKeys, Consent, ConsentDetails } from '../../consent/consent.js'
import type { ConsentRule } from '../../consent/rules.js'
import type { Consents, Giving, Withdrawal } from '../../login/consent-ports.js'
import type { Role } from '../../words/account.js'
import type { Level, Person } from '../../words/person.js'
import { isPostgres } from '../dialect.js'
import { identityOf } from '../identity-of.js'
import type { Lookup } from '../lookup.js'
import type { Place, Seal } from '../sealed.js'
import type { Tables } from '../tables.js'
import type { ConsentRow } from '../tables-people.js'
import { auditRow } from './audit.js'
import { createConsentTexts } from './consent-texts.js'
import { endTrust } from './devices.js'
import { writeMessage, type MessageTools } from './messages.js'
import { prepared } from './prepared.js'

export function createConsents(db: Kysely<Tables>, seal: Seal, lookup: Lookup): Consents {
  const whose = (person: Person) => lookup.candidates('person', identityOf(person))
  const findStanding = prepared(db, (db, given: readonly string[] & { readonly choice: string }) =>
    db
      .selectFrom('consents')
      .selectAll()
      .where(
        'person_hmac',
        'in',
        lookup.candidates('person', '').map((_, i) => given[i]!),
      )
      .where('choice', '=', given.choice)
      .where('ended_at', 'is', null),
  )
  return {
    ...createConsentTexts(db),
    give: giving => give(db, seal, lookup, giving),

    async find(person, choice) {
      const [row] = (await findStanding(db, Object.assign([...whose(person)], { choice }))).rows
      return row && consentOf(row, seal)
    },

    async ofChild(child) {
      const rows = await db
        .selectFrom('consents')
        .selectAll()
        .where(eb =>
          eb.or([
            eb('child_id_hmac', 'in', lookup.candidates('child', idKey(child))),
            eb('child_name_hmac', 'in', lookup.candidates('child', nameKey(child))),
          ]),
        )
        .where('ended_at', 'is', null)
        .execute()
      return rows.map(row => consentOf(row, seal))
    },

    ofPerson: person => listed(all(db).where('person_hmac', 'in', whose(person)), seal),
    ofAccount: accountId => listed(all(db).where('account_id', '=', accountId), seal),
    byNumber: number => listed(all(db).where('number', '=', number), seal),

    withdraw: (ids, withdrawal) => withdraw(db, { seal, lookup }, ids, withdrawal),
  }
}

/** The latest first. */
const all = (db: Kysely<Tables>) => db.selectFrom('consents').selectAll().orderBy('given_at', 'desc').orderBy('id')

async function listed(query: ReturnType<typeof all>, seal: Seal): Promise<readonly Consent[]> {
  return (await query.execute()).map(row => consentOf(row, seal))
}

async function give(db: Kysely<Tables>, seal: Seal, lookup: Lookup, giving: Giving): Promise<boolean> {
  const { consent, by, event } = giving
  const candidates = lookup.candidates('person', identityOf(by))
  return db.transaction().execute(async trx => {
    const ended = { ended_at: consent.at, ended_how: 'superseded' }
    const older = trx.updateTable('consents').set(ended).where('person_hmac', 'in', candidates)
    await older
      .where('choice', '=', consent.choice)
      .where('ended_at', 'is', null)
      .where('text_hash', '!=', consent.hash)
      .execute()
    const same = trx.selectFrom('consents').select('id').where('person_hmac', 'in', candidates)
    if (await same.where('choice', '=', consent.choice).where('ended_at', 'is', null).executeTakeFirst()) return false
    await trx
      .insertInto('consents')
      .values(rowOf(giving, seal, lookup))
      .execute()
    const due = trx
      .updateTable('destructions')
      .set({ called_off_at: consent.at })
      .where('person_hmac', 'in', candidates)
    await due
      .where('choice', '=', consent.choice)
      .where('done_at', 'is', null)
      .where('called_off_at', 'is', null)
      .execute()
    await trx.insertInto('audit_events').values(auditRow(event, seal)).execute()
    return true
  })
}

async function withdraw(
  db: Kysely<Tables>,
  tools: MessageTools,
  ids: readonly string[],
  { now, destroyAt, number, event, message }: Withdrawal,
): Promise<readonly Consent[]> {
  if (ids.length === 0) return []
  return db.transaction().execute(async trx => {
    const standing = trx.updateTable('consents').where('id', 'in', ids).where('ended_at', 'is', null)
    const rows = await standing.set({ ended_at: now, ended_how: 'withdrawn' }).returningAll().execute()
    if (rows.length === 0) return []
    await writeMessage(trx, tools, message)
    await endTrust(
      trx,
      tools.lookup,
      rows.map(row => ({ ...row, identity: identityIn(row, tools.seal) })),
    )
    const orders = rows.map(row => ({
      id: randomId(systemChance),
      consent_id: row.id,
      person_hmac: row.person_hmac,
      person: row.person,
      choice: row.choice,
      account_id: row.account_id,
      school: row.school,
      journal: row.journal,
      number,
      reason: 'withdrawn',
      ordered_at: now,
      due_at: destroyAt,
    }))
    await trx.insertInto('destructions').values(orders).execute()
    await trx.insertInto('audit_events').values(auditRow(event, tools.seal)).execute()
    return rows.map(row => consentOf(row, tools.seal))
  })
}

/**
 * Tells whether all of them stand, until the transaction ends. A withdrawal waits for it, and then finds and ends the session that
 * it opened: in whatever order they run, who reads that a consent is withdrawn is let in no more (docs/decisions/0020).
 */
export function prepareAreStanding(db: Kysely<Tables>) {
  const find = prepared(db, (db, { id }: { readonly id: string }) => {
    const standing = db.selectFrom('consents').select('id').where('id', '=', id).where('ended_at', 'is', null)
    return isPostgres(db) ? standing.forShare() : standing
  })
  return async (trx: Kysely<Tables>, ids: readonly string[]): Promise<boolean> => {
    for (const id of ids) if ((await find(trx, { id })).rows.length === 0) return false
    return true
  }
}

export type AreStanding = ReturnType<typeof prepareAreStanding>

const identityIn = ({ id, details }: ConsentRow, seal: Seal): string | undefined =>
  details === null ? undefined : openDetails({ id, details }, seal).found?.identity

export const idKey = ({ journal, school, id }: ChildKeys): string => JSON.stringify([journal, school, 'id', id])
export const nameKey = ({ journal, school, name }: ChildKeys): string => JSON.stringify([journal, school, 'name', name])

const place = (row: string): Place => ({ table: 'consents', column: 'details', row })

/** Sealed with the details: what the look-up values are made of, so that another key can make them anew. */
export interface ConsentFound {
  readonly identity: string
  readonly child?: ChildKeys
}

type SealedDetails = ConsentDetails & { readonly found?: ConsentFound }

export const openDetails = (row: Pick<ConsentRow, 'id'> & { readonly details: string }, seal: Seal): SealedDetails =>
  seal.open(place(row.id), row.details) as SealedDetails

const shownDetails = ({ name, login, address, device, child }: SealedDetails): ConsentDetails => ({
  ...{ name, login, address, device },
  ...(child && { child }),
})

const rowOf = ({ consent, by, child }: Giving, seal: Seal, lookup: Lookup): ConsentRow => ({
  id: consent.id,
  person_hmac: lookup.index('person', identityOf(by)),
  person: consent.person,
  subject: consent.subject,
  choice: consent.choice,
  account_id: consent.accountId,
  school: consent.school,
  journal: consent.journal,
  role: consent.role,
  version: consent.version,
  text_hash: consent.hash,
  rule: consent.rule,
  level: consent.level,
  authn_method: consent.authnMethod ?? null,
  number: consent.number,
  given_at: consent.at,
  ended_at: null,
  ended_how: null,
  child_id_hmac: child ? lookup.index('child', idKey(child)) : null,
  child_name_hmac: child ? lookup.index('child', nameKey(child)) : null,
  details: seal.seal(place(consent.id), {
    ...consent.details,
    found: { identity: identityOf(by), ...(child && { child }) },
  } satisfies SealedDetails),
})

const consentOf = (row: ConsentRow, seal: Seal): Consent => ({
  id: row.id,
  person: row.person,
  subject: row.subject,
  choice: row.choice,
  accountId: row.account_id,
  school: row.school,
  journal: row.journal,
  role: row.role as Role,
  version: row.version,
  hash: row.text_hash,
  rule: row.rule as ConsentRule,
  level: row.level as Level,
  ...(row.authn_method !== null && { authnMethod: row.authn_method }),
  number: row.number as RequestNumber,
  at: row.given_at,
  ...(row.ended_at !== null && { ended: { at: row.ended_at, how: row.ended_how as 'superseded' | 'withdrawn' } }),
  ...(row.details !== null && { details: shownDetails(openDetails({ ...row, details: row.details }, seal)) }),
})
