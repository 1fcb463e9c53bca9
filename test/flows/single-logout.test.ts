/** Logout in both directions and over every binding, with real HTTP: nobody stays signed in who was told to be out. */
import { expect } from 'chai'
import type { AuditEvent } from '../../src/audit/audit.js'
import { refusals } from '../../src/base/refusals.js'
import { systemCourier } from '../../src/courier/courier.js'
import type { Courier, Letter, Reply } from '../../src/login/logout-ports.js'
import { startLogin } from '../../src/login/start.js'
import { Browser, type Page } from '../support/browser.js'
import { runErrand } from '../support/errand.js'
import { bring, logoutOf, sessionOf, withId } from '../support/idp-logout.js'
import { walk } from '../support/sign-in.js'
import { startTestTown, type TestTown, type TestTownOptions } from '../support/town.js'

const MINUTE = 60_000

describe('flow: single logout', () => {
  let town: TestTown
  let login: string
  /** What our server sent to journals and to the IdP; and a hand that keeps letters back. */
  let letters: Letter[]
  let keepBack: (letter: Letter) => boolean
  let events: AuditEvent[]

  async function open(options: TestTownOptions = {}): Promise<void> {
    town = await startTestTown(options)
    login = `${town.town.bridge}/login?journal=sgo`
    letters = []
    events = []
    keepBack = () => false
    const post = (letter: Letter, most?: number): Promise<Reply | undefined> => {
      letters.push(letter)
      return keepBack(letter) ? Promise.resolve(undefined) : systemCourier.post(letter, most)
    }
    const { ports } = town.bridge.web
    Object.assign(ports, { courier: { post } satisfies Courier })
    const record = ports.audit.record.bind(ports.audit)
    Object.assign(ports.audit, { record: (event: AuditEvent) => (events.push(event), record(event)) })
  }

  const signIn = async (person = 'father@mail.example'): Promise<Browser> => {
    const browser = new Browser()
    await walk(browser, login, person)
    expect(await atBridge(browser), 'signed in').to.equal(true)
    expect(await atJournal(browser), 'in the journal').to.equal(true)
    return browser
  }
  const atBridge = async (browser: Browser): Promise<boolean> =>
    (await browser.get(`${town.town.bridge}/session`)).status === 200
  const atJournal = async (browser: Browser): Promise<boolean> =>
    (await browser.get(`${town.town.journals}/sgo/`)).text.includes('/sgo/logout')
  const atIdp = async (browser: Browser): Promise<boolean> =>
    !(await browser.get(login)).text.includes('name="password"')

  const tellDue = () => runErrand(town.bridge, 'telling journals of a logout')

  const leave = async (browser: Browser): Promise<Page> =>
    browser.submit(await browser.get(`${town.town.bridge}/logout`), { then: '' }, '/logout')
  /** The button of the IdP; a page that posts itself is posted. */
  const leaveAtIdp = async (browser: Browser, fields: Readonly<Record<string, string>>): Promise<Page> => {
    const page = await browser.submit(await browser.get(`${town.town.idp}/`), fields, '/idp/logout')
    return page.text.includes('name="SAMLRe') ? browser.submit(page) : page
  }

  describe('started by the IdP', () => {
    before(() => open())
    after(() => town.close())

    for (const by of ['redirect', 'post', 'soap'])
      it(`by ${by}: our session and the journal's end before the IdP is answered`, async () => {
        const browser = await signIn()
        const page = await leaveAtIdp(browser, { by })
        expect(page.text).to.include('Success')
        if (by !== 'soap') expect(page.text, 'RelayState comes back').to.include('<code>from-the-idp</code>')
        expect([await atBridge(browser), await atJournal(browser)]).to.deep.equal([false, false])
      })

    it('takes the cookie of the session that ended, and of no other', async () => {
      const [ended, bystander] = [await signIn(), await signIn('pupil@mail.example')]
      const session = await sessionOf(town, ended)
      const kept = await bring(logoutOf(town, session, 'redirect'), bystander)
      expect(kept.headers.getSetCookie()).to.deep.equal([])
      expect(await atBridge(bystander)).to.equal(true)
      const own = await signIn()
      const taken = await bring(logoutOf(town, await sessionOf(town, own), 'redirect'), own)
      expect(taken.headers.getSetCookie().join()).to.include('vhod-session=;')
    })

    it('with the name encrypted to us', async () => {
      const browser = await signIn()
      expect((await leaveAtIdp(browser, { by: 'redirect', encrypted: 'yes' })).text).to.include('Success')
      expect(await atBridge(browser)).to.equal(false)
    })

    it('without a SessionIndex: on every device of this person; with several: on those', async () => {
      const twice = async (): Promise<[Browser, Browser]> => {
        const [one, other] = [await signIn(), new Browser()]
        const idp = one.cookies.get('localhost')!.get('mock_gov_idp')!
        other.cookies.set('localhost', new Map([['mock_gov_idp', idp]]))
        await other.submit(await other.get(login))
        return [one, other]
      }
      const [one, other] = await twice()
      await leaveAtIdp(one, { by: 'soap', all: 'yes' })
      expect([await atBridge(one), await atBridge(other), await atJournal(other)]).to.deep.equal([false, false, false])

      const [first, second] = await twice()
      const session = await sessionOf(town, first)
      const sessionIndexes = ['_another', session.sessionIndex!]
      await bring(logoutOf(town, session, 'soap', { sessionIndexes }))
      expect([await atBridge(first), await atBridge(second)]).to.deep.equal([false, false])
    })

    it('SDP-SP35 going idle asks nobody to sign out; and the journal of a session that is long idle is still reached', async () => {
      const browser = await signIn()
      const session = await sessionOf(town, browser)
      letters.length = 0
      town.clock.forward(16 * MINUTE)
      expect(await atBridge(browser), 'idle').to.equal(false)
      await town.bridge.store.sweep(town.clock.now())
      expect(letters, 'SDP-SP35').to.deep.equal([])
      expect(await atJournal(browser)).to.equal(true)
      const page = await bring(logoutOf(town, session, 'soap'))
      expect(page.text).to.include('status:Success')
      expect(await atJournal(browser), 'the trace knew the journal').to.equal(false)
    })

    it('before its own answer arrives: the answer opens no session any more', async () => {
      const [first, late] = [await signIn(), new Browser()]
      late.cookies.set('localhost', new Map([['mock_gov_idp', first.cookies.get('localhost')!.get('mock_gov_idp')!]]))
      const answer = await late.get(login)
      expect(answer.text).to.include('name="SAMLResponse"')
      const message = logoutOf(town, await sessionOf(town, first), 'soap')
      expect((await bring(message)).text).to.include('status:Success')
      const refused = await late.submit(answer)
      expect([refused.status, events.at(-1)?.code]).to.deep.equal([403, 'login.logged-out'])
      expect(await atBridge(late)).to.equal(false)
    })

    it('tells the truth when a journal does not answer, and tells the journal again until it confirms', async () => {
      const browser = await signIn()
      keepBack = ({ to }) => to.endsWith('/sgo/sso-logout')
      const page = await leaveAtIdp(browser, { by: 'redirect' })
      expect(page.text).to.include('Responder, PartialLogout')
      expect([await atBridge(browser), await atJournal(browser)]).to.deep.equal([false, true])
      expect(await tellDue(), 'not yet due').to.equal(0)
      town.clock.forward(2 * MINUTE)
      expect(await tellDue(), 'still away').to.equal(0)
      keepBack = () => false
      town.clock.forward(6 * MINUTE)
      expect(await tellDue()).to.equal(1)
      expect(await atJournal(browser)).to.equal(false)
      const told = events.filter(({ what }) => what === 'journal.told').slice(-2)
      expect(told.map(({ result }) => result)).to.deep.equal(['failed', 'ok'])
      expect(await tellDue(), 'once').to.equal(0)
    })

    it('gives a journal up after a day, and says so', async () => {
      const browser = await signIn()
      keepBack = ({ to }) => to.endsWith('/sgo/sso-logout')
      await leaveAtIdp(browser, { by: 'redirect' })
      town.clock.forward(24 * 60 * MINUTE)
      letters.length = 0
      expect(await tellDue()).to.equal(0)
      expect(letters).to.have.length(1)
      expect(events.at(-1)).to.deep.include({ what: 'journal.told', result: 'failed' })
      expect(events.at(-1)?.facts).to.include({ again: false })
      town.clock.forward(120 * MINUTE)
      await tellDue()
      expect(letters, 'no more').to.have.length(1)
      keepBack = () => false
    })

    it('sends the journal nothing but its own names, in a token that opens nothing', async () => {
      const browser = await signIn()
      const arrived = new URL(browser.visited.findLast(url => url.includes('/sgo/sso?token='))!)
      const claims = (token: string) => JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as Record<string, unknown> // prettier-ignore
      letters.length = 0
      await leaveAtIdp(browser, { by: 'soap' })
      const token = new URLSearchParams(letters[0]!.body).get('logout_token')!
      const [entered, left] = [claims(arrived.searchParams.get('token')!), claims(token)]
      expect([left['sub'], left['sid']]).to.deep.equal([entered['sub'], entered['sid']])
      expect(Object.keys(left)).to.have.members(['iss', 'aud', 'iat', 'exp', 'jti', 'sub', 'sid', 'events'])
      const door = await new Browser().get(`${town.town.journals}/sgo/sso?token=${token}`)
      expect([door.status, door.text.includes('token-form')]).to.deep.equal([400, true])
    })
  })

  describe('started here', () => {
    const rows: readonly [string, TestTownOptions][] = [
      ['redirect', {}],
      ['post', { logoutBy: ['post', 'soap'] }],
      ['soap', { logoutBy: ['soap'] }],
    ]
    for (const [by, options] of rows)
      it(`SDP-SP34 by ${by}: ours, the journal's and the IdP's end, and the page says so`, async () => {
        await open(options)
        const browser = await signIn()
        let page = await leave(browser)
        if (by === 'post') {
          expect(page.headers.get('content-security-policy'))
            .to.include("script-src 'self'")
            .and.to.include(town.town.idp)
          expect([await atBridge(browser), await atJournal(browser)], 'before the IdP is asked').to.deep.equal([false, false]) // prettier-ignore
          page = await browser.submit(await browser.submit(page))
        }
        expect(page.text).to.include('Вход закончен и здесь, и на Госуслугах')
        expect(page.text).to.include('Журнал подтвердил выход: Сетевой журнал')
        expect([await atBridge(browser), await atJournal(browser), await atIdp(browser)]).to.deep.equal([false, false, false]) // prettier-ignore
        expect(events.find(({ what }) => what === 'logout.started')?.facts).to.deep.equal({ by })
        await town.close()
      })

    it('tells nobody that all is over because of a request that was brought before', async () => {
      await open({ logoutBy: ['soap'] })
      const [browser, stranger] = [await signIn(), await signIn('pupil@mail.example')]
      const message = logoutOf(town, await sessionOf(town, browser), 'post')
      expect((await bring(message, browser)).text, 'the first one is heard').to.include('Вы вышли')
      for (const [who, text] of [
        [stranger, 'action="/logout"'],
        [browser, 'Вы вышли'],
      ] as const)
        // prettier-ignore
        expect((await who.follow(await bring(message, who))).text).to.include(text)
      expect(await atBridge(stranger)).to.equal(true)
      const other = logoutOf(town, await sessionOf(town, stranger), 'post', { fault: withId(message.id) })
      const refused = await bring(other, stranger)
      expect([refused.status, events.at(-1)?.code]).to.deep.equal([refusals['logout.replayed'].status, 'logout.replayed']) // prettier-ignore
      expect(await atBridge(stranger)).to.equal(true)
      await town.close()
    })

    it('by soap, and the IdP is silent or answers rubbish: our end is told, and no more', async () => {
      await open({ logoutBy: ['soap'] })
      for (const body of [undefined, 'rubbish', '<a/>']) {
        const browser = await signIn()
        const real = town.bridge.web.ports.courier
        const rubbish = { status: 200, body: Buffer.from(body ?? '') }
        const post: Courier['post'] = (letter, most) =>
          letter.type === 'text/xml'
            ? Promise.resolve(body === undefined ? undefined : rubbish)
            : real.post(letter, most)
        Object.assign(town.bridge.web.ports, { courier: { post } })
        const page = await leave(browser)
        expect(page.text).to.include('Госуслуги этого не подтвердили')
        expect(await atBridge(browser)).to.equal(false)
        Object.assign(town.bridge.web.ports, { courier: real })
      }
      await town.close()
    })

    it('names the journal in which the person is still signed in, and where to sign out', async () => {
      await open()
      const browser = await signIn()
      keepBack = ({ to }) => to.endsWith('/sgo/sso-logout')
      const page = await leave(browser)
      expect(page.text).to.include('В журнале вы ещё не вышли').and.to.include(`href="${town.town.journals}"`)
      expect(page.text).to.include('мы сообщим ему о выходе ещё раз')
      await town.close()
    })

    it('lets nobody in by a link that was under way when the logout overtook it', async () => {
      await open()
      const browser = await signIn()
      const { ports } = town.bridge.web
      const session = await sessionOf(town, browser)
      const known = { number: session.number, session: session.key }
      const visitor = { address: '', device: '', logins: new Map(), rounds: [], devices: [], ...known }
      const late = await startLogin(ports, visitor, { journal: 'sgo', state: 'late' })
      const control = await startLogin(ports, visitor, { journal: 'sgo', state: 'late' })
      const address = (outcome: typeof late) =>
        outcome.at === 'done' && outcome.handOff.how === 'redirect' ? outcome.handOff.to : new URL('none:')
      const arrive = async (outcome: typeof late) => (await browser.get(address(outcome))).text
      expect(await arrive(control), 'the journal still knows this very visit').to.include('/sgo/logout')
      await leave(browser)
      expect(await arrive(late)).to.include('Вы уже вышли')
      expect(await atJournal(browser)).to.equal(false)
      await town.close()
    })

    it('lets nobody enter a journal with a session that ended meanwhile', async () => {
      await open()
      const browser = await signIn()
      const { ports } = town.bridge.web
      const session = await sessionOf(town, browser)
      await leave(browser)
      const find = ports.sessions.find.bind(ports.sessions)
      // the request that was under way still holds the session that it read
      Object.assign(ports.sessions, { find: () => Promise.resolve(session) })
      const known = { number: session.number, session: session.key }
      const visitor = { address: '', device: '', logins: new Map(), rounds: [], devices: [], ...known }
      const outcome = await startLogin(ports, visitor, { journal: 'sgo' })
      expect(outcome.at === 'refused' && outcome.refusal.code, outcome.at).to.equal('session.none')
      Object.assign(ports.sessions, { find })
      await town.close()
    })
  })
})
