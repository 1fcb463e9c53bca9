/** CAS: from a service to the IdP, back with a ticket, and what the journal's server is told about it. */
import { expect } from 'chai'
import type { RequestNumber } from '../../src/base/request-number.js'
import { refusalText } from '../../src/web/pages/text-ru.js'
import { honest, journal as corpus, tricks } from '../attacks/return-addresses.js'
import { Browser, type Page } from '../support/browser.js'
import { openService, type Service } from '../support/cas-service.js'
import { signInAtIdp, walk } from '../support/sign-in.js'
import { startTestTown, type TestTown } from '../support/town.js'

const FATHER = 'father@mail.example'
const MOTHER = 'mother@mail.example'

describe('flow: CAS', () => {
  let town: TestTown
  let service: Service
  before(async () => {
    service = await openService()
    const journal = (id: string) => ({
      id,
      title: `Журнал ${id}`,
      schools: ['school-1', 'school-2'],
      roles: ['parent', 'teacher'],
      returnTo: [`${service.origin}/${id}/*`, ...(id === 'moodle' ? corpus.returnTo : [])],
      release: ['login', 'role', 'lastName', 'firstName'],
      connector: { kind: 'cas', home: `${service.origin}/${id}/home`, attributes: { sn: '{lastName}', who: '{role}' } },
    })
    town = await startTestTown({
      more: { journals: [journal('moodle'), journal('wiki'), { ...journal('plain'), connector: link(service) }] },
    })
  })
  after(async () => {
    await town.close()
    await service.close()
  })
  afterEach(() => town.clock.forward(61_000))

  const at = (path: string, query: Record<string, string> = {}): string =>
    `${town.town.bridge}/cas/${path}?${new URLSearchParams(query).toString()}`
  const here = (path = 'moodle/'): string => `${service.origin}/${path}`
  /** From the service to the IdP and back; the ticket with which the browser arrives. */
  const enter = async (browser: Browser, query: Record<string, string> = {}, login = FATHER): Promise<string> =>
    ticketIn(await walk(browser, at('moodle/login', { service: here(), ...query }), login))
  const ask = async (ticket: string, more: Record<string, string> = {}, path = 'moodle/p3/serviceValidate') =>
    (await fetch(at(path, { ticket, service: here(), ...more }))).text()
  /** One redirect of a browser that stays where it is. */
  const turn = (browser: Browser, query: Record<string, string>): Promise<Page> =>
    browser.request('GET', new URL(at('moodle/login', query)))
  const lastEvent = async (page: Page) =>
    (await town.bridge.store.audit.byNumber(/[2-9A-Z]{4}-[2-9A-Z]{4}/.exec(page.text)![0] as RequestNumber)).at(-1)!

  it('brings the person to the service, with a ticket and nothing else, and the server learns who it is', async () => {
    const browser = new Browser()
    const page = await walk(browser, at('moodle/login', { service: here('moodle/a?b=%D1%91') }), FATHER)
    expect(page.url.href).to.match(/\/moodle\/a\?b=%D1%91&ticket=ST-[A-Za-z0-9]{27}$/)
    const answer = await ask(ticketIn(page), { service: here('moodle/a?b=%D1%91') })
    expect(answer).to.match(/<cas:user>p-1002<\/cas:user>.*<cas:sn>Соколов<\/cas:sn><cas:who>parent<\/cas:who>/)
    expect(answer).to.include('<cas:isFromNewLogin>true<')
    expect(browser.visited.join(' ')).not.to.include('p-1002').and.not.to.include(encodeURIComponent('Соколов'))
  })

  it('answers in the form that was asked for', async () => {
    const browser = new Browser()
    await enter(browser)
    const next = async () => {
      town.clock.forward(61_000)
      return ticketIn(await turn(browser, { service: here() }))
    }
    expect(await ask(await next(), {}, 'moodle/serviceValidate'))
      .to.include('p-1002')
      .and.not.to.include('attributes')
    expect(await ask(await next(), {}, 'moodle/validate')).to.equal('yes\np-1002\n')
    const json = JSON.parse(await ask(await next(), { format: 'JSON' }, 'moodle/p3/proxyValidate')) as object
    expect(json).to.have.nested.property('serviceResponse.authenticationSuccess.attributes.isFromNewLogin', 'false')
    const kept = await next()
    expect(await ask(kept, { format: 'yaml' })).to.include('code="INVALID_REQUEST"')
    const head = await fetch(at('moodle/serviceValidate', { ticket: kept, service: here() }), { method: 'HEAD' })
    expect([head.status, await ask(kept)]).to.satisfy(([status, text]: [number, string]) => status === 204 && text.includes('p-1002')) // prettier-ignore
  })

  it('from our own start page leads to the home of the journal', async () => {
    const browser = new Browser()
    const page = await walk(browser, `${town.town.bridge}/login?journal=moodle`, FATHER)
    expect(page.url.href).to.equal(`${here('moodle/home')}?ticket=${ticketIn(page)}`)
    expect(await ask(ticketIn(page), { service: here('moodle/home') })).to.include('p-1002')
    expect((await turn(new Browser(), {})).location!.origin, 'no service: home, too').to.equal(town.town.idp)
  })

  it('keeps the service through the chooser of a person with several children', async () => {
    const browser = new Browser()
    const page = await walk(browser, at('moodle/login', { service: here('moodle/deep/link') }), MOTHER)
    const [choice] = page.form('/continue').buttons
    const arrived = await browser.submit(page, { [choice!.name]: choice!.value }, '/continue')
    expect(arrived.url.href).to.include('/moodle/deep/link?ticket=ST-')
    expect(await ask(ticketIn(arrived), { service: here('moodle/deep/link') })).to.include('authenticationSuccess')
  })

  describe('a ticket', () => {
    it('counts for one attempt, whatever comes of it', async () => {
      const spoilt: readonly [string, Record<string, string>, string?][] = [
        ['authenticationSuccess', {}],
        ['code="INVALID_SERVICE"', { service: here('moodle/other') }],
        ['code="INVALID_TICKET"', {}, 'wiki/serviceValidate'],
        ['code="UNAUTHORIZED_SERVICE_PROXY"', { pgtUrl: 'https://sgo.school.example/pgt' }],
        ['code="INVALID_REQUEST"', { service: '' }],
        ['no\n\n', { service: here('moodle/other') }, 'moodle/validate'],
      ]
      const browser = new Browser()
      await enter(browser)
      for (const [answer, change, path] of spoilt) {
        town.clock.forward(61_000)
        const ticket = ticketIn(await turn(browser, { service: here() }))
        expect(await ask(ticket, change, path)).to.include(answer)
        expect(await ask(ticket), answer).to.include('code="INVALID_TICKET"')
      }
    })

    it('lets one of ten in that ask at the same moment', async () => {
      const ticket = await enter(new Browser())
      const answers = await Promise.all(Array.from({ length: 10 }, () => ask(ticket)))
      expect(answers.filter(text => text.includes('authenticationSuccess'))).to.have.length(1)
      expect(answers.filter(text => text.includes('code="INVALID_TICKET"'))).to.have.length(9)
    })

    it('is worth nothing after 60 seconds, and nothing after the logout', async () => {
      const browser = new Browser()
      const late = await enter(browser)
      town.clock.forward(60_000)
      expect(await ask(late)).to.include('code="INVALID_TICKET"')
      const left = ticketIn(await turn(browser, { service: here() }))
      await press(browser, await browser.get(at('moodle/logout')))
      expect(await ask(left)).to.include('code="INVALID_TICKET"')
    })

    it('fits the service however its unreserved characters are written, and no other', async () => {
      const browser = new Browser()
      await enter(browser)
      const place = here('moodle/~a%2Db')
      const ticket = async () => ticketIn(await turn(browser, { service: place }))
      expect(await ask(await ticket(), { service: here('moodle/%7Ea-b') })).to.include('authenticationSuccess')
      town.clock.forward(61_000)
      expect(await ask(await ticket(), { service: `${place}/` })).to.include('INVALID_SERVICE')
    })

    it('of somebody who was signed in before does not do where renew is asked for', async () => {
      const browser = new Browser()
      await enter(browser)
      const page = await browser.get(at('moodle/login', { service: here(), renew: 'true' }))
      expect(page.text, 'asks for the password again').to.include('name="password"')
      const answer = await browser.submit(await signInAtIdp(browser, page, FATHER))
      expect(await ask(ticketIn(answer), { renew: 'true' })).to.include('authenticationSuccess')

      const again = ticketIn(await turn(browser, { service: here() }))
      expect(await ask(again, { renew: 'true' })).to.include('code="INVALID_TICKET"')
    })

    it('of an IdP that asked nothing does not do either', async () => {
      const browser = new Browser()
      await enter(browser)
      town.clock.forward(10 * 60_000)
      browser.cookies.get('localhost')!.delete('vhod-session')
      const ticket = await enter(browser)
      expect(await ask(ticket, { renew: 'true' }), 'the IdP still knew the person').to.include('code="INVALID_TICKET"')
    })

    it('leaves its answer in the audit, under the number of the login', async () => {
      const browser = new Browser()
      const ticket = await enter(browser)
      await ask(ticket, { service: here('moodle/other') })
      const { number } = (await town.bridge.store.sessions.find(await keyOf(browser), town.clock.now()))!
      const events = await town.bridge.store.audit.byNumber(number)
      expect(events.at(-1)).to.deep.include({ what: 'journal.asked', result: 'refused', journal: 'moodle', facts: { answer: 'INVALID_SERVICE' } }) // prettier-ignore
    })
  })

  describe('gateway', () => {
    it('brings a ticket to whom is signed in, and asks nobody else for anything', async () => {
      const browser = new Browser()
      const away = await turn(browser, { service: here('moodle/x?y=1'), gateway: 'true' })
      expect([away.status, away.location!.href]).to.deep.equal([303, here('moodle/x?y=1')])
      await enter(browser)
      const back = await turn(browser, { service: here(), gateway: '' })
      expect(await ask(ticketIn(back))).to.include('authenticationSuccess')
    })

    it('goes back without one where a page would be needed', async () => {
      for (const login of [MOTHER, 'nobody@mail.example']) {
        const browser = new Browser()
        await walk(browser, at('moodle/login', { service: here() }), login)
        const back = await turn(browser, { service: here(), gateway: 'true' })
        expect(back.location!.href, login).to.equal(here())
      }
    })

    it('does not count beside renew, nor without a service', async () => {
      for (const query of [{ service: here(), renew: 'true', gateway: 'true' }, { gateway: 'true' }])
        expect((await turn(new Browser(), query)).location!.origin).to.equal(town.town.idp)
    })

    it('in a circle is stopped -> login.loop', async () => {
      const browser = new Browser()
      const query = { service: here(), gateway: 'true' }
      for (let round = 0; round < 5; round++) expect((await turn(browser, query)).status, String(round)).to.equal(303)
      const stopped = await turn(browser, query)
      expect([stopped.status, stopped.text.includes(refusalText['login.loop'].heading)]).to.deep.equal([429, true])
      expect((await lastEvent(stopped)).facts).to.include({ rounds: 5, through: 'gateway' })
      const login = await turn(browser, { service: here() })
      expect(login.location!.origin, 'who wants to sign in may').to.equal(town.town.idp)
    })

    it('is no circle when somebody leafs through pages that all ask', async () => {
      const browser = new Browser()
      for (let page = 0; page < 12; page++) {
        const back = await turn(browser, { service: here(`moodle/${page % 4}`), gateway: 'true' })
        expect(back.status, String(page)).to.equal(303)
        town.clock.forward(1_000)
      }
    })
  })

  describe('attacks', () => {
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
      expect((await lastEvent(page)).code).to.equal('journal.return-denied')
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
      const login = await fetch(`${town.town.bridge}/cas/moodle/login?${twice}`, { redirect: 'manual' })
      expect(login.status).to.equal(400)
      const ticket = await enter(new Browser())
      const answer = await fetch(`${town.town.bridge}/cas/moodle/serviceValidate?ticket=${ticket}&${twice}`)
      expect(await answer.text()).to.include('code="INVALID_REQUEST"')
    })

    it('a service that brings a ticket already is refused -> journal.return-denied', async () => {
      const browser = new Browser()
      await enter(browser)
      const page = await turn(browser, { service: here('moodle/?ticket=ST-of-somebody-else') })
      expect(page.status).to.equal(400)
      expect(await lastEvent(page)).to.deep.include({ code: 'journal.return-denied' })
    })

    it('proxy tickets are refused by the codes of the protocol', async () => {
      const proxy = async (query: Record<string, string>) => (await fetch(at('moodle/proxy', query))).text()
      expect(await proxy({})).to.include('<cas:proxyFailure code="INVALID_REQUEST">')
      expect(await proxy({ pgt: 'PGT-1', targetService: here() })).to.include('code="UNAUTHORIZED_SERVICE"')
      expect(await proxy({ pgt: 'PGT-1', targetService: here(), format: 'JSON' })).to.include('"UNAUTHORIZED_SERVICE"')
      expect(await ask('PT-1-abc')).to.include('code="INVALID_TICKET_SPEC"')
    })
  })

  describe('logout', () => {
    it('tells every service by its own ticket, and leads back to the one that asked', async () => {
      const browser = new Browser()
      const first = await enter(browser)
      const second = ticketIn(await turn(browser, { service: here('moodle/second') }))
      service.letters.length = 0
      const farewell = await press(browser, await browser.get(at('moodle/logout', { service: here('moodle/bye') })))
      expect(farewell.text).to.include('Вход закончен и здесь, и на Госуслугах').and.to.include('Журнал moodle')
      expect(farewell.link('Вернуться в журнал').href).to.equal(here('moodle/bye'))
      const told = service.letters.map(({ path, body }) => [path, /<samlp:SessionIndex>(.*?)<\/samlp/.exec(body.get('logoutRequest')!)![1]]) // prettier-ignore
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

  async function keyOf(browser: Browser) {
    const { sessionKey } = await import('../../src/sessions/session-key.js')
    const cookie = browser.cookie(town.town.bridge, 'vhod-session')!
    return sessionKey(decodeURIComponent(cookie).replace(/^s:/, '').split('.')[0]!)
  }
})

const link = (service: Service) => ({ kind: 'signed-link', alg: 'ES256', url: `${service.origin}/sso` })

/** The button «Выйти», not that of «Это не вы?» */
async function press(browser: Browser, page: Page, change: Record<string, string> = {}): Promise<Page> {
  const { action, fields } = page.forms.find(form => !('then' in form.fields))!
  const form = new URLSearchParams({ ...fields, ...change })
  return browser.follow(await browser.request('POST', new URL(action, page.url), form, page.url))
}

function ticketIn(page: Page): string {
  const ticket = (page.location ?? page.url).searchParams.get('ticket')
  if (ticket === null) throw new Error(`no ticket at ${page.url.href} (${page.status})\n${page.text}`)
  return ticket
}
