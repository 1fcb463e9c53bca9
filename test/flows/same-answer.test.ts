/** The same answer again, and tabs beside each other: whoever owns the login always lands in the journal. */
import { expect } from 'chai'
import type { RefusalCode } from '../../src/base/refusals.js'
import { Browser, type Page } from '../support/browser.js'
import { startSecondNode, type Node } from '../support/second-node.js'
import { signInAtIdp, tokensIn, walk } from '../support/sign-in.js'
import { lastEvent } from '../support/told.js'
import { startTestTown, type TestTown } from '../support/town.js'

const FATHER = 'father@mail.example'
const MOTHER = 'mother@mail.example'

describe('flow: the same answer, and parallel tabs', () => {
  let town: TestTown
  let node: Node
  let login: (query?: Record<string, string>) => string
  before(async () => {
    town = await startTestTown()
    node = await startSecondNode(town)
    login = query => `${town.town.bridge}/login?${new URLSearchParams({ journal: 'sgo', ...query }).toString()}`
  })
  after(async () => {
    await node.close()
    await town.close()
  })

  const answered = async (browser: Browser, who = FATHER): Promise<Page> =>
    signInAtIdp(browser, await browser.get(login()), who)
  /** @param to the address on one of the nodes */
  const post = (browser: Browser, answer: Page, to = new URL(answer.form().action)): Promise<Page> =>
    browser.request('POST', to, new URLSearchParams(answer.form().fields), answer.url)
  const isSignedIn = async (browser: Browser): Promise<boolean> =>
    (await browser.get(`${town.town.bridge}/session`)).status === 200
  const copyOf = (browser: Browser): Browser => {
    const copy = new Browser()
    for (const [host, cookies] of browser.cookies) copy.cookies.set(host, new Map(cookies))
    return copy
  }
  async function expectRefused(page: Page, code: RefusalCode, facts: Record<string, unknown> = {}): Promise<void> {
    const event = await lastEvent(town, page)
    expect(event, page.text).to.include({ code })
    expect(event.facts).to.include(facts)
  }
  const inJournal = (page: Page): void => {
    expect(page.url.origin, page.text).to.equal(town.town.journals)
    expect(page.status).to.equal(200)
  }

  describe('on two nodes without a common memory', () => {
    it('one after the other leads into the journal twice, with another token', async () => {
      const browser = new Browser()
      const answer = await answered(browser)
      inJournal(await browser.follow(await post(browser, answer)))
      inJournal(await browser.follow(await post(browser, answer, node.at(answer.form().action))))
      const [first, second] = tokensIn(browser)
      expect(second!['jti']).not.to.equal(first!['jti'])
    })

    it('at once leaves the browser with a working session and in the journal', async () => {
      const browser = new Browser()
      const answer = await answered(browser)
      const both = await Promise.all([post(browser, answer), post(browser, answer, node.at(answer.form().action))])
      expect(both.map(({ status }) => status)).to.deep.equal([303, 303])
      for (const one of both) inJournal(await browser.follow(one))
      expect(await isSignedIn(browser)).to.equal(true)
    })

    it('leads on through the IdP when the cookie of the first response never arrived, and closes that session', async () => {
      const browser = new Browser()
      const answer = await answered(browser)
      const lost = copyOf(browser)
      await post(lost, answer)
      expect(await isSignedIn(lost)).to.equal(true)
      const idp = await browser.follow(await post(browser, answer, node.at(answer.form().action)))
      expect(idp.text, 'the IdP knows the person and asks nothing').to.include('name="SAMLResponse"')
      inJournal(await browser.submit(idp))
      expect([await isSignedIn(browser), await isSignedIn(lost)]).to.deep.equal([true, false])
    })

    it('from another browser is refused as used, and tells why', async () => {
      const [owner, thief] = [new Browser(), new Browser()]
      const answer = await answered(owner)
      await post(owner, answer)
      for (const to of [new URL(answer.form().action), node.at(answer.form().action)]) {
        const refused = await post(thief, answer, to)
        expect(refused.status).to.equal(403)
        await expectRefused(refused, 'login.finished')
        expect(refused.headers.getSetCookie().join()).not.to.include('vhod-session')
      }
    })
  })

  it('leads into the journal also when the person signed in again in another tab', async () => {
    const browser = new Browser()
    const answer = await answered(browser)
    await browser.submit(answer)
    await walk(browser, login({ force: '1' }), FATHER)
    inJournal(await browser.submit(answer))
    expect(await isSignedIn(browser)).to.equal(true)
  })

  it('is refused when somebody else signed in at this browser since', async () => {
    const browser = new Browser()
    const answer = await answered(browser)
    await browser.submit(answer)
    await walk(browser, login({ force: '1' }), MOTHER)
    const refused = await browser.submit(answer)
    expect(refused.status).to.equal(403)
    await expectRefused(refused, 'login.finished', { cause: 'somebody else is signed in' })
    expect(refused.text, 'who is signed in stays so').to.include('Соколова Марина')
  })

  it('of a browser that keeps no session is not sent round for ever', async () => {
    const browser = new Browser()
    const answer = await answered(browser, MOTHER)
    let here = await post(browser, answer)
    for (let round = 1; round < 10 && here.status === 303; round++) {
      browser.cookies.get('localhost')!.delete('vhod-session')
      here = await browser.follow(here)
      if (here.text.includes('name="SAMLResponse"')) here = await post(browser, here)
    }
    expect(here.status).to.equal(401)
    await expectRefused(here, 'session.none', { cause: 'cookie-blocked' })
  })

  describe('tabs', () => {
    it('started without a session leave one session open, not two', async () => {
      const browser = new Browser()
      const answers = [await answered(browser), await answered(browser)] as const
      await browser.submit(answers[0])
      const first = copyOf(browser)
      expect(await isSignedIn(first)).to.equal(true)
      inJournal(await browser.submit(answers[1]))
      expect([await isSignedIn(browser), await isSignedIn(first)]).to.deep.equal([true, false])
    })

    it('with a cookie that names a login of another browser close nothing there', async () => {
      const [victim, other] = [new Browser(), new Browser()]
      await walk(victim, login(), FATHER)
      const name = [...victim.cookies.get('localhost')!.keys()].find(key => key.startsWith('vhod-login-lax-'))!
      const answer = await answered(other)
      other.cookies.get('localhost')!.set(name, { value: 'zz.guessed', secure: false, sameSite: 'none' })
      inJournal(await other.submit(answer))
      expect(await isSignedIn(victim)).to.equal(true)
    })

    it('keep their chooser usable after another tab signed in again', async () => {
      const browser = new Browser()
      const chooser = await walk(browser, login(), MOTHER)
      await walk(browser, login({ force: '1' }), MOTHER)
      const [first] = chooser.form('/continue/').buttons
      inJournal(await browser.submit(chooser, { choice: first!.value }, '/continue/'))
      const forged = await browser.submit(chooser, { choice: first!.value, token: 'of nobody' }, '/continue/')
      expect(forged.status).to.equal(403)
      await expectRefused(forged, 'request.forged')
    })

    it('that wake up all at once reach their own places, and one session is open', async () => {
      const browser = new Browser()
      const state = (i: number): string => `tab-${i}`
      const starts = await Promise.all(Array.from({ length: 10 }, (_, i) => browser.get(login({ state: state(i) }))))
      await signInAtIdp(browser, starts[0]!, FATHER)
      const answers = await Promise.all(starts.map(start => browser.get(start.url)))
      const ready: Page[] = []
      for (const answer of answers) ready.push(await signInAtIdp(browser, answer, FATHER))
      await Promise.all(ready.map(answer => browser.submit(answer)))
      expect(
        tokensIn(browser)
          .map(claims => claims['state'])
          .sort(),
      ).to.deep.equal(starts.map((_, i) => state(i)).sort())
      expect(await isSignedIn(browser)).to.equal(true)
    })
  })
})
