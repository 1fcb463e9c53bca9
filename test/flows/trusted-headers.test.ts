/** A journal behind a proxy of its own, as the demo shows it; behind a real nginx: test/integrators/trusted-headers.test.ts. */
import { createServer, request as httpRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect } from 'chai'
import { createApp } from '../../src/web/app.js'
import type { RequestNumber } from '../../src/base/request-number.js'
import type { Town } from '../../src/demo/settings.js'
import { Browser, type Page } from '../support/browser.js'
import { walk } from '../support/sign-in.js'
import { startTestTown, type TestTown } from '../support/town.js'

const FATHER = 'father@mail.example'
const MINUTE = 60_000
const HTTPS_SITE = 'https://dnevnik.school.example'

/** Two more journals of this kind: one over https, whose proxy nobody started, and one at the demo's own door. */
const more = (id: string, site: string) => ({
  id,
  title: `Журнал ${id}`,
  schools: ['school-1'],
  connector: { kind: 'trusted-headers', site },
  returnTo: [`${site}/*`],
  roles: ['parent'],
})
const withHttps = (town: Town) => ({ journals: [...demoJournals(town), more('dnevnik', HTTPS_SITE)] })

/** As the demo has it. */
const demoJournals = ({ journals: site }: Town) => [
  {
    ...more('headers', site),
    schools: ['school-1', 'school-2'],
    connector: {
      kind: 'trusted-headers',
      site,
      path: '/headers/.bridge',
      home: '/headers/',
      headers: { 'X-Remote-User': '{login}', 'X-Remote-Role': '{role}', 'X-Remote-Name': '{lastName} {firstName}' },
    },
    returnTo: [`${site}/headers/*`],
    release: ['login', 'role', 'lastName', 'firstName'],
  },
  more('neighbour', site),
]

describe('flow: trusted headers', () => {
  let town: TestTown
  let site: string
  before(async () => {
    town = await startTestTown({ more: withHttps })
    site = `${town.town.journals}/headers`
  })
  after(() => town.close())

  const jar = (browser: Browser) => browser.cookies.get('localhost')!
  const check = (cookie: string, headers: Readonly<Record<string, string>> = {}, query = '', id = 'headers') =>
    fetch(`${town.town.bridge}/auth/${id}/check${query}`, { redirect: 'manual', headers: { cookie, ...headers } })
  const visitOf = (browser: Browser) => `vhod-visit-headers=${browser.cookie(site, 'vhod-visit-headers')!}`
  const signedIn = async (): Promise<Browser> => {
    const browser = new Browser()
    expect((await walk(browser, `${site}/diary`, FATHER)).text).to.include('p-1002')
    return browser
  }
  /** Where the hand-off leads, without going there. */
  async function handleOf(browser: Browser, state: string): Promise<URL> {
    const query = new URLSearchParams({ journal: 'headers', state }).toString()
    const { location } = await browser.request('GET', new URL(`${town.town.bridge}/login?${query}`))
    expect(location?.pathname).to.equal('/headers/.bridge/enter')
    return location!
  }
  /** What the audit says about the last login that a journal or a page of ours began. */
  async function refusedAt(): Promise<readonly (string | undefined)[]> {
    const numbers = town.logs.flatMap(line => /"number":"([^"]+)"[^\n]*"path":"\/login"/.exec(line)?.[1] ?? [])
    const events = await Promise.all(
      numbers.slice(-2).map(number => town.bridge.store.audit.byNumber(number as RequestNumber)),
    )
    return events.flat().flatMap(({ what, code }) => (what === 'login.refused' ? [code] : []))
  }
  const isInside = async (browser: Browser): Promise<boolean> =>
    (await browser.request('GET', new URL(`${site}/`))).status === 200

  it('leads to the page that was asked for, query included, and tells who comes', async () => {
    const browser = new Browser()
    const page = await walk(browser, `${site}/diary?week=2&a[b|c]={%D1%91}&x=50%`, FATHER)
    expect(page.url.href).to.equal(`${site}/diary?week=2&a[b%7Cc]=%7B%D1%91%7D&x=50%25`)
    for (const words of ['p-1002', 'parent', 'Соколов Андрей']) expect(page.text).to.include(words)
    for (const secret of ['p-1002', encodeURIComponent('Соколов')])
      expect(browser.visited.join(' ')).not.to.include(secret)
  })

  it('goes round once when the login began at our own page, and ends at the home of the journal', async () => {
    const browser = await signedIn()
    jar(browser).delete('vhod-visit-headers')
    jar(browser).delete('vhod-way-headers')
    browser.visited.length = 0
    const page = await browser.get(`${town.town.bridge}/login?journal=headers`)
    expect(page.url.href).to.equal(`${site}/`)
    expect(page.text).to.include('p-1002')
    expect(browser.visited.map(url => new URL(url).pathname.split('/').at(-1))).to.deep.equal(
      ['login', 'start', 'login', 'enter', ''], // prettier-ignore
    )
    expect(await refusedAt(), 'nobody did anything wrong').to.deep.equal([])
  })

  it('asks a mother of two once which child, and not at all when the school is named', async () => {
    const browser = new Browser()
    const start = `${town.town.bridge}/login?journal=headers&return=${encodeURIComponent(`${site}/a?b=c&to=d`)}`
    const chooser = await walk(browser, start, 'mother@mail.example')
    expect(chooser.text).to.include('Что открыть?')
    const { value } = chooser.form('/continue/').buttons.find(({ name }) => name === 'choice')!
    const page = await browser.submit(chooser, { choice: value }, '/continue/')
    expect(page.url.href).to.equal(`${site}/a?b=c&to=d`)
    expect(browser.visited.filter(url => url.includes('handle='))).to.have.lengthOf(1)
    expect((await browser.get(`${start}&school=school-2`)).text).to.include('p-1101')
  })

  it('leads an honest browser on whose way is another one by now', async () => {
    const browser = await signedIn()
    const handle = await handleOf(browser, 'of nobody')
    expect((await browser.get(handle)).text).to.include('p-1002')
  })

  it('tells who may not enter, before anything is issued', async () => {
    const browser = new Browser({ accept: 'text/html' })
    const page = await walk(browser, `${site}/diary`, 'nobody@mail.example')
    expect(page.status).to.equal(403)
    expect(page.url.origin).to.equal(town.town.bridge)
    expect(browser.visited.join(' ')).not.to.include('handle=')
  })

  it('ends with the session, at once and everywhere', async () => {
    const browser = await signedIn()
    const cookie = visitOf(browser)
    const button = await browser.get(`${site}/.bridge/logout`)
    expect(button.url.href).to.equal(`${town.town.bridge}/logout`)
    expect((await check(cookie)).status, 'a link ends nothing').to.equal(200)
    const farewell = await browser.submit(button, { then: '' }, '/logout')
    expect(farewell.text).to.include('Вы вышли<').and.include('Журнал подтвердил выход: Журнал headers')
    expect((await check(cookie)).status).to.equal(401)
    expect((await browser.get(`${site}/diary`)).text).to.include('name="password"')
  })

  it("counts the journal's pages against the idle end", async () => {
    const browser = await signedIn()
    for (let i = 0; i < 3; i++) {
      town.clock.forward(14 * MINUTE)
      expect(await isInside(browser)).to.equal(true)
    }
    town.clock.forward(15 * MINUTE)
    expect(await isInside(browser)).to.equal(false)
  })

  it('does not count what a page asks on its own, where the proxy says so', async () => {
    const cookie = visitOf(await signedIn())
    town.clock.forward(14 * MINUTE)
    expect((await check(cookie, {}, '?quiet=1')).status).to.equal(200)
    town.clock.forward(MINUTE)
    expect((await check(cookie)).status).to.equal(401)
  })

  it('ends when another person signs in in this browser', async () => {
    const browser = await signedIn()
    const cookie = visitOf(browser)
    await walk(browser, `${town.town.bridge}/login?journal=headers&force=1`, 'pupil@mail.example')
    expect((await check(cookie)).status).to.equal(401)
  })

  describe('to a stranger', () => {
    it('gives nothing for a stolen handle, and burns it', async () => {
      const [owner, thief] = [await signedIn(), new Browser()]
      const start = await owner.request('GET', new URL(`${site}/.bridge/start`))
      const handle = await handleOf(owner, start.location!.searchParams.get('state')!)
      const taken = await thief.request('GET', handle)
      expect(taken.location?.href).to.equal(`${site}/.bridge/start`)
      expect(thief.cookie(site, 'vhod-visit-headers')).to.equal(undefined)
      expect((await owner.request('GET', handle)).location?.pathname, 'burnt').to.equal('/headers/.bridge/start')
    })

    it('gives nothing for a stolen handle with a way of his own, and the audit tells', async () => {
      const [owner, thief] = [await signedIn(), new Browser()]
      await thief.request('GET', new URL(`${site}/.bridge/start`))
      const start = await owner.request('GET', new URL(`${site}/.bridge/start`))
      const handle = await handleOf(owner, start.location!.searchParams.get('state')!)
      expect((await thief.request('GET', handle)).location?.pathname).to.equal('/headers/.bridge/start')
      expect(thief.cookie(site, 'vhod-visit-headers')).to.equal(undefined)
      expect(await refusedAt()).to.deep.equal(['login.other-browser'])
    })

    it("does not let a person in under somebody else's account (login CSRF)", async () => {
      const [attacker, victim] = [await signedIn(), new Browser()]
      const start = await attacker.request('GET', new URL(`${site}/.bridge/start`))
      const handle = await handleOf(attacker, start.location!.searchParams.get('state')!)
      const page = await victim.get(handle)
      expect(page.text, 'asked who he is').to.include('name="password"')
      const begunHere = await handleOf(attacker, 'x')
      expect((await new Browser().get(begunHere)).text).to.include('name="password"')
    })

    it('takes a handle once, and not after a minute', async () => {
      const browser = await signedIn()
      const start = await browser.request('GET', new URL(`${site}/.bridge/start`))
      const state = start.location!.searchParams.get('state')!
      const handle = await handleOf(browser, state)
      expect((await browser.request('GET', handle)).location?.href).to.equal(`${site}/`)
      expect((await browser.request('GET', handle)).location?.pathname).to.equal('/headers/.bridge/start')
      const late = await handleOf(browser, state)
      town.clock.forward(MINUTE)
      expect((await browser.request('GET', late)).location?.pathname).to.equal('/headers/.bridge/start')
    })

    it("takes no handle at another journal's gate", async () => {
      const browser = await signedIn()
      await browser.request('GET', new URL(`${town.town.bridge}/auth/neighbour/start`))
      const way = browser.cookie(site, 'vhod-way-headers')!
      jar(browser).set('vhod-way-neighbour', { value: way, secure: false, sameSite: 'lax' })
      const start = await browser.request('GET', new URL(`${site}/.bridge/start`))
      const handle = await handleOf(browser, start.location!.searchParams.get('state')!)
      const elsewhere = new URL(`${town.town.bridge}/auth/neighbour/enter${handle.search}`)
      expect((await browser.request('GET', elsewhere)).location?.href).to.equal(`${town.town.journals}/.bridge/start`)
      expect(browser.cookie(site, 'vhod-visit-neighbour')).to.equal(undefined)
      // nor is it used up there
      expect((await browser.request('GET', handle)).location?.href).to.equal(`${site}/`)
    })

    for (const [what, cookie] of [
      ['no cookie', ''],
      ['a forged visit', `vhod-visit-headers=${'A'.repeat(27)}`],
      ['a visit of another form', 'vhod-visit-headers=%00'],
      ['an empty visit', 'vhod-visit-headers='],
    ] as const)
      it(`says 401 to ${what}, and nothing about anybody`, async () => {
        const answer = await check(cookie, { 'x-remote-user': 'root', x_remote_user: 'root' })
        expect(answer.status).to.equal(401)
        expect([...answer.headers.keys()].filter(name => name.startsWith('x-remote'))).to.deep.equal([])
        expect(await answer.text()).to.equal('')
      })

    it("says 401 to another journal's visit", async () => {
      const value = (await signedIn()).cookie(site, 'vhod-visit-headers')!
      expect((await check(`vhod-visit-neighbour=${value}`, {}, '', 'neighbour')).status).to.equal(401)
      expect((await check(`vhod-visit-headers=${value}`, {}, '', 'neighbour')).status).to.equal(401)
      expect((await check(`vhod-session=${value}`)).status).to.equal(401)
    })
  })

  it('answers from the visit alone, whatever the request says about people', async () => {
    const cookie = visitOf(await signedIn())
    const claimed = { 'x-remote-user': 'root', X_Remote_User: 'root', 'x-remote-name': 'root' }
    const answer = await check(cookie, claimed)
    expect(answer.headers.get('x-remote-user')).to.equal('p-1002')
    expect(answer.headers.get('x-remote-name')).to.equal(
      "UTF-8''%D0%A1%D0%BE%D0%BA%D0%BE%D0%BB%D0%BE%D0%B2%20%D0%90%D0%BD%D0%B4%D1%80%D0%B5%D0%B9",
    )
    const byQuery = await fetch(`${town.town.bridge}/auth/check?journal=headers`, { headers: { cookie } })
    expect([byQuery.status, byQuery.headers.get('x-remote-user')]).to.deep.equal([200, 'p-1002'])
  })

  it('sets cookies of the journal’s own host over https, and says nothing about its https', async () => {
    const { web } = town.bridge
    const ports = { ...web.ports, publicUrl: 'https://vhod.school.example' }
    const server = createServer(createApp({ ...web, ports })).listen(0, '127.0.0.1')
    await new Promise(resolve => server.once('listening', resolve))
    const ask = (path: string) =>
      fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`, { redirect: 'manual' })
    const answer = await ask('/auth/dnevnik/start?to=/')
    const ours = await ask('/')
    server.close().closeAllConnections()
    const [cookie, ...others] = answer.headers.getSetCookie()
    expect(others).to.deep.equal([])
    expect(cookie).to.match(
      /^__Host-vhod-way-dnevnik=[\w-]{27}; Max-Age=\d+; Path=\/; Expires=[^;]+; HttpOnly; Secure; SameSite=Lax$/,
    )
    const pinned = 'strict-transport-security'
    expect([ours.headers.get(pinned), answer.headers.get(pinned)]).to.deep.equal(['max-age=31536000', null])
    const login = new URL(answer.headers.get('location')!)
    expect(login.searchParams.get('return')).to.equal(`${HTTPS_SITE}/`)
    expect(cookie, 'the address does not hold what the cookie holds').not.to.include(login.searchParams.get('state'))
  })

  it('keeps the way of a browser whose tabs begin together', async () => {
    const browser = new Browser()
    const state = async () =>
      (await browser.request('GET', new URL(`${site}/.bridge/start?to=/headers/a`))).location!.searchParams.get('state')
    expect(await state()).to.equal(await state())
  })

  it('tells a browser that keeps no cookies of the journal, and does not turn it round for ever', async () => {
    class Forgetful extends Browser {
      override async request(...of: Parameters<Browser['request']>): Promise<Page> {
        const page = await super.request(...of)
        for (const name of ['vhod-visit-headers', 'vhod-way-headers']) jar(this).delete(name)
        return page
      }
    }
    const page = await walk(new Forgetful(), `${site}/diary`, FATHER)
    expect(page.status).to.equal(429)
    expect(page.url.origin).to.equal(town.town.bridge)
  })

  describe('refuses a page that is not the journal’s', () => {
    for (const to of [
      '//evil.example/',
      '/\\evil.example/',
      '\\\\evil.example',
      'https://evil.example/',
      'javascript:alert(1)',
      '@evil.example/',
      '.evil.example/',
      '/../headers/',
      '/headers/../x',
      '/headers/%2e%2e/x',
      '/headers/..%2fx',
      '/headers//evil.example',
      '/headers/%0d%0aSet-Cookie:%20a=b',
      '/headers/%c0%ae/x',
      '/elsewhere',
      '%2Fheaders%2F',
    ])
      it(JSON.stringify(to), async () => {
        // by hand: fetch would mend the address
        const answer = await raw(town, `/auth/headers/start?to=${to}`)
        const login = new URL(answer.headers.get('location')!)
        expect(login.origin + login.pathname).to.equal(`${town.town.bridge}/login`)
        const refused = await new Browser({ accept: 'application/json' }).request('GET', login)
        expect(JSON.parse(refused.text)).to.include({ refused: 'journal.return-denied' })
      })

    it('and goes home from an address of our own', async () => {
      const answer = await raw(town, '/auth/headers/start?to=/headers/.bridge/logout')
      expect(new URL(answer.headers.get('location')!).searchParams.has('return')).to.equal(false)
    })
  })

  describe('forward auth', () => {
    const asked = (headers: Readonly<Record<string, string>>) =>
      check('', { accept: 'text/html', 'x-forwarded-uri': '/headers/diary?a=1&b=2', ...headers }, '?mode=redirect')

    it('leads a page to the beginning', async () => {
      const host = new URL(town.town.journals).host
      const answer = await asked({ 'x-forwarded-method': 'GET', 'x-forwarded-host': host })
      expect(answer.status).to.equal(303)
      expect(answer.headers.get('location')).to.equal(`${site}/.bridge/start?to=/headers/diary?a=1&b=2`)
    })

    for (const [what, headers] of [
      ['a form', { 'x-forwarded-method': 'POST' }],
      ['a picture', { 'sec-fetch-dest': 'image' }],
      ['a call of a script', { accept: 'application/json' }],
      ['a page of another host', { 'x-forwarded-host': 'evil.example' }],
      ['two hosts', { 'x-forwarded-host': 'localhost, evil.example' }],
      ['another address than a path', { 'x-forwarded-uri': 'https://evil.example/' }],
    ] as const)
      it(`leads ${what} nowhere`, async () => {
        expect((await asked(headers)).status).to.equal(401)
      })
  })

  it('begins no login for a picture, and does nothing for HEAD', async () => {
    const start = `${town.town.bridge}/auth/headers/start?to=/headers/`
    const picture = await fetch(start, { redirect: 'manual', headers: { 'sec-fetch-dest': 'image' } })
    expect([picture.status, picture.headers.getSetCookie()]).to.deep.equal([401, []])
    expect((await fetch(start, { method: 'HEAD' })).status).to.equal(204)
  })

  it('is closed for a journal that is entered otherwise, or none', async () => {
    for (const path of ['/auth/nowhere/check', '/auth/nowhere/start', '/auth/check?journal=nowhere'])
      expect((await fetch(town.town.bridge + path)).status, path).to.equal(404)
    expect((await fetch(`${town.town.bridge}/auth/check`)).status).to.equal(400)
  })
})

/** The address exactly as written: what a proxy pastes. */
function raw(town: TestTown, path: string): Promise<Response> {
  const { hostname, port } = new URL(town.town.bridge)
  return new Promise((resolve, reject) => {
    httpRequest({ hostname, port, path }, response => {
      response.resume()
      resolve(new Response(null, { status: response.statusCode!, headers: response.headers as Record<string, string> }))
    })
      .on('error', reject)
      .end()
  })
}
