/** Links: which accounts a person may use without being looked for again, and how the bridge came to believe it. */
import type { Instant } from '../base/clock.js'
import type { Person } from '../words/person.js'
import type { SchoolCode } from '../words/school.js'
import type { RosterPerson } from './roster.js'

/** `school`: its queue decided so. `created`: the journal made the account when the person first came. */
export const grounds = ['snils', 'employee', 'code', 'proof', 'school', 'created'] as const
export type Ground = (typeof grounds)[number]

/** Who ended a link. Only the person and the school may take it up again. */
export type EndedBy = 'person' | 'school' | 'withdrawal'

/** To whom the school's list gave the account on the day it was linked: a link stands while the list still says so. */
export type ListedOwner = Pick<RosterPerson, 'firstName' | 'birthDate'>

export interface Link {
  readonly id: string
  readonly accountId: string
  readonly journal: string
  readonly school: SchoolCode
  readonly ground: Ground
  readonly since: Instant
  readonly listed: ListedOwner
  readonly ended?: { readonly at: Instant; readonly by: EndedBy }
}

/** A link of the person who asks; whether it was made under the СНИЛС that the person brings today. */
export interface OwnLink extends Link {
  readonly snils: 'same' | 'other' | 'unknown'
}

/** A person's links to one account as they were when something was decided by them, none included. */
export interface SeenLinks {
  readonly person: Person
  readonly links: readonly Pick<OwnLink, 'id' | 'ended' | 'snils'>[]
}

export interface NewLink extends Omit<Link, 'ended'> {
  readonly person: Person
}

/** For a school's list of the people who enter its journal. */
export interface LinkedPerson extends Link {
  readonly lastName?: string
  readonly firstName?: string
  readonly middleName?: string
}

/** Beside that, whether the school's list gives the account to the СНИЛС under which the link was made. */
export interface ListedLink extends LinkedPerson {
  readonly number: 'listed' | 'other' | 'unknown'
}
