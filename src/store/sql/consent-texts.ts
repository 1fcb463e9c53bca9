import type { Kysely } from 'kysely'
import type { Consents } from '../../login/consent-ports.js'
import type { Tables } from '../tables.js'

export const createConsentTexts = (db: Kysely<Tables>): Pick<Consents, 'keepTexts' | 'text'> => ({
  keepTexts: (texts, now) =>
    db.transaction().execute(async trx => {
      const kept = await trx.selectFrom('consent_texts').select(['version', 'hash']).execute()
      const before = new Map(kept.map(({ version, hash }) => [version, hash]))
      const changed = texts.filter(({ version, hash }) => (before.get(version) ?? hash) !== hash)
      if (changed.length > 0) return changed.map(({ version }) => version)
      const rows = texts
        .filter(({ version }) => !before.has(version))
        .map(({ version, hash, whole }) => ({ version, hash, whole, first_seen: now }))
      if (rows.length > 0) await trx.insertInto('consent_texts').values(rows).execute()
      return []
    }),

  async text(hash) {
    const texts = db.selectFrom('consent_texts').select(['version', 'hash', 'whole'])
    return texts.where('hash', '=', hash).executeTakeFirst()
  },
})
