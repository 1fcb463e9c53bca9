/** Whoever tries the cabinet of somebody else, or makes somebody's browser act in theirs. Over real HTTP. */
import { expect } from 'chai'
import { doneTexts } from '../../src/web/pages/cabinet.js'
import { Browser, type Page } from '../support/browser.js'
import { at, enterCabinet, FATHER, MOTHER, post, tokenOn } from '../support/cabinet.js'
import { walk } from '../support/sign-in.js'
import { startTestTown, type TestTown } from '../support/town.js'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE
const SCRIPT = '<script>alert(1)</script>"\'><img src=x>'

describe('attacks: cabinet', () => {
  let town: TestTown
  let victim: Browser
  let own: Page
  let attacker: Browser
  let token: string
  before(async () => {
    town = await startTestTown()
    victim = new Browser({ 'user-agent': SCRIPT })
    await walk(victim, at(town, '/login?journal=sgo'), FATHER)
    own = await victim.get(at(town, '/me'))
    attacker = new Browser({ accept: 'application/json' })
    const seen = new Browser()
    const page = await enterCabinet(town, seen, MOTHER)
    for (const [host, jar] of seen.cookies) attacker.cookies.set(host, jar)
    token = tokenOn(page)
  })
  after(() => town.close())

  const link = () => own.link('Отвязать').searchParams.get('id')!
  const stillIn = async () => (await victim.get(at(town, '/session'))).status
  function earns(page: Page, status: number, refused: string): void {
    expect([page.status, (JSON.parse(page.text) as { refused: string }).refused]).to.deep.equal([status, refused])
  }

  it('the link of somebody else is neither shown nor ended nor taken up', async () => {
    earns(await attacker.get(at(town, `/me/unlink?id=${link()}`)), 404, 'cabinet.unknown')
    for (const path of ['/me/unlink', '/me/relink'])
      earns(await post(town, attacker, path, { token, id: link() }), 404, 'cabinet.unknown')
    expect((await victim.get(at(town, '/me'))).link('Отвязать').href).to.equal(own.link('Отвязать').href)
  })

  it('the session of somebody else is not ended, whatever names it', async () => {
    const other = new Browser()
    const page = await enterCabinet(town, other, FATHER)
    const id = page.form('/me/sessions/end').fields.id!
    await post(town, attacker, '/me/sessions/end', { token, id })
    expect(await stillIn()).to.equal(200)
    const ended = await other.submit(page, {}, '/me/sessions/end')
    expect(ended.text, 'the very id ends it for its owner').to.include(doneTexts.ended)
    expect(await stillIn()).to.equal(401)
    await walk(victim, at(town, '/login?journal=sgo'), FATHER)
    own = await victim.get(at(town, '/me'))
  })

  for (const path of ['/me/unlink', '/me/relink', '/me/sessions/end'])
    it(`${path}: a form without token, with that of another session, or from elsewhere does nothing`, async () => {
      const asks = new Browser({ accept: 'application/json' })
      for (const [host, jar] of victim.cookies) asks.cookies.set(host, jar)
      const fields = { id: link(), others: '1' }
      earns(await post(town, asks, path, fields), 403, 'request.forged')
      earns(await post(town, asks, path, { ...fields, token }), 403, 'request.forged')
      const good = new URLSearchParams({ ...fields, token: tokenOn(own) })
      const evil = new URL('http://localhost:1/')
      earns(await asks.request('POST', at(town, path), good, evil), 403, 'request.forged')
      earns(await asks.request('POST', at(town, path), good), 403, 'request.forged')
      expect(await stillIn()).to.equal(200)
    })

  it('without a session posts and pages lead to the login', async () => {
    const nobody = new Browser({ accept: 'application/json' })
    for (const path of ['/me/unlink', '/me/relink', '/me/sessions/end', '/me/consents/withdraw']) {
      const body = new URLSearchParams({ id: link() })
      const sent = await nobody.request('POST', at(town, path), body, at(town, '/'))
      expect(sent.location?.pathname, path).to.equal('/login')
    }
    expect((await victim.get(at(town, '/me'))).link('Отвязать').searchParams.get('id'), 'nothing was done').to.equal(
      link(),
    )
    for (const path of ['/me', '/me/unlink?id=x', '/me/sessions/end', '/me/data.json'])
      expect((await nobody.request('GET', at(town, path))).location?.pathname, path).to.equal('/login')
  })

  it('an old sign-in unlinks nothing, even with a good form', async () => {
    const browser = new Browser()
    const page = await enterCabinet(town, browser, FATHER)
    town.clock.forward(6 * MINUTE)
    const stale = await post(town, browser, '/me/unlink', { token: tokenOn(page), id: link() })
    expect([stale.url.pathname, stale.status]).to.deep.equal(['/me/unlink', 200])
    expect((await browser.get(at(town, '/me'))).text).not.to.include('Отвязанные')
  })

  it('questions that do not exist begin no login', async () => {
    for (const query of ['me=admin', 'me=unlink&id=%2F..%2F', 'me=unlink&id=a&id=b'])
      earns(await attacker.get(at(town, `/login?${query}`)), 400, 'request.malformed')
  })

  it('a script in the name of a device is text', async () => {
    const browser = new Browser()
    const page = await enterCabinet(town, browser, FATHER)
    expect(page.text).to.include('&lt;script&gt;').and.not.include('<script').and.not.include('<img src=x')
  })

  it('nothing personal stands in an address or a line of the log', () => {
    const urls = [...victim.visited, ...attacker.visited].filter(url => url.includes('/me'))
    expect(urls.length).to.be.greaterThan(3)
    const told = decodeURIComponent([...urls, ...town.logs].join('\n'))
    for (const secret of ['Соколов', 'Андрей', '90000000283', '1000900002', 'p-1002', FATHER])
      expect(told.includes(secret), secret).to.equal(false)
  })

  it('all that is kept of a person is put together six times in a quarter of an hour, in whatever session', async () => {
    const entered = async (): Promise<Browser> => {
      const [browser, asks] = [new Browser(), new Browser({ accept: 'application/json' })]
      await enterCabinet(town, browser, MOTHER)
      for (const [host, jar] of browser.cookies) asks.cookies.set(host, jar)
      return asks
    }
    const file = (browser: Browser) => browser.get(at(town, '/me/data.json'))
    const [one, other] = [await entered(), await entered()]
    for (let i = 0; i < 6; i++) expect((await file(one)).status).to.equal(200)
    earns(await file(other), 429, 'request.limit')
    town.clock.forward(15 * MINUTE)
    expect((await file(other)).status).to.equal(200)
  })

  it('thirty days later the link cannot be taken up again', async () => {
    const browser = new Browser()
    const page = await enterCabinet(town, browser, FATHER)
    await browser.submit(await browser.get(page.link('Отвязать')), {}, '/me/unlink')
    town.clock.forward(31 * DAY)
    const later = new Browser()
    const again = tokenOn(await enterCabinet(town, later, FATHER))
    const asks = new Browser({ accept: 'application/json' })
    for (const [host, jar] of later.cookies) asks.cookies.set(host, jar)
    earns(await post(town, asks, '/me/relink', { token: again, id: link() }), 409, 'cabinet.too-late')
  })
})
