/** Sessions of a browser: what they open, what they tell, when they end. */
import { expect } from 'chai'
import { Browser } from '../support/browser.js'
import { useTown } from '../support/flow.js'
import { tokensIn, walk } from '../support/sign-in.js'

const MINUTE = 60_000

describe('flow: sessions', () => {
  const flow = useTown()
  const { login, session } = flow

  it('enter a second journal without the IdP', async () => {
    const browser = new Browser()
    await walk(browser, login(), 'father@mail.example')
    const before = browser.visited.length
    const page = await browser.get(login('journal=eljur'))
    expect(page.url.origin).to.equal(flow.town.town.journals)
    expect(browser.visited.slice(before).filter(url => url.startsWith(flow.town.town.idp))).to.deep.equal([])
    const [first, second] = tokensIn(browser)
    expect(second!['aud']).to.equal('eljur')
    expect(second!['sub'], 'pairwise').not.to.equal(first!['sub'])
  })

  it('tell who is signed in, and nothing more', async () => {
    const browser = new Browser()
    expect((await session(browser)).status).to.equal(401)
    await walk(browser, login(), 'father@mail.example')
    const { status, body } = await session(browser)
    expect(status).to.equal(200)
    expect(body).to.have.all.keys('signedIn', 'idp', 'person', 'account', 'idleEndsAt', 'endsAt')
    expect(body['person']).to.deep.equal({
      userId: '1000900002',
      lastName: 'Соколов',
      firstName: 'Андрей',
      middleName: 'Павлович',
      snilsMasked: '***-***-*02 83',
      email: 'father@mail.example',
    })
  })

  it('show on every page who is signed in, and the way out', async () => {
    const browser = new Browser()
    await walk(browser, login(), 'father@mail.example')
    for (const path of [
      '/',
      '/s/school-1',
      '/logout',
      '/login?journal=nowhere',
      '/continue/nowhere',
      '/login?journal=sgo&journal=sgo',
    ]) {
      const page = await browser.get(flow.town.town.bridge + path)
      expect(page.text, path).to.include('Соколов Андрей').and.to.include('Это не вы? Войти другим')
    }
  })

  it('end after fifteen idle minutes, and not while they are used', async () => {
    const browser = new Browser()
    await walk(browser, login(), 'father@mail.example')
    for (let i = 0; i < 3; i++) {
      flow.town.clock.forward(10 * MINUTE)
      expect((await session(browser)).status).to.equal(200)
    }
    flow.town.clock.forward(15 * MINUTE)
    expect((await session(browser)).status).to.equal(401)
  })

  it('end after eight hours, used or not', async () => {
    const browser = new Browser()
    await walk(browser, login(), 'father@mail.example')
    for (let i = 0; i < 47; i++) {
      flow.town.clock.forward(10 * MINUTE)
      expect((await session(browser)).status, `after ${(i + 1) * 10} minutes`).to.equal(200)
    }
    flow.town.clock.forward(10 * MINUTE)
    expect((await session(browser)).status).to.equal(401)
  })

  it('get a new id at sign-in, and the older one of the browser is closed', async () => {
    const browser = new Browser()
    await walk(browser, login(), 'father@mail.example')
    const old = new Browser()
    for (const [host, cookies] of browser.cookies) old.cookies.set(host, new Map(cookies))
    await walk(browser, login('journal=sgo&force=1'), 'father@mail.example')
    expect((await session(browser)).status).to.equal(200)
    expect((await session(old)).status).to.equal(401)
  })
})
