/** An account that a person brings a witness for, before it is theirs: what stands in the way, and what may be shown of it. Pure. */
import type { Role } from '../words/account.js'
import type { Person } from '../words/person.js'
import type { School } from '../words/school.js'
import type { RosterEntry } from './roster.js'
import { differ, obstacleOf, type Brought, type Obstacle } from './rules.js'

/** An account, and whoever brings its code or proves its password. */
export interface Bringing {
  readonly person: Person
  readonly brought: Brought
  readonly entry: RosterEntry
  readonly school: School
  /** Roles that the journal admits. */
  readonly roles: readonly Role[]
  /** `2026-11-29`. */
  readonly today: string
}

/**
 * What was brought stands for the witness that the list lacks, so names may differ; everything else is asked as at any entry.
 * Whether somebody else has the account is for the memory to say.
 */
export const obstacleToBringing = (bringing: Bringing): Obstacle | undefined =>
  obstacleOf({ ...bringing, namesakes: [], link: undefined, held: false })

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
