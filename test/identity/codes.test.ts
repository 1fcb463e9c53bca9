/** The code on the slip: drawn evenly, read however it is typed, and a typing mistake is told from a guess. */
import { expect } from 'chai'
import fc from 'fast-check'
import { systemChance } from '../../src/base/chance.js'
import { SIGNS } from '../../src/base/signs.js'
import { newCode, parseCode } from '../../src/identity/codes.js'

const codes = Array.from({ length: 300 }, () => newCode(systemChance))
const signsOf = (code: string): string[] => Array.from(code.replace('-', ''))

describe('codes of the school', () => {
  it('have ten signs in two groups, and never a sign of both scripts', () => {
    for (const code of codes) expect(code).to.match(/^[2456789DFGJLNQRSUVWZ]{5}-[2456789DFGJLNQRSUVWZ]{5}$/)
    expect(new Set(codes).size).to.equal(codes.length)
  })

  it('are what chance gave: nine signs decide, the tenth follows', () => {
    const zeros = newCode({ bytes: count => Buffer.alloc(count) })
    expect(zeros.slice(0, 9)).to.equal('22222-222')
    expect(parseCode(zeros)).to.equal(zeros)
  })

  it('are read in small letters, with spaces, without the hyphen and with long dashes', () => {
    for (const code of codes.slice(0, 20))
      for (const typed of [
        code.toLowerCase(),
        code.replace('-', ''),
        code.replace('-', ' — '),
        ` ${signsOf(code).join(' ')} `,
      ])
        expect(parseCode(typed), typed).to.equal(code)
  })

  it('are read from a Russian keyboard by sound', () => {
    const russian: Record<string, string> = { D: 'д', F: 'ф', G: 'г', J: 'й', L: 'л', N: 'н', Q: 'к', R: 'р', S: 'с', U: 'у', V: 'в', W: 'ш', Z: 'з' } // prettier-ignore
    for (const code of codes.slice(0, 50)) {
      const typed = Array.from(code, sign => russian[sign] ?? sign).join('')
      expect(parseCode(typed), typed).to.equal(code)
    }
  })

  it('with any one sign wrong are mistyped', () => {
    for (const code of codes.slice(0, 50)) {
      const signs = signsOf(code)
      for (const [at, sign] of signs.entries())
        for (const other of SIGNS) {
          if (other !== sign) expect(parseCode(signs.with(at, other).join(''))).to.equal(undefined)
        }
    }
  })

  it('with two neighbours swapped are mistyped, but for one in fifty at most', () => {
    let [swaps, missed] = [0, 0]
    for (const code of codes) {
      const signs = signsOf(code)
      for (let at = 0; at < 9; at++) {
        if (signs[at] === signs[at + 1]) continue
        swaps += 1
        if (
          parseCode(
            signs
              .with(at, signs[at + 1]!)
              .with(at + 1, signs[at]!)
              .join(''),
          ) !== undefined
        )
          missed += 1
      }
    }
    expect(missed / swaps).to.be.below(0.02)
  })

  it('anything else is no code: of a million guesses a twentieth passes the check, and no text makes it throw', () => {
    for (const text of ['', 'D7FW2', 'D7FW2-NQ9L', 'D7FW2-NQ9LRR', 'ABCDE-FGHIJ', '00000-00000'])
      expect(parseCode(text), text).to.equal(undefined)
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 40 }), text => void parseCode(text)))
  })
})
