/** A journal behind its own proxy, in a real browser: the cookies of its host are Lax, and the IdP's post is cross-site. */
import { expect } from 'chai'
import type { Browser } from 'playwright-core'
import { startTestTown, type TestTown } from '../support/town.js'
import { expectQuiet, launch, present, visitor } from './chromium.js'
import { arrived, press, signIn } from './steps.js'

;(present ? describe : describe.skip)('browser: trusted headers', () => {
  let town: TestTown
  let chromium: Browser
  before(async () => {
    ;[town, chromium] = await Promise.all([startTestTown({ idpHost: '127.0.0.1' }), launch()])
  })
  after(() => Promise.all([chromium.close(), town.close()]))

  it('leads to the page that was asked for, and out again', async () => {
    const one = await visitor(chromium)
    const { page } = one
    const asked = `${town.town.journals}/headers/diary?week=2`
    await page.goto(asked)
    await signIn(one, 'father@mail.example')
    await page.waitForURL(asked)
    expect(await page.locator('main').innerText())
      .to.include('p-1002')
      .and.include('Соколов Андрей')
    await page.getByRole('link', { name: 'Выйти' }).click()
    await press(page, 'Выйти')
    await arrived(page, 'Вы вышли')
    await page.goto(asked)
    expect(new URL(page.url()).origin).to.equal(town.town.idp)
    expectQuiet(one, town)
    await one.leave()
  })
})
