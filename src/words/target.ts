import type { SchoolCode } from './school.js'

/**
 * Where the person wants to go. `portal` is our own start page, for a login that named no journal; `self-test` enters no
 * journal and needs no account; `cabinet` is what the bridge keeps about the person, for their own eyes.
 */
export type Target =
  | JournalTarget
  /** Our start page, or the school's queue of questions. */
  | { readonly kind: 'portal'; readonly page?: 'school' }
  | { readonly kind: 'self-test' }
  | {
      readonly kind: 'cabinet'
      readonly question?: CabinetQuestion
      /** Where the person was on the way to when the question came up. */
      readonly onward?: JournalTarget
    }

export interface JournalTarget {
  readonly kind: 'journal'
  readonly journal: string
  readonly returnTo?: string
  readonly state?: string
  readonly school?: SchoolCode
  /** The journal's own number of the child whose page was asked for. */
  readonly child?: string
}

export const cabinetQuestions = [
  'unlink',
  'withdraw',
  'end-others',
  'unlock',
  'code',
  'old-login',
  'child',
  'create',
] as const

/**
 * A page of the cabinet that asks something: for a code of the school, for an old login, about a child, for an account that is to be made, or «are you sure?», which it wants to hear from
 * somebody who signed in just now.
 */
export interface CabinetQuestion {
  readonly about: (typeof cabinetQuestions)[number]
  /** Opaque: of the link or consent. */
  readonly id?: string
}
