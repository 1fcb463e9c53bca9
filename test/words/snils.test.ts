import { expect } from 'chai'
import fc from 'fast-check'
import validation from 'ru-validation-codes'
import { maskSnils, parseSnils, printSnils, restoreSnils } from '../../src/words/snils.js'

const numbers = (from: number) => fc.integer({ min: from, max: 99_999_999_999 }).map(n => String(n).padStart(11, '0'))

describe('words: СНИЛС', () => {
  const good: readonly [string, string, string][] = [
    ['the example of every textbook', '112-233-445 95', '11223344595'],
    ['check 00', '087-654-303 00', '08765430300'],
    ['check below 10', '642-709-548 07', '64270954807'],
    ['sum 100', '001-019-989 00', '00101998900'],
    ['sum 101', '001-019-998 00', '00101999800'],
    ['remainder 100', '002-999-989 00', '00299998900'],
    ['a demo number', '900-000-001 82', '90000000182'],
    ['ESIA’s test person, whose check number does not fit', '000-000-600 01', '00000060001'],
    ['the last number without a check', '001-001-998 99', '00100199899'],
    ['the first number with a check', '001-001-999 65', '00100199965'],
    ['no separators', '11223344595', '11223344595'],
    ['hyphen before the check', '112-233-445-95', '11223344595'],
    ['spaces only', '112 233 445 95', '11223344595'],
    ['non-breaking spaces and hyphens', '112\u2011233\u2011445\u00a095', '11223344595'],
    ['en dashes and a narrow space', '112–233–445\u202f95', '11223344595'],
    ['minus signs and outer spaces', ' 112−233−445 95\n', '11223344595'],
  ]
  for (const [what, text, snils] of good) {
    it(`${what}: ${text}`, () => expect(parseSnils(text) ?? '').to.equal(snils))
  }

  it('checks from 001-001-999 on: one check number of a hundred fits', () => {
    const fits = Array.from({ length: 100 }, (_, check) => parseSnils(`001001999${String(check).padStart(2, '0')}`))
    expect(fits.filter(Boolean)).to.have.length(1)
    const free = Array.from({ length: 100 }, (_, check) => parseSnils(`001001998${String(check).padStart(2, '0')}`))
    expect(free.filter(Boolean)).to.have.length(100)
  })

  for (const text of ['112-233-445 96', '001-001-999 66', '111-111-111 11', '000-000-000 00', '', '1122334459', '112233445955', '1122334459x', '١١٢٢٣٣٤٤٥٩٥', '112.233.445.95']) {
    it(`no СНИЛС: "${text}"`, () => expect(parseSnils(text)).to.equal(undefined))
  } // prettier-ignore

  it('agrees with ru-validation-codes above the limit', () => {
    let fitting = 0
    fc.assert(
      fc.property(numbers(100_199_900), digits => {
        const ours = parseSnils(digits) !== undefined
        if (ours) fitting += 1
        expect(ours).to.equal(validation.checkSnilsOnlyChecksum(digits))
      }),
      { numRuns: 5000 },
    )
    expect(fitting).to.be.greaterThan(10)
  })

  it('finds any single wrong digit of a checked number', () => {
    const right = '11223344595'
    for (let place = 0; place < 11; place++) {
      for (const digit of '0123456789') {
        const typed = right.slice(0, place) + digit + right.slice(place + 1)
        expect(parseSnils(typed) !== undefined, typed).to.equal(typed === right)
      }
    }
  })

  it('masks and prints', () => {
    const snils = parseSnils('11223344595')!
    expect(maskSnils(snils)).to.equal('***-***-*45 95')
    expect(printSnils(snils)).to.equal('112-233-445 95')
    expect(parseSnils(printSnils(snils))).to.equal(snils)
  })

  describe('lost leading zeros', () => {
    it('one is restored when the check number then fits', () => {
      expect(restoreSnils('8765430300')).to.equal('08765430300')
      expect(restoreSnils('8765430301')).to.equal(undefined)
    })
    it('two are restored when the check number then fits', () => {
      expect(restoreSnils('299998900')).to.equal('00299998900')
      expect(restoreSnils('299998901')).to.equal(undefined)
    })
    for (const text of ['60001', '1', '', '100199899', '11223344595', '08765430300', '876-543-03 00']) {
      it(`"${text}" is not restored: nothing would prove it`, () => expect(restoreSnils(text)).to.equal(undefined))
    }
    it('restores nothing but what was a СНИЛС', () => {
      fc.assert(
        fc.property(fc.integer({ min: 1, max: 9_999_999_999 }), n => {
          const restored = restoreSnils(String(n))
          if (restored !== undefined) expect(validation.checkSnilsOnlyChecksum(restored)).to.equal(true)
        }),
        { numRuns: 3000 },
      )
    })
  })
})
