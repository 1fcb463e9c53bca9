/** Single logout in a real browser, the IdP on another site than the bridge: what cookies and content policies do to it. */
import { expect } from 'chai'
import type { Browser } from 'playwright-core'
import { startTestTown, type TestTown } from '../support/town.js'
import { expectQuiet, launch, present, visitor, type Visitor } from './chromium.js'
import { arrived, press, signIn } from './steps.js'

;(present ? describe : describe.skip)('browser: single logout', () => {
  let town: TestTown
  let chromium: Browser
  before(async () => {
    ;[town, chromium] = await Promise.all([
      startTestTown({ idpHost: '127.0.0.1', logoutBy: ['post', 'soap'] }),
      launch(),
    ])
  })
  after(() => Promise.all([chromium.close(), town.close()]))

  const enter = async (scripts = true): Promise<Visitor> => {
    const one = await visitor(chromium, { javaScriptEnabled: scripts })
    await one.page.goto(`${town.town.bridge}/login?journal=sgo`)
    await signIn(one, 'father@mail.example')
    await one.page.waitForURL(`${town.town.journals}/sgo/`)
    return one
  }
  const signedIn = async ({ page }: Visitor): Promise<boolean> =>
    (await page.context().request.get(`${town.town.bridge}/session`)).ok()
  const inJournal = async ({ page }: Visitor): Promise<boolean> =>
    (await (await page.context().request.get(`${town.town.journals}/sgo/`)).text()).includes('/sgo/logout')

  for (const [way, by] of [
    ['redirect', 'адресом (HTTP-Redirect)'],
    ['post', 'формой (HTTP-POST)'],
  ] as const)
    it(`the IdP ends it by ${way}: the bridge and the journal are left, the IdP hears so`, async () => {
      const one = await enter()
      await one.page.goto(town.town.idp)
      await one.page.getByLabel('Как сообщить системам').selectOption(by)
      await press(one.page, 'Выйти')
      await arrived(one.page, 'Вы вышли')
      expect(new URL(one.page.url()).origin).to.equal(town.town.idp)
      expect(await one.page.locator('strong').innerText()).to.equal('Success')
      expect([await signedIn(one), await inJournal(one)]).to.deep.equal([false, false])
      expectQuiet(one, town)
      await one.leave()
    })

  for (const scripts of [true, false])
    it(`ended here with an IdP that takes forms alone${scripts ? '' : ', and scripts off'}`, async () => {
      const one = await enter(scripts)
      await one.page.goto(`${town.town.bridge}/logout`)
      await press(one.page, 'Выйти')
      if (!scripts) {
        await arrived(one.page, 'Заканчиваем вход на Госуслугах')
        await press(one.page, 'Продолжить')
        await press(one.page, 'Продолжить')
      }
      await arrived(one.page, 'Вы вышли')
      expect(new URL(one.page.url()).origin).to.equal(town.town.bridge)
      expect([await signedIn(one), await inJournal(one)]).to.deep.equal([false, false])
      expectQuiet(one, town)
      await one.leave()
    })
})
