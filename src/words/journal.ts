import type { Role } from './account.js'
import type { Releasable } from './released.js'
import type { SchoolCode } from './school.js'

/** A legacy e-journal as the settings describe it. How it is entered is its connector's business. */
export interface Journal {
  readonly id: string
  readonly title: string
  readonly schools: readonly SchoolCode[]
  readonly roles: readonly Role[]
  /** Where a login may end: exact addresses, or `https://host/path/*` for whole path segments below. */
  readonly returnTo: readonly string[]
  /** A login without `state` is refused: the journal ties the answer to its own browser session. */
  readonly requireState: boolean
  /** All that this journal may get about a person, beside the person's pairwise name. */
  readonly release: readonly Releasable[]
  /** What this journal calls the roles; without an entry, our own word. */
  readonly roleNames?: Readonly<Partial<Record<Role, string>>>
  /** Whom its list calls an administrator decides what the school was asked about this journal, or about every journal of the school. */
  readonly administrators?: 'own' | 'school'
  /** entityIDs of the IdPs that may vouch for its people; without it, any trusted one. */
  readonly identityProviders?: readonly string[]
}

/** Those accounts of a school that one journal has: another operator may run the next one. */
export interface SchoolInJournal {
  readonly journal: string
  readonly school: SchoolCode
}

export const isAmong = (places: readonly SchoolInJournal[], { journal, school }: SchoolInJournal): boolean =>
  places.some(place => place.journal === journal && place.school === school)

const served = new WeakMap<Journal['schools'], ReadonlySet<SchoolCode>>()

/** Asked at every login and page, and the journal of a whole country has tens of thousands of schools. */
export function servesSchool({ schools }: Pick<Journal, 'schools'>, school: SchoolCode): boolean {
  const known = served.get(schools) ?? new Set(schools)
  served.set(schools, known)
  return known.has(school)
}
