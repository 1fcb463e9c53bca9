import type { Pseudonyms } from '../login/ports.js'
import { identityOf } from './identity-of.js'
import type { Lookup } from './lookup.js'

/**
 * @param auditKeys the lookup keys: after a rotation a person has a new name in the audit, and the old one still finds what
 *   was written before
 * @param subjectKey the key that was first when the database was made: journals keep what they got, so it never changes
 */
export const createPseudonyms = (
  lookup: Lookup,
  auditKeys: readonly [string, ...string[]],
  subjectKey: string,
): Pseudonyms => ({
  forAudit: person => lookup.under(auditKeys[0], 'audit', identityOf(person)),
  everInAudit: person => auditKeys.map(key => lookup.under(key, 'audit', identityOf(person))),
  forJournal: (person, journal) => lookup.under(subjectKey, 'subject', JSON.stringify([journal, identityOf(person)])),
})
