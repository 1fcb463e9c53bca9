/** CAS: from a service to the IdP, back with a ticket, and what the journal's server is told about it. */
import { expect } from 'chai'
import { Browser } from '../support/browser.js'
import { FATHER, MOTHER, ticketIn, useCasTown } from '../support/cas-town.js'
import { sessionOf } from '../support/idp-logout.js'
import { signInAtIdp, walk } from '../support/sign-in.js'

describe('flow: CAS', () => {
  const cas = useCasTown()
  const { at, here, enter, ask, turn } = cas

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
      cas.town.clock.forward(61_000)
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
    const page = await walk(browser, `${cas.town.town.bridge}/login?journal=moodle`, FATHER)
    expect(page.url.href).to.equal(`${here('moodle/home')}?ticket=${ticketIn(page)}`)
    expect(await ask(ticketIn(page), { service: here('moodle/home') })).to.include('p-1002')
    expect((await turn(new Browser(), {})).location!.origin, 'no service: home, too').to.equal(cas.town.town.idp)
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
        cas.town.clock.forward(61_000)
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
      cas.town.clock.forward(60_000)
      expect(await ask(late)).to.include('code="INVALID_TICKET"')
      const left = ticketIn(await turn(browser, { service: here() }))
      await browser.submit(await browser.get(at('moodle/logout')), { then: '' }, '/logout')
      expect(await ask(left)).to.include('code="INVALID_TICKET"')
    })

    it('fits the service however its unreserved characters are written, and no other', async () => {
      const browser = new Browser()
      await enter(browser)
      const place = here('moodle/~a%2Db')
      const ticket = async () => ticketIn(await turn(browser, { service: place }))
      expect(await ask(await ticket(), { service: here('moodle/%7Ea-b') })).to.include('authenticationSuccess')
      cas.town.clock.forward(61_000)
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
      cas.town.clock.forward(10 * 60_000)
      browser.cookies.get('localhost')!.delete('vhod-session')
      const ticket = await enter(browser)
      expect(await ask(ticket, { renew: 'true' }), 'the IdP still knew the person').to.include('code="INVALID_TICKET"')
    })

    it('leaves its answer in the audit, under the number of the login', async () => {
      const browser = new Browser()
      const ticket = await enter(browser)
      await ask(ticket, { service: here('moodle/other') })
      const { number } = await sessionOf(cas.town, browser)
      const events = await cas.town.bridge.store.audit.byNumber(number)
      expect(events.at(-1)).to.deep.include({ what: 'journal.asked', result: 'refused', journal: 'moodle', facts: { answer: 'INVALID_SERVICE' } }) // prettier-ignore
    })
  })
})
