/**
 * Proof by the old login (A57): the journal says that login and password are right, the account is shown, and after a yes it is
 * the person's. The password is passed on once and kept nowhere.
 */
import { Refusal } from '../base/refusal.js'
import type { Instant } from '../base/clock.js'
import { linkMade } from '../confirm/notice.js'
import { maskedAccount, type MaskedAccount } from '../identity/bringing.js'
import type { RosterEntry } from '../identity/roster.js'
import { isKnownAgain } from '../identity/rules.js'
import { findJournal } from '../journals/journals.js'
import type { OldLogin, TypedLogin } from '../journals/old-login.js'
import type { Session } from '../sessions/sessions.js'
import type { Journal } from '../words/journal.js'
import { foldLogin } from '../words/login.js'
import type { School } from '../words/school.js'
import type { JournalTarget } from '../words/target.js'
import { askJournal } from './ask-journal.js'
import { noticeTo } from './notifying.js'
import { networkOf } from './failed-calls.js'
import type { Visitor } from './outcome.js'
import type { Limit } from './people-ports.js'
import type { Asked, ConfirmGiven } from './confirming.js'
import type { Ports } from './ports.js'
import {
  accountOf,
  asRefused,
  askTheSchool,
  inJournal,
  knownHere,
  linkTo,
  placeFor,
  stillAsked,
  type Place,
  type Refused,
} from './taking.js'
import { countTry } from './tries.js'
import { eventOf, record, refused } from './witness.js'
import { checkUnlocked } from './unlocked.js'

const MINUTE = 60_000
const DAY = 1_440 * MINUTE

/** Right ones count as well: whoever has many passwords is not a parent. */
const OF_PERSON: readonly Limit[] = [
  { most: 5, within: 15 * MINUTE },
  { most: 10, within: DAY },
]
/** A school's evening for parents has one address. */
const OF_ADDRESS: readonly Limit[] = [{ most: 20, within: 15 * MINUTE }]
/** Journals lock an account after five wrong passwords or more: whoever tries here locks nobody out there. */
const OF_ACCOUNT: readonly Limit[] = [
  { most: 3, within: 60 * MINUTE },
  { most: 6, within: DAY },
]
/** All logins together of which nobody can say whose they are to the journal. */
const OF_STRANGE: readonly Limit[] = [
  { most: 1, within: 60 * MINUTE },
  { most: 3, within: DAY },
]

/** Milliseconds that a proof may wait for its yes. */
export const PROOF_LIVES = 10 * MINUTE

/** How long the journal's server may think: good passwords are slow to check. */
const PATIENCE = 8_000

export interface ProvenAccount {
  readonly accountId: string
  readonly account: MaskedAccount
}

export type ProofStep =
  /** Whose account is it? The roles of one login are accounts of their own. */
  | {
      readonly at: 'whose'
      readonly accounts: readonly ProvenAccount[]
      readonly until: Instant
      readonly journal: Journal
      readonly school: School
    }
  /** Before it is theirs, the person confirms that it is they. */
  | { readonly at: 'confirm'; readonly asked: Asked }
  | { readonly at: 'bound'; readonly journal: Journal; readonly school: School }
  | Refused

/** A journal where old logins are checked, and where the person wanted to go in it. */
export interface OldLoginPlace {
  readonly target: JournalTarget
  readonly journal: Journal
  readonly oldLogin: OldLogin
  /** Among which the person says which one gave the login. */
  readonly schools: readonly School[]
}

/** @throws Refusal `journal.unknown`, `proof.not-offered` */
export function oldLoginPlace(ports: Ports, target: JournalTarget): OldLoginPlace {
  const { journal, oldLogin } = findJournal(ports.journals, target.journal)
  if (!oldLogin) throw new Refusal('proof.not-offered')
  const codes = target.school === undefined ? journal.schools : [target.school]
  return { target, journal, oldLogin, schools: codes.flatMap(code => ports.schools.get(code) ?? []) }
}

/** The person typed login and password of the journal: whose account they open, and nothing is bound yet. */
export async function proveOldLogin(
  ports: Ports,
  visitor: Visitor,
  session: Session,
  at: OldLoginPlace,
  typed: TypedLogin,
): Promise<Exclude<ProofStep, { at: 'confirm' }>> {
  const known = knownHere(visitor, session, at.target)
  try {
    const school = at.schools.find(({ code }) => code === typed.school)
    if (!school) throw new Refusal('journal.school')
    if (!isKnownAgain(session.person)) throw new Refusal('identity.no-snils')
    await checkUnlocked(ports, session.person, visitor.address)
    await checkLimits(ports, visitor, session, at, typed)
    const login = await askWhetherRight(ports, at, typed)
    const entries = await ports.roster.byLogin(at.journal.id, [school.code], login)
    const places = openTo(ports, session, school, entries)
    const facts = { school: school.code, accounts: places.length }
    await record(ports, visitor, known, { what: 'proof.shown', result: 'ok', facts })
    const accounts = places.map(({ entry }) => ({
      accountId: entry.accountId,
      account: maskedAccount(entry, session.person),
    }))
    return { at: 'whose', accounts, until: ports.clock.now() + PROOF_LIVES, journal: at.journal, school }
  } catch (error) {
    return asRefused(await refused(ports, visitor, known, error))
  }
}

/**
 * «Да, это моя запись»: one transaction makes the link. Pressed twice, it says yes twice.
 *
 * @param accountId which `proveOldLogin` showed to this very session; undefined when that is too long ago, or never happened
 */
export async function bindProven(
  ports: Ports,
  visitor: Visitor,
  session: Session,
  at: OldLoginPlace,
  accountId: string | undefined,
  given?: ConfirmGiven,
): Promise<ProofStep> {
  const known = knownHere(visitor, session, at.target)
  try {
    await checkUnlocked(ports, session.person, visitor.address)
    const [entry] = accountId === undefined ? [] : await ports.roster.byAccounts([accountId])
    const school = entry && ports.schools.get(entry.school)
    if (!entry || !school || entry.journal !== at.journal.id) throw new Refusal('proof.over')
    const place = placeFor(ports, session, entry, school, 'proof')
    const asked = await stillAsked(ports, visitor, session, known, accountOf(place), given)
    if (asked) return { at: 'confirm', asked }
    const facts = { school: school.code, ground: 'proof' }
    const event = eventOf(ports, visitor, known, { what: 'link.made', result: 'ok', ...inJournal(place), facts })
    const { title } = at.journal
    const { message } = noticeTo(ports, visitor, session.person, told => linkMade(told, title), school.code)
    const made = await ports.links.make(linkTo(ports, session, place, 'proof'), event, message)
    if (made === 'held') return await askTheSchool(ports, visitor, known, session, place)
    return { at: 'bound', journal: at.journal, school }
  } catch (error) {
    return asRefused(await refused(ports, visitor, known, error))
  }
}

/** @throws Refusal `proof.limit`; before the journal is asked */
const checkLimits = (
  ports: Ports,
  visitor: Visitor,
  { person }: Session,
  { journal }: OldLoginPlace,
  { login }: TypedLogin,
): Promise<void> =>
  countTry(ports, 'proof', 'proof.limit', [
    [`person ${ports.pseudonyms.forAudit(person)}`, OF_PERSON],
    [`address ${networkOf(visitor.address)}`, OF_ADDRESS],
    ofAccount(journal, foldLogin(login)),
  ])

const ofAccount = ({ id }: Journal, folded: string | undefined) =>
  folded === undefined
    ? ([`account ${id} of strange letters`, OF_STRANGE] as const)
    : ([`account ${id} ${folded}`, OF_ACCOUNT] as const)

/** @returns the login as the journal knows it @throws Refusal `proof.unanswered`, `proof.wrong` */
async function askWhetherRight(ports: Ports, { oldLogin }: OldLoginPlace, typed: TypedLogin): Promise<string> {
  const read = (body: Uint8Array) => oldLogin.read(body)
  const { answer, status } = await askJournal(ports, oldLogin.ask(typed), read, { patience: PATIENCE })
  if (!answer) throw new Refusal('proof.unanswered', { status })
  if (!answer.valid) throw new Refusal('proof.wrong')
  return answer.login
}

/** @throws Refusal `proof.not-listed`, or what stands before the first of the accounts when it stands before all */
function openTo(ports: Ports, session: Session, school: School, entries: readonly RosterEntry[]): readonly Place[] {
  const shut: Refusal[] = []
  const open = entries.flatMap(entry => {
    try {
      return placeFor(ports, session, entry, school, 'proof')
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      shut.push(error)
      return []
    }
  })
  if (open.length === 0) throw shut[0] ?? new Refusal('proof.not-listed')
  return open
}
