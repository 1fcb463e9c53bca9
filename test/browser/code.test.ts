/** The QR code of a slip in a phone: the code is typed for the person, and no address that is asked for ever holds it. */
import { expect } from 'chai'
import type { Browser } from 'playwright-core'
import { systemChance } from '../../src/base/chance.js'
import { newCode } from '../../src/identity/codes.js'
import { startTestTown, type TestTown } from '../support/town.js'
import { expectQuiet, launch, present, visitor } from './chromium.js'
import { arrived, follow, signIn } from './steps.js'

const PERSON = 'no-snils@mail.example'

;(present ? describe : describe.skip)('browser: the QR code of a slip', () => {
  let town: TestTown
  let chromium: Browser
  before(async () => {
    ;[town, chromium] = await Promise.all([startTestTown({ idpHost: '127.0.0.1' }), launch()])
  })
  after(() => Promise.all([chromium.close(), town.close()]))

  const code = newCode(systemChance)
  const scanned = () => `${town.town.bridge}/code#${code}`
  const withoutHash = (url: string): string => url.split('#')[0]!

  it('is there after the sign-in, once', async () => {
    const one = await visitor(chromium)
    const { page } = one
    await page.goto(scanned())
    expect(page.url(), 'nobody reads it over a shoulder, and no bookmark keeps it').to.equal(`${town.town.bridge}/code`)
    await follow(page, 'Войти через Госуслуги')
    await signIn(one, PERSON)
    await arrived(page, 'Введите код от школы')
    expect(await page.getByLabel('Код с листочка').inputValue()).to.equal(code)
    await page.reload()
    expect(await page.getByLabel('Код с листочка').inputValue()).to.equal('')
    expectQuiet(one, town)
    expect(one.asked.map(withoutHash).filter(url => url.includes(code))).to.deep.equal([])

    await page.goto(scanned())
    await arrived(page, 'Введите код от школы')
    expect(await page.getByLabel('Код с листочка').inputValue(), 'who is signed in comes at once').to.equal(code)
    await one.leave()
  })

  it('without scripts is typed by hand', async () => {
    const one = await visitor(chromium, { javaScriptEnabled: false })
    await one.page.goto(scanned())
    await follow(one.page, 'Войти через Госуслуги')
    await signIn(one, PERSON)
    expect(await one.page.getByLabel('Код с листочка').inputValue()).to.equal('')
    await one.leave()
  })

  it('what is no code is not typed', async () => {
    const one = await visitor(chromium)
    await one.page.goto(`${town.town.bridge}/code#"><img src=x>`)
    await follow(one.page, 'Войти через Госуслуги')
    await signIn(one, PERSON)
    expect(await one.page.getByLabel('Код с листочка').inputValue()).to.equal('')
    expectQuiet(one, town)
    await one.leave()
  })
})
