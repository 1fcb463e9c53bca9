/** Beside the road: logout, answers nobody asked for, the self-test. */
import { expect } from 'chai'
import { Browser } from '../support/browser.js'
import { useTown } from '../support/flow.js'
import { signInAtIdp, walk } from '../support/sign-in.js'

describe('flow: beside the road', () => {
  const flow = useTown()
  const { login, session } = flow

  describe('logout', () => {
    it("SDP-SP32 ends our session and the IdP's, whose answer comes over HTTP-Redirect", async () => {
      const browser = new Browser()
      await walk(browser, login(), 'father@mail.example')
      const button = await browser.get(`${flow.town.town.bridge}/logout`)
      expect((await session(browser)).status, 'a link ends nothing').to.equal(200)
      const farewell = await browser.submit(button, { then: '' }, '/logout')
      expect(farewell.status, farewell.text).to.equal(200)
      expect(farewell.text).to.include('Вход закончен и здесь, и на Госуслугах').and.to.include('Сетевой журнал')
      expect((await session(browser)).status).to.equal(401)
      expect((await browser.get(login())).text, 'the IdP asks for the password again').to.include('name="password"')
    })

    it('asks and says good-bye in the language that the browser asks for first', async () => {
      for (const [language, first, second] of [
        ['en', 'You are signed out', 'Вы вышли'],
        ['ru', 'Вы вышли', 'You are signed out'],
      ] as const) {
        // prettier-ignore
        const browser = new Browser({ 'accept-language': language })
        await walk(browser, login(), 'father@mail.example')
        const question = await browser.get(`${flow.town.town.bridge}/logout`)
        const asked = language === 'en' ? ['Sign out?', 'Выйти?'] : ['Выйти?', 'Sign out?']
        const farewell = await browser.submit(question, { then: '' }, '/logout')
        for (const [{ text }, ...words] of [
          [question, ...asked],
          [farewell, first, second],
        ] as const) {
          const main = text.slice(text.indexOf('<main'))
          const [one, other] = words.map(each => main.indexOf(`>${each}<`))
          expect(one, `${words[0]} in ${language}`).to.be.greaterThan(0).and.lessThan(other!)
        }
      }
    })

    it('lets somebody else in: «Это не вы? Войти другим»', async () => {
      const browser = new Browser()
      const refused = await walk(browser, login(), 'nobody@mail.example')
      const asked = await browser.submit(refused, {}, '/logout')
      expect(asked.text).to.include('name="password"')
      const page = await browser.submit(await signInAtIdp(browser, asked, 'father@mail.example'))
      expect(page.url.origin).to.equal(flow.town.town.journals)
    })

    it('SDP-SP27 no page of it may be framed: the question, the end, and what an IdP or a stranger brings', async () => {
      const browser = new Browser()
      await walk(browser, login(), 'father@mail.example')
      const frames = (page: { headers: Headers }, what: string) =>
        expect(page.headers.get('content-security-policy'), what).to.include("frame-ancestors 'none'")
      const button = await browser.get(`${flow.town.town.bridge}/logout`)
      frames(button, 'the question')
      const end = await browser.submit(button, { then: '' }, '/logout')
      expect(end.text).to.include('Вход закончен')
      frames(end, 'the end')
      frames(await browser.get(end.url), 'the end, once more')
      frames(await new Browser().get(end.url), 'what a stranger sees of it')
      frames(await browser.get(`${flow.town.town.bridge}/logout`), 'nobody is signed in')
      frames(await browser.get(`${flow.town.town.bridge}/saml/slo`), 'no message')
    })

    it('needs the token of its page', async () => {
      const browser = new Browser()
      const page = await walk(browser, login(), 'nobody@mail.example')
      const forged = await browser.request(
        'POST',
        new URL('/logout', page.url),
        new URLSearchParams({ token: 'x' }),
        page.url,
      )
      expect(forged.status).to.equal(403)
      expect((await session(browser)).status).to.equal(200)
    })

    it("lets nobody end another browser's session with the answer to a logout of his own", async () => {
      const [victim, attacker] = [new Browser(), new Browser()]
      await walk(victim, login(), 'father@mail.example')
      await walk(attacker, login(), 'mother@mail.example')
      const button = await attacker.get(`${flow.town.town.bridge}/logout`)
      const form = button.form('/logout')
      const fields = new URLSearchParams({ ...form.fields, then: '' })
      const asked = await attacker.request('POST', new URL(form.action, button.url), fields, button.url)
      const answer = await attacker.request('GET', asked.location!)
      expect(answer.location!.pathname).to.equal('/saml/slo')

      for (const other of [victim, new Browser()]) {
        const page = await other.get(answer.location!)
        expect(page.status).to.equal(400)
        expect(page.text, 'who else was where').not.to.include('Сетевой журнал')
        expect(page.text).not.to.include('Вход закончен')
      }
      expect((await session(victim)).status).to.equal(200)
      expect((await attacker.get(answer.location!)).text, 'nothing was used up').to.include('Вход закончен и здесь')
    })

    it('sends nobody to sign in because of a logout that another browser began («Войти другим»)', async () => {
      const [victim, attacker] = [new Browser(), new Browser()]
      const refused = await walk(attacker, login(), 'nobody@mail.example')
      const form = refused.form('/logout')
      const asked = await attacker.request('POST', new URL(form.action, refused.url), new URLSearchParams(form.fields), refused.url) // prettier-ignore
      const answer = await attacker.request('GET', asked.location!)
      const page = await victim.request('GET', answer.location!)
      expect([page.status, page.headers.getSetCookie()]).to.deep.equal([400, []])
      expect((await attacker.get(answer.location!)).text).to.include('name="password"')
    })

    it('counts the answer once, and shows whoever loads the page again the same', async () => {
      const browser = new Browser()
      await walk(browser, login(), 'father@mail.example')
      await browser.submit(await browser.get(`${flow.town.town.bridge}/logout`), { then: '' }, '/logout')
      const answer = browser.visited.find(url => url.includes('/saml/slo'))!
      const again = await browser.get(answer)
      expect([again.status, again.text.includes('Вход закончен и здесь, и на Госуслугах')]).to.deep.equal([200, true])
      const number = (await flow.town.bridge.store.logouts.find(new URL(answer).searchParams.get('RelayState')!, 0))!
        .number
      const events = await flow.town.bridge.store.audit.byNumber(number)
      expect(events.filter(({ what }) => what === 'logout.finished')).to.have.length(1)
      flow.town.clock.forward(10 * 60_000)
      expect((await browser.get(answer)).status, 'not for ever').to.equal(400)
    })

    it('refuses an answer to a logout that nobody started', async () => {
      const page = await new Browser().get(
        `${flow.town.town.bridge}/saml/slo?SAMLResponse=x&RelayState=${'a'.repeat(27)}`,
      )
      expect(page.status).to.equal(400)
    })
  })

  describe('an answer that nobody asked for', () => {
    it('is dropped, and an own request goes to that IdP: the person notices nothing', async () => {
      const browser = new Browser()
      const catalogue = await browser.get(`${flow.town.town.idp}/`)
      const page = await browser.get(catalogue.link('Unsolicited'))
      const answer = await signInAtIdp(browser, page, 'father@mail.example')
      expect(answer.form().fields['SAMLResponse']).to.be.a('string')
      const next = await browser.submit(answer)
      const asked = browser.visited.filter(url => url.startsWith(flow.town.town.idp) && url.includes('SAMLRequest='))
      expect(asked, 'an own request').to.have.length(1)
      const second = next.text.includes('name="SAMLResponse"') ? await browser.submit(next) : next
      expect(second.status).to.equal(200)
      expect((await session(browser)).status).to.equal(200)
    })
  })

  describe('self-test', () => {
    it('shows every check, what the IdP sent and what the rules would do', async () => {
      const browser = new Browser()
      const page = await walk(browser, `${flow.town.town.bridge}/self-test`, 'mother@mail.example')
      expect(page.status).to.equal(200)
      expect(page.text)
        .to.include('Проверка входа')
        .and.to.include('urn:esia:personSNILS')
        .and.to.include('Соколов Илья')
      const { body } = await session(browser)
      const assertion = body['assertion'] as { nameId: string; attributes: Record<string, string[]> }
      expect(assertion.nameId).to.match(/^_[0-9a-f]{32}$/)
      expect(assertion.attributes['urn:mace:dir:attribute:userId']).to.deep.equal(['1000900001'])
      expect(body['account']).to.equal(null)
    })

    it('answers in JSON when asked', async () => {
      const browser = new Browser({ accept: 'application/json' })
      const page = await walk(browser, `${flow.town.town.bridge}/self-test`, 'nobody@mail.example')
      const body = JSON.parse(page.text) as {
        checks: { check: string; result: string }[]
        decisions: { refused?: string }[]
      }
      expect(body.checks.filter(({ result }) => result === 'fail')).to.deep.equal([])
      expect(body.checks.map(({ check }) => check)).to.include('audience')
      const everywhere = [...flow.town.bridge.web.ports.journals.keys()].map(() => 'identity.not-linked')
      expect(body.decisions.map(({ refused }) => refused)).to.deep.equal(everywhere)
    })
  })
})
