/** A code that the school gave: the account behind it is shown, and after a yes it is the person's. */
import { Refusal } from '../base/refusal.js'
import { linkMade } from '../confirm/notice.js'
import { maskedAccount, type MaskedAccount } from '../identity/bringing.js'
import { parseCode, type Code } from '../identity/codes.js'
import type { Session } from '../sessions/sessions.js'
import type { Journal } from '../words/journal.js'
import type { School } from '../words/school.js'
import type { Target } from '../words/target.js'
import type { Asked, ConfirmGiven } from './confirming.js'
import { networkOf } from './failed-calls.js'
import { noticeTo } from './notifying.js'
import type { Visitor } from './outcome.js'
import type { CodeBrought, CodeRefused } from './people-ports.js'
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
import { eventOf, refused } from './witness.js'
import { checkUnlocked } from './unlocked.js'

export type CodeStep =
  /** Whose account is it? */
  | {
      readonly at: 'whose'
      readonly code: Code
      readonly account: MaskedAccount
      readonly journal: Journal
      readonly school: School
    }
  /** Before it is theirs, the person confirms that it is they. */
  | { readonly at: 'confirm'; readonly code: Code; readonly asked: Asked }
  | { readonly at: 'bound'; readonly journal: Journal; readonly school: School }
  | Refused

/** What was typed, and where the person wanted to go before a code was asked for. */
export interface TypedCode {
  readonly code: string
  readonly onward?: Target
}

/** The person typed a code: what it would open, and nothing is bound yet. */
export async function lookAtCode(
  ports: Ports,
  visitor: Visitor,
  session: Session,
  typed: TypedCode,
): Promise<CodeStep> {
  const known = knownHere(visitor, session, typed.onward)
  try {
    const brought = await broughtBy(ports, visitor, session, typed)
    const looked = await ports.codes.look(brought, accountId =>
      eventOf(ports, visitor, known, { what: 'code.shown', result: 'ok', accountId }),
    )
    if (looked.at !== 'found' && looked.at !== 'made-before') throw refusalOf(looked)
    const { entry, journal, school } = await placeOf(ports, session, looked.accountId)
    if (looked.at === 'made-before') return { at: 'bound', journal, school }
    return { at: 'whose', code: brought.code, account: maskedAccount(entry, session.person), journal, school }
  } catch (error) {
    return asRefused(await refused(ports, visitor, known, error))
  }
}

/** «Да, это моя запись»: one transaction uses the code up and makes the link. Pressed twice, it says yes twice. */
export async function bindByCode(
  ports: Ports,
  visitor: Visitor,
  session: Session,
  typed: TypedCode,
  given?: ConfirmGiven,
): Promise<CodeStep> {
  const known = knownHere(visitor, session, typed.onward)
  try {
    const brought = await broughtBy(ports, visitor, session, typed)
    const found = await ports.codes.find(brought)
    if (found.at !== 'found' && found.at !== 'made-before') throw refusalOf(found)
    const place = await placeOf(ports, session, found.accountId)
    const { journal, school } = place
    if (found.at === 'made-before') return { at: 'bound', journal, school }
    const asked = await stillAsked(ports, visitor, session, known, accountOf(place), given)
    if (asked) return { at: 'confirm', code: brought.code, asked }
    const facts = { school: school.code }
    const event = eventOf(ports, visitor, known, { what: 'code.used', result: 'ok', ...inJournal(place), facts })
    const { message } = noticeTo(ports, visitor, session.person, told => linkMade(told, journal.title), school.code)
    const used = await ports.codes.use(brought, linkTo(ports, session, place, 'code'), event, message)
    // the code stays as it was
    if (used.at === 'held') return await askTheSchool(ports, visitor, known, session, place)
    // two presses at one moment: the other one came first
    if (used.at !== 'made' && used.at !== 'made-before') throw refusalOf(used)
    return { at: 'bound', journal, school }
  } catch (error) {
    return asRefused(await refused(ports, visitor, known, error))
  }
}

async function broughtBy(ports: Ports, visitor: Visitor, { person }: Session, typed: TypedCode): Promise<CodeBrought> {
  await checkUnlocked(ports, person, visitor.address)
  const code = parseCode(typed.code)
  if (code === undefined) throw new Refusal('code.mistyped')
  return { code, person, address: networkOf(visitor.address), now: ports.clock.now() }
}

const refusalOf = (why: CodeRefused): Refusal =>
  why.at === 'limit' ? new Refusal('code.limit', { seconds: why.seconds }) : new Refusal(`code.${why.at}`)

/** @throws Refusal `code.expired` when the list names the account no more, or what stands in the way of this person */
async function placeOf(ports: Ports, session: Session, accountId: string): Promise<Place> {
  const [entry] = await ports.roster.byAccounts([accountId])
  const school = entry && ports.schools.get(entry.school)
  if (!entry || !school) throw new Refusal('code.expired')
  return placeFor(ports, session, entry, school, 'code')
}
