/** An account that the journal would make for a person: whether it may, and whose the account is that it then names. Pure. */
import type { RefusalCode } from '../base/refusals.js'
import type { CreatableRole } from '../words/account.js'
import { servesSchool } from '../words/journal.js'
import type { Person } from '../words/person.js'
import { dayOf } from './age.js'
import { matchAccounts, type Destination, type Evidence } from './match.js'
import type { RosterEntry, RosterPerson } from './roster.js'
import { obstacleOf } from './rules.js'

export interface WantedAccount {
  readonly person: Person
  readonly role: CreatableRole
  readonly evidence: Evidence
  /** The one school in which it is to be made. */
  readonly destination: Destination & { readonly school: string }
}

/**
 * Only for a person of whom neither list nor link knows anything in this school's journal; what other journals of the school say
 * of the СНИЛС counts all the same.
 *
 * @returns what stands in the way; `has-account`: nothing has to be made
 */
export function obstacleToCreating(wanted: WantedAccount): RefusalCode | 'has-account' | undefined {
  const { person, evidence, destination } = wanted
  const { journal, schools, school: code, now } = destination
  const found = matchAccounts(person, evidence, destination)
  if (!found.refused) return 'has-account'
  if (found.refused.code !== 'identity.not-linked') return found.refused.code
  const school = servesSchool(journal, code) ? schools.get(code) : undefined
  if (!school) return 'journal.school'
  const here = evidence.links.filter(link => link.journal === journal.id && link.school === code)
  if (here.some(({ ended }) => ended && ended.by !== 'withdrawal')) return 'identity.unlinked'
  const listed = evidence.entries.filter(({ snils }) => snils !== undefined && snils === person.snils)
  return obstacleOf({
    ...{ person, brought: 'created', school, roles: journal.roles, today: dayOf(now) },
    ...{ entry: toBeMade(wanted), namesakes: listed.filter(entry => entry.school === code) },
    ...{ link: undefined, held: false },
  })
}

/** As the list would write it; what the person does not say stays empty, and stands in the way. */
const toBeMade = ({ person, role, destination }: WantedAccount): RosterEntry => ({
  ...{ accountId: '', journal: destination.journal.id, school: destination.school, login: '', role, children: [] },
  person: ownerOf(person),
  ...(person.snils !== undefined && { snils: person.snils }),
})

export const ownerOf = ({ lastName = '', firstName = '', middleName, birthDate }: Person): RosterPerson => ({
  ...{ lastName, firstName },
  ...(middleName !== undefined && { middleName }),
  ...(birthDate !== undefined && { birthDate }),
})

/** An account that stands under the login of the journal's answer already, in whatever role. */
export interface StandsThere {
  readonly accountId: string
  /** The role and school that were asked for; another role in that school; another school. */
  readonly where: 'same' | 'school' | 'elsewhere'
  /** Made at a first login, and named by no list since. */
  readonly created: boolean
  /** Lists name it no more. */
  readonly missing: boolean
  /** Whether it stands under the СНИЛС of the person. */
  readonly snils: 'same' | 'other' | 'none'
  /** Who is linked to it. */
  readonly linked: 'own' | 'other' | 'nobody'
}

/**
 * Whose is the account that the journal says it has made? A journal that finds people by name or mail may answer with
 * somebody else's: what the bridge knows of the login decides.
 *
 * @returns `new`: nobody's, and so the person's. `made`: this very one was written down before. `listed`: the school's list
 *   brought it meanwhile, under the person's СНИЛС. `taken`: another's, or nobody knows whose
 */
export function standingOf(there: readonly StandsThere[]): 'new' | 'made' | 'listed' | 'taken' {
  if (there.some(({ snils, linked }) => snils !== 'same' || linked === 'other')) return 'taken'
  // one login of one human in two schools is theirs in both
  const here = there.filter(({ where }) => where !== 'elsewhere')
  if (here.length === 0) return 'new'
  if (here.some(({ where, created, linked }) => where === 'same' && created && linked === 'own')) return 'made'
  return here.some(({ created, missing }) => created || missing) ? 'taken' : 'listed'
}
