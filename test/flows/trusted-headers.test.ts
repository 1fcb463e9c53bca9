/** A journal behind a proxy of its own, as the demo shows it; behind a real nginx: test/integrators/trusted-headers.test.ts. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect } from 'chai'
import { createApp } from '../../src/web/app.js'
import { Browser, type Page } from '../support/browser.js'
import { FATHER, HTTPS_SITE, jar, useGateTown } from '../support/gate-town.js'
import { walk } from '../support/sign-in.js'

const MINUTE = 60_000

describe('flow: trusted headers', () => {
  const gate = useGateTown()
  const { check, visitOf, signedIn, handleOf, refusedAt } = gate
  const isInside = async (browser: Browser): Promise<boolean> =>
    (await browser.request('GET', new URL(`${gate.site}/`))).status === 200

  it('leads to the page that was asked for, query included, and tells who comes', async () => {
    const browser = new Browser()
    const page = await walk(browser, `${gate.site}/diary?week=2&a[b|c]={%D1%91}&x=50%`, FATHER)
    expect(page.url.href).to.equal(`${gate.site}/diary?week=2&a[b%7Cc]=%7B%D1%91%7D&x=50%25`)
    for (const words of ['p-1002', 'parent', 'Соколов Андрей']) expect(page.text).to.include(words)
    for (const secret of ['p-1002', encodeURIComponent('Соколов')])
      expect(browser.visited.join(' ')).not.to.include(secret)
  })

  it('goes round once when the login began at our own page, and ends at the home of the journal', async () => {
    const browser = await signedIn()
    jar(browser).delete('vhod-visit-headers')
    jar(browser).delete('vhod-way-headers')
    browser.visited.length = 0
    const page = await browser.get(`${gate.town.town.bridge}/login?journal=headers`)
    expect(page.url.href).to.equal(`${gate.site}/`)
    expect(page.text).to.include('p-1002')
    expect(browser.visited.map(url => new URL(url).pathname.split('/').at(-1))).to.deep.equal(
      ['login', 'start', 'login', 'enter', ''], // prettier-ignore
    )
    expect(await refusedAt(), 'nobody did anything wrong').to.deep.equal([])
  })

  it('asks a mother of two once which child, and not at all when the school is named', async () => {
    const browser = new Browser()
    const start = `${gate.town.town.bridge}/login?journal=headers&return=${encodeURIComponent(`${gate.site}/a?b=c&to=d`)}`
    const chooser = await walk(browser, start, 'mother@mail.example')
    expect(chooser.text).to.include('Что открыть?')
    const { value } = chooser.form('/continue/').buttons.find(({ name }) => name === 'choice')!
    const page = await browser.submit(chooser, { choice: value }, '/continue/')
    expect(page.url.href).to.equal(`${gate.site}/a?b=c&to=d`)
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
    const page = await walk(browser, `${gate.site}/diary`, 'nobody@mail.example')
    expect(page.status).to.equal(403)
    expect(page.url.origin).to.equal(gate.town.town.bridge)
    expect(browser.visited.join(' ')).not.to.include('handle=')
  })

  it('ends with the session, at once and everywhere', async () => {
    const browser = await signedIn()
    const cookie = visitOf(browser)
    const button = await browser.get(`${gate.site}/.bridge/logout`)
    expect(button.url.href).to.equal(`${gate.town.town.bridge}/logout`)
    expect((await check(cookie)).status, 'a link ends nothing').to.equal(200)
    const farewell = await browser.submit(button, { then: '' }, '/logout')
    expect(farewell.text).to.include('Вы вышли<').and.include('Журнал подтвердил выход: Журнал headers')
    expect((await check(cookie)).status).to.equal(401)
    expect((await browser.get(`${gate.site}/diary`)).text).to.include('name="password"')
  })

  it("counts the journal's pages against the idle end", async () => {
    const browser = await signedIn()
    for (let i = 0; i < 3; i++) {
      gate.town.clock.forward(14 * MINUTE)
      expect(await isInside(browser)).to.equal(true)
    }
    gate.town.clock.forward(15 * MINUTE)
    expect(await isInside(browser)).to.equal(false)
  })

  it('does not count what a page asks on its own, where the proxy says so', async () => {
    const cookie = visitOf(await signedIn())
    gate.town.clock.forward(14 * MINUTE)
    expect((await check(cookie, {}, '?quiet=1')).status).to.equal(200)
    gate.town.clock.forward(MINUTE)
    expect((await check(cookie)).status).to.equal(401)
  })

  it('ends when another person signs in in this browser', async () => {
    const browser = await signedIn()
    const cookie = visitOf(browser)
    await walk(browser, `${gate.town.town.bridge}/login?journal=headers&force=1`, 'pupil@mail.example')
    expect((await check(cookie)).status).to.equal(401)
  })

  it('answers from the visit alone, whatever the request says about people', async () => {
    const cookie = visitOf(await signedIn())
    const claimed = { 'x-remote-user': 'root', X_Remote_User: 'root', 'x-remote-name': 'root' }
    const answer = await check(cookie, claimed)
    expect(answer.headers.get('x-remote-user')).to.equal('p-1002')
    expect(answer.headers.get('x-remote-name')).to.equal(
      "UTF-8''%D0%A1%D0%BE%D0%BA%D0%BE%D0%BB%D0%BE%D0%B2%20%D0%90%D0%BD%D0%B4%D1%80%D0%B5%D0%B9",
    )
    const byQuery = await fetch(`${gate.town.town.bridge}/auth/check?journal=headers`, { headers: { cookie } })
    expect([byQuery.status, byQuery.headers.get('x-remote-user')]).to.deep.equal([200, 'p-1002'])
  })

  it('sets cookies of the journal’s own host over https, and says nothing about its https', async () => {
    const { web } = gate.town.bridge
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
      (await browser.request('GET', new URL(`${gate.site}/.bridge/start?to=/headers/a`))).location!.searchParams.get(
        'state',
      )
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
    const page = await walk(new Forgetful(), `${gate.site}/diary`, FATHER)
    expect(page.status).to.equal(429)
    expect(page.url.origin).to.equal(gate.town.town.bridge)
  })
})
