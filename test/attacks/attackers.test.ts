/** Three positions: a stranger, somebody with an account of his own, the owner of another journal; and an IdP that lies. */
import { expect } from 'chai'
import { refusals, type RefusalCode } from '../../src/base/refusals.js'
import { findTrick } from '../../src/mock-idp/faults.js'
import { Browser } from '../support/browser.js'
import { signInAtIdp, tokensIn, walk } from '../support/sign-in.js'
import { NUMBER } from '../support/told.js'
import { startTestTown, type TestTown } from '../support/town.js'

describe('attackers', () => {
  let town: TestTown
  let bridge: string
  before(async () => {
    town = await startTestTown()
    bridge = town.town.bridge
  })
  after(() => town.close())

  const login = (): string => `${bridge}/login?journal=sgo`

  describe('a stranger', () => {
    it("with somebody's answer and a login cookie of his own is refused", async () => {
      const [victim, thief] = [new Browser(), new Browser()]
      const answer = await signInAtIdp(victim, await victim.get(login()), 'father@mail.example')
      await thief.get(login())
      const own = [...thief.cookies.get('localhost')!].find(([name]) => name.startsWith('vhod-login-lax-'))!
      const { fields } = answer.form()
      thief.cookies.get('localhost')!.set(`vhod-login-lax-${fields['RelayState']!}`, own[1])
      const stolen = await thief.submit(answer)
      expect(stolen.status).to.equal(403)
      expect((await thief.get(`${bridge}/session`)).status).to.equal(401)
      expect((await victim.submit(answer)).url.origin).to.equal(town.town.journals)
    })

    it('cannot sign a victim in with an answer of his own (login CSRF)', async () => {
      const [attacker, victim] = [new Browser(), new Browser()]
      const answer = await signInAtIdp(attacker, await attacker.get(login()), 'father@mail.example')
      expect((await victim.submit(answer)).status).to.equal(400)
      expect((await victim.get(`${bridge}/session`)).status).to.equal(401)
    })

    it('cannot log somebody out with a link or a form of his own', async () => {
      const victim = new Browser()
      await walk(victim, login(), 'father@mail.example')
      await victim.get(`${bridge}/logout`)
      const forged = await victim.request(
        'POST',
        new URL('/logout', bridge),
        new URLSearchParams({ token: 'x' }),
        new URL('http://localhost:1/'),
      )
      expect(forged.status).to.equal(403)
      expect((await victim.get(`${bridge}/session`)).status).to.equal(200)
    })

    it('cannot make a browser forget its session by a form, to which it sends no Lax cookie', async () => {
      const victim = new Browser()
      await walk(victim, login(), 'father@mail.example')
      const elsewhere = new URL('http://127.0.0.1:1/')
      const answer = await victim.request('POST', new URL('/logout', bridge), new URLSearchParams(), elsewhere)
      expect(answer.headers.getSetCookie()).to.deep.equal([])
      expect((await victim.get(`${bridge}/session`)).status).to.equal(200)
    })
  })

  describe('somebody with an account of his own', () => {
    it("cannot use his session's form token in another session", async () => {
      const [father, mother] = [new Browser(), new Browser()]
      await walk(father, login(), 'father@mail.example')
      await walk(mother, login(), 'mother@mail.example')
      const { token } = (await father.get(`${bridge}/logout`)).form('/logout').fields
      const page = await mother.get(`${bridge}/logout`)
      const crossed = await mother.request(
        'POST',
        new URL('/logout', bridge),
        new URLSearchParams({ token: token! }),
        page.url,
      )
      expect(crossed.status).to.equal(403)
      expect((await mother.get(`${bridge}/session`)).status).to.equal(200)
    })

    it('cannot put one answer into another login of his, nor bring it back after logout', async () => {
      const browser = new Browser()
      const answer = await signInAtIdp(browser, await browser.get(login()), 'father@mail.example')
      await browser.submit(answer)
      await browser.submit(await browser.get(`${bridge}/logout`), {}, '/logout')
      expect((await browser.get(`${bridge}/session`)).status).to.equal(401)
      town.clock.forward(60_000)
      const again = await browser.submit(answer)
      expect(again.status, again.url.href).to.be.within(400, 403)
      expect((await browser.get(`${bridge}/session`)).status).to.equal(401)
    })
  })

  it('the owner of another journal cannot use a token that was made for one journal', async () => {
    const browser = new Browser()
    await walk(browser, login(), 'father@mail.example')
    const url = new URL(browser.visited.find(visited => visited.includes('token='))!)
    url.pathname = url.pathname.replace('/sgo/', '/eljur/')
    expect((await new Browser().get(url)).status).to.be.within(400, 403)
    expect(tokensIn(browser)[0]!['aud']).to.equal('sgo')
  })

  describe('lies of the IdP', () => {
    for (const name of [
      'unsigned',
      'xsw-3',
      'expired',
      'wrong-audience',
      'cloned-certificate',
      'ciphertext-altered',
      'doctype',
      'too-large',
      'error-status',
      'foreign-in-response-to',
    ])
      it(`${name}: a page of its own, no session, and the login goes on`, async () => {
        const browser = new Browser()
        const page = await walk(browser, login(), 'father@mail.example', {
          fault: name,
        })
        const { refused } = findTrick(name) as { refused: RefusalCode }
        expect(page.status).to.equal(refusals[refused].status)
        expect(page.text).to.match(NUMBER)
        expect((await browser.get(`${bridge}/session`)).status).to.equal(401)
        const events = await town.bridge.store.audit.byNumber(NUMBER.exec(page.text)![0] as never)
        expect(events.map(({ code }) => code)).to.include(refused)
        expect(tokensIn(browser)).to.deep.equal([])
      })
  })
})
