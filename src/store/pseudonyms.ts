import { createHmac } from 'node:crypto'
import type { Kysely } from 'kysely'
import type { Pseudonyms } from '../login/ports.js'
import { identityOf, identityOfSnils } from './identity-of.js'
import type { Lookup } from './lookup.js'
import { openLink, type LinkTools } from './sql/links.js'
import type { Tables } from './tables.js'

/**
 * @param auditKeys the lookup keys: after a rotation a person has a new name in the audit, and the old one still finds what
 *   was written before
 * @param subjectKey of the purpose `subject`, from the key that was first when the database was made: journals keep what they got,
 *   so it never changes
 */
export const createPseudonyms = (
  lookup: Lookup,
  auditKeys: readonly [string, ...string[]],
  subjectKey: Buffer,
): Omit<Pseudonyms, 'ofSnils'> => ({
  forAudit: person => lookup.under(auditKeys[0], 'audit', identityOf(person)),
  everInAudit: person => auditKeys.map(key => lookup.under(key, 'audit', identityOf(person))),
  forJournal: (person, journal) =>
    createHmac('sha256', subjectKey)
      .update(JSON.stringify([journal, identityOf(person)]), 'utf8')
      .digest('base64url'),
})

/** The audit names people by the IdP's lasting number, which only a link knows together with the СНИЛС. */
export const findPseudonyms =
  (db: Kysely<Tables>, { seal, lookup }: LinkTools, auditKeys: readonly string[]): Pseudonyms['ofSnils'] =>
  async snils => {
    const linked = db.selectFrom('links').select(['id', 'content'])
    const rows = await linked.where('snils_hmac', 'in', lookup.candidates('snils', snils)).execute()
    const identities = new Set([...rows.flatMap(row => openLink(row, seal).identity ?? []), identityOfSnils(snils)])
    return [...identities].flatMap(identity => auditKeys.map(key => lookup.under(key, 'audit', identity)))
  }
