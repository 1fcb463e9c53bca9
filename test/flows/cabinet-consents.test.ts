/** Consents in the cabinet: seen, and taken back. Over real HTTP. */
import { expect } from 'chai'
import { refusalText } from '../../src/web/pages/text-ru.js'
import { Browser, type Page } from '../support/browser.js'
import { at, enterCabinet, FATHER, MOTHER, post, tokenOn } from '../support/cabinet.js'
import { agree, asksConsent, expectConsent } from '../support/consenting.js'
import { useTown } from '../support/flow.js'
import { walk } from '../support/sign-in.js'

const MINUTE = 60_000

describe('flow: consents in the cabinet', () => {
  const flow = useTown({ more: asksConsent() })
  const go = (browser: Browser, path: string) => browser.get(at(flow.town, path))

  /** Is inside the journal, and looks into the cabinet. */
  async function agreed(): Promise<{ browser: Browser; page: Page }> {
    const browser = new Browser()
    const asked = await walk(browser, flow.login(), FATHER)
    if (asked.url.origin !== flow.town.town.journals) await agree(browser, asked)
    return { browser, page: await go(browser, '/me') }
  }

  it('one that was given stands there with its text, and is taken back after a fresh sign-in', async () => {
    const { browser: other } = await agreed()
    const { browser, page } = await agreed()
    flow.town.clock.forward(6 * MINUTE)
    const asked = await browser.get(page.link('Отозвать'))
    expect(asked.forms.some(({ action }) => action === '/me/consents/withdraw')).to.equal(false)
    const question = await walk(browser, asked.link('Войти ещё раз'), FATHER)
    expect(question.url.href).to.equal(asked.url.href)
    const told = await browser.submit(question, {}, '/me/consents/withdraw')
    expect(told.text).to.include('Согласие отозвано')
    for (const out of [other, browser]) expect((await go(out, '/session')).status, 'everybody is out').to.equal(401)
    const later = new Browser()
    expect((await enterCabinet(flow.town, later)).text).to.match(/отозвано\s+<time/)
    expect((await go(later, '/me/data.json')).text).to.match(/"how": "withdrawn"/)
    expectConsent(await go(later, '/login?journal=sgo'))
  })

  it('nobody takes back that of somebody else, nor one that is taken back', async () => {
    const { browser, page } = await agreed()
    const id = page.link('Отозвать').searchParams.get('id')!
    const stranger = new Browser()
    const token = tokenOn(await enterCabinet(flow.town, stranger, MOTHER))
    const withdraw = (who: Browser, fields: Record<string, string>) =>
      post(flow.town, who, '/me/consents/withdraw', { id, ...fields })
    const refused = await withdraw(stranger, { token })
    expect([refused.status, refused.text.includes(refusalText['cabinet.unknown'].heading)]).to.deep.equal([404, true])
    expect((await withdraw(browser, { token })).status, 'with the token of somebody else').to.equal(403)
    expect((await go(stranger, `/me/consents/withdraw?id=${id}`)).status).to.equal(404)
    expect((await go(browser, '/me')).link('Отозвать').searchParams.get('id'), 'it stands').to.equal(id)

    const fresh = new Browser()
    const own = tokenOn(await enterCabinet(flow.town, fresh, FATHER))
    expect((await withdraw(fresh, { token: own })).status).to.equal(200)
    const again = new Browser()
    const next = tokenOn(await enterCabinet(flow.town, again, FATHER))
    expect((await withdraw(again, { token: next })).status, 'again').to.equal(404)
  })
})
