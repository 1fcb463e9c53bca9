/** The demo's journal that speaks CAS, before the real bridge. */
import { expect } from 'chai'
import { denials } from '../../src/demo-journals/denials.js'
import { Browser, type Page } from '../support/browser.js'
import { walk } from '../support/sign-in.js'
import { startTestTown, type TestTown } from '../support/town.js'

const FATHER = 'father@mail.example'

describe('demo journal with CAS', () => {
  let town: TestTown
  let journal: string
  before(async () => {
    town = await startTestTown()
    journal = `${town.town.journals}/cas/`
  })
  after(() => town.close())

  const isIn = async (browser: Browser): Promise<boolean> =>
    !(await browser.get(`${journal}marks`)).text.includes('Войти через Госуслуги')
  const ticketAddress = (browser: Browser): string => browser.visited.find(url => url.includes('ticket=ST-'))!
  const denied = ({ status, text }: Page) => [status, Object.values(denials).find(({ heading }) => text.includes(heading))?.heading] // prettier-ignore

  it('lets in who began at its button, at the section that was wanted, and leaves a clean address', async () => {
    const browser = new Browser()
    const page = await walk(browser, `${journal}login?to=marks`, FATHER)
    expect([page.status, page.url.href]).to.deep.equal([200, `${journal}marks`])
    expect(await isIn(browser)).to.equal(true)
  })

  it('lets in who comes from the start page of the bridge', async () => {
    const browser = new Browser()
    expect((await walk(browser, `${town.town.bridge}/login?journal=cas`, FATHER)).url.href).to.equal(journal)
    expect(await isIn(browser)).to.equal(true)
  })

  it("refuses another browser's link, a ticket that was used, and one that it was never given", async () => {
    const victim = new Browser()
    const attacker = new Browser()
    await walk(attacker, `${journal}login?to=`, FATHER)
    expect(denied(await victim.get(ticketAddress(attacker)))).to.deep.equal([403, denials['handle-refused'].heading])
    const fresh = await attacker.request('GET', (await attacker.request('GET', new URL(`${journal}login`))).location!)
    expect(denied(await victim.get(fresh.location!))).to.deep.equal([403, denials['state-foreign'].heading])
    expect(denied(await victim.get(`${journal}cas?ticket=ST-x`))).to.deep.equal([
      403,
      denials['handle-refused'].heading,
    ])
    expect(denied(await victim.get(`${journal}cas`))).to.deep.equal([400, denials['token-missing'].heading])
    expect(await isIn(victim)).to.equal(false)
  })

  it('hears of the logout', async () => {
    const browser = new Browser()
    await walk(browser, `${journal}login?to=marks`, FATHER)
    const button = await browser.get(`${town.town.bridge}/logout`)
    const farewell = await browser.submit(button, { then: '' }, '/logout')
    expect(farewell.text).to.include('Журнал подтвердил выход: Журнал с CAS')
    expect(await isIn(browser)).to.equal(false)
  })
})
