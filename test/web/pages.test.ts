import { expect } from 'chai'
import { readdirSync } from 'node:fs'
import { projectFile } from '../../src/base/project-file.js'
import type { Choice } from '../../src/words/account.js'
import { parseSnils } from '../../src/words/snils.js'
import { assets, stylesheet } from '../../src/web/assets/assets.js'
import { choiceCards, choosePage } from '../../src/web/pages/choose.js'
import { landingPage } from '../../src/web/pages/landing.js'
import { findSchools } from '../../src/web/pages/school-list.js'
import { personFields } from '../../src/web/pages/self-test.js'
import { farewellPage } from '../../src/web/pages/farewell.js'
import { sample, samples } from './page-samples.js'

const count = (text: string, pattern: RegExp): number => [...text.matchAll(pattern)].length

/** Pages to which a QR code may lead. */
const TYPED_BY_SCRIPT = new Set(['code-first', 'code', 'code-mistyped', 'code-english'])

describe('every page', () => {
  for (const [name, text] of samples) {
    /** A message that the browser carries to the IdP: it is signed, and our token is none of the IdP's business. */
    const elsewhere = name === 'pass-on' || name === 'open-journal'

    it(`${name}: Russian, one heading, a title, landmarks, labelled fields`, () => {
      expect(text).to.match(/^<!doctype html>\s*<html lang="ru">/)
      expect(count(text, /<h1[ >]/g), 'h1').to.equal(1)
      expect(text).to.match(/<title>[^<]*Вход в электронный журнал<\/title>/)
      for (const landmark of ['header', 'main', 'footer'])
        expect(count(text, new RegExp(`<${landmark}[ >]`, 'g')), landmark).to.equal(1)
      expect(count(text, /<input(?![^>]*type="hidden")|<textarea|<select/g)).to.equal(
        count(text, /<label\b[^>]*\sfor=/g),
      )
    })

    it(`${name}: fits a strict Content-Security-Policy and asks no other host`, () => {
      expect(text).not.to.match(/<(?:style|iframe|base)\b/i)
      const scripts = elsewhere || TYPED_BY_SCRIPT.has(name) ? 1 : 0
      expect(count(text, /<script\b/gi), 'only pages that post themselves, or type a code').to.equal(scripts)
      expect(text).not.to.match(/<script(?! src="\/assets\/[^">]+"><\/script>)/i)
      expect(text).not.to.match(/\s(?:style|on[a-z]+)=/i)
      expect(text).not.to.match(/javascript:/i)
      expect(text).not.to.match(/<(?:link|img)[^>]*(?:href|src)="(?!\/assets\/)/)
      expect(/<form[^>]*action="(?!\/)/.test(text), 'a form that leaves the bridge').to.equal(elsewhere)
    })

    it(`${name}: every form that posts carries its token, and nothing was left unfilled`, () => {
      const posts = [...text.matchAll(/<form[^>]*method="post"[\s\S]*?<\/form>/g)]
      for (const [form] of posts) expect(form.includes('name="token" value="T-0"'), form).to.equal(!elsewhere)
      expect(text).not.to.match(/undefined|\[object|NaN/)
    })
  }

  it('says who is signed in and offers to let another one in, and never when nobody is', () => {
    const withPerson = ['choose', 'signed-in', 'logout', 'self-test', 'refusal-not-linked']
    for (const [name, text] of samples) {
      const says = text.includes('Вы вошли как') && text.includes('Это не вы? Войти другим')
      if (withPerson.includes(name)) expect(says, name).to.be.true
      if (name.startsWith('landing') || name.startsWith('farewell')) expect(says, name).to.be.false
    }
    expect(sample('choose')).to.match(/name="then" value="another"[\s\S]*name="journal" value="sgo"/)
  })
})

describe('assets', () => {
  it('are named by their content, and every file of the folder is served', () => {
    expect(stylesheet.href).to.match(/^\/assets\/bridge\.css\?v=[0-9a-f]{12}$/)
    const files = readdirSync(projectFile('src/web/assets')).filter(file => !file.endsWith('.ts'))
    expect(assets.map(asset => asset.path)).to.have.members(files.map(file => `/assets/${file}`))
  })

  it('ask no other host', () => {
    expect(stylesheet.body).not.to.match(/url\(|@import/)
  })
})

describe('pages and hostile text', () => {
  const evil = `"><script>alert('1')</script>&`

  it('a name, a title and a search are shown as text', () => {
    const addresses = { ours: evil, next: [evil] }
    const journals = [{ id: evil, title: evil, loginUrl: evil }]
    const support = { phone: evil, email: evil, hours: evil }
    const pages = [
      landingPage({
        schools: [{ code: evil, title: evil, journals }],
        query: evil,
        addresses,
        selfTest: evil,
        support,
      }),
      landingPage({ schools: [], query: evil, addresses, support }),
      choosePage({
        signedIn: { name: evil, notYou: { action: evil, token: evil, fields: { [evil]: evil } } },
        journalTitle: evil,
        action: evil,
        token: evil,
        choices: [{ id: evil, title: evil, subtitle: evil }],
      }),
      farewellPage({ idpDone: true, journals: [{ title: evil, state: 'never', url: evil }] }),
    ]
    for (const text of pages) {
      expect(text).not.to.contain('<script')
      expect(text).not.to.contain(`alert('`)
      expect(text).to.contain('&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;')
    }
  })
})

describe('landing page', () => {
  it('helps those who have no account of Госуслуги: by a link to the school, or right here', () => {
    expect(sample('landing-one')).to.match(/href="\/s\/[^"]+#no-account">Нет учётной записи Госуслуг\?</)
    for (const name of ['landing-few', 'landing-many', 'school']) expect(sample(name)).to.contain('id="no-account"')
  })

  it('shows its own host and the next one', () => {
    expect(sample('landing-one')).to.match(/адресной строке браузера:\s*<strong class="host">vhod\.school\.example</)
    expect(sample('landing-one')).to.match(/там будет:\s*<strong class="host">esia\.gosuslugi\.ru</)
  })

  it('has one large button for one school with one journal, and no search', () => {
    const text = sample('landing-one')
    expect(count(text, /Войти через Госуслуги/g)).to.equal(1)
    expect(text).to.contain('class="button large"')
    expect(text).not.to.contain('role="search"')
  })

  it('offers a search among many, and finds by words as people type them', () => {
    expect(sample('landing-many')).to.contain('role="search"')
    expect(count(sample('landing-many'), /class="card"/g)).to.equal(50)
    expect(sample('landing-found')).to.contain('Найдено школ: 1.')
    expect(sample('landing-nothing-found')).to.contain('«гимназия» школ не нашлось')
  })

  it('search forgives case, ё, quotes and №, and takes words from their beginning', () => {
    const titles = ['Гимназия «Берёзка» № 2', 'Школа № 22', 'Школа № 2']
    const schools = titles.map((title, i) => ({ code: `s-${i}`, title, journals: [] }))
    const found = (query: string): readonly string[] => findSchools(schools, query).map(school => school.title)
    expect(found('БЕРЕЗКА 2')).to.deep.equal([titles[0]])
    expect(found('школа №22')).to.deep.equal([titles[1]])
    expect(found('шк 2')).to.deep.equal([titles[1], titles[2]])
    expect(found('кола')).to.deep.equal([])
    expect(found(' ')).to.deep.equal(titles)
  })
})

describe('chooser', () => {
  const choice = (id: string, part: Partial<Choice['account']>, child?: Choice['child']): Choice => ({
    id,
    account: { id: `a-${id}`, journal: 'sgo', school: 's1', login: `login-${id}`, role: 'parent', ...part },
    ...(child && { child }),
  })
  const title = (code: string): string => (code === 's1' ? 'Школа № 1' : 'Школа № 2')

  it('names the child, class, school and role', () => {
    const cards = choiceCards(
      [
        choice('1', {}, { id: 'k', name: 'Ёжиков Пётр', className: '5А' }),
        choice('2', { role: 'teacher', school: 's2' }),
        choice('3', { role: 'pupil', className: '9В' }),
      ],
      title,
    )
    expect(cards).to.deep.equal([
      { id: '1', title: 'Ёжиков Пётр', subtitle: '5А · Школа № 1 · родитель' },
      { id: '2', title: 'Учитель', subtitle: 'Школа № 2' },
      { id: '3', title: 'Ученик', subtitle: '9В · Школа № 1' },
    ])
  })

  it('adds the login where two cards would look the same', () => {
    const cards = choiceCards([choice('1', {}), choice('2', {}), choice('3', { school: 's2' })], title)
    expect(cards.map(card => card.subtitle)).to.deep.equal([
      'Школа № 1 · логин login-1',
      'Школа № 1 · логин login-2',
      'Школа № 2',
    ])
  })

  it('posts the choice by a button a card', () => {
    expect(count(sample('choose'), /<button class="choice" type="submit" name="choice" value="c\d">/g)).to.equal(3)
  })
})

describe('self-test page', () => {
  it('writes the person down in Russian and leaves out what did not come', () => {
    const fields = personFields({
      idp: 'https://idp.example',
      snils: parseSnils('11223344595')!,
      lastName: 'Ёжикова',
      firstName: 'Анна',
      birthDate: '1985-05-31',
      level: 'confirmed',
      globalRole: 'P',
      authenticatedAt: 0,
    })
    expect(Object.fromEntries(fields.map(({ label, value }) => [label, value]))).to.deep.equal({
      Имя: 'Ёжикова Анна',
      СНИЛС: '112-233-445 95',
      'Дата рождения': '31.05.1985',
      'Учётная запись': 'подтверждённая',
      'Вошли как': 'частное лицо',
    })
  })

  it('counts the checks that failed', () => {
    expect(sample('self-test')).to.contain('Не пройдено проверок: 1.')
    expect(count(sample('self-test'), /class="result fail"/g)).to.equal(1)
  })
})
