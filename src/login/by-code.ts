/** A code that the school gave: the account behind it is shown, and after a yes it is the person's. */
import { randomId } from '../base/chance.js'
import { Refusal } from '../base/refusal.js'
import type { RefusalCode } from '../base/refusals.js'
import { dayOf } from '../identity/age.js'
import { maskedAccount, obstacleByCode, type MaskedAccount } from '../identity/by-code.js'
import { parseCode, type Code } from '../identity/codes.js'
import type { NewLink } from '../identity/links.js'
import type { RosterEntry } from '../identity/roster.js'
import { findJournal } from '../journals/journals.js'
import type { Session } from '../sessions/sessions.js'
import type { Journal } from '../words/journal.js'
import type { School } from '../words/school.js'
import { networkOf } from './failed-calls.js'
import type { Outcome, Visitor } from './outcome.js'
import type { CodeBrought, CodeRefused } from './people-ports.js'
import type { Ports } from './ports.js'
import { eventOf, refused, refusedAs, type Known } from './witness.js'

/** The account of the code, its journal and school. */
interface Place {
  readonly entry: RosterEntry
  readonly journal: Journal
  readonly school: School
}

type Refused = Extract<Outcome, { at: 'refused' }>

export type CodeStep =
  /** Whose account is it? */
  | {
      readonly at: 'whose'
      readonly code: Code
      readonly account: MaskedAccount
      readonly journal: Journal
      readonly school: School
    }
  | { readonly at: 'bound'; readonly journal: Journal; readonly school: School }
  | Refused

const aboutCode = (visitor: Visitor, session: Session): Known => ({
  number: visitor.number,
  idp: session.person.idp,
  target: { kind: 'portal' },
  session,
})

/** The person typed a code: what it would open, and nothing is bound yet. */
export async function lookAtCode(ports: Ports, visitor: Visitor, session: Session, typed: string): Promise<CodeStep> {
  const known = aboutCode(visitor, session)
  try {
    const brought = broughtBy(ports, visitor, session, typed)
    const looked = await ports.codes.look(brought, accountId =>
      eventOf(ports, visitor, known, { what: 'code.shown', result: 'ok', accountId }),
    )
    if (looked.at !== 'found') throw refusalOf(looked)
    const { entry, journal, school } = await placeOf(ports, session, looked.accountId)
    return { at: 'whose', code: brought.code, account: maskedAccount(entry, session.person), journal, school }
  } catch (error) {
    return asRefused(await refused(ports, visitor, known, error))
  }
}

/** «Да, это моя запись»: one transaction uses the code up and makes the link. Pressed twice, it says yes twice. */
export async function bindByCode(ports: Ports, visitor: Visitor, session: Session, typed: string): Promise<CodeStep> {
  const known = aboutCode(visitor, session)
  try {
    const brought = broughtBy(ports, visitor, session, typed)
    const found = await ports.codes.find(brought)
    if (found.at !== 'found' && found.at !== 'made-before') throw refusalOf(found)
    const place = await placeOf(ports, session, found.accountId)
    const { journal, school } = place
    if (found.at === 'made-before') return { at: 'bound', journal, school }
    const facts = { school: school.code }
    const event = eventOf(ports, visitor, known, { what: 'code.used', result: 'ok', ...inJournal(place), facts })
    const used = await ports.codes.use(brought, linkTo(ports, session, place), event)
    if (used.at === 'held') return await askTheSchool(ports, visitor, known, session, place)
    if (used.at !== 'made') throw refusalOf(used)
    return { at: 'bound', journal, school }
  } catch (error) {
    return asRefused(await refused(ports, visitor, known, error))
  }
}

function broughtBy(ports: Ports, visitor: Visitor, { person }: Session, typed: string): CodeBrought {
  const code = parseCode(typed)
  if (code === undefined) throw new Refusal('code.mistyped')
  return { code, person, address: networkOf(visitor.address), now: ports.clock.now() }
}

const refusalOf = (why: CodeRefused): Refusal =>
  why.at === 'limit' ? new Refusal('code.limit', { seconds: why.seconds }) : new Refusal(`code.${why.at}`)

/** @throws Refusal `code.expired` when the list names the account no more, or what stands in the way of this person */
async function placeOf(ports: Ports, { person }: Session, accountId: string): Promise<Place> {
  const [entry] = await ports.roster.byAccounts([accountId])
  const school = entry && ports.schools.get(entry.school)
  if (!entry || !school) throw new Refusal('code.expired')
  const { journal } = findJournal(ports.journals, entry.journal)
  const today = dayOf(ports.clock.now())
  const obstacle: RefusalCode | undefined = obstacleByCode({ person, entry, school, roles: journal.roles, today })
  if (obstacle) throw new Refusal(obstacle, { level: person.level })
  return { entry, journal, school }
}

const inJournal = ({ entry }: Place) => ({ journal: entry.journal, accountId: entry.accountId })

const linkTo = (ports: Ports, { person }: Session, { entry }: Place): NewLink => ({
  ...{ id: randomId(ports.chance), accountId: entry.accountId, journal: entry.journal, school: entry.school },
  ...{ person, ground: 'code', since: ports.clock.now() },
  listed: {
    firstName: entry.person.firstName,
    ...(entry.person.birthDate !== undefined && { birthDate: entry.person.birthDate }),
  },
})

/** Somebody else has it: the code stays as it was, and whose the account is decides the school. */
async function askTheSchool(ports: Ports, visitor: Visitor, known: Known, { person }: Session, place: Place) {
  const { outcome, refused: event } = refusedAs(ports, visitor, known, new Refusal('identity.held'))
  const { journal, accountId } = inJournal(place)
  const doubt = { kind: 'held' as const, school: place.school.code, accountIds: [accountId] }
  await ports.requests.file([{ ...doubt, journal, number: visitor.number, person, at: ports.clock.now() }], event)
  return asRefused(outcome)
}

/** What `refused` gives is a refusal; anything else passed through it as an error. */
function asRefused(outcome: Outcome): Refused {
  if (outcome.at !== 'refused') throw new Error(`A refusal became ${outcome.at}.`)
  return outcome
}
