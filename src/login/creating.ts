/**
 * An account made at the first login (A58): whom no list of the school names has the journal make one, if the person agrees.
 * What is wanted is written down before the journal is asked, under a key that stays the same; so a crash, a lost answer or a
 * second tab leads to the same account, never to two.
 */
import { createHash } from 'node:crypto'
import { randomId } from '../base/chance.js'
import { Refusal } from '../base/refusal.js'
import { linkMade } from '../confirm/notice.js'
import { release, type ReleasedPerson } from '../consent/release.js'
import { demandOf } from '../consent/rules.js'
import { ageOn, dayOf } from '../identity/age.js'
import { obstacleToCreating, ownerOf, standingOf } from '../identity/creating.js'
import type { RosterRecord } from '../identity/roster.js'
import { findJournal } from '../journals/journals.js'
import type { NewAccounts } from '../journals/new-account.js'
import type { Session } from '../sessions/sessions.js'
import type { CreatableRole } from '../words/account.js'
import type { Journal } from '../words/journal.js'
import type { School } from '../words/school.js'
import type { JournalTarget } from '../words/target.js'
import { schoolsOfLogin, spelledOtherwise } from './answered-login.js'
import { askJournal } from './ask-journal.js'
import type { Asked, ConfirmGiven } from './confirming.js'
import type { Creation } from './creation-ports.js'
import { evidenceFor } from './evidence.js'
import { networkOf } from './failed-calls.js'
import { admits } from './idps.js'
import { noticeTo } from './notifying.js'
import type { Visitor } from './outcome.js'
import type { Limit } from './people-ports.js'
import type { Ports } from './ports.js'
import { asRefused, knownHere, stillAsked, type Refused } from './taking.js'
import { countTry } from './tries.js'
import { eventOf, refused, refusedAs, type Known } from './witness.js'
import { checkUnlocked } from './unlocked.js'

const MINUTE = 60_000

/** One account needs one try, and some more where the journal is slow to answer. */
const OF_PERSON: readonly Limit[] = [
  { most: 5, within: 15 * MINUTE },
  { most: 10, within: 1_440 * MINUTE },
]
/** A school's evening for parents has one address. */
const OF_ADDRESS: readonly Limit[] = [{ most: 30, within: 15 * MINUTE }]

/** How long the journal's server may think: an account is more work than an answer. */
const PATIENCE = 10_000

/** A journal that makes accounts, and where the person wanted to go in it. */
export interface CreationPlace {
  readonly target: JournalTarget
  readonly journal: Journal
  readonly newAccounts: NewAccounts
  /** In which of them one could be made. */
  readonly schools: readonly School[]
}

/** One account that could be made. */
export interface Offer {
  readonly school: School
  readonly role: CreatableRole
}

export type Offered =
  | { readonly at: 'offered'; readonly offers: readonly Offer[] }
  /** Nothing has to be made: the login leads in. */
  | { readonly at: 'has-account' }
  | Refused

export type CreationStep =
  | { readonly at: 'confirm'; readonly asked: Asked }
  | { readonly at: 'created'; readonly journal: Journal; readonly school: School }
  | { readonly at: 'has-account' }
  | Refused

/** @throws Refusal `journal.unknown`, `create.not-offered` */
export function creationPlace(ports: Ports, target: JournalTarget): CreationPlace {
  const { journal, newAccounts } = findJournal(ports.journals, target.journal)
  if (!newAccounts) throw new Refusal('create.not-offered')
  const codes = target.school === undefined ? journal.schools : [target.school]
  return { target, journal, newAccounts, schools: codes.flatMap(code => ports.schools.get(code) ?? []) }
}

/**
 * What this person could have made, school by school. Of a school whose journal is under way with one, that one alone.
 *
 * @param schools some of the place
 */
export async function offersFor(
  ports: Ports,
  visitor: Visitor,
  session: Session,
  at: CreationPlace,
  schools: readonly School[],
): Promise<Offered> {
  try {
    return await look(ports, session, at, schools)
  } catch (error) {
    return asRefused(await refused(ports, visitor, knownHere(visitor, session, at.target), error))
  }
}

/** @throws Refusal what stands in the way of all of them */
async function look(
  ports: Ports,
  session: Session,
  at: CreationPlace,
  schools: readonly School[],
): Promise<Exclude<Offered, Refused>> {
  if (!admits(at.journal, session.person.idp)) throw new Refusal('idp.not-for-journal')
  const [evidence, underWay] = [
    await evidenceFor(ports, session.person),
    (await ports.creations.of(session.person)).filter(({ journal }) => journal === at.journal.id),
  ]
  const offers: Offer[] = []
  const obstacles: ReturnType<typeof obstacleToCreating>[] = []
  for (const school of schools) {
    const begun = underWay.find(each => each.school === school.code)
    for (const role of begun ? [begun.role] : at.newAccounts.roles) {
      const destination = { journal: at.journal, school: school.code, schools: ports.schools, now: ports.clock.now() }
      const obstacle = obstacleToCreating({ person: session.person, role, evidence, destination })
      if (obstacle === undefined) offers.push({ school, role })
      else obstacles.push(obstacle)
    }
  }
  if (offers.length > 0) return { at: 'offered', offers }
  if (obstacles.includes('has-account')) return { at: 'has-account' }
  const [why] = obstacles
  throw new Refusal(why === undefined || why === 'has-account' ? 'create.not-offered' : why)
}

/** All that the journal will hear of the person: what the page shows is what is sent. */
export function releasedFor(ports: Ports, { person }: Session, at: CreationPlace, offer: Offer): ReleasedPerson {
  const { school, role } = offer
  const subject = ports.pseudonyms.forJournal(person, at.journal.id)
  const journal = { ...at.journal, release: at.newAccounts.release }
  return release(subject, { account: { role, school: school.code } }, { person, school, journal })
}

/**
 * The person agreed. Every rule is asked afresh, whatever a page showed; only then the journal is asked.
 *
 * @param offer of `offersFor`
 */
export async function createAccount(
  ports: Ports,
  visitor: Visitor,
  session: Session,
  at: CreationPlace,
  offer: Offer,
  given?: ConfirmGiven,
): Promise<CreationStep> {
  const known = knownHere(visitor, session, at.target)
  try {
    await checkUnlocked(ports, session.person, visitor.address)
    const offered = await look(ports, session, at, [offer.school])
    if (offered.at === 'has-account') return offered
    if (!offered.offers.some(each => isSame(each, offer))) throw new Refusal('create.not-offered')
    checkParents(ports, session, offer)
    const account = { id: accountIdFor(session, at, offer), school: offer.school.code, role: offer.role }
    const asked = await stillAsked(ports, visitor, session, known, account, given)
    if (asked) return { at: 'confirm', asked }
    await countTry(ports, 'create', 'create.limit', [
      [`person ${ports.pseudonyms.forAudit(session.person)}`, OF_PERSON],
      [`address ${networkOf(visitor.address)}`, OF_ADDRESS],
    ])
    return await make({ ports, visitor, session, known, at, offer, released: releasedFor(ports, session, at, offer) })
  } catch (error) {
    return asRefused(await refused(ports, visitor, known, error))
  }
}

export const isSame = (one: Offer, other: Offer): boolean =>
  one.school.code === other.school.code && one.role === other.role

/**
 * What a pupil may not agree to alone, the school's own list must begin: no parent could have agreed yet.
 * @throws Refusal `consent.parent-missing`
 */
function checkParents({ consentTerms, clock }: Ports, { person }: Session, { role }: Offer): void {
  if (!consentTerms) return
  const age = person.birthDate === undefined ? undefined : ageOn(dayOf(clock.now()), person.birthDate)
  const { parents, rule } = demandOf({ role, age }, consentTerms)
  if (parents) throw new Refusal('consent.parent-missing', { rule })
}

/** The same in one session: who confirmed that the account becomes theirs has confirmed the entry, too. */
const accountIdFor = ({ key }: Session, { journal }: CreationPlace, { school, role }: Offer): string =>
  createHash('sha256')
    .update(`new account\n${key}\n${journal.id}\n${school.code}\n${role}`)
    .digest('base64url')
    .slice(0, 27)

interface Making {
  readonly ports: Ports
  readonly visitor: Visitor
  readonly session: Session
  readonly known: Known
  readonly at: CreationPlace
  readonly offer: Offer
  readonly released: ReleasedPerson
}

async function make(making: Making): Promise<CreationStep> {
  const creation = await begin(making)
  if (creation === 'has-account') return { at: 'has-account' }
  const login = await ask(making, creation)
  return typeof login === 'string' ? finish(making, creation, login) : login
}

/** Before anybody is asked. @throws Refusal `create.was-listed`, `create.unanswered` */
async function begin({
  ports,
  visitor,
  session,
  known,
  at,
  offer,
  released,
}: Making): Promise<Creation | 'has-account'> {
  const { school, role } = offer
  const creation = {
    ...{ id: randomId(ports.chance), accountId: accountIdFor(session, at, offer), journal: at.journal.id },
    ...{ school: school.code, role, number: visitor.number, since: ports.clock.now(), person: session.person },
  }
  const facts = { school: school.code, role, released: Object.keys(released.given).join(' ') }
  const begun = await ports.creations.begin(
    creation,
    eventOf(ports, visitor, known, { what: 'account.asked', result: 'ok', facts }),
  )
  if (begun.at === 'listed') return 'has-account'
  if (begun.at !== 'begun') throw new Refusal('create.was-listed')
  // another tab began one in another role, and nobody knows yet what became of it
  if (begun.creation.role !== role) throw new Refusal('create.unanswered', { status: 0 })
  return begun.creation
}

/** @returns the login of the new account, or why there is none @throws Refusal `create.unanswered`: it may be asked for again */
async function ask({ ports, visitor, known, at, released }: Making, { id: key }: Creation): Promise<string | Refused> {
  const call = at.newAccounts.ask({ key, person: released })
  const read = (body: Uint8Array) => at.newAccounts.read(body)
  const headers = { 'idempotency-key': key }
  const { answer, status } = await askJournal(ports, call, read, { patience: PATIENCE, headers })
  if (!answer) throw new Refusal('create.unanswered', { status })
  if (answer.made) return answer.login
  const no = new Refusal(answer.why === 'exists' ? 'create.exists' : 'create.declined')
  const { outcome, refused: event } = refusedAs(ports, visitor, known, no)
  await ports.creations.drop(key, event)
  return asRefused(outcome)
}

/** Account, link and event in one transaction, unless the login is somebody's. */
async function finish(making: Making, creation: Creation, login: string): Promise<CreationStep> {
  const { ports, visitor, session, known, at, offer } = making
  const { journal, school, role } = { ...offer, journal: at.journal }
  const { person } = session
  const { accountId } = creation
  const alike = await spelledOtherwise(ports, { journal: journal.id, school: school.code }, login)
  if (alike.length > 0) return askTheSchool(making, alike)
  const since = ports.clock.now()
  const owner = ownerOf(person)
  const record: RosterRecord = {
    login,
    role,
    person: owner,
    children: [],
    ...(person.snils && { snils: person.snils }),
  }
  const { firstName, birthDate } = owner
  const listed = { firstName, ...(birthDate !== undefined && { birthDate }) }
  const place = { accountId, journal: journal.id, school: school.code }
  const facts = { school: school.code, role, ground: 'created' }
  const event = { what: 'account.created', result: 'ok', journal: journal.id, accountId, facts } as const
  const finished = await ports.creations.finish(
    {
      ...{ creation, record, schools: schoolsOfLogin(ports, journal) },
      link: { ...place, id: randomId(ports.chance), person, ground: 'created', since, listed },
      event: eventOf(ports, visitor, known, event),
      ...noticeTo(ports, visitor, person, told => linkMade(told, journal.title), school.code),
    },
    standingOf,
  )
  if (finished.at === 'taken') return askTheSchool(making, finished.accountIds)
  if (finished.at === 'over') throw new Refusal('create.unanswered', { status: 200 })
  return finished.at === 'listed' ? { at: 'has-account' } : { at: 'created', journal, school }
}

/** The journal named an account that the bridge knows as somebody's: whose it is decides the school. */
async function askTheSchool(making: Making, accountIds: readonly string[]): Promise<Refused> {
  const { ports, visitor, session, known, at, offer } = making
  const { outcome, refused: event } = refusedAs(ports, visitor, known, new Refusal('create.taken'))
  const doubt = { kind: 'held' as const, school: offer.school.code, journal: at.journal.id, accountIds }
  const asked = { ...doubt, number: visitor.number, person: session.person, at: ports.clock.now() }
  await ports.requests.file(accountIds.length > 0 ? [asked] : [], event)
  return asRefused(outcome)
}
