import type { Pseudonyms } from '../login/ports.js'
import { identityOf } from './identity-of.js'
import type { Lookup } from './lookup.js'

/**
 * @param auditKey the first lookup key: after a rotation a person has a new name in the audit
 * @param subjectKey the key that was first when the database was made: journals keep what they got, so it never changes
 */
export const createPseudonyms = (lookup: Lookup, auditKey: string, subjectKey: string): Pseudonyms => ({
  forAudit: person => lookup.under(auditKey, 'audit', identityOf(person)),
  forJournal: (person, journal) => lookup.under(subjectKey, 'subject', JSON.stringify([journal, identityOf(person)])),
})
