/** From a person to the accounts they may use. Pure: what the lists and links say goes in, choices or a refusal come out. */
import { createHash } from 'node:crypto'
import type { Instant } from '../base/clock.js'
import { Refusal } from '../base/refusal.js'
import { roles, type Account, type Child, type Choice } from '../words/account.js'
import { servesSchool, type Journal } from '../words/journal.js'
import type { Person } from '../words/person.js'
import type { School, SchoolCode } from '../words/school.js'
import { dayOf } from './age.js'
import type { Ground, ListedOwner, OwnLink } from './links.js'
import type { Doubt, RequestKind } from './requests.js'
import type { RosterEntry } from './roster.js'
import { foldName } from './names.js'
import {
  folded,
  groundOf,
  isOf,
  obstacleOf,
  obstacles,
  snilsChanged,
  witnessOf,
  type Candidate,
  type Obstacle,
} from './rules.js'

/** Where the person wants to go, and what its schools demand. */
export interface Destination {
  readonly journal: Pick<Journal, 'id' | 'schools' | 'roles'>
  /** Only accounts of this school. */
  readonly school?: SchoolCode
  /** Only this child, by the journal's own number of it. */
  readonly child?: string
  readonly schools: ReadonlyMap<SchoolCode, School>
  readonly now: Instant
}

/** Everything written down that bears on the person. */
export interface Evidence {
  /** Accounts under the person's СНИЛС and those that are linked to them, over all schools and journals. */
  readonly entries: readonly RosterEntry[]
  /** The person's own links, active and ended. */
  readonly links: readonly OwnLink[]
  /** Accounts that belong to somebody else. */
  readonly held: ReadonlySet<string>
}

/** Worth a line in the audit, and no reason to refuse: people marry, and an IdP may withhold names. */
type MatchWarning = 'last-name-differs' | 'first-name-unknown' | 'snils-changed'

/** A link that entering the account would make. */
export interface LinkToMake {
  readonly ground: Ground
  readonly listed: ListedOwner
}

export interface Match {
  /** At least one, unless it is refused. */
  readonly choices: readonly Choice[]
  /** By account: those that nothing links yet. */
  readonly unlinked: ReadonlyMap<string, LinkToMake>
  readonly warnings: readonly { readonly school: SchoolCode; readonly warning: MatchWarning }[]
  /** Schools whose accounts were all left out, while another school's remain. */
  readonly leftOut: readonly { readonly school: SchoolCode; readonly code: Obstacle }[]
  /** The person's own links as they were seen. */
  readonly links: readonly OwnLink[]
  /** What the schools must be asked. */
  readonly doubts: readonly Doubt[]
  readonly refused?: Refusal
}

/**
 * @throws Refusal `identity.bad-snils`, `identity.no-snils`, `identity.not-linked`, or the obstacle of the account that came
 *   furthest: it is the one nearest to being removed
 */
export function accountsFor(person: Person, evidence: Evidence, destination: Destination): Match {
  const match = matchAccounts(person, evidence, destination)
  if (match.refused) throw match.refused
  return match
}

/** The same, with the refusal as a value beside the doubts. */
export function matchAccounts(person: Person, evidence: Evidence, destination: Destination): Match {
  const verdicts = candidatesFor(person, evidence, destination).map(at => ({ at, obstacle: obstacleOf(at) }))
  const open = verdicts.flatMap(({ at, obstacle }) => (obstacle ? [] : at))
  const choices = open.flatMap(choicesOf).sort(byPlace)
  const asked =
    destination.child === undefined ? choices : choices.filter(({ child }) => child?.id === destination.child)
  const shut = verdicts.flatMap(({ at, obstacle }) => (obstacle ? { at, obstacle } : []))
  const refused = choices.length > 0 ? undefined : refusalOf(person, shut)
  return {
    choices: asked.length > 0 ? asked : choices,
    unlinked: new Map(open.flatMap(at => toMake(at))),
    warnings: open.flatMap(at => warningsOf(at).map(warning => ({ school: at.school.code, warning }))).filter(once),
    leftOut: refused ? [] : leftOut(shut, open),
    links: evidence.links,
    doubts: doubtsOf([
      ...shut,
      ...open.filter(snilsChanged).map(at => ({ at, obstacle: 'identity.snils-changed' as const })),
    ]),
    ...(refused && { refused }),
  }
}

/** Accounts of this journal that a link or the СНИЛС speaks for. A school that the settings no longer name has none. */
function candidatesFor(person: Person, { entries, links, held }: Evidence, to: Destination): Candidate[] {
  const ofPerson = entries.filter(({ snils }) => snils !== undefined && snils === person.snils)
  const here = entries.filter(({ journal, school }) => journal === to.journal.id && servesSchool(to.journal, school))
  return here
    .filter(({ school }) => to.school === undefined || school === to.school)
    .flatMap(entry => {
      const school = to.schools.get(entry.school)
      if (!school) return []
      return {
        ...{ person, entry, school, roles: to.journal.roles, today: dayOf(to.now) },
        namesakes: ofPerson.filter(other => other.school === entry.school),
        link: linkTo(entry, links),
        held: held.has(entry.accountId),
      }
    })
    .filter(at => witnessOf(at) !== undefined)
}

/** The active one before all, else the one that ended last. */
function linkTo({ accountId }: RosterEntry, links: readonly OwnLink[]): OwnLink | undefined {
  const own = links.filter(link => link.accountId === accountId)
  return own.find(({ ended }) => !ended) ?? own.sort((a, b) => b.ended!.at - a.ended!.at)[0]
}

type Shut = { readonly at: Candidate; readonly obstacle: Obstacle }

function refusalOf(person: Person, shut: readonly Shut[]): Refusal {
  const furthest = obstacles.findLast(({ code }) => shut.some(({ obstacle }) => obstacle === code))
  const schools = new Set(shut.map(({ at }) => at.school.code)).size
  if (furthest) return new Refusal(furthest.code, { level: person.level, schools })
  if (person.snilsUnusable !== undefined) return new Refusal('identity.bad-snils', { why: person.snilsUnusable })
  if (person.snils === undefined) return new Refusal('identity.no-snils')
  return new Refusal('identity.not-linked', { level: person.level, schools })
}

/** Of each school that has no open account, the obstacle that is nearest to being removed. */
function leftOut(shut: readonly Shut[], open: readonly Candidate[]): Match['leftOut'] {
  const closed = new Set(shut.map(({ at }) => at.school.code).filter(code => !open.some(at => at.school.code === code)))
  return [...closed].map(school => ({
    school,
    code: obstacles.findLast(({ code }) => shut.some(one => one.at.school.code === school && one.obstacle === code))!
      .code,
  }))
}

const asks: Readonly<Partial<Record<Obstacle, RequestKind>>> = {
  'identity.ambiguous': 'ambiguous',
  'identity.held': 'held',
  'identity.snils-changed': 'snils-changed',
}

/** One question a school and kind, whatever the number of accounts. */
function doubtsOf(shut: readonly Shut[]): Doubt[] {
  const doubts = new Map<string, Doubt>()
  for (const { at, obstacle } of shut) {
    const kind = asks[obstacle]
    if (!kind) continue
    const school = at.school.code
    const accountIds = [...(doubts.get(`${kind} ${school}`)?.accountIds ?? []), at.entry.accountId]
    doubts.set(`${kind} ${school}`, { kind, school, accountIds })
  }
  return [...doubts.values()]
}

function toMake(at: Candidate): [string, LinkToMake][] {
  if (witnessOf(at) === 'link') return []
  const { firstName, birthDate } = at.entry.person
  const listed = { firstName, ...(birthDate !== undefined && { birthDate }) }
  return [[at.entry.accountId, { ground: groundOf(at), listed }]]
}

function warningsOf(at: Candidate): MatchWarning[] {
  const { person, entry } = at
  const lastName = folded(person.lastName)
  return [
    ...(lastName !== undefined && foldName(entry.person.lastName) !== lastName ? (['last-name-differs'] as const) : []),
    ...(person.firstName === undefined ? (['first-name-unknown'] as const) : []),
    ...(snilsChanged(at) ? (['snils-changed'] as const) : []),
  ]
}

const once = <T>(item: T, i: number, all: readonly T[]): boolean =>
  all.findIndex(other => JSON.stringify(other) === JSON.stringify(item)) === i

function choicesOf({ entry, today }: Candidate): Choice[] {
  const account: Account = {
    id: entry.accountId,
    journal: entry.journal,
    school: entry.school,
    login: entry.login,
    role: entry.role,
    ...(entry.className !== undefined && { className: entry.className }),
  }
  if (entry.children.length === 0) return [{ id: account.id, account }]
  const own = entry.children.filter(child => isOf(child, today))
  return own.map(child => ({ id: choiceId(account, child), account, child }))
}

/** The child's own number stays out of the form: a digest of account and child names the pair as well. */
const choiceId = (account: Account, child: Child): string =>
  createHash('sha256').update(`${account.id}\n${child.id}`).digest('base64url').slice(0, 27)

/** The chooser's order, the same at every visit. */
function byPlace(a: Choice, b: Choice): number {
  return (
    a.account.school.localeCompare(b.account.school, 'ru') ||
    roles.indexOf(a.account.role) - roles.indexOf(b.account.role) ||
    (a.child?.name ?? '').localeCompare(b.child?.name ?? '', 'ru') ||
    (a.id < b.id ? -1 : 1)
  )
}
