/**
 * May this person use this account? Two tables: why the bridge believes so, and what stands in the way. Pure; read from top
 * to bottom, and asked of each account by itself.
 */
import type { Role } from '../words/account.js'
import { levels, type Level, type Person } from '../words/person.js'
import type { School } from '../words/school.js'
import { ageOn } from './age.js'
import type { Ground, OwnLink } from './links.js'
import { foldName } from './names.js'
import type { RosterEntry, RosterPerson } from './roster.js'

/** An account of the journal, seen for one person. */
export interface Candidate {
  readonly person: Person
  readonly entry: RosterEntry
  readonly school: School
  /** Roles that the journal admits. */
  readonly roles: readonly Role[]
  /** Everything that stands under the person's СНИЛС in this school, in every journal: another list also tells who that is. */
  readonly namesakes: readonly RosterEntry[]
  /** The person's own link to it, active or ended. */
  readonly link: OwnLink | undefined
  /** It belongs to somebody else. */
  readonly held: boolean
  /** What the person brought themselves for this very account: it stands for the witness that the list lacks. */
  readonly brought?: Brought
  /** `2026-11-29`. */
  readonly today: string
}

/**
 * The match order: why an account may be the person's, the first that holds; whoever has none of them is not found. Never a
 * name, an e-mail, a telephone or a NameID. Of staff, `staff: employee` and `groundOf` below ask for the organisation beside the СНИЛС.
 */
const witnesses = [
  { by: 'link', holds: ({ link, entry }) => link !== undefined && !link.ended && stands(link, entry) },
  { by: 'snils', holds: ({ person, entry }) => person.snils !== undefined && entry.snils === person.snils },
  { by: 'code', holds: ({ brought }) => brought === 'code' },
  { by: 'proof', holds: ({ brought }) => brought === 'proof' },
  { by: 'created', holds: ({ brought }) => brought === 'created' },
] as const satisfies readonly { readonly by: string; holds(candidate: Candidate): boolean }[]

export type Witness = (typeof witnesses)[number]['by']

/**
 * `code`: printed by the school. `proof`: the journal knows the person's own login and password. `created`: the journal makes
 * the account for this very person.
 */
export type Brought = Extract<Ground, 'code' | 'proof' | 'created'>

/** @returns undefined when nothing says that the account is theirs */
export const witnessOf = (candidate: Candidate): Witness | undefined =>
  witnesses.find(witness => witness.holds(candidate))?.by

/** What stands in the way, in the order in which it is asked. The further down, the nearer the person is to the door. */
export const obstacles = [
  { code: 'identity.no-snils', stands: at => at.brought !== undefined && !isKnownAgain(at.person) },
  { code: 'identity.ambiguous', stands: at => unlinked(at) && at.namesakes.some(a => at.namesakes.some(b => differ(a.person, b.person))) },
  { code: 'identity.other-name', stands: at => unlinked(at) && at.namesakes.some(entry => differ(entry.person, at.person)) },
  { code: 'identity.held', stands: at => at.held || isListedForAnother(at) },
  { code: 'identity.unlinked', stands: at => at.link?.ended !== undefined && at.link.ended.by !== 'withdrawal' },
  { code: 'identity.snils-changed', stands: at => snilsChanged(at) && at.school.changedSnils !== 'enter' },
  { code: 'identity.role', stands: at => !at.roles.includes(at.entry.role) || (isOnJournalsWord(at) && at.entry.role === 'school-admin') },
  { code: 'identity.pupil-account', stands: at => at.entry.role === 'pupil' && (isAdult(at) || isAnotherPupil(at) || (isMade(at) && isOtherwiseListed(at))) },
  { code: 'code.minor', stands: at => at.brought === 'code' && isForGrownUps(at) },
  { code: 'proof.other-name', stands: at => at.brought === 'proof' && differ(at.entry.person, at.person) },
  { code: 'proof.minor', stands: at => at.brought === 'proof' && isForGrownUps(at) },
  { code: 'create.unknown', stands: at => isMade(at) && (at.person.lastName === undefined || at.person.firstName === undefined || at.person.birthDate === undefined) },
  { code: 'create.minor', stands: at => isMade(at) && isForGrownUps(at) },
  { code: 'identity.not-employee', stands: at => (at.school.staff === 'employee' || isMade(at)) && isStaff(at.entry.role) && !isEmployee(at) },
  { code: 'identity.custody-over', stands: at => at.entry.children.length > 0 && !at.entry.children.some(child => isOf(child, at.today)) },
  { code: 'identity.level', stands: at => levels.indexOf(at.person.level) < levels.indexOf(leastLevel(at)) },
] as const satisfies readonly { readonly code: string; stands(at: Candidate): boolean }[] // prettier-ignore

export type Obstacle = (typeof obstacles)[number]['code']

export const obstacleOf = (candidate: Candidate): Obstacle | undefined =>
  obstacles.find(obstacle => obstacle.stands(candidate))?.code

/** A link stands while the list names the owner that it named then: an account given to somebody else is another account. */
const stands = ({ listed }: OwnLink, { person }: RosterEntry): boolean => !differ(listed, person)

const unlinked = (at: Candidate): boolean => witnessOf(at) !== 'link'

/** First names or birth dates contradict each other. What is not known contradicts nothing; last names change. */
export function differ(a: Partial<RosterPerson>, b: Partial<RosterPerson>): boolean {
  const unlike = (x: string | undefined, y: string | undefined) => x !== undefined && y !== undefined && x !== y
  return unlike(folded(a.firstName), folded(b.firstName)) || unlike(a.birthDate, b.birthDate)
}

export const folded = (name: string | undefined): string | undefined =>
  name === undefined ? undefined : foldName(name)

/** The IdP's number of the person is the one of the link, the СНИЛС is another than then. */
export const snilsChanged = (at: Candidate): boolean => !unlinked(at) && at.link?.snils === 'other'

/** Older than anybody who still goes to school: a parent who was given the child's account. */
const GROWN_UP = 21
const isAdult = ({ person, today }: Candidate): boolean =>
  person.birthDate !== undefined && ageOn(today, person.birthDate) >= GROWN_UP

const isStaff = (role: Role): boolean => role !== 'parent' && role !== 'pupil'

/** Whoever brings neither a number of the IdP nor a СНИЛС would not be known again. */
export const isKnownAgain = ({ userId, snils }: Person): boolean => userId !== undefined || snils !== undefined

/** What a pupil was given opens the account for the pupil alone: parents have it in their hands, too. */
const isAnotherPupil = ({ brought, entry, person }: Candidate): boolean =>
  brought !== undefined && differ(entry.person, person)

/** Families share passwords: one proves nothing against the list, which gives the account to another СНИЛС. */
const isListedForAnother = ({ brought, entry, person }: Candidate): boolean => {
  if (brought === 'created') return person.snils === undefined || entry.snils !== person.snils
  return brought === 'proof' && entry.snils !== undefined && person.snils !== undefined && entry.snils !== person.snils
}

/** The journal alone says so; an administrator decides about accounts of other journals, too. */
const isOnJournalsWord = ({ brought }: Candidate): boolean => brought === 'created' || brought === 'proof'

const isMade = ({ brought }: Candidate): boolean => brought === 'created'

/** Whom another journal of the school knows as a parent or as staff is no pupil of it. */
const isOtherwiseListed = ({ namesakes }: Candidate): boolean => namesakes.some(({ role }) => role !== 'pupil')

const OF_AGE = 18
const isForGrownUps = ({ entry, person, today }: Candidate): boolean =>
  entry.role !== 'pupil' && person.birthDate !== undefined && ageOn(today, person.birthDate) < OF_AGE

/** Signed in as an employee of this very school. */
const isEmployee = ({ person, school }: Candidate): boolean =>
  person.globalRole === 'E' &&
  person.organisation?.ogrn !== undefined &&
  (school.aliases.ogrn ?? []).includes(person.organisation.ogrn)

/** Under what a link is noted that entering makes. */
export const groundOf = (at: Candidate): 'employee' | 'snils' =>
  isStaff(at.entry.role) && isEmployee(at) ? 'employee' : 'snils'

const CHILD = 14
function leastLevel(at: Candidate): Level {
  const { school, entry, person, today } = at
  if (isMade(at) && entry.role !== 'parent') return 'confirmed'
  const birthDate = person.birthDate ?? entry.person.birthDate
  const young = entry.role === 'pupil' && birthDate !== undefined && ageOn(today, birthDate) < CHILD
  return (young ? school.levels?.['pupil-under-14'] : undefined) ?? school.levels?.[entry.role] ?? school.level
}

/** Whether the parent may act for the child on that day. */
export const isOf = ({ from, until }: { readonly from?: string; readonly until?: string }, day: string): boolean =>
  (from === undefined || from <= day) && (until === undefined || day <= until)
