/** Buttons of the cabinet whose answer got lost, or whose node died half-way: pressed again, they say what is so. Over real HTTP. */
import { expect } from 'chai'
import { openStoreOf } from '../../src/compose.js'
import type { Store } from '../../src/store/open.js'
import { StoreUnavailable } from '../../src/store/store-error.js'
import { doneTexts } from '../../src/web/pages/cabinet.js'
import { Browser, type Page } from '../support/browser.js'
import { at, enterCabinet, FATHER } from '../support/cabinet.js'
import { agree, asksConsent, isConsent } from '../support/consenting.js'
import { signInAtIdp, walk } from '../support/sign-in.js'
import { startTestTown, type TestTown } from '../support/town.js'

/** Ending a session fails so often, after so many that are ended, as when the node or its database goes away just then. */
function failing(store: Store, times: { after: number; left: number }): Store {
  const endWhole: Store['logouts']['endWhole'] = (...args) =>
    times.after-- <= 0 && times.left-- > 0
      ? Promise.reject(new StoreUnavailable('08006', { cause: undefined }))
      : store.logouts.endWhole(...args)
  return { ...store, logouts: { ...store.logouts, endWhole } }
}

describe('flow: pressed again', function () {
  const times = { after: 0, left: 0 }
  let town: TestTown
  before(async () => {
    const openStore = async (configuration: Parameters<typeof openStoreOf>[0]) =>
      failing(await openStoreOf(configuration), times)
    town = await startTestTown({ more: asksConsent(), openStore })
  })
  after(() => town.close())

  /** Has entered the journal, and stands in the cabinet. */
  async function inside(): Promise<{ browser: Browser; page: Page }> {
    const browser = new Browser()
    const page = await walk(browser, at(town, '/login?journal=sgo'), FATHER)
    if (isConsent(page)) await agree(browser, page)
    const cabinet = await browser.get(at(town, '/me'))
    if (!cabinet.text.includes('/me/relink')) return { browser, page: cabinet }
    await browser.submit(cabinet, {}, '/me/relink')
    await browser.get(at(town, '/login?journal=sgo'))
    return { browser, page: await browser.get(at(town, '/me')) }
  }

  /** Nothing of the answer reached the browser, and the form is sent again; a sign-in on the way goes by itself. */
  async function pressTwice(browser: Browser, page: Page, words: string): Promise<{ first: Page; second: Page }> {
    const before = new Map([...browser.cookies].map(([host, jar]) => [host, new Map(jar)]))
    const first = await browser.submit(page, {}, words)
    browser.cookies.clear()
    for (const [host, jar] of before) browser.cookies.set(host, jar)
    const second = await browser.submit(page, {}, words)
    if (!second.text.includes('name="SAMLResponse"')) return { first, second }
    return { first, second: await browser.submit(await signInAtIdp(browser, second, FATHER)) }
  }

  it('«Отвязать», when its answer got lost together with the session', async () => {
    const { browser, page } = await inside()
    const question = await browser.get(page.link('Отвязать'))
    const { first, second } = await pressTwice(browser, question, '/me/unlink')
    expect(first.text).to.include('Запись отвязана')
    expect([second.url.pathname, second.status], second.text).to.deep.equal(['/me', 200])
    expect(second.text).to.include(doneTexts.unlinked).and.include('/me/relink')
  })

  it('«Отвязать», when the node died before this very session had ended', async () => {
    const { browser, page } = await inside()
    const question = await browser.get(page.link('Отвязать'))
    times.left = 1
    const { first, second } = await pressTwice(browser, question, '/me/unlink')
    expect(first.status).to.equal(503)
    expect(second.text).to.include('Запись отвязана')
    expect((await browser.get(at(town, '/session'))).status, 'nobody stays inside').to.equal(401)
    const refused = await walk(new Browser(), at(town, '/login?journal=sgo'), FATHER)
    expect(refused.status, 'and it is shut').to.equal(403)
  })

  it('«Отвязать», when the node died before the session of another device had ended: nothing is half done', async () => {
    const { browser: other } = await inside()
    const { browser, page } = await inside()
    const question = await browser.get(page.link('Отвязать'))
    times.left = 1
    const { first, second } = await pressTwice(browser, question, '/me/unlink')
    expect(first.status).to.equal(503)
    expect(second.text).to.include('Запись отвязана')
    for (const each of [browser, other]) expect((await each.get(at(town, '/session'))).status).to.equal(401)
  })

  it('«Отозвать согласие», when its answer got lost, and when sessions were left', async () => {
    for (const left of [0, 1]) {
      const { browser, page } = await inside()
      const question = await browser.get(page.link('Отозвать'))
      times.left = left
      const { first, second } = await pressTwice(browser, question, '/me/consents/withdraw')
      expect(first.status).to.equal(left === 0 ? 200 : 503)
      expect(second.text).to.include('Согласие отозвано')
      if (left === 1) expect((await browser.get(at(town, '/session'))).status).to.equal(401)
    }
  })

  it('«Отозвать согласие», when some sessions had ended: who reads that it is done has none left', async () => {
    for (const after of [0, 1, 2, 3]) {
      const { browser, page } = await inside()
      const question = await browser.get(page.link('Отозвать'))
      const others = [(await inside()).browser, (await inside()).browser]
      Object.assign(times, { after, left: 1 })
      const { first, second } = await pressTwice(browser, question, '/me/consents/withdraw')
      expect(first.status).to.equal(after === 3 ? 200 : 503)
      expect(second.text).to.include('Согласие отозвано')
      for (const each of others) expect((await each.get(at(town, '/session'))).status, `after ${after}`).to.equal(401)
      times.left = 0
    }
  })

  it('«Завершить» of another session', async () => {
    const { browser: other } = await inside()
    const browser = new Browser()
    const page = await enterCabinet(town, browser)
    const { first, second } = await pressTwice(browser, page, '/me/sessions/end')
    for (const told of [first, second]) expect(told.text).to.include(doneTexts.ended)
    expect((await other.get(at(town, '/session'))).status).to.equal(401)
  })
})
