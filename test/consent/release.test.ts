import { expect } from 'chai'
import { release } from '../../src/consent/release.js'
import type { Choice } from '../../src/words/account.js'
import { releasable, usuallyReleased, type Releasable } from '../../src/words/released.js'
import type { Journal } from '../../src/words/journal.js'
import type { School } from '../../src/words/school.js'
import { person, without } from '../contract/samples.js'

const choice: Choice = {
  id: 'choice-1',
  account: { id: 'a-1', journal: 'sgo', school: 'school-1', login: 'yunikova', role: 'parent' },
  child: { id: '501', name: 'Ъюников Яков', className: '5А' },
}
const school = { code: 'school-1', title: 'Школа № 1', aliases: { journal_id: ['77'] } } as unknown as School
const to = (names: readonly Releasable[], who = person) =>
  release('subject', choice, { person: who, school, journal: { release: names } as unknown as Journal })

describe('what may be passed on', () => {
  for (const name of releasable)
    it(`${name}: only to a journal that lists it, and then nothing else`, () => {
      expect(Object.keys(to([name]).given)).to.deep.equal([name])
      const others = releasable.filter(other => other !== name)
      expect(to(others).given).to.have.all.keys(...others)
    })

  it('an account and nobody by name, where the settings say nothing', () => {
    const { subject, given } = to(usuallyReleased)
    expect(subject).to.equal('subject')
    expect(given).to.deep.equal({ account: 'a-1', login: 'yunikova', role: 'parent', school: 'school-1', child: '501' })
  })

  it('what the IdP did not say is absent, not empty', () => {
    expect(to(['snils', 'userId'], without(person, 'snils')).given).to.deep.equal({
      userId: person.userId,
    })
  })
})
