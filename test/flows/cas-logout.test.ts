/** CAS and logout: the services hear of it by their tickets, and the guest may go back to the one that asked. */
import { expect } from 'chai'
import { Browser, type Page } from '../support/browser.js'
import { ticketIn, useCasTown } from '../support/cas-town.js'

describe('flow: CAS logout', () => {
  const cas = useCasTown()
  const { at, here, enter, turn } = cas

  it('tells every service by its own ticket, and leads back to the one that asked', async () => {
    const browser = new Browser()
    const first = await enter(browser)
    const second = ticketIn(await turn(browser, { service: here('moodle/second') }))
    cas.service.letters.length = 0
    const farewell = await press(browser, await browser.get(at('moodle/logout', { service: here('moodle/bye') })))
    expect(farewell.text).to.include('Вход закончен и здесь, и на Госуслугах').and.to.include('Журнал moodle')
    expect(farewell.link('Вернуться в журнал').href).to.equal(here('moodle/bye'))
    const told = cas.service.letters.map(({ path, body }) => [path, /<samlp:SessionIndex>(.*?)<\/samlp/.exec(body.get('logoutRequest')!)![1]]) // prettier-ignore
    expect(told).to.have.deep.members([
      ['/moodle/', first],
      ['/moodle/second', second],
    ])
  })

  it('leads back by url, too, and says goodbye at once to whom nobody knows', async () => {
    const page = await new Browser().get(at('moodle/logout', { url: here('moodle/bye') }))
    expect(page.link('Вернуться в журнал').href).to.equal(here('moodle/bye'))
    expect((await new Browser().get(at('moodle/logout'))).text).not.to.include('Вернуться в журнал')
  })

  it('leads nowhere that a forged form names', async () => {
    const browser = new Browser()
    await enter(browser)
    const button = await browser.get(at('moodle/logout', { service: here() }))
    expect((await press(browser, button, { return: 'https://evil.example/' })).status).to.equal(400)
  })
})

/** The button «Выйти», not that of «Это не вы?» */
async function press(browser: Browser, page: Page, change: Record<string, string> = {}): Promise<Page> {
  const { action, fields } = page.forms.find(form => !('then' in form.fields))!
  const form = new URLSearchParams({ ...fields, ...change })
  return browser.follow(await browser.request('POST', new URL(action, page.url), form, page.url))
}
