/** Every page of the road as people reach it, on a telephone and on a desk: axe finds nothing, nothing scrolls sideways. */
import { expect } from 'chai'
import type { Browser, Page } from 'playwright-core'
import { startTestTown, type TestTown } from '../support/town.js'
import { DESKTOP, launch, PHONE, present, visitor, type Visitor } from './chromium.js'
import { findings } from './findings.js'
import { arrived, child, follow, press, signIn, typeCode, typePassword } from './steps.js'

async function expectAccessible(page: Page, name: string): Promise<void> {
  for (const viewport of [DESKTOP, PHONE]) {
    await page.setViewportSize(viewport)
    const where = `${name}, ${viewport.width} px`
    expect(await findings(page), where).to.deep.equal([])
    expect(await page.evaluate('document.documentElement.scrollWidth'), where).to.be.at.most(viewport.width)
  }
}

;(present ? describe : describe.skip)('browser: axe', function () {
  let town: TestTown
  let chromium: Browser
  let one: Visitor
  before(async () => {
    ;[town, chromium] = await Promise.all([startTestTown({ idpHost: '127.0.0.1' }), launch()])
  })
  beforeEach(async () => {
    one = await visitor(chromium, { bypassCSP: true })
  })
  afterEach(() => one.leave())
  after(() => Promise.all([chromium.close(), town.close()]))

  it('finds nothing from the journal to the journal and out again', async () => {
    const { page } = one
    await page.goto(`${town.town.journals}/sgo/`)
    await expectAccessible(page, 'journal, nobody signed in')
    await follow(page, 'Войти через Госуслуги')
    await arrived(page, 'Вход')
    await expectAccessible(page, 'password')
    await typePassword(page, 'mother@mail.example')
    await arrived(page, 'Код подтверждения')
    await expectAccessible(page, 'code')
    await typeCode(page)
    await page.waitForURL(`${town.town.bridge}/continue/*`)
    await expectAccessible(page, 'chooser')
    await child(page, 'Соколова Вера')
    await page.waitForURL(`${town.town.journals}/sgo/`)
    for (const section of ['', 'marks']) {
      await page.goto(`${town.town.journals}/sgo/${section}`)
      await expectAccessible(page, `journal /${section}`)
    }
    await page.goto(`${town.town.bridge}/logout`)
    await expectAccessible(page, 'leave?')
    await press(page, 'Выйти')
    await arrived(page, 'Вы вышли')
    await expectAccessible(page, 'farewell')
  })

  it('finds nothing on the pages beside the road', async () => {
    const { page } = one
    await page.goto(town.town.idp)
    await expectAccessible(page, 'services of the IdP')
    for (const path of ['/', '/s/school-1', '/login?journal=nobody']) {
      await page.goto(town.town.bridge + path)
      await expectAccessible(page, path)
    }
    await page.goto(`${town.town.bridge}/login?journal=sgo`)
    await signIn(one, 'nobody@mail.example')
    await expectAccessible(page, 'refusal')
    await page.goto(`${town.town.bridge}/self-test`)
    await page.waitForURL(`${town.town.bridge}/continue/*`)
    await expectAccessible(page, 'self-test')
    await page.goto(town.town.bridge)
    await expectAccessible(page, 'signed in')
  })
})
