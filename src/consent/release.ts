/**
 * Consent: what may be passed on about a person, and nothing else.
 * Does not touch: how it is passed on (journals).
 * Called by: login, just before a hand-off.
 */
import type { Choice } from '../words/account.js'
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

/** @param subject the person's name in this journal */
export function release(
  subject: string,
  choice: Choice,
  { person, school, journal }: { readonly person: Person; readonly school: School; readonly journal: Journal },
): ReleasedPerson {
  const known = { ...ofChoice(choice, journal), ...ofPerson(person), schoolNumber: school.aliases.journal_id?.[0] }
  const given = Object.fromEntries(
    journal.release.flatMap(name => (known[name] === undefined ? [] : [[name, known[name]]])),
  ) as Released
  return { subject, given }
}

type Known = Partial<Record<Releasable, string | undefined>>

const ofChoice = ({ account, child }: Choice, journal: Journal): Known => ({
  account: account.id,
  login: account.login,
  role: journal.roleNames?.[account.role] ?? account.role,
  school: account.school,
  child: child?.id,
  childName: child?.name,
  className: account.className ?? child?.className,
})

const ofPerson = ({
  level,
  lastName,
  firstName,
  middleName,
  birthDate,
  email,
  mobile,
  snils,
  userId,
}: Person): Known => ({
  ...{ level, lastName, firstName, middleName, birthDate, email, mobile, snils, userId },
})
