/** When a person is asked, over every setting there is. */
import { expect } from 'chai'
import { askedAtDoor, askedForChanges, type ConfirmTerms } from '../../src/confirm/terms.js'
import { roles } from '../../src/words/account.js'
import { moments, type Moment } from '../../src/words/confirming.js'

const subsets: readonly (readonly Moment[])[] = [[], ...moments.map(each => [each]), ['link', 'entry'], [...moments]]
const terms = (change: Partial<ConfirmTerms>): ConfirmTerms => ({
  ask: [],
  schools: new Map(),
  codeLives: 1,
  ...change,
})

describe('when a second confirmation is asked', () => {
  it('link before a new account, entry at every door, nothing where neither is named', () => {
    const account = { school: 'one', role: 'parent' } as const
    for (const ask of subsets)
      for (const linking of [true, false]) {
        const wanted = linking && ask.includes('link') ? 'link' : ask.includes('entry') ? 'entry' : undefined
        expect(askedAtDoor(terms({ ask }), account, linking), `${ask.join()} ${linking}`).to.equal(wanted)
      }
  })

  it('what a school says counts in place of what holds for all, and says nothing to others', () => {
    for (const ask of subsets)
      for (const own of subsets) {
        const both = terms({ ask, schools: new Map([['one', own]]) })
        for (const role of roles) {
          const at = (school: string, given: ConfirmTerms) => askedAtDoor(given, { school, role }, true)
          expect(at('one', both)).to.equal(at('two', terms({ ask: own })))
          expect(at('two', both)).to.equal(at('two', terms({ ask })))
        }
        expect(askedForChanges(both)).to.equal(ask.includes('changes') || own.includes('changes'))
      }
  })

  it('named roles leave the others out', () => {
    const staff = terms({ ask: [...moments], roles: ['teacher'] })
    for (const role of roles)
      expect(askedAtDoor(staff, { school: 'one', role }, false)).to.equal(role === 'teacher' ? 'entry' : undefined)
  })
})
