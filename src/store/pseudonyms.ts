import type { Pseudonyms } from '../login/ports.js'
import type { Person } from '../words/person.js'
import type { Lookup } from './lookup.js'

/**
 * @param auditKey the first lookup key: after a rotation a person has a new name in the audit
 * @param subjectKey the key that was first when the database was made: journals keep what they got, so it never changes
 */
export const createPseudonyms = (lookup: Lookup, auditKey: string, subjectKey: string): Pseudonyms => ({
  forAudit: person => lookup.under(auditKey, 'audit', identityOf(person)),
  forJournal: (person, journal) => lookup.under(subjectKey, 'subject', JSON.stringify([journal, identityOf(person)])),
})

/** What stays the same from login to login; the IdP's own lasting number before all, since a СНИЛС may be corrected. */
function identityOf(person: Person): string {
  if (person.userId !== undefined) return JSON.stringify(['user-id', person.idp, person.userId])
  if (person.snils !== undefined) return JSON.stringify(['snils', person.snils])
  const { idp, lastName, firstName, middleName, birthDate, email, mobile } = person
  return JSON.stringify(['name', idp, lastName, firstName, middleName, birthDate, email, mobile])
}
