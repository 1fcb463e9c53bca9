/** The road itself: chooser, deep links, the same answer twice, parallel tabs, and what programs are served. */
import { expect } from 'chai'
import { refusalText } from '../../src/web/pages/text-ru.js'
import { Browser, type Page } from '../support/browser.js'
import { useTown } from '../support/flow.js'
import { claimsOf, signInAtIdp, tokensIn, walk } from '../support/sign-in.js'

const MINUTE = 60_000

describe('flow: the road', () => {
  const flow = useTown()
  const { login, session } = flow

  const choose = (browser: Browser, page: Page, title: string): Promise<Page> => {
    const form = page.form('/continue/')
    const button = new RegExp(`value="([^"]+)"[^>]*>(?:(?!</button>)[\\s\\S])*${title}`).exec(page.text)
    expect(form.method).to.equal('post')
    return browser.submit(page, { choice: button![1]! }, '/continue/')
  }

  describe('the chooser', () => {
    it('takes a mother of two into the journal of the child she chose', async () => {
      const browser = new Browser()
      const chooser = await walk(browser, login(), 'mother@mail.example')
      const journal = await choose(browser, chooser, 'Соколова Вера')
      expect(journal.status).to.equal(200)
      expect(tokensIn(browser)[0]).to.include({ school: 'school-2', login: 'p-1101', child: 'c-601', role: 'parent' })
      expect((await session(browser)).body['account']).to.deep.equal({
        journal: 'sgo',
        school: 'school-2',
        login: 'p-1101',
        role: 'parent',
      })
    })

    it('does not ask when the journal named the school', async () => {
      const browser = new Browser()
      await walk(browser, login('journal=sgo&school=1029900000019'), 'mother@mail.example')
      expect(tokensIn(browser)[0]).to.include({ school: 'school-2', child: 'c-601' })
    })

    it('refuses a choice of somebody else, a missing token and a foreign Origin', async () => {
      const [mother, father] = [new Browser(), new Browser()]
      const chooser = await walk(mother, login(), 'mother@mail.example')
      await walk(father, login(), 'father@mail.example')
      const accountOfFather = String(tokensIn(father)[0]!['account'])
      const to = new URL(chooser.form('/continue/').action, chooser.url)
      const { token } = chooser.form('/continue/').fields

      const foreign = await mother.request(
        'POST',
        to,
        new URLSearchParams({ token: token!, choice: accountOfFather }),
        chooser.url,
      )
      expect(foreign.status).to.equal(403)
      expect((await mother.get(chooser.url)).text, 'the honest choice is still open').to.include('Соколова Вера')
      const noToken = await mother.request('POST', to, new URLSearchParams({ choice: 'x' }), chooser.url)
      expect(noToken.status).to.equal(403)
      const honest = chooser.form('/continue/').buttons.find(({ name }) => name === 'choice')!
      const evil = await mother.request(
        'POST',
        to,
        new URLSearchParams({ token: token!, choice: honest.value }),
        new URL('http://localhost:1'),
      )
      expect(evil.status).to.equal(403)
      expect(tokensIn(mother)).to.deep.equal([])
    })

    it('belongs to the session that opened it', async () => {
      const mother = new Browser()
      const chooser = await walk(mother, login(), 'mother@mail.example')
      expect((await new Browser().get(chooser.url)).status).to.equal(401)
      const father = new Browser()
      await walk(father, login(), 'father@mail.example')
      expect((await father.get(chooser.url)).status).to.equal(403)
    })
  })

  describe('automatic', () => {
    it('shows no page between the IdP and the journal when nothing is to be asked', async () => {
      const browser = new Browser()
      const answer = await signInAtIdp(browser, await browser.get(login()), 'father@mail.example')
      const form = answer.form()
      const hop = await browser.request('POST', new URL(form.action), new URLSearchParams(form.fields), answer.url)
      expect(hop.status).to.equal(303)
      expect(hop.headers.get('cache-control')).to.equal('no-store')
      expect(hop.headers.get('referrer-policy')).to.equal('no-referrer')
      expect(hop.location!.origin).to.equal(flow.town.town.journals)
    })

    it('IIP-SP09 SDP-SP21 a deep link: keeps return address and state to the letter', async () => {
      const browser = new Browser()
      const target = `${flow.town.town.journals}/sgo/marks`
      const state = 'Ё-эхо ✓ &x=1'
      await walk(
        browser,
        login(new URLSearchParams({ journal: 'sgo', return: target, state }).toString()),
        'father@mail.example',
      )
      expect(tokensIn(browser)[0]).to.include({ return_to: target, state })
    })

    it('starts at the journal and ends in the journal, which checked its own state', async () => {
      const browser = new Browser()
      const page = await walk(browser, `${flow.town.town.journals}/sgo/login?to=marks`, 'father@mail.example')
      expect(page.status, page.text).to.equal(200)
      expect(page.url.origin).to.equal(flow.town.town.journals)
      expect(tokensIn(browser)[0]!['state']).to.be.a('string')
    })

    it('refuses a return address outside the list before anybody signs in', async () => {
      const page = await new Browser().get(
        login(new URLSearchParams({ journal: 'sgo', return: 'https://evil.example/' }).toString()),
      )
      expect(page.status).to.equal(400)
    })
  })

  describe('the same answer', () => {
    it('twice from its browser leads into the journal twice, with another token', async () => {
      const browser = new Browser()
      const answer = await signInAtIdp(browser, await browser.get(login()), 'father@mail.example')
      await browser.submit(answer)
      const again = await browser.submit(answer)
      expect(again.url.origin).to.equal(flow.town.town.journals)
      const [first, second] = tokensIn(browser)
      expect(second!['jti']).not.to.equal(first!['jti'])
    })

    it('twice at once leads into the journal twice', async () => {
      const browser = new Browser()
      const answer = await signInAtIdp(browser, await browser.get(login()), 'father@mail.example')
      const { action, fields } = answer.form()
      const post = () => browser.request('POST', new URL(action), new URLSearchParams(fields), answer.url)
      const both = await Promise.all([post(), post()])
      expect(both.map(({ status }) => status)).to.deep.equal([303, 303])
      for (const one of both) expect((await browser.follow(one)).url.origin).to.equal(flow.town.town.journals)
    })

    it('leads on even when the first response, with the cookie of the session, never arrived', async () => {
      const [browser, lost] = [new Browser(), new Browser()]
      const answer = await signInAtIdp(browser, await browser.get(login()), 'father@mail.example')
      for (const [host, cookies] of browser.cookies) lost.cookies.set(host, new Map(cookies))
      await lost.request('POST', new URL(answer.form().action), new URLSearchParams(answer.form().fields), answer.url)
      expect((await session(browser)).status).to.equal(401)
      expect((await browser.submit(answer)).url.origin).to.equal(flow.town.town.journals)
      expect((await session(browser)).status).to.equal(200)
    })

    it('from another browser is refused, and the owner is none the worse', async () => {
      const [owner, thief] = [new Browser(), new Browser()]
      const answer = await signInAtIdp(owner, await owner.get(login()), 'father@mail.example')
      const stolen = await thief.submit(answer)
      expect(stolen.status).to.equal(400)
      expect((await owner.submit(answer)).url.origin).to.equal(flow.town.town.journals)
      expect((await thief.submit(answer)).status, 'after it was used').to.equal(403)
      expect((await session(thief)).status).to.equal(401)
    })

    it('of another login of the same browser is refused', async () => {
      const browser = new Browser()
      const first = await signInAtIdp(browser, await browser.get(login()), 'father@mail.example')
      const second = await signInAtIdp(browser, await browser.get(login()), 'father@mail.example')
      const mixed = new URLSearchParams({ ...first.form().fields, RelayState: second.form().fields['RelayState']! })
      expect((await browser.request('POST', new URL(first.form().action), mixed, first.url)).status).to.equal(403)
    })

    it('is found by InResponseTo when RelayState got lost', async () => {
      const browser = new Browser()
      const answer = await signInAtIdp(browser, await browser.get(login()), 'father@mail.example')
      const { SAMLResponse } = answer.form().fields
      const page = await browser.follow(
        await browser.request(
          'POST',
          new URL(answer.form().action),
          new URLSearchParams({ SAMLResponse: SAMLResponse! }),
          answer.url,
        ),
      )
      expect(page.url.origin).to.equal(flow.town.town.journals)
    })
  })

  it('SDP-SP03 keeps the twenty youngest logins of a browser, and begins none for a picture or a frame', async () => {
    const browser = new Browser()
    const first = await browser.get(login())
    for (const dest of ['image', 'iframe', 'empty']) {
      const page = await new Browser({ 'sec-fetch-dest': dest }).get(login())
      expect(page.status, dest).to.equal(400)
      expect(page.headers.get('set-cookie'), dest).to.equal(null)
    }
    for (let i = 0; i < 19; i++) await browser.get(login())
    const names = () => [...browser.cookies.get('localhost')!.keys()].filter(name => name.startsWith('vhod-login-lax-'))
    expect(names()).to.have.length(20)
    const { RelayState } = (await signInAtIdp(browser, first, 'father@mail.example')).form().fields
    expect(names()).to.include(`vhod-login-lax-${RelayState!}`)
    await browser.get(login())
    expect(names()).to.have.length(20).and.not.to.include(`vhod-login-lax-${RelayState!}`)
  })

  it('lets parallel tabs each reach their own target', async () => {
    const browser = new Browser()
    const tabs = ['marks', 'timetable'].map(section => `${flow.town.town.journals}/sgo/${section}`)
    const starts = []
    for (const tab of tabs)
      starts.push(await browser.get(login(new URLSearchParams({ journal: 'sgo', return: tab }).toString())))
    for (const start of starts.reverse()) await browser.submit(await signInAtIdp(browser, start, 'father@mail.example'))
    expect(tokensIn(browser).map(claims => claims['return_to'])).to.deep.equal(tabs.reverse())
  })

  it("survives garbage posted with somebody else's RelayState", async () => {
    const [person, stranger] = [new Browser(), new Browser()]
    const answer = await signInAtIdp(person, await person.get(login()), 'father@mail.example')
    const { action, fields } = answer.form()
    for (const SAMLResponse of ['', '%%%', 'AAAA', Buffer.from('<a/>').toString('base64'), 'x'.repeat(600_000)])
      for (const who of [stranger, person]) {
        const page = await who.request(
          'POST',
          new URL(action),
          new URLSearchParams({ ...fields, SAMLResponse }),
          answer.url,
        )
        expect(page.status, SAMLResponse.slice(0, 20)).to.be.within(400, 413)
      }
    expect((await person.submit(answer)).url.origin).to.equal(flow.town.town.journals)
  })

  it('refuses an answer to a login that is older than its lifetime', async () => {
    const browser = new Browser()
    const answer = await signInAtIdp(browser, await browser.get(login()), 'father@mail.example')
    flow.town.clock.forward(16 * MINUTE)
    expect((await browser.submit(answer)).text, 'its own browser begins anew').to.include('name="SAMLResponse"')
    const late = await new Browser().submit(answer)
    expect(late.status).to.equal(400)
    expect(late.text).to.include(refusalText['login.expired'].heading)
    flow.town.clock.forward(2 * 60 * MINUTE)
    expect((await browser.submit(answer)).text).to.include(refusalText['login.forgotten'].heading)
  })

  it('refuses a login that was forced when the IdP did not ask the person again', async () => {
    const browser = new Browser()
    await walk(browser, login(), 'father@mail.example')
    const start = await browser.get(login('journal=sgo&force=1'))
    expect(start.text, 'the IdP asks for the password').to.include('name="password"')
  })

  it('serves metadata, keys and its health to programs', async () => {
    const browser = new Browser()
    const metadata = await browser.get(`${flow.town.town.bridge}/saml/metadata`)
    expect(metadata.headers.get('content-type')).to.include('application/samlmetadata+xml')
    const jwks = JSON.parse((await browser.get(`${flow.town.town.bridge}/.well-known/jwks.json`)).text) as {
      keys: Record<string, string>[]
    }
    expect(jwks.keys[0]).to.include({ kid: 't1', alg: 'ES256' }).and.not.to.have.property('d')
    for (const path of ['healthz', 'readyz'])
      expect((await browser.get(`${flow.town.town.bridge}/${path}`)).status).to.equal(200)
  })

  it('lets a token live for a minute at most', async () => {
    const browser = new Browser()
    await walk(browser, login(), 'father@mail.example')
    const { iat, exp } = tokensIn(browser)[0] as { iat: number; exp: number }
    expect(exp - iat).to.be.within(1, 60)
    const url = browser.visited.find(address => address.includes('token='))!
    expect(claimsOf(new URL(url).searchParams.get('token')!)).not.to.have.any.keys('name', 'snils', 'userId', 'email')
    expect((await browser.get(url)).status, 'single use').to.be.within(400, 403)
  })
})
