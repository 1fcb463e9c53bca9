import { expect } from 'chai'
import { foldLogin, isSameLogin, usualSpellings } from '../../src/words/login.js'

describe('words: spellings of a login', () => {
  const rows: readonly (readonly [string, readonly string[]])[] = [
    ['ivanova', ['ivanova', 'Ivanova', 'IVANOVA']],
    ['IVanova', ['IVanova', 'ivanova', 'Ivanova', 'IVANOVA']],
    ['p-1002', ['p-1002', 'P-1002']],
    ['1002', ['1002']],
    ['Ёлкин', ['Ёлкин', 'ёлкин', 'ЁЛКИН', 'елкин', 'Елкин', 'ЕЛКИН']],
    ['ｉｖａｎ', ['ｉｖａｎ', 'Ｉｖａｎ', 'ＩＶＡＮ', 'ivan', 'Ivan', 'IVAN']],
    ['ιβαν', ['ιβαν', 'Ιβαν', 'ΙΒΑΝ']],
  ]
  for (const [login, spellings] of rows)
    it(`${login} is looked for as ${spellings.join(', ')}`, () => {
      expect(usualSpellings(login)).to.deep.equal(spellings)
      for (const spelling of spellings) expect(isSameLogin(login, spelling), spelling).to.equal(true)
    })

  it('what may be taken for nothing known has its own letters alone', () => {
    expect(foldLogin('ιβαν')).to.equal(undefined)
  })
})
