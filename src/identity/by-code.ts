/** What stands between a person and the account whose code the school gave them. Pure. */
import type { RefusalCode } from '../base/refusals.js'
import type { Role } from '../words/account.js'
import type { Person } from '../words/person.js'
import type { School } from '../words/school.js'
import { ageOn } from './age.js'
import type { RosterEntry } from './roster.js'
import { differ, obstacleOf } from './rules.js'

/** An account and whoever brings its code. */
export interface ByCode {
  readonly person: Person
  readonly entry: RosterEntry
  readonly school: School
  /** Roles that the journal admits. */
  readonly roles: readonly Role[]
  /** `2026-11-29`. */
  readonly today: string
}

const OF_AGE = 18

/**
 * The code stands for the witness that the list lacks, so names may differ; everything else is asked as at any entry. An
 * account of a pupil is bound by the pupil alone, and no pupil binds one of a grown-up. Whether somebody else has the account
 * is for the memory to say.
 */
export function obstacleByCode({ person, entry, ...at }: ByCode): RefusalCode | undefined {
  if (person.userId === undefined && person.snils === undefined) return 'identity.no-snils'
  if (entry.role === 'pupil' && differ(entry.person, person)) return 'identity.pupil-account'
  if (entry.role !== 'pupil' && isMinor(person, at.today)) return 'code.minor'
  return obstacleOf({ person, entry, ...at, namesakes: [], link: undefined, held: false })
}

const isMinor = ({ birthDate }: Person, today: string): boolean =>
  birthDate !== undefined && ageOn(today, birthDate) < OF_AGE

/** Enough for the parent to know the account again, too little for a stranger to learn who it is: `Анна С.` */
export interface MaskedAccount {
  /** Of whoever the school gave it to. */
  readonly holder: string
  readonly role: Role
  readonly className?: string
  readonly children: readonly { readonly name: string; readonly className?: string }[]
  /** The person's own first name is another one. */
  readonly otherName: boolean
}

export function maskedAccount({ person, role, className, children }: RosterEntry, seenBy: Person): MaskedAccount {
  return {
    holder: masked(person.firstName, person.lastName),
    role,
    ...(className !== undefined && { className }),
    children: children.map(child => ({
      name: maskedChild(child.name),
      ...(child.className !== undefined && { className: child.className }),
    })),
    otherName: differ({ firstName: person.firstName }, seenBy),
  }
}

const masked = (firstName: string, lastName: string): string => `${firstName} ${Array.from(lastName)[0] ?? ''}.`

/** Lists write the last name first. A single word may be either, and is cut as a last name is. */
function maskedChild(name: string): string {
  const [lastName = '', firstName] = name.trim().split(/\s+/u)
  return firstName === undefined ? `${Array.from(lastName)[0] ?? ''}.` : masked(firstName, lastName)
}
