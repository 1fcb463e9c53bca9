/** What becomes of logins and logouts while the IdP breaks down: nobody loses a login, and nobody stays signed in. */
import { expect } from 'chai'
import { path } from '../../src/mock-idp/metadata.js'
import { places, SLOWNESS, troubles, type Place, type Trouble } from '../../src/mock-idp/trouble.js'
import { Browser, type Page } from '../support/browser.js'
import { PASSWORD, signInAtIdp, walk } from '../support/sign-in.js'
import { startTestTown, type TestTown, type TestTownOptions } from '../support/town.js'

const FATHER = 'father@mail.example'
const broken = ['overload', 'database', 'gateway', 'timeout'] as const satisfies readonly Trouble[]

describe('flow: an IdP in trouble', () => {
  let town: TestTown
  /** Milliseconds that the IdP was told to wait, and what lets it go on. */
  let paused: number[] = []
  let goOn: () => void = () => undefined
  /** Whether a slow answer waits to be let go. */
  let hold = false
  const pause = (ms: number): Promise<void> => {
    paused.push(ms)
    return hold ? new Promise(resolve => (goOn = resolve)) : Promise.resolve()
  }
  const towns = new Map<string, TestTown>()
  const kinds: Readonly<Record<'redirect' | 'soap' | 'fetched', TestTownOptions>> = {
    redirect: {},
    soap: { logoutBy: ['soap'] },
    fetched: {
      more: ({ idp }) => ({
        identityProviders: [{ metadata: idp + path.metadataSaml, title: 'Учебный поставщик', profile: 'esia' }],
      }),
    },
  }
  const open = async (kind: keyof typeof kinds = 'redirect'): Promise<void> => {
    town = towns.get(kind) ?? (await startTestTown({ pause, ...kinds[kind] }))
    towns.set(kind, town)
    for (const place of Object.keys(places) as Place[]) town.idp.troubles.set(place, undefined)
  }
  beforeEach(() => {
    paused = []
    hold = false
  })
  after(() => Promise.all([...towns.values()].map(one => one.close())))

  const login = (): string => `${town.town.bridge}/login?journal=sgo`
  const session = async (browser: Browser): Promise<number> => (await browser.get(`${town.town.bridge}/session`)).status
  const inJournal = async (browser: Browser): Promise<boolean> =>
    (await browser.get(`${town.town.journals}/sgo/`)).text.includes('/sgo/logout')
  const leave = async (browser: Browser): Promise<Page> =>
    browser.submit(await browser.get(`${town.town.bridge}/logout`), { then: '' }, '/logout')

  for (const trouble of broken)
    it(`mock IdP: B32 ${trouble} at the first page: the same address works once the IdP is well`, async () => {
      await open()
      town.idp.troubles.set('sign-in', trouble, 1)
      const browser = new Browser()
      const page = await browser.get(login())
      expect(page.status).to.equal(troubles[trouble].status)
      expect(page.url.origin, 'the bridge has sent the person on').to.equal(town.town.idp)
      if (trouble === 'overload') expect(page.headers.get('retry-after')).to.equal('120')
      expect(await session(browser)).to.equal(401)
      await browser.submit(await signInAtIdp(browser, await browser.get(page.url), FATHER))
      expect([await session(browser), await inJournal(browser)]).to.deep.equal([200, true])
    })

  for (const trouble of broken)
    it(`mock IdP: B32 ${trouble} between password and code: the form is sent again, and the login ends well`, async () => {
      await open()
      const browser = new Browser()
      const first = await browser.get(login())
      town.idp.troubles.set('sign-in', trouble, 1)
      const failed = await browser.submit(first, { login: FATHER, password: PASSWORD })
      expect(failed.status).to.equal(troubles[trouble].status)
      await browser.submit(await signInAtIdp(browser, await browser.submit(first, { login: FATHER, password: PASSWORD }), FATHER)) // prettier-ignore
      expect(await session(browser)).to.equal(200)
    })

  it('mock IdP: B32 a person who gives up begins anew, and the login that was left opens nothing', async () => {
    await open()
    town.idp.troubles.set('sign-in', 'database', 1)
    const browser = new Browser()
    await browser.get(login())
    await walk(browser, login(), FATHER)
    expect([await session(browser), await session(new Browser())]).to.deep.equal([200, 401])
  })

  it('mock IdP: B32 a slow answer is right when it comes', async () => {
    await open()
    town.idp.troubles.set('sign-in', 'slow', 2)
    const browser = new Browser()
    await walk(browser, login(), FATHER)
    expect(paused).to.deep.equal([SLOWNESS, SLOWNESS])
    expect(await session(browser)).to.equal(200)
  })

  it('mock IdP: B32 an answer later than the login lives is refused, and leads to a new one', async () => {
    await open()
    const browser = new Browser()
    const answer = await signInAtIdp(browser, await browser.get(login()), FATHER)
    town.clock.forward(2 * 60 * 60_000)
    const late = await browser.submit(answer)
    expect(await session(browser), late.text).to.equal(401)
  })

  for (const trouble of broken) {
    it(`mock IdP: B32 ${trouble} at the logout by redirect: here and in the journal the person is out before`, async () => {
      await open()
      const browser = new Browser()
      await walk(browser, login(), FATHER)
      town.idp.troubles.set('logout', trouble)
      const page = await leave(browser)
      expect([page.status, page.url.origin]).to.deep.equal([troubles[trouble].status, town.town.idp])
      expect([await session(browser), await inJournal(browser)]).to.deep.equal([401, false])
    })

    it(`mock IdP: B32 ${trouble} at the logout by SOAP: the person is out here, and is told that the IdP was silent`, async () => {
      await open('soap')
      const browser = new Browser()
      await walk(browser, login(), FATHER)
      town.idp.troubles.set('logout', trouble)
      const page = await leave(browser)
      expect(page.text).to.include('Госуслуги этого не подтвердили')
      expect([await session(browser), await inJournal(browser)]).to.deep.equal([401, false])
    })
  }

  it('mock IdP: B32 a logout by SOAP that is never answered does not hold the person', async () => {
    await open('soap')
    const browser = new Browser()
    await walk(browser, login(), FATHER)
    hold = true
    town.idp.troubles.set('logout', 'slow')
    const page = await leave(browser)
    goOn()
    expect(page.text).to.include('Госуслуги этого не подтвердили')
    expect(await session(browser)).to.equal(401)
  })

  for (const trouble of broken)
    it(`mock IdP: B32 ${trouble} where its metadata stand: logins go on with the last good copy, and doctor's status says so`, async () => {
      await open('fetched')
      town.clock.forward(2 * 60_000)
      await town.bridge.trust.tick()
      town.idp.troubles.set('metadata', trouble)
      town.clock.forward(25 * 60 * 60_000)
      await town.bridge.trust.tick()
      expect(town.bridge.trust.status()[0]?.problem).to.match(new RegExp(String(troubles[trouble].status)))
      const browser = new Browser()
      await walk(browser, login(), FATHER)
      expect(await session(browser)).to.equal(200)
    })

  it('mock IdP: B32 is chosen on a page of the stand, or for one request by its address', async () => {
    await open()
    const browser = new Browser()
    const control = await browser.get(`${town.town.idp}/idp/trouble`)
    await browser.submit(control, { 'sign-in': 'overload' }, 'trouble')
    expect((await browser.get(login())).status).to.equal(503)
    expect((await browser.get(`${town.town.idp}/idp/trouble`)).form('trouble').fields['sign-in']).to.equal('overload')
    await browser.submit(control, { 'sign-in': '' }, 'trouble')
    const well = await browser.get(login())
    expect(well.status).to.equal(200)
    well.url.searchParams.set('trouble', 'gateway')
    expect((await browser.get(well.url)).status).to.equal(502)
    const stranger = new URL(`${town.town.idp}/idp/trouble`)
    const posted = await browser.request('POST', stranger, new URLSearchParams({ 'sign-in': 'slow' }), new URL('https://evil.example/')) // prettier-ignore
    expect(posted.status).to.equal(403)
  })
})
