/** What is written down about a person, for the tables of the rules. */
import type { OwnLink } from '../../src/identity/links.js'
import type { Evidence } from '../../src/identity/match.js'
import type { RosterEntry } from '../../src/identity/roster.js'
import type { School } from '../../src/words/school.js'

export const listed = (entries: readonly RosterEntry[], more: Partial<Evidence> = {}): Evidence => ({
  ...{ entries, links: [], held: new Set<string>() },
  ...more,
})

export const linkTo = (entry: RosterEntry, change: Partial<OwnLink> = {}): OwnLink => ({
  ...{ id: `link-${entry.accountId}`, accountId: entry.accountId, journal: entry.journal, school: entry.school },
  ...{ ground: 'snils', since: 0, snils: 'same' },
  listed: { firstName: entry.person.firstName, ...(entry.person.birthDate && { birthDate: entry.person.birthDate }) },
  ...change,
})

export const schoolOf = (code: string, change: Partial<School> = {}): School => ({
  ...{ code, title: code, aliases: {}, support: {}, level: 'confirmed' },
  ...change,
})
