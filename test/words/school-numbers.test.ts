import { expect } from 'chai'
import fc from 'fast-check'
import validation from 'ru-validation-codes'
import { aliasKinds, type AliasKind } from '../../src/words/school.js'
import { checkSchoolCode, checkSchoolNumber } from '../../src/words/school-numbers.js'

const digits = (count: number) => fc.stringMatching(new RegExp(`^[0-9]{${String(count)}}$`))

describe('words: school numbers', () => {
  const good: Readonly<Record<AliasKind, readonly string[]>> = {
    ogrn: ['4057910142110', '1027700132195', '1029900000019', '1029900000020', '1029900000030'],
    inn: ['9900000017', '9901000027', '7707083893'],
    kpp: ['770701001', '7707AB001'],
    oo_code: ['123456', 'sch000123'],
    okpo: ['00032537', '0123456789'],
    esia_oid: ['1000000000'],
    journal_id: ['42', '1000002283077', 'school-1', 'школа7'],
  }
  for (const kind of aliasKinds) {
    for (const text of good[kind])
      it(`${kind} ${text}`, () => expect(checkSchoolNumber(kind, text)).to.equal(undefined))
  }

  const bad: readonly [AliasKind, string, RegExp][] = [
    ['ogrn', '1027700132196', /^ogrn 1027700132196 is misspelt/],
    ['ogrn', '102770013219', /^ogrn is 13 digits/],
    ['ogrn', '0000000000000', /^ogrn is 13 digits/],
    ['ogrn', '1027700132195 ', /^ogrn is 13 digits/],
    ['inn', '9900000018', /misspelt/],
    ['inn', '0000000000', /^inn is 10 digits/],
    ['inn', '500100732259', /^inn is 10 digits, as an organisation/],
    ['kpp', '7707аб001', /^kpp is 9 signs/],
    ['kpp', '77070100', /^kpp is 9 signs/],
    ['oo_code', '', /^oo_code is/],
    ['oo_code', '12 34', /^oo_code is/],
    ['okpo', '00032538', /misspelt/],
    ['okpo', '00000000', /^okpo is 8 or 10/],
    ['esia_oid', '-1', /^esia_oid is a number/],
    ['esia_oid', '0', /^esia_oid is a number/],
    ['journal_id', 'a/b', /^journal_id is/],
    ['journal_id', 'x'.repeat(65), /^journal_id is/],
  ]
  for (const [kind, text, problem] of bad) {
    it(`${kind} "${text.slice(0, 20)}" -> ${problem.source}`, () =>
      expect(checkSchoolNumber(kind, text)).to.match(problem))
  }

  it('ogrn agrees with ru-validation-codes', () => {
    let fitting = 0
    fc.assert(
      fc.property(digits(13), number => {
        fc.pre(!number.startsWith('0'))
        const ours = checkSchoolNumber('ogrn', number) === undefined
        if (ours) fitting += 1
        expect(ours).to.equal(validation.checkOgrn(number))
      }),
      { numRuns: 2000 },
    )
    expect(fitting).to.be.greaterThan(20)
  })

  it('inn agrees with ru-validation-codes', () => {
    let fitting = 0
    fc.assert(
      fc.property(digits(10), number => {
        fc.pre(number !== '0000000000')
        const ours = checkSchoolNumber('inn', number) === undefined
        if (ours) fitting += 1
        expect(ours).to.equal(validation.checkINN(number))
      }),
      { numRuns: 2000 },
    )
    expect(fitting).to.be.greaterThan(20)
  })

  it('exactly one last digit fits any okpo', () => {
    fc.assert(
      fc.property(fc.oneof(digits(7), digits(9)), head => {
        fc.pre(!/^0+$/.test(head))
        const fits = Array.from('0123456789').filter(last => checkSchoolNumber('okpo', head + last) === undefined)
        expect(fits).to.have.length(1)
      }),
    )
  })

  for (const code of ['school-1', 'Школа.7', 'ёлка_3', '1', 'x'.repeat(32)]) {
    it(`school code ${code}`, () => expect(checkSchoolCode(code)).to.equal(undefined))
  }
  for (const code of ['', '.', '..', 'a b', 'a/b', 'a%2e', '<b>', 'x'.repeat(33), 'school\n']) {
    it(`no school code: ${JSON.stringify(code)}`, () => expect(checkSchoolCode(code)).to.match(/^a school code/))
  }
})
