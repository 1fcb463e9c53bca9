/** From a person to the accounts they may use. Pure: what the school's lists say goes in, choices or a refusal come out. */
import { createHash } from 'node:crypto'
import { Refusal } from '../base/refusal.js'
import { roles, type Account, type Child, type Choice } from '../words/account.js'
import type { Journal } from '../words/journal.js'
import { levels, type Person } from '../words/person.js'
import type { School, SchoolCode } from '../words/school.js'
import { foldName } from './names.js'
import type { RosterEntry, RosterPerson } from './roster.js'

/** Where the person wants to go, and what its schools demand. */
export interface Destination {
  readonly journal: Pick<Journal, 'id' | 'schools' | 'roles'>
  /** Only accounts of this school. */
  readonly school?: SchoolCode
  readonly schools: ReadonlyMap<SchoolCode, Pick<School, 'level'>>
}

/** Worth a line in the audit, and no reason to refuse: people marry, and an IdP may withhold names. */
type MatchWarning = 'last-name-differs' | 'first-name-unknown'

export interface Match {
  /** At least one. */
  readonly choices: readonly Choice[]
  readonly warnings: readonly { readonly school: SchoolCode; readonly warning: MatchWarning }[]
  /** Schools whose accounts were left out, while another school's remain. */
  readonly leftOut: readonly { readonly school: SchoolCode; readonly code: MatchRefusal }[]
}

type MatchRefusal = (typeof rules)[number]['code']

/** All of one СНИЛС in one school. */
interface AtSchool {
  readonly person: Person
  readonly school: SchoolCode
  /** In every journal of the school: another journal's list also tells on whom the number stands. */
  readonly entries: readonly RosterEntry[]
  /** In this journal, in roles that it admits. */
  readonly admitted: readonly RosterEntry[]
  readonly least: School['level']
}

/** Asked in this order of each school by itself: one school's mistake closes no other school's door. */
const rules = [
  { code: 'identity.ambiguous', broken: at => at.entries.some(a => at.entries.some(b => differ(a.person, b.person))) },
  { code: 'identity.other-name', broken: at => at.entries.some(entry => differ(entry.person, at.person)) },
  { code: 'identity.role', broken: at => at.admitted.length === 0 },
  { code: 'identity.level', broken: at => levels.indexOf(at.person.level) < levels.indexOf(at.least) },
] as const satisfies readonly { readonly code: string; broken(at: AtSchool): boolean }[]

/**
 * @param entries everything the roster holds for this person's СНИЛС, over all schools and journals
 * @throws Refusal `identity.bad-snils`, `identity.no-snils`, `identity.not-linked`, or the code of `rules` of the school that came furthest:
 *   its obstacle is the one that is nearest to being removed
 */
export function accountsFor(person: Person, entries: readonly RosterEntry[], destination: Destination): Match {
  if (person.snilsUnusable !== undefined) throw new Refusal('identity.bad-snils', { why: person.snilsUnusable })
  if (person.snils === undefined) throw new Refusal('identity.no-snils')
  const own = entries.filter(entry => entry.snils === person.snils)
  const verdicts = schoolsOf(person, own, destination).map(at => ({
    at,
    broken: rules.findIndex(rule => rule.broken(at)),
  }))

  const open = verdicts.filter(verdict => verdict.broken < 0).map(verdict => verdict.at)
  const shut = verdicts.flatMap(({ at, broken }) =>
    broken < 0 ? [] : { school: at.school, code: rules[broken]!.code },
  )
  if (open.length === 0) {
    const furthest = rules.findLast(rule => shut.some(({ code }) => code === rule.code))
    throw new Refusal(furthest?.code ?? 'identity.not-linked', { level: person.level, schools: shut.length })
  }
  return {
    choices: open.flatMap(at => at.admitted.flatMap(choicesOf)).sort(byPlace),
    warnings: open.flatMap(at => warningsOf(at).map(warning => ({ school: at.school, warning }))),
    leftOut: shut,
  }
}

/** The schools in which this СНИЛС has an account of this journal. A school that the settings no longer name has none. */
function schoolsOf(person: Person, own: readonly RosterEntry[], { journal, school, schools }: Destination): AtSchool[] {
  const here = own.filter(entry => entry.journal === journal.id && journal.schools.includes(entry.school))
  const wanted = new Set(here.map(entry => entry.school).filter(code => school === undefined || code === school))
  return [...wanted].flatMap(code => {
    const least = schools.get(code)?.level
    if (least === undefined) return []
    return {
      person,
      school: code,
      entries: own.filter(entry => entry.school === code),
      admitted: here.filter(entry => entry.school === code && journal.roles.includes(entry.role)),
      least,
    }
  })
}

/** First names or birth dates contradict each other. What is not known contradicts nothing; last names change. */
function differ(a: Partial<RosterPerson>, b: Partial<RosterPerson>): boolean {
  const unlike = (x: string | undefined, y: string | undefined) => x !== undefined && y !== undefined && x !== y
  return unlike(folded(a.firstName), folded(b.firstName)) || unlike(a.birthDate, b.birthDate)
}

function warningsOf({ person, admitted }: AtSchool): MatchWarning[] {
  const lastName = folded(person.lastName)
  const married = lastName !== undefined && admitted.some(entry => foldName(entry.person.lastName) !== lastName)
  return [
    ...(married ? (['last-name-differs'] as const) : []),
    ...(person.firstName === undefined ? (['first-name-unknown'] as const) : []),
  ]
}

const folded = (name: string | undefined): string | undefined => (name === undefined ? undefined : foldName(name))

function choicesOf(entry: RosterEntry): Choice[] {
  const account: Account = {
    id: entry.accountId,
    journal: entry.journal,
    school: entry.school,
    login: entry.login,
    role: entry.role,
    ...(entry.className !== undefined && { className: entry.className }),
  }
  if (entry.children.length === 0) return [{ id: account.id, account }]
  return entry.children.map(child => ({ id: choiceId(account, child), account, child }))
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
