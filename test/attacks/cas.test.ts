/** Attacks on a journal that speaks CAS: strange services, tickets and parameters. */
import { expect } from 'chai'
import { Browser } from '../support/browser.js'
import { useCasTown } from '../support/cas-town.js'
import { walk } from '../support/sign-in.js'
import { lastEvent } from '../support/told.js'
import { honest, journal as corpus, tricks } from './return-addresses.js'

describe('attacks: CAS', () => {
  const cas = useCasTown(corpus.returnTo)
  const { at, here, enter, ask, turn } = cas

  it('every open redirect of the corpus is refused at login, gateway and logout', async () => {
    for (const { trick, text } of tricks.filter((_, i) => i % 12 === 0)) {
      for (const query of [{ service: text }, { service: text, gateway: 'true' }]) {
        if (text === '') continue
        const page = await turn(new Browser(), query)
        expect([page.status, page.location], `${trick} ${text}`).to.deep.equal([400, undefined])
      }
      const farewell = await new Browser().get(at('moodle/logout', { service: text }))
      expect(farewell.text, trick).not.to.include('Вернуться в журнал')
    }
    const page = await turn(new Browser(), { service: 'https://evil.example/' })
    expect((await lastEvent(cas.town, page)).code).to.equal('journal.return-denied')
    for (const text of honest) expect((await turn(new Browser(), { service: text })).status, text).to.equal(303)
  })

  it('a person who may not enter is told so before any ticket is issued', async () => {
    const browser = new Browser()
    const page = await walk(browser, at('moodle/login', { service: here() }), 'nobody@mail.example')
    expect(page.status).to.equal(403)
    expect(browser.visited.join(' ')).not.to.include('ticket=')
  })

  it('no CAS server is found at a journal that speaks otherwise, nor at none', async () => {
    for (const id of ['plain', 'nowhere', '__proto__', '%00'])
      for (const path of ['login', 'logout', 'validate', 'serviceValidate', 'p3/proxyValidate', 'proxy']) {
        const answer = await fetch(at(`${id}/${path}`, { ticket: 'ST-1', service: here() }), { redirect: 'manual' })
        expect(answer.status, `${id}/${path}`).to.equal(404)
      }
  })

  it('a parameter that comes twice is refused', async () => {
    const twice = `service=${encodeURIComponent(here())}&service=${encodeURIComponent(here())}`
    const login = await fetch(`${cas.town.town.bridge}/cas/moodle/login?${twice}`, { redirect: 'manual' })
    expect(login.status).to.equal(400)
    const ticket = await enter(new Browser())
    const answer = await fetch(`${cas.town.town.bridge}/cas/moodle/serviceValidate?ticket=${ticket}&${twice}`)
    expect(await answer.text()).to.include('code="INVALID_REQUEST"')
  })

  it('a service that brings a ticket already is refused -> journal.return-denied', async () => {
    const browser = new Browser()
    await enter(browser)
    const page = await turn(browser, { service: here('moodle/?ticket=ST-of-somebody-else') })
    expect(page.status).to.equal(400)
    expect(await lastEvent(cas.town, page)).to.deep.include({ code: 'journal.return-denied' })
  })

  it('proxy tickets are refused by the codes of the protocol', async () => {
    const proxy = async (query: Record<string, string>) => (await fetch(at('moodle/proxy', query))).text()
    expect(await proxy({})).to.include('<cas:proxyFailure code="INVALID_REQUEST">')
    expect(await proxy({ pgt: 'PGT-1', targetService: here() })).to.include('code="UNAUTHORIZED_SERVICE"')
    expect(await proxy({ pgt: 'PGT-1', targetService: here(), format: 'JSON' })).to.include('"UNAUTHORIZED_SERVICE"')
    expect(await ask('PT-1-abc')).to.include('code="INVALID_TICKET_SPEC"')
  })
})
