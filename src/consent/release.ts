/**
 * Consent: what may be passed on about a person, and nothing else.
 * Does not touch: how it is passed on (journals).
 * Called by: login, just before a hand-off.
 */
import type { Account, Child } from '../words/account.js'
import type { Journal } from '../words/journal.js'
import type { Person } from '../words/person.js'
import type { Releasable, Released } from '../words/released.js'
import type { School } from '../words/school.js'

/** Only what this journal may get. Connectors see this and never a Person. */
export interface ReleasedPerson {
  /** Pairwise: the same person has another one in every journal. */
  readonly subject: string
  readonly given: Released
}

/** What the person enters; of an account that is still to be made no more is known than its role and school. */
interface Entered {
  readonly account: Pick<Account, 'role' | 'school'> & Partial<Account>
  readonly child?: Child
}

/** @param subject the person's name in this journal */
export function release(
  subject: string,
  choice: Entered,
  { person, school, journal }: { readonly person: Person; readonly school: School; readonly journal: Journal },
): ReleasedPerson {
  const known = knownOf(choice, person, school, journal)
  const given = Object.fromEntries(
    journal.release.flatMap(name => (known[name] === undefined ? [] : [[name, known[name]]])),
  ) as Released
  return { subject, given }
}

type Known = Partial<Record<Releasable, string | undefined>>

const knownOf = ({ account, child }: Entered, person: Person, school: School, journal: Journal): Known => ({
  account: account.id,
  login: account.login,
  role: journal.roleNames?.[account.role] ?? account.role,
  school: account.school,
  schoolNumber: school.aliases.journal_id?.[0],
  child: child?.id,
  childName: child?.name,
  className: account.className ?? child?.className,
  level: person.level,
  lastName: person.lastName,
  firstName: person.firstName,
  middleName: person.middleName,
  birthDate: person.birthDate,
  email: person.email,
  mobile: person.mobile,
  snils: person.snils,
  userId: person.userId,
})
