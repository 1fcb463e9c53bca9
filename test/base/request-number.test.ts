import { expect } from 'chai'
import fc from 'fast-check'
import { systemChance, type Chance } from '../../src/base/chance.js'
import { newRequestNumber, parseRequestNumber } from '../../src/base/request-number.js'

/** Letters drawn alike in both scripts, and signs that are taken for one another. */
const LOOK_ALIKES = 'ABCEHKMOPTXY013'

const chanceOf = (bytes: readonly number[]): Chance => {
  let next = 0
  return { bytes: count => Buffer.from(Array.from({ length: count }, () => bytes[next++ % bytes.length]!)) }
}

describe('base: request numbers', () => {
  it('are two groups of four', () => {
    expect(newRequestNumber(systemChance)).to.match(/^[0-9A-Z]{4}-[0-9A-Z]{4}$/)
  })

  it('use every sign of an alphabet without look-alikes', () => {
    const signs = new Set(Array.from({ length: 240 }, (_, byte) => newRequestNumber(chanceOf([byte]))[0]!))
    expect(signs.size).to.equal(20)
    expect([...signs].filter(sign => LOOK_ALIKES.includes(sign))).to.deep.equal([])
  })

  it('pass over bytes that would favour some signs', () => {
    expect(newRequestNumber(chanceOf([240, 255, 0]))).to.equal(newRequestNumber(chanceOf([0])))
  })

  it('are read back as they were printed, in any case, with or without hyphen and spaces', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 239 }), { minLength: 8, maxLength: 8 }), bytes => {
        const number = newRequestNumber(chanceOf(bytes))
        expect(parseRequestNumber(number)).to.equal(number)
        expect(parseRequestNumber(number.toLowerCase().replace('-', ''))).to.equal(number)
        expect(parseRequestNumber(` ${number.replace('-', ' – ')}\n`)).to.equal(number)
      }),
    )
  })

  const typed: readonly [string, string][] = [
    ['д7фш-2нк9', 'D7FW-2NQ9'],
    ['Д7ФВ-2НК9', 'D7FV-2NQ9'],
    ['лрсу зйгж', 'LRSU-ZJGJ'],
    ['ЦЧБ2-4567', 'W462-4567'],
  ]
  for (const [text, number] of typed) {
    it(`typed in Russian: ${text} -> ${number}`, () => expect(parseRequestNumber(text)).to.equal(number))
  }

  for (const text of ['', 'D7FW-2NQ', 'D7FW-2NQ99', 'D7FW-2NQ0', 'D7FW-2NQA', 'D7FW-2NQО', 'D7FW_2NQ9', '<D7FW2NQ9>']) {
    it(`no request number: "${text}"`, () => expect(parseRequestNumber(text)).to.equal(undefined))
  }
})
