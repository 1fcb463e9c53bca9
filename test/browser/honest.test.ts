/** What honest people do to a login: back, reload, a second tab, a window without our cookies. */
import { expect } from 'chai'
import type { Browser } from 'playwright-core'
import { startTestTown, type TestTown } from '../support/town.js'
import { launch, present, visitor, type Visitor } from './chromium.js'
import { arrived, follow, signIn } from './steps.js'

const FATHER = 'father@mail.example'

;(present ? describe : describe.skip)('browser: honest people', () => {
  let town: TestTown
  let chromium: Browser
  let one: Visitor
  before(async () => {
    ;[town, chromium] = await Promise.all([startTestTown({ idpHost: '127.0.0.1' }), launch()])
  })
  after(() => Promise.all([chromium.close(), town.close()]))
  beforeEach(async () => {
    one = await visitor(chromium)
  })
  afterEach(() => one.leave())

  const inJournal = async (section = ''): Promise<void> => {
    await one.page.waitForURL(`${town.town.journals}/sgo/${section}`)
    expect(await one.page.locator('.child').innerText()).to.include('Соколов Илья')
  }

  it('who goes back to the page of the IdP, which posts its answer again, lands in the journal', async () => {
    await one.page.goto(`${town.town.journals}/sgo/`)
    await follow(one.page, 'Войти через Госуслуги')
    await signIn(one, FATHER)
    await inJournal()
    const answer = one.asked.filter(url => url.includes('/idp/login/')).at(-1)!
    await one.page.goto(answer)
    await inJournal()
  })

  it('who cleared the cookies on the way goes on with one button', async () => {
    await one.page.goto(`${town.town.journals}/sgo/login?to=marks`)
    await one.page.context().clearCookies({ name: /^vhod-/ })
    await signIn(one, FATHER)
    await arrived(one.page, 'Остался один шаг')
    await follow(one.page, 'Продолжить вход')
    await inJournal('marks')
  })

  it('a journal that sends people back again and again is stopped with the cause', async () => {
    const comeBack = () => one.page.goto(`${town.town.bridge}/login?journal=sgo`)
    await comeBack()
    await signIn(one, FATHER)
    await inJournal()
    for (let round = 2; round <= 3; round++) {
      await comeBack()
      await inJournal()
    }
    await comeBack()
    await arrived(one.page, 'Журнал отправляет вас по кругу')
    await follow(one.page, 'Попробовать ещё раз')
    await inJournal()
  })
})
