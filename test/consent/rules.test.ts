import { expect } from 'chai'
import { consentMissing, demandOf, isForPupil, textInForce, type ConsentTerms } from '../../src/consent/rules.js'
import type { Child, Role } from '../../src/words/account.js'
import { giving, text } from '../contract/consents.js'
import { without } from '../contract/samples.js'

const DAY = 86_400_000
const AT = Date.UTC(2026, 8, 1)
const child: Child = { id: '501', name: 'Ъюников Яков' }
const { consent } = giving()

describe('who must agree', () => {
  const demand = (role: Role, age?: number, of?: Child, pupilsFrom14: ConsentTerms['pupilsFrom14'] = 'with-parent') =>
    Object.values<unknown>({ ...demandOf({ role, age, child: of }, { pupilsFrom14 }) })
  const rows: readonly (readonly [string, readonly unknown[], readonly unknown[]])[] = [
    ['a parent, for the child, too', demand('parent', 35, child), ['representative', true, false]],
    ['a parent whose account shows no child', demand('parent', 35), ['own', true, false]],
    [
      'a relative, who represents nobody',
      demand('parent', 60, { ...child, relation: 'relative' }),
      ['own', true, false],
    ],
    ['a guardian', demand('parent', 60, { ...child, relation: 'guardian' }), ['representative', true, false]],
    ['a teacher of unknown age', demand('teacher'), ['own', true, false]],
    ['a pupil of 13', demand('pupil', 13), ['pupil-under-14', false, true]],
    ['a pupil of 14', demand('pupil', 14), ['pupil-14-to-17', true, true]],
    ['a pupil of 14, as the school decided', demand('pupil', 14, undefined, 'alone'), ['pupil-14-to-17', true, false]],
    ['a pupil of 13, whatever it decided', demand('pupil', 13, undefined, 'alone'), ['pupil-under-14', false, true]],
    ['a pupil of 17', demand('pupil', 17), ['pupil-14-to-17', true, true]],
    ['a pupil of 18', demand('pupil', 18), ['own', true, false]],
    ['a pupil of unknown age', demand('pupil', undefined, undefined, 'alone'), ['pupil-unknown-age', true, true]],
  ]
  for (const [who, found, wanted] of rows) it(who, () => expect(found).to.deep.equal(wanted))

  it('nobody passes without what is demanded, nor with a consent to another text', () => {
    const ask = (own: boolean, parents: boolean, givenOwn: boolean, givenParents: boolean, hash = text().hash) =>
      consentMissing({ rule: 'own', own, parents }, text(), {
        own: givenOwn ? { ...consent, hash } : undefined,
        parents: givenParents
          ? [
              { ...consent, hash: 'older' },
              { ...consent, hash },
            ]
          : [],
      })
    expect(ask(true, false, false, true)).to.equal('own')
    expect(ask(true, false, true, false)).to.equal(undefined)
    expect(ask(false, true, true, false)).to.equal('parents')
    expect(ask(false, true, false, true)).to.equal(undefined)
    expect(ask(true, true, false, false), 'parents first').to.equal('parents')
    expect(ask(true, true, false, true)).to.equal('own')
    expect(ask(true, false, true, false, 'older')).to.equal('own')
    expect(ask(false, true, false, true, 'older')).to.equal('parents')
  })
})

describe("whether a parent's consent is for this pupil", () => {
  const agreed = { details: { ...consent.details, child: { id: 'c-1', name: 'Ъюников Яков', className: '5А' } } }
  it('by the number, whatever the class', () => {
    expect(isForPupil(agreed, { login: 'c-1', className: '9В' }, '5А')).to.equal(true)
  })
  it('by the name only where the classes of today do not contradict each other', () => {
    expect(isForPupil(agreed, { login: 'u-1', className: '6А' }, '6А'), 'a year later').to.equal(true)
    expect(isForPupil(agreed, { login: 'u-1', className: '6А' }, '6Б'), 'a namesake').to.equal(false)
    expect(isForPupil(agreed, { login: 'u-1', className: '6А' }, undefined), 'the list of then').to.equal(false)
    expect(isForPupil(agreed, { login: 'u-1' }, '6Б')).to.equal(true)
  })
  it('never when its details are destroyed, or it was for no child', () => {
    expect(isForPupil({}, { login: 'c-1' }, undefined)).to.equal(false)
    expect(isForPupil({ details: without(agreed.details, 'child') }, { login: 'c-1' }, undefined)).to.equal(false)
  })
})

describe('the text in force', () => {
  const terms = (...texts: ConsentTerms['texts']): ConsentTerms => ({ texts, pupilsFrom14: 'alone', destroyAfter: DAY })
  const [one, two] = [
    { ...text('1'), from: AT },
    { ...text('2'), from: AT + DAY },
  ]
  const own = { ...text('own'), from: AT, schools: ['school-2'] }

  it('is the latest whose day has come, wherever it stands in the list', () => {
    expect(textInForce(terms(two, one), 'school-1', AT).version).to.equal('1')
    expect(textInForce(terms(two, one), 'school-1', AT + DAY - 1).version).to.equal('1')
    expect(textInForce(terms(two, one), 'school-1', AT + DAY).version).to.equal('2')
  })
  it('is the first one before its day, since nobody enters without', () => {
    expect(textInForce(terms(two, one), 'school-1', AT - DAY).version).to.equal('1')
  })
  it("is the school's own where there is one", () => {
    expect(textInForce(terms(one, own, two), 'school-2', AT + DAY).version).to.equal('own')
    expect(textInForce(terms(one, own), 'school-1', AT).version).to.equal('1')
  })
})
