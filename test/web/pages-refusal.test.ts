import { expect } from 'chai'
import { newRequestNumber } from '../../src/base/request-number.js'
import { systemChance } from '../../src/base/chance.js'
import { spell } from '../../src/web/pages/number.js'
import { refusalTextEn } from '../../src/web/pages/text-en.js'
import { refusalText } from '../../src/web/pages/text-ru.js'
import { AT, codes, NUMBER, refusalSample, sample } from './page-samples.js'

describe('refusal pages', () => {
  for (const code of codes)
    it(`${code}: says what happened, what to do and the number, and keeps the code to itself`, () => {
      const text = refusalSample(code)
      const { heading, happened, steps } = refusalText[code]
      expect(text).to.contain(`<h1>${heading}</h1>`).and.to.contain(happened)
      for (const step of steps) expect(text).to.contain(step)
      expect(text).to.contain(`<p class="number-value">${NUMBER}</p>`)
      expect(text).to.match(/24 ноября 2026 г\.(?: в|,) 16:40\s+по московскому времени/)
      expect(text).to.contain('role="alert"')
      expect(text).not.to.contain(code)
    })

  it('no two refusals tell the same story', () => {
    const stories = new Map<string, string>()
    for (const code of codes) {
      const { happened } = refusalText[code]
      expect(stories.get(happened), code).to.equal(undefined)
      stories.set(happened, code)
    }
  })

  for (const code of codes)
    it(`${code}: says the same in English, closed unless the browser prefers it`, () => {
      const { heading, happened, steps } = refusalTextEn[code]
      const text = refusalSample(code)
      const escaped = (part: string): string => part.replace(/'/g, '&#39;')
      for (const part of [heading, happened, ...steps]) expect(text).to.contain(escaped(part ?? ''))
      expect([heading, happened, ...steps].join(' ')).not.to.match(/SAML|XML|assertion|metadata|certificate|token|IdP/i)
      expect(steps.length, 'as many steps as in Russian, or fewer').to.be.at.most(refusalText[code].steps.length)
      expect(text).to.match(/<details class="english" lang="en"\s*>/)
      expect(refusalSample(code, { english: true })).to.match(/<details class="english" lang="en"\s* open\s*>/)
    })

  it('no two refusals tell the same story in English either', () => {
    expect(new Set(codes.map(code => refusalTextEn[code].happened)).size).to.equal(codes.length)
  })

  it('uses no terms that a parent would have to look up', () => {
    const jargon =
      /SAML|XML|assertion|ассерш|метаданн|сертификат|токен|base64|UTF|IdP|ID\b|HTTP|дайджест|payload|подписант/i
    for (const code of codes) {
      const { heading, happened, steps } = refusalText[code]
      expect([heading, happened, ...steps].join(' '), code).not.to.match(jargon)
    }
  })

  it('gives the telephone of the school as a link that dials', () => {
    expect(refusalSample('identity.not-linked')).to.contain(
      '<a href="tel:+78152550102">+7 (8152) 55-01-02, доб. 14</a>',
    )
  })

  it('puts number and telephone before the buttons where only the school can help, and after them elsewhere', () => {
    const buttonFirst = (text: string): boolean =>
      text.indexOf('class="actions"') < text.indexOf('class="number-value"')
    expect(buttonFirst(refusalSample('identity.not-linked'))).to.equal(false)
    expect(buttonFirst(sample('refusal-level')), 'the way on is a link').to.equal(true)
    expect(buttonFirst(refusalSample('login.expired'))).to.equal(true)
  })

  it('says under which number the list was searched, masked', () => {
    expect(sample('refusal-not-linked')).to.contain('***-***-*45 95')
  })

  it('speaks the official words about an account that is not confirmed, with the link', () => {
    const text = sample('refusal-level')
    expect(text).to.contain(
      'Для доступа вам необходимо пройти процедуру проверки своих данных. Если ваши личные данные только что прошли проверку, то вам нужно войти в систему повторно.',
    )
    expect(text).to.contain('href="https://esia.gosuslugi.ru/validate"')
  })

  it('has a way on: the same login, another person, or the first page', () => {
    expect(refusalSample('login.expired')).to.contain('href="/login?journal=sgo">Войти ещё раз<')
    expect(refusalSample('journal.unknown')).not.to.contain('Войти ещё раз</a>')
    expect(refusalSample('identity.not-linked')).to.contain('Войти другим человеком</button>')
    expect(refusalSample('identity.not-linked', { signedIn: undefined })).not.to.contain('Войти другим человеком')
    for (const code of codes) expect(refusalSample(code)).to.contain('На главную страницу входа')
  })

  it('SDP-SP12 names somebody who helps even when nothing is known about the school', () => {
    for (const code of codes) {
      const text = refusalSample(code, { school: undefined, support: undefined })
      expect(text, code).to.contain('Начните с классного руководителя')
    }
    expect(refusalSample('saml.altered', { school: undefined })).to.contain('mailto:help@bridge.example')
  })

  it('shows the time for machines, too', () => {
    expect(refusalSample('login.expired')).to.contain(`<time datetime="${new Date(AT).toISOString()}">`)
  })
})

describe('request number read aloud', () => {
  it('keeps the two groups', () => {
    expect(spell('D7FW-2NQ9')).to.equal('дэ, семь, эф, дубль-вэ — два, эн, ку, девять')
  })

  it('knows a word for every sign of the alphabet', () => {
    const numbers = Array.from({ length: 200 }, () => spell(newRequestNumber(systemChance)))
    expect(numbers.join(' ')).to.match(/^[а-яё, —-]+$/)
  })
})
