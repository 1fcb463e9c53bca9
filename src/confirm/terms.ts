/** When it is asked: one table for all. Pure. */
import type { Role } from '../words/account.js'
import type { Moment } from '../words/confirming.js'
import type { SchoolCode } from '../words/school.js'

/** What the settings say about the second confirmation. */
export interface ConfirmTerms {
  readonly ask: readonly Moment[]
  /** Of schools that want it otherwise; nothing is added to it. */
  readonly schools: ReadonlyMap<SchoolCode, readonly Moment[]>
  /** Whose accounts are meant; without it everybody's. */
  readonly roles?: readonly Role[]
  /** Milliseconds a code is good for. */
  readonly codeLives: number
  /** Milliseconds a device is remembered; without it none is. */
  readonly rememberFor?: number
}

export interface Account {
  readonly school: SchoolCode
  /** Absent where no list says any more whose account it is: then it is asked about as anybody's. */
  readonly role?: Role
}

/**
 * What must be confirmed before an account is entered; of a new account the link, since whoever confirmed that has confirmed
 * the entry, too.
 */
export function askedAtDoor(terms: ConfirmTerms, account: Account, linking: boolean): 'link' | 'entry' | undefined {
  if (terms.roles && account.role && !terms.roles.includes(account.role)) return undefined
  const ask = terms.schools.get(account.school) ?? terms.ask
  if (linking && ask.includes('link')) return 'link'
  return ask.includes('entry') ? 'entry' : undefined
}

/** In the cabinet the person stands for all their accounts: what holds for one school holds for all. */
export const askedForChanges = ({ ask, schools }: ConfirmTerms): boolean =>
  [ask, ...schools.values()].some(each => each.includes('changes'))
