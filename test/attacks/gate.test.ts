/** Attacks on a journal behind a proxy of its own: stolen handles and visits, strange pages, what the proxy's question may claim. */
import { request as httpRequest } from 'node:http'
import { expect } from 'chai'
import { Browser } from '../support/browser.js'
import { jar, useGateTown } from '../support/gate-town.js'
import type { TestTown } from '../support/town.js'

const MINUTE = 60_000

describe('attacks: trusted headers', () => {
  const gate = useGateTown()
  const { check, signedIn, handleOf, refusedAt } = gate

  describe('to a stranger', () => {
    it('gives nothing for a stolen handle, and burns it', async () => {
      const [owner, thief] = [await signedIn(), new Browser()]
      const start = await owner.request('GET', new URL(`${gate.site}/.bridge/start`))
      const handle = await handleOf(owner, start.location!.searchParams.get('state')!)
      const taken = await thief.request('GET', handle)
      expect(taken.location?.href).to.equal(`${gate.site}/.bridge/start`)
      expect(thief.cookie(gate.site, 'vhod-visit-headers')).to.equal(undefined)
      expect((await owner.request('GET', handle)).location?.pathname, 'burnt').to.equal('/headers/.bridge/start')
    })

    it('gives nothing for a stolen handle with a way of his own, and the audit tells', async () => {
      const [owner, thief] = [await signedIn(), new Browser()]
      await thief.request('GET', new URL(`${gate.site}/.bridge/start`))
      const start = await owner.request('GET', new URL(`${gate.site}/.bridge/start`))
      const handle = await handleOf(owner, start.location!.searchParams.get('state')!)
      expect((await thief.request('GET', handle)).location?.pathname).to.equal('/headers/.bridge/start')
      expect(thief.cookie(gate.site, 'vhod-visit-headers')).to.equal(undefined)
      expect(await refusedAt()).to.deep.equal(['login.other-browser'])
    })

    it("does not let a person in under somebody else's account (login CSRF)", async () => {
      const [attacker, victim] = [await signedIn(), new Browser()]
      const start = await attacker.request('GET', new URL(`${gate.site}/.bridge/start`))
      const handle = await handleOf(attacker, start.location!.searchParams.get('state')!)
      const page = await victim.get(handle)
      expect(page.text, 'asked who he is').to.include('name="password"')
      const begunHere = await handleOf(attacker, 'x')
      expect((await new Browser().get(begunHere)).text).to.include('name="password"')
    })

    it('takes a handle once, and not after a minute', async () => {
      const browser = await signedIn()
      const start = await browser.request('GET', new URL(`${gate.site}/.bridge/start`))
      const state = start.location!.searchParams.get('state')!
      const handle = await handleOf(browser, state)
      expect((await browser.request('GET', handle)).location?.href).to.equal(`${gate.site}/`)
      expect((await browser.request('GET', handle)).location?.pathname).to.equal('/headers/.bridge/start')
      const late = await handleOf(browser, state)
      gate.town.clock.forward(MINUTE)
      expect((await browser.request('GET', late)).location?.pathname).to.equal('/headers/.bridge/start')
    })

    it("takes no handle at another journal's gate", async () => {
      const browser = await signedIn()
      await browser.request('GET', new URL(`${gate.town.town.bridge}/auth/neighbour/start`))
      const way = browser.cookie(gate.site, 'vhod-way-headers')!
      jar(browser).set('vhod-way-neighbour', { value: way, secure: false, sameSite: 'lax' })
      const start = await browser.request('GET', new URL(`${gate.site}/.bridge/start`))
      const handle = await handleOf(browser, start.location!.searchParams.get('state')!)
      const elsewhere = new URL(`${gate.town.town.bridge}/auth/neighbour/enter${handle.search}`)
      expect((await browser.request('GET', elsewhere)).location?.href).to.equal(
        `${gate.town.town.journals}/.bridge/start`,
      )
      expect(browser.cookie(gate.site, 'vhod-visit-neighbour')).to.equal(undefined)
      // nor is it used up there
      expect((await browser.request('GET', handle)).location?.href).to.equal(`${gate.site}/`)
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
      const value = (await signedIn()).cookie(gate.site, 'vhod-visit-headers')!
      expect((await check(`vhod-visit-neighbour=${value}`, {}, '', 'neighbour')).status).to.equal(401)
      expect((await check(`vhod-visit-headers=${value}`, {}, '', 'neighbour')).status).to.equal(401)
      expect((await check(`vhod-session=${value}`)).status).to.equal(401)
    })
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
        const answer = await raw(gate.town, `/auth/headers/start?to=${to}`)
        const login = new URL(answer.headers.get('location')!)
        expect(login.origin + login.pathname).to.equal(`${gate.town.town.bridge}/login`)
        const refused = await new Browser({ accept: 'application/json' }).request('GET', login)
        expect(JSON.parse(refused.text)).to.include({ refused: 'journal.return-denied' })
      })

    it('and goes home from an address of our own', async () => {
      const answer = await raw(gate.town, '/auth/headers/start?to=/headers/.bridge/logout')
      expect(new URL(answer.headers.get('location')!).searchParams.has('return')).to.equal(false)
    })
  })

  describe('forward auth', () => {
    const asked = (headers: Readonly<Record<string, string>>) =>
      check('', { accept: 'text/html', 'x-forwarded-uri': '/headers/diary?a=1&b=2', ...headers }, '?mode=redirect')

    it('leads a page to the beginning', async () => {
      const host = new URL(gate.town.town.journals).host
      const answer = await asked({ 'x-forwarded-method': 'GET', 'x-forwarded-host': host })
      expect(answer.status).to.equal(303)
      expect(answer.headers.get('location')).to.equal(`${gate.site}/.bridge/start?to=/headers/diary?a=1&b=2`)
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
    const start = `${gate.town.town.bridge}/auth/headers/start?to=/headers/`
    const picture = await fetch(start, { redirect: 'manual', headers: { 'sec-fetch-dest': 'image' } })
    expect([picture.status, picture.headers.getSetCookie()]).to.deep.equal([401, []])
    expect((await fetch(start, { method: 'HEAD' })).status).to.equal(204)
  })

  it('is closed for a journal that is entered otherwise, or none', async () => {
    for (const path of ['/auth/nowhere/check', '/auth/nowhere/start', '/auth/check?journal=nowhere'])
      expect((await fetch(gate.town.town.bridge + path)).status, path).to.equal(404)
    expect((await fetch(`${gate.town.town.bridge}/auth/check`)).status).to.equal(400)
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
