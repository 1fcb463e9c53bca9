/** The button that we give away, on a page of a journal: seen, reached by keyboard and finger, and it leads to the IdP. */
import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import type { Browser } from 'playwright-core'
import { projectFile } from '../../src/base/project-file.js'
import { serveHttp } from '../support/https.js'
import { startTestTown, type TestTown } from '../support/town.js'
import { DESKTOP, expectQuiet, launch, PHONE, present, visitor, type Visitor } from './chromium.js'
import { findings } from './findings.js'
import { arrived, child, follow, signIn } from './steps.js'

const html = readFileSync(projectFile('docs/integrators/button.html'), 'utf8')
const NARROW = { width: 320, height: 568 }
const VIA_JOURNAL = 'Войти через Госуслуги'
const WITH_RETURN = 'Войти через Госуслуги и открыть оценки'
const labels = [VIA_JOURNAL, 'Войти через Госуслуги в журнал', WITH_RETURN]

describe('the button for a journal’s page', () => {
  it('asks no other host for anything, and runs nothing', () => {
    expect(html).not.to.match(/<script|<link|<img|<iframe|@import|url\(|src=|style=|\son[a-z]+=/i)
    expect(html.match(/<a /g)).to.have.length(labels.length)
  })
})

;(present ? describe : describe.skip)('browser: the button for a journal’s page', function () {
  let town: TestTown
  let chromium: Browser
  let page: { readonly origin: string; close(): Promise<void> | void }
  let one: Visitor
  before(async () => {
    ;[town, chromium] = await Promise.all([startTestTown({ idpHost: '127.0.0.1' }), launch()])
    const journal = `${town.town.journals}/sgo`
    const own = html
      .replaceAll('https://vhod.school.example', town.town.bridge)
      .replaceAll('https://sgo.school.example/login', `${journal}/login`)
      .replaceAll(encodeURIComponent('https://sgo.school.example/diary/marks'), encodeURIComponent(`${journal}/marks`))
    expect(own, 'every address is one of the town').not.to.include('school.example')
    page = await serveHttp((_, response) => {
      response.setHeader('Content-Type', 'text/html; charset=utf-8').end(own)
    }, '127.0.0.1')
  })
  after(() => Promise.all([chromium.close(), town.close(), page.close()]))
  beforeEach(async () => {
    one = await visitor(chromium)
    await one.page.goto(`${page.origin}/page`)
  })
  afterEach(() => one.leave())

  for (const viewport of [NARROW, PHONE, DESKTOP])
    it(`can be seen, read and hit at ${viewport.width} px`, async () => {
      await one.page.setViewportSize(viewport)
      expect(await findings(one.page)).to.deep.equal([])
      expect(await one.page.evaluate('document.documentElement.scrollWidth')).to.be.at.most(viewport.width)
      for (const label of labels) {
        const box = (await one.page.getByRole('link', { name: label, exact: true }).boundingBox())!
        expect(Math.min(box.width, box.height), label).to.be.at.least(44)
        expect(box.x + box.width, label).to.be.at.most(viewport.width)
      }
    })

  it('fits when letters are twice as large, and shows where the keyboard is', async () => {
    await one.page.setViewportSize(NARROW)
    const look = (property: string) =>
      one.page.evaluate<string>(`getComputedStyle(document.querySelector('.bridge-button')).${property}`)
    expect(await look('outlineStyle')).to.equal('none')
    await one.page.keyboard.press('Tab')
    expect([await look('outlineStyle'), await look('outlineWidth')]).to.deep.equal(['solid', '3px'])
    await one.page.addStyleTag({ content: '.bridge-button { font-size: 36px !important }' })
    expect(await one.page.evaluate('document.documentElement.scrollWidth')).to.be.at.most(NARROW.width)
  })

  for (const label of labels)
    it(`«${label}» leads to the IdP`, async () => {
      await follow(one.page, label)
      await arrived(one.page, 'Вход')
      expect(new URL(one.page.url()).origin).to.equal(town.town.idp)
      expect(one.asked.filter(url => url.includes('/page'))).to.deep.equal([`${page.origin}/page`])
    })

  it('leads back to the page that it names', async () => {
    await follow(one.page, WITH_RETURN)
    await signIn(one, 'mother@mail.example')
    await child(one.page, 'Соколова Вера')
    await one.page.waitForURL(`${town.town.journals}/sgo/marks`)
    expectQuiet({ ...one, asked: one.asked.filter(url => !url.startsWith(page.origin)) }, town)
  })
})
