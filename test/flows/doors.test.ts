/** Journals that sign by hand, from their own button to their own page, and out again. */
import { expect } from 'chai'
import { demoDoors, doors } from '../../src/demo/doors.js'
import { Browser } from '../support/browser.js'
import { signInAtIdp, walk } from '../support/sign-in.js'
import { startTestTown, type TestTown } from '../support/town.js'

const FATHER = 'father@mail.example'
/** Of the father: what must stand in no address. */
const PERSONAL = /Соколов|Андрей|900-?000|father@|1984-11-03/

describe('flow: journals that sign by hand', () => {
  let town: TestTown
  before(async () => (town = await startTestTown()))
  after(() => town.close())
  const at = (id: string, section = '') => `${town.town.journals}/${id}/${section}`

  for (const id of doors) {
    it(`${demoDoors[id].door}: from the journal's button to the page that was wanted, and out everywhere`, async () => {
      const browser = new Browser()
      let page = await walk(browser, at(id, 'login?to=marks'), FATHER)
      if (page.forms.some(({ action }) => action.endsWith('/sso'))) page = await browser.submit(page)
      expect(page.url.href, page.text).to.equal(at(id, 'marks'))
      expect(page.text).to.include('Соколов Андрей')
      for (const url of browser.visited) expect(decodeURIComponent(decodeURIComponent(url))).not.to.match(PERSONAL)

      const bridge = `${town.town.bridge}/logout`
      const bye = await browser.submit(await browser.get(bridge), { then: '' }, '/logout')
      expect(bye.text, 'every journal was told').to.include('Вы вышли').and.not.to.include('ещё не вышли')
      expect((await browser.get(at(id))).text).to.include('Войти через Госуслуги')
    })

    it(`${demoDoors[id].door}: from the bridge's own page, signed in already`, async () => {
      const browser = new Browser()
      await walk(browser, `${town.town.bridge}/login?journal=sgo`, FATHER)
      const before = browser.visited.length
      let page = await browser.get(`${town.town.bridge}/login?journal=${id}`)
      if (page.forms.some(({ action }) => action.endsWith('/sso'))) page = await browser.submit(page)
      expect(page.url.href, page.text).to.equal(at(id))
      const again = browser.visited.slice(before)
      expect(again.filter(url => url.startsWith(town.town.idp))).to.deep.equal([])
      expect(again.includes(at(id, 'login')), 'only a forum asks first').to.equal(id === 'forum')
    })

    it(`${demoDoors[id].door}: whoever has no account there is told so, and the journal hears nothing`, async () => {
      const browser = new Browser()
      const page = await walk(browser, at(id, 'login'), 'nobody@mail.example')
      expect([page.status, page.url.origin]).to.deep.equal([403, town.town.bridge])
      expect(page.forms.filter(({ action }) => action.endsWith('/sso'))).to.deep.equal([])
      expect(browser.visited.filter(url => url.startsWith(at(id, 'sso')))).to.deep.equal([])
    })

    it(`${demoDoors[id].door}: the same hand-off opens the journal once`, async () => {
      const browser = new Browser()
      const page = await walk(browser, at(id, 'login'), FATHER)
      const form = page.forms.find(({ action }) => action.endsWith('/sso'))
      const link = browser.visited.find(url => url.startsWith(`${at(id, 'sso')}?`))
      if (form) await browser.submit(page)
      const twice = form ? await new Browser().submit(page) : await new Browser().get(link!)
      expect(twice.status).to.equal(403)
      // with its cookies, too
      browser.cookies.get('localhost')!.delete(`demo-${id}-visit`)
      const own = form ? await browser.submit(page) : await browser.get(link!)
      expect(own.text).to.match(/Для школы: (?:state-foreign|token-used)</)
    })
  }

  it('a forum’s question that somebody changed leads nowhere', async () => {
    const browser = new Browser()
    const asked = (await browser.request('GET', new URL(at('forum', 'login')))).location!
    asked.searchParams.set(
      'sig',
      asked.searchParams.get('sig')!.replace(/^./, sign => (sign === '0' ? '1' : '0')),
    )
    const page = await browser.get(asked)
    expect([page.status, page.text.includes('не подтвердил')]).to.deep.equal([403, true])
  })

  it('a state that no question became is sent to the forum to ask', async () => {
    const login = new URL(`${town.town.bridge}/login?journal=forum&state=forged`)
    login.searchParams.set('return', at('forum', 'sso'))
    const page = await new Browser().request('GET', login)
    expect(page.location!.href).to.equal(at('forum', 'login'))
  })

  it('a question that waited at the IdP while another one came first is still answered', async () => {
    const browser = new Browser()
    const answer = await signInAtIdp(browser, await browser.get(at('forum', 'login?to=notices')), FATHER)
    await browser.get(at('forum', 'login'))
    expect((await browser.submit(answer)).url.href).to.equal(at('forum', 'notices'))
  })

  it('no address of another kind of journal takes a question', async () => {
    const page = await new Browser({ accept: 'application/json' }).get(
      `${town.town.bridge}/discourse-connect/sgo?sso=x&sig=y`,
    )
    expect([page.status, page.text.includes('request.not-found')]).to.deep.equal([404, true])
  })
})
