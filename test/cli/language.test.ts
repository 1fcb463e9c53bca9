import { expect } from 'chai'
import { languageOf } from '../../src/cli/language.js'

describe('command line: its language', () => {
  const rows: readonly [Record<string, string>, string | undefined, 'ru' | 'en'][] = [
    [{}, undefined, 'en'],
    [{ LANG: 'ru_RU.UTF-8' }, undefined, 'ru'],
    [{ LANG: 'ru_RU.UTF-8', LC_ALL: 'C.UTF-8' }, undefined, 'en'],
    [{ LANG: 'C', LC_MESSAGES: 'ru_RU.UTF-8', LC_ALL: '' }, undefined, 'ru'],
    [{ LANG: 'ru_RU.UTF-8' }, 'en', 'en'],
    [{}, 'ru', 'ru'],
  ]
  for (const [env, flag, language] of rows)
    it(`${JSON.stringify(env)} and ${flag ?? 'no flag'}: ${language}`, () => {
      expect(languageOf({ env }, flag)).to.equal(language)
    })

  it('knows no other', () => {
    expect(() => languageOf({ env: {} }, 'de')).to.throw('--language is ru or en.')
  })
})
