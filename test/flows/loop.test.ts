/** A journal that sends people back again and again is stopped, with the cause; whoever presses a button is in no loop. */
import { expect } from 'chai'
import { refusalText } from '../../src/web/pages/text-ru.js'
import { Browser, type Page } from '../support/browser.js'
import { signInAtIdp, walk } from '../support/sign-in.js'
import { lastEvent } from '../support/told.js'
import { startTestTown, type TestTown } from '../support/town.js'

const FATHER = 'father@mail.example'

describe('flow: redirect loops', () => {
  let town: TestTown
  before(async () => {
    town = await startTestTown()
    town.clock.stop()
  })
  after(() => town.close())
  afterEach(() => town.clock.forward(61_000))

  const login = (query: Record<string, string> = {}): string =>
    `${town.town.bridge}/login?${new URLSearchParams({ journal: 'sgo', ...query }).toString()}`
  /** One turn: the journal sends the browser to us; its own pages do not matter. */
  const turn = (browser: Browser, query?: Record<string, string>): Promise<Page> =>
    browser.request('GET', new URL(login(query)))
  const isStopped = (page: Page): boolean => page.text.includes(refusalText['login.loop'].heading)

  it('with an open session are stopped before the fourth round, with cause, journal and a button that tries again', async () => {
    const browser = new Browser()
    await walk(browser, login(), FATHER)
    town.clock.forward(61_000)
    for (let round = 1; round <= 3; round++) expect((await turn(browser)).status, `round ${round}`).to.equal(303)
    const stopped = await turn(browser, { state: 'kept' })
    expect(stopped.status).to.equal(429)
    expect(isStopped(stopped)).to.equal(true)
    const event = await lastEvent(town, stopped)
    expect(event).to.deep.include({ what: 'login.refused', code: 'login.loop', journal: 'sgo' })
    expect(event.facts).to.include({ rounds: 3, through: 'session' })
    const again = stopped.link('Попробовать ещё раз')
    expect(again.searchParams.get('state')).to.equal('kept')
    expect((await browser.get(again)).url.origin, 'really tries').to.equal(town.town.journals)
  })

  it('through the IdP are stopped, too', async () => {
    const browser = new Browser()
    let here = await browser.get(login())
    let rounds = 0
    for (; rounds < 6 && !isStopped(here); rounds++) {
      await browser.submit(await signInAtIdp(browser, here, FATHER))
      browser.cookies.get('localhost')!.delete('vhod-session')
      here = await browser.get(login())
    }
    expect(rounds).to.equal(3)
    expect((await lastEvent(town, here)).facts).to.include({ rounds: 3, through: 'idp' })
  })

  it('are not seen in logins that led nowhere, in another journal, or a minute later', async () => {
    const undecided = new Browser()
    for (let i = 0; i < 8; i++) expect((await turn(undecided)).status).to.equal(303)
    const browser = new Browser()
    await walk(browser, login(), FATHER)
    for (let round = 2; round <= 3; round++) await turn(browser)
    expect((await turn(browser, { journal: 'eljur' })).status).to.equal(303)
    town.clock.forward(60_000)
    expect((await turn(browser)).status).to.equal(303)
  })

  it('are not seen where a person presses a button of ours, nor in tabs that go to different places', async () => {
    const browser = new Browser()
    await walk(browser, login(), FATHER)
    const presser = new Browser({ 'sec-fetch-site': 'same-origin' })
    for (const [host, cookies] of browser.cookies) presser.cookies.set(host, new Map(cookies))
    for (let i = 0; i < 8; i++) expect((await turn(presser)).status).to.equal(303)
    for (const section of ['marks', 'timetable', 'homework', 'news'])
      expect((await turn(browser, { return: `${town.town.journals}/sgo/${section}` })).status, section).to.equal(303)
  })

  it('cannot be feigned by a stranger, and a spoilt cookie stops nobody', async () => {
    for (const value of ['x', '~~~', 'a.b.c', `${'a'.repeat(8)}.${'b'.repeat(8)}.zzzzzzzzz`]) {
      const browser = new Browser()
      browser.cookies.set('localhost', new Map([['vhod-rounds', { value, secure: false, sameSite: 'lax' }]]))
      expect((await turn(browser)).status, value).to.equal(303)
    }
  })
})
