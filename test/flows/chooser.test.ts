/** The page that asks which child: it remembers in this browser what was opened the last time, and never chooses itself. */
import { expect } from 'chai'
import { Browser, type Page } from '../support/browser.js'
import { tokensIn, walk } from '../support/sign-in.js'
import { startTestTown, type TestTown } from '../support/town.js'

const MOTHER = '+7(000)0000001'
const MARK = 'вы открывали в прошлый раз'

describe('flow: the chooser remembers', () => {
  let town: TestTown
  before(async () => (town = await startTestTown()))
  after(() => town.close())

  /** The next day: three rounds within a minute would be a loop. */
  const login = (browser: Browser, query = '') => {
    town.clock.forward(86_400_000)
    return walk(browser, `${town.town.bridge}/login?journal=sgo${query}`, MOTHER)
  }
  const cards = (page: Page) => page.form('/continue/').buttons.filter(({ name }) => name === 'choice')
  const choose = (browser: Browser, page: Page, choice: string) => browser.submit(page, { choice }, '/continue/')
  const firstCard = (page: Page) => /<li>.*?<\/li>/s.exec(page.text)![0]

  it('a browser that chose before sees its choice first, and still chooses', async () => {
    const browser = new Browser()
    const fresh = await login(browser)
    expect(fresh.text).not.to.include(MARK)
    const [one, other] = cards(fresh)
    await choose(browser, fresh, other!.value)

    const again = await login(browser, '&force=1')
    expect(cards(again).map(({ value }) => value)).to.deep.equal([other!.value, one!.value])
    expect(firstCard(again)).to.include(MARK)
    expect(again.text.split(MARK)).to.have.length(2)
    await choose(browser, again, one!.value)
    expect(tokensIn(browser).map(({ child }) => child)).to.deep.equal(['c-601', 'c-501'])
    expect(cards(await login(browser, '&force=1'))[0]!.value).to.equal(one!.value)
  })

  it('another browser knows nothing of it, and a cookie of one’s own making does no harm', async () => {
    const browser = new Browser()
    const chosen = await login(browser)
    await choose(browser, chosen, cards(chosen)[0]!.value)
    const host = new URL(town.town.bridge).hostname
    expect(browser.cookie(town.town.bridge, 'vhod-choice')).to.match(/^[\w-]{16}$/)
    const stranger = new Browser()
    expect((await login(stranger)).text).not.to.include(MARK)
    for (const value of ['x'.repeat(3000), '....', '"><script>', `${'A'.repeat(16)}.${'B'.repeat(16)}`]) {
      const jar = browser.cookies.get(host)!
      jar.set('vhod-choice', { ...jar.get('vhod-choice')!, value })
      const page = await login(browser, '&force=1')
      expect(page.text, value).not.to.include(MARK)
      expect(cards(page)).to.have.length(2)
    }
  })

  it('a choice that was refused is not remembered', async () => {
    const browser = new Browser()
    const page = await login(browser)
    expect((await choose(browser, page, 'x')).status).to.equal(403)
    expect(browser.cookie(town.town.bridge, 'vhod-choice')).to.equal(undefined)
  })
})
