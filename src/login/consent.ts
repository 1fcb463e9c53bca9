/** Consent before the door: what this person must agree to, and what a form of our page comes to. */
import { randomId } from '../base/chance.js'
import { Refusal } from '../base/refusal.js'
import type { ChildKeys, Consent, ConsentText } from '../consent/consent.js'
import { consentMissing, demandOf, isForPupil, textInForce, type Demand } from '../consent/rules.js'
import { ageOn, dayOf } from '../identity/age.js'
import { foldName } from '../identity/names.js'
import type { RosterEntry } from '../identity/roster.js'
import type { Session } from '../sessions/sessions.js'
import type { Account } from '../words/account.js'
import { fullName } from '../words/person.js'
import type { Met, Passer } from './conditions.js'
import type { Outcome, Visitor } from './outcome.js'
import type { Ports, Waiting } from './ports.js'
import { eventOf } from './witness.js'

export type ConsentAsked = Extract<Outcome, { at: 'consent' }>

/** No consent to the text in force, no entry. @throws Refusal `consent.parent-missing`: it is not this person's to give */
export async function consentGiven(ports: Ports, passer: Passer): Promise<Met | undefined> {
  if (!ports.consentTerms) return undefined
  const { session, choice, at, target, open } = passer
  const { account, child } = choice
  const text = textInForce(ports.consentTerms, account.school, ports.clock.now())
  const entry = account.role === 'pupil' ? await rosterEntry(ports, account) : undefined
  const demand = demandOf({ role: account.role, child, age: ageOf(ports, session, entry) }, ports.consentTerms)
  const own = demand.own ? await ports.consents.find(session.person, choice.id) : undefined
  const parents = demand.parents ? await ofParents(ports, account, session, entry) : []
  const missing = consentMissing(demand, text, { own, parents })
  if (missing === undefined) return { consents: restingOn(demand, text, own, parents) }
  if (missing === 'parents') throw new Refusal('consent.parent-missing', { rule: demand.rule, version: text.version })
  const { journal, door } = open
  const page = { login: at.id, session, journal, target, origins: door.origins, choice, text, rule: demand.rule }
  return { page: { at: 'consent', ...page, ...(own && { why: 'new-text' as const }) } satisfies ConsentAsked }
}

/** Of several parents one is enough. */
function restingOn(
  demand: Demand,
  text: ConsentText,
  own: Consent | undefined,
  parents: readonly Consent[],
): readonly string[] {
  const [parent] = demand.parents ? parents.filter(({ hash }) => hash === text.hash) : []
  return [demand.own ? own : undefined, parent].flatMap(consent => (consent ? [consent.id] : []))
}

/** The school's own row of this account: with it come name and birth date that the IdP may withhold. */
async function rosterEntry(ports: Ports, { id, journal, school, login }: Account): Promise<RosterEntry | undefined> {
  const entries = await ports.roster.byLogin(journal, [school], login)
  return entries.find(({ accountId }) => accountId === id)
}

function ageOf(ports: Ports, { person }: Session, entry: RosterEntry | undefined): number | undefined {
  const birthDate = person.birthDate ?? entry?.person.birthDate
  return birthDate === undefined ? undefined : ageOn(dayOf(ports.clock.now()), birthDate)
}

async function ofParents(
  ports: Ports,
  account: Account,
  { person }: Session,
  entry: RosterEntry | undefined,
): Promise<readonly Consent[]> {
  const { journal, school, login } = account
  const name = entry?.person ?? person
  const found = await ports.consents.ofChild({ journal, school, id: login, name: childName(name) })
  const judged = await Promise.all(
    found.map(async consent => (isForPupil(consent, account, await classToday(ports, consent)) ? [consent] : [])),
  )
  return judged.flat()
}

/** As lists name a child beside its parent. */
const childName = ({ lastName = '', firstName = '' }: { lastName?: string; firstName?: string }): string =>
  foldName(`${lastName} ${firstName}`)

/** Classes change every year, and the parent's row with them. */
async function classToday(ports: Ports, consent: Consent): Promise<string | undefined> {
  const { details, accountId, journal, school } = consent
  if (!details?.child) return undefined
  const { login, child } = details
  const entry = await rosterEntry(ports, { id: accountId, journal, school, login, role: consent.role })
  return entry?.children.find(({ id }) => id === child.id)?.className
}

/** What the form of our page brought. */
export interface Agreement {
  /** Hash of the text that the page showed. */
  readonly text: string
  readonly choice: string
  readonly ticked: boolean
}

/** @returns the page again when the form does not answer it: another text is in force, or the box was left empty */
export function unanswered(asked: ConsentAsked, { text, choice, ticked }: Agreement): ConsentAsked | undefined {
  if (text !== asked.text.hash || choice !== asked.choice.id) return { ...asked, why: 'new-text' }
  return ticked ? undefined : { ...asked, why: 'unticked' }
}

/** One transaction with its event. Whoever posts twice has agreed once. */
export async function giveConsent(ports: Ports, visitor: Visitor, at: Waiting, asked: ConsentAsked): Promise<void> {
  const { session, choice, journal, text, rule, target } = asked
  const { person } = session
  const { account } = choice
  const now = ports.clock.now()
  const child = rule === 'representative' ? choice.child : undefined
  const facts = { text: text.hash, version: text.version, rule }
  const event = { what: 'consent.given' as const, result: 'ok' as const, accountId: account.id, at: now, facts }
  await ports.consents.give({
    by: person,
    ...(child && { child: keysOf(account, child) }),
    event: eventOf(ports, visitor, { number: at.number, idp: at.idp, target, session }, event),
    consent: {
      id: randomId(ports.chance),
      person: ports.pseudonyms.forAudit(person),
      subject: ports.pseudonyms.forJournal(person, journal.id),
      choice: choice.id,
      accountId: account.id,
      school: account.school,
      journal: journal.id,
      role: account.role,
      version: text.version,
      hash: text.hash,
      rule,
      level: person.level,
      ...(person.authnMethod !== undefined && { authnMethod: person.authnMethod }),
      number: at.number,
      at: now,
      details: {
        name: fullName(person),
        login: account.login,
        address: visitor.address,
        device: visitor.device,
        ...(child && {
          child: {
            id: child.id,
            name: child.name,
            ...(child.className !== undefined && { className: child.className }),
          },
        }),
      },
    },
  })
}

const keysOf = ({ journal, school }: Account, { id, name }: { id: string; name: string }): ChildKeys => ({
  journal,
  school,
  id,
  name: foldName(name),
})
