/** What Pseudonyms must do, whichever database is behind it. */
import { expect } from 'chai'
import { OTHER_SNILS, person, using, without, type Open } from './samples.js'

export function pseudonymsContract(driver: string, open: Open): void {
  describe(`pseudonyms: ${driver}`, () => {
    it(
      'are the same for the same person, whatever else the IdP says this time',
      using(open, async ({ pseudonyms }) => {
        await Promise.resolve()
        const married = { ...person, lastName: 'Юрьева', snils: OTHER_SNILS, email: 'new@pochta.example' }
        expect(pseudonyms.forAudit(married)).to.equal(pseudonyms.forAudit(person))
        expect(pseudonyms.forJournal(married, 'sgo')).to.equal(pseudonyms.forJournal(person, 'sgo'))
      }),
    )

    it(
      'differ between persons, journals and the audit',
      using(open, async ({ pseudonyms }) => {
        await Promise.resolve()
        const bySnils = without(person, 'userId')
        const byName = without(bySnils, 'snils')
        const people = [
          person,
          { ...person, userId: '1000777334' },
          { ...person, idp: 'https://other.example' },
          bySnils,
          { ...bySnils, snils: OTHER_SNILS },
          byName,
          { ...byName, firstName: 'Ежика' },
        ]
        const names = people.flatMap(who => [
          pseudonyms.forAudit(who),
          pseudonyms.forJournal(who, 'sgo'),
          pseudonyms.forJournal(who, 'other'),
        ])
        expect(new Set(names)).to.have.property('size', names.length)
        for (const name of names) expect(name).to.match(/^[\w-]{43}$/)
      }),
    )
  })
}
