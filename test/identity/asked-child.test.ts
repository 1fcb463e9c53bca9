/** What a parent may type of a child, and which children of a list it may be. */
import { expect } from 'chai'
import fc from 'fast-check'
import { isSought, readAskedChild } from '../../src/identity/asked-child.js'
import { without } from '../contract/samples.js'
import { withChildren } from '../../src/words/asked-child.js'

const TODAY = '2026-11-29'
const typed = { lastName: 'Иванов', firstName: 'Пётр', className: '5А', birthDate: '2014-05-31' }
const read = (change: Partial<typeof typed> = {}) => readAskedChild({ ...typed, ...change }, TODAY)

describe('identity: a child that a parent misses', () => {
  for (const [what, change, expected] of [
    ['as it is', {}, typed],
    [
      'spaces around and between',
      { lastName: '  Иванов ', firstName: 'Анна  Мария' },
      { ...typed, firstName: 'Анна Мария' },
    ],
    [
      'a name with hyphen and apostrophe',
      { lastName: "Д'Артаньян-Ёжиков" },
      { ...typed, lastName: "Д'Артаньян-Ёжиков" },
    ],
    ['a name of another alphabet', { firstName: 'Zoë' }, { ...typed, firstName: 'Zoë' }],
    ['no last name', { lastName: ' ' }, 'lastName'],
    ['digits for a name', { firstName: '5' }, 'firstName'],
    ['markup for a name', { firstName: 'a<b' }, 'firstName'],
    ['a sign that turns the line round', { lastName: 'а\u202eб' }, 'lastName'],
    ['a name that never ends', { lastName: 'а'.repeat(61) }, 'lastName'],
    ['a class in quotes', { className: '10«Б»' }, { ...typed, className: '10«Б»' }],
    ['a class that is none', { className: '=1+1' }, 'className'],
    ['a day that is none', { birthDate: '2014-02-30' }, 'birthDate'],
    ['tomorrow', { birthDate: '2026-11-30' }, 'birthDate'],
    ['long ago', { birthDate: '1914-05-31' }, 'birthDate'],
  ] as const)
    it(what, () => {
      expect(read(change)).to.deep.equal(expected)
    })

  it('a birth date may be left out', () => {
    expect(read({ birthDate: '' })).to.deep.equal(without(typed, 'birthDate'))
  })

  it('is found in a list by last and first name in any order and case, and by nothing less', () => {
    const named = (name: string) => isSought({ id: 'c', name }, typed)
    for (const name of ['Иванов Пётр', 'Пётр Иванов', 'ИВАНОВ ПЕТР ИГОРЕВИЧ']) expect(named(name), name).to.equal(true)
    for (const name of ['Иванова Пётр', 'Иванов', 'Пётр', 'Иванов Петруша', ''])
      expect(named(name), name).to.equal(false)
  })

  it('never takes half a word for the whole, whatever is typed', () => {
    const word = fc.stringMatching(/^[а-я]{2,8}$/)
    fc.assert(
      fc.property(word, word, word, word, (last, first, listedLast, listedFirst) => {
        const found = isSought(
          { id: 'c', name: `${listedLast} ${listedFirst}` },
          { lastName: last, firstName: first, className: '1' },
        )
        const words = [listedLast, listedFirst]
        expect(found).to.equal(words.includes(last) && words.includes(first))
      }),
    )
  })

  it('stands once in a question, as typed last, and six of them at most', () => {
    const child = (firstName: string, className = '5А') => ({ lastName: 'Иванов', firstName, className })
    expect(withChildren([child('Пётр')], [child('ПЕТР', '6А')])).to.deep.equal([child('ПЕТР', '6А')])
    const many = Array.from({ length: 9 }, (_, i) => child('Яна'.repeat(i + 1)))
    expect(withChildren(many.slice(0, 5), many.slice(5))).to.deep.equal(many.slice(0, 6))
  })
})
