/** Requests: what the bridge must not decide by itself, put to the school. */
import type { Instant } from '../base/clock.js'
import type { RequestNumber } from '../base/request-number.js'
import type { AskedChild } from '../words/asked-child.js'
import type { Person } from '../words/person.js'
import type { SchoolCode } from '../words/school.js'

/**
 * `ambiguous`: one СНИЛС stands on two people of the list. `held`: the account belongs to somebody else. `snils-changed`: the
 * IdP's number of the person is the old one, the СНИЛС is new. `child`: a parent misses a child, and no rule knows an account for it.
 */
export const requestKinds = ['ambiguous', 'held', 'snils-changed', 'child'] as const
export type RequestKind = (typeof requestKinds)[number]

/** What came out of the rules besides a yes or no. */
export interface Doubt {
  readonly kind: RequestKind
  readonly school: SchoolCode
  readonly accountIds: readonly string[]
}

export interface NewRequest extends Doubt {
  /** What the person reads out; the number of the login in which the doubt came up. */
  readonly number: RequestNumber
  readonly journal: string
  readonly person: Person
  /** Of kind `child`. */
  readonly children?: readonly AskedChild[]
  readonly at: Instant
}

/** Who decided, as the audit names them, and why. */
export interface Decided {
  readonly granted: boolean
  readonly at: Instant
  readonly by: string
  readonly reason: string
  /** The account that was given. */
  readonly accountId?: string
}

export interface SchoolRequest extends Omit<NewRequest, 'person'> {
  /** Opaque. */
  readonly id: string
  readonly person: Pick<Person, 'lastName' | 'firstName' | 'middleName' | 'birthDate' | 'snils'>
  readonly decided?: Decided
  /** Somebody else had the account that was given. */
  readonly tookAway?: true
}
