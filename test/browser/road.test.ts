/** One login as people live it: a real browser, and an IdP on another site than the bridge. */
import { expect } from 'chai'
import type { Browser, BrowserContextOptions } from 'playwright-core'
import { startTestTown, type TestTown } from '../support/town.js'
import { expectQuiet, launch, present, visitor, type Visitor } from './chromium.js'
import { arrived, child, follow, heading, press, signIn } from './steps.js'

const MOTHER = 'mother@mail.example'

;(present ? describe : describe.skip)('browser: the road', () => {
  let town: TestTown
  let chromium: Browser
  let open: Visitor[] = []
  before(async () => {
    ;[town, chromium] = await Promise.all([startTestTown({ idpHost: '127.0.0.1' }), launch()])
  })
  after(() => Promise.all([chromium.close(), town.close()]))
  afterEach(async () => {
    const visitors = open
    open = []
    for (const one of visitors) expectQuiet(one, town)
    await Promise.all(visitors.map(one => one.leave()))
  })

  const someone = async (options?: BrowserContextOptions): Promise<Visitor> => {
    const one = await visitor(chromium, options)
    open.push(one)
    return one
  }
  /** From the journal's own button to its page about the child. */
  const enter = async (one: Visitor, name: string): Promise<void> => {
    await one.page.goto(`${town.town.journals}/sgo/`)
    await follow(one.page, 'Войти через Госуслуги')
    await signIn(one, MOTHER)
    await child(one.page, name)
    await one.page.waitForURL(`${town.town.journals}/sgo/`)
  }
  const signedIn = async ({ page }: Visitor): Promise<boolean> =>
    (await page.context().request.get(`${town.town.bridge}/session`)).ok()

  it('leads a mother of two from the journal through Госуслуги to the child she chose', async () => {
    const one = await someone()
    const { page } = one
    await page.goto(`${town.town.journals}/sgo/`)
    await follow(page, 'Войти через Госуслуги')
    expect(new URL(page.url()).origin).to.equal(town.town.idp)
    await signIn(one, MOTHER)
    expect(new URL(page.url()).origin).to.equal(town.town.bridge)
    expect(await heading(page)).to.equal('Что открыть?')
    expect(await page.locator('.choice-title').allInnerTexts()).to.have.members(['Соколов Илья', 'Соколова Вера'])
    await child(page, 'Соколова Вера')
    expect(await page.locator('.child').innerText()).to.include('Соколова Вера')
    expect(page.url(), 'no token stays in the address').to.equal(`${town.town.journals}/sgo/`)
  })

  it('stays in the journal after a reload and after the back button', async () => {
    const one = await someone()
    await enter(one, 'Соколов Илья')
    await one.page.reload()
    expect(await one.page.locator('.child').innerText()).to.include('Соколов Илья')
    await one.page.goBack()
    expect(one.page.url()).to.equal(`${town.town.journals}/sgo/`)
    expect(await one.page.locator('.child').innerText()).to.include('Соколов Илья')
  })

  it('opens a second journal without asking Госуслуги', async () => {
    const one = await someone()
    await enter(one, 'Соколов Илья')
    const before = one.asked.length
    await one.page.goto(`${town.town.journals}/eljur/`)
    await follow(one.page, 'Войти через Госуслуги')
    await child(one.page, 'Соколов Илья')
    expect(await one.page.locator('.child').innerText()).to.include('Соколов Илья')
    expect(one.page.url()).to.equal(`${town.town.journals}/eljur/`)
    expect(one.asked.slice(before).filter(url => url.startsWith(town.town.idp))).to.deep.equal([])
  })

  it('ends the login here and at Госуслуги with one button', async () => {
    const one = await someone()
    await enter(one, 'Соколов Илья')
    await follow(one.page, 'Выйти')
    await press(one.page, 'Выйти')
    await follow(one.page, 'Выйти и из службы входа')
    expect(await signedIn(one), 'a link ends nothing').to.equal(true)
    await press(one.page, 'Выйти')
    await arrived(one.page, 'Вы вышли')
    expect(await one.page.locator('.lead').innerText()).to.include('и здесь, и на Госуслугах')
    expect(await signedIn(one)).to.equal(false)
    await one.page.goto(`${town.town.journals}/sgo/login`)
    expect(await one.page.getByLabel('Пароль').count(), 'Госуслуги asks anew').to.equal(1)
  })

  it('lets another person in where a stranger to the school was refused', async () => {
    const one = await someone()
    await one.page.goto(`${town.town.bridge}/login?journal=sgo`)
    await signIn(one, 'nobody@mail.example')
    expect(await one.page.locator('.who').innerText()).to.include('Неизвестный')
    one.complaints.length = 0 // Chromium reports the 403 of the page itself
    await press(one.page, 'Это не вы? Войти другим')
    await signIn(one, 'father@mail.example')
    expect(await one.page.locator('.child').innerText()).to.include('Соколов Илья')
  })

  it('needs no JavaScript anywhere', async () => {
    const one = await someone({ javaScriptEnabled: false })
    await enter(one, 'Соколова Вера')
    expect(one.page.url()).to.equal(`${town.town.journals}/sgo/`)
    expect(await one.page.locator('.child').innerText()).to.include('Соколова Вера')
  })

  it('can be walked by keyboard alone', async () => {
    const one = await someone()
    const { page } = one
    const { keyboard } = page
    const focused = (): Promise<string> => page.locator(':focus').innerText()
    const tabTo = async (words: string): Promise<void> => {
      for (let count = 0; count < 12; count += 1) {
        await keyboard.press('Tab')
        if ((await focused()).includes(words)) return
      }
      throw new Error(`"${words}" is out of reach of the Tab key on ${page.url()}`)
    }
    await page.goto(`${town.town.journals}/sgo/`)
    await tabTo('Войти через Госуслуги')
    await keyboard.press('Enter')
    await signIn(one, MOTHER)
    await tabTo('Соколова Вера')
    const outline = await page.evaluate('getComputedStyle(document.activeElement).outlineStyle')
    expect(outline, 'the focus is seen').to.equal('solid')
    await keyboard.press('Enter')
    await page.waitForURL(`${town.town.journals}/sgo/`)
    expect(await page.locator('.child').innerText()).to.include('Соколова Вера')
  })

  it('would notice what a page is not allowed to do', async () => {
    const one = await visitor(chromium)
    await one.page.goto(town.town.bridge)
    expect(() => expectQuiet(one, town)).not.to.throw()
    await one.page.setContent('<p style="color: red">x</p><img src="https://elsewhere.example/x.png" />')
    await one.page.waitForLoadState('networkidle')
    await one.leave()
    expect(() => expectQuiet(one, town)).to.throw()
    expect(one.complaints.join()).to.match(/Content Security Policy directive '?style-src/)
  })
})
