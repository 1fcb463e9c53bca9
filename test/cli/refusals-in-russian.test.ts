import { expect } from 'chai'
import { meaningsRu } from '../../src/base/meanings-ru.js'
import { refusals, type RefusalCode } from '../../src/base/refusals.js'
import { remediesRu } from '../../src/base/remedies-ru.js'
import { remedies } from '../../src/base/remedies.js'
import { ENGLISH, spoken } from './english.js'

/** Commands, settings and facts, by their first word: what a reader copies or looks for. */
const named = (text: string): string[] => [...text.matchAll(/`([^` ]+)[^`]*`/g)].map(([, first]) => first!)

describe('refusals in Russian', () => {
  const codes = Object.keys(refusals) as RefusalCode[]

  for (const code of codes)
    it(code, () => {
      for (const text of [meaningsRu[code], remediesRu[code]]) {
        expect(text).to.match(/^(?:[А-ЯЁ]|IdP |NameID ).*\.$/)
        expect(spoken(text)).not.to.match(ENGLISH)
      }
      expect(meaningsRu[code]).not.to.equal(remediesRu[code])
    })

  it('name the commands and settings that the English ones name', () => {
    const left = codes.flatMap(code =>
      [
        ...named(remedies[code]).filter(name => !remediesRu[code].includes(name)),
        ...named(refusals[code].meaning).filter(name => !meaningsRu[code].includes(name)),
      ].map(name => `${code}: ${name}`),
    )
    expect(left).to.deep.equal([])
  })

  it('mean something different each', () => {
    expect(new Set(Object.values(meaningsRu)).size).to.equal(codes.length)
  })
})
