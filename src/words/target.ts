import type { SchoolCode } from './school.js'

/**
 * Where the person wants to go. `portal` is our own start page, for a login that named no journal; `self-test` enters no
 * journal and needs no account.
 */
export type Target =
  | {
      readonly kind: 'journal'
      readonly journal: string
      readonly returnTo?: string
      readonly state?: string
      readonly school?: SchoolCode
      /** The journal's own number of the child whose page was asked for. */
      readonly child?: string
    }
  /** Our start page, or the school's queue of questions. */
  | { readonly kind: 'portal'; readonly page?: 'school' }
  | { readonly kind: 'self-test' }
