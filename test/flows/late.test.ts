/** Bookmarks, lost cookies, late answers: a clear page or none at all, the cause in the audit, and the target kept. */
import { readFile } from 'node:fs/promises'
import { expect } from 'chai'
import { projectFile } from '../../src/base/project-file.js'
import { importRoster } from '../../src/identity/roster-import.js'
import type { RefusalCode } from '../../src/base/refusals.js'
import { refusalText } from '../../src/web/pages/text-ru.js'
import { Browser, type Page } from '../support/browser.js'
import { signInAtIdp, tokensIn, walk } from '../support/sign-in.js'
import { lastEvent, numberOn } from '../support/told.js'
import { startTestTown, type TestTown } from '../support/town.js'

const FATHER = 'father@mail.example'
const MOTHER = 'mother@mail.example'
const MINUTE = 60_000

describe('flow: late, lost and bookmarked', () => {
  let town: TestTown
  let wish: Record<string, string>
  before(async () => {
    town = await startTestTown()
    wish = { journal: 'sgo', school: 'school-1', return: `${town.town.journals}/sgo/marks`, state: 'Ё &x=1' }
  })
  after(() => town.close())

  const login = (more: Record<string, string> = {}): string =>
    `${town.town.bridge}/login?${new URLSearchParams({ ...wish, ...more }).toString()}`
  const answered = async (browser: Browser, more?: Record<string, string>, fault?: string): Promise<Page> =>
    signInAtIdp(browser, await browser.get(login(more)), FATHER, fault === undefined ? {} : { fault })
  async function expectRefused(page: Page, code: RefusalCode, cause?: string): Promise<void> {
    const event = await lastEvent(town, page)
    expect(event.code, page.text).to.equal(code)
    if (cause !== undefined) expect(event.facts).to.include({ cause })
  }
  const keepsTarget = (page: Page, words: string, more: Record<string, string> = {}): void => {
    expect(Object.fromEntries(page.link(words).searchParams)).to.deep.equal({ ...wish, ...more })
  }
  const arrivedAtMarks = (browser: Browser): void => {
    expect(tokensIn(browser).at(-1)).to.include({ return_to: wish['return'], state: wish['state'] })
  }

  it('a lost cookie: one button goes on to the exact target, and the audit says that cookies are blocked', async () => {
    const browser = new Browser()
    const answer = await answered(browser)
    browser.cookies.delete('localhost')
    const page = await browser.submit(answer)
    expect(page.status).to.equal(400)
    expect(page.text).to.include('Сетевой журнал')
    await expectRefused(page, 'login.cookie-missing', 'cookie-blocked')
    keepsTarget(page, 'Продолжить вход')
    await browser.submit(await signInAtIdp(browser, await browser.get(page.link('Продолжить вход')), FATHER))
    arrivedAtMarks(browser)
  })

  it('the cookie of another login: told as another browser, with the target kept', async () => {
    const [one, other] = [new Browser(), new Browser()]
    const answer = await answered(one)
    await other.get(login())
    const page = await other.submit(answer)
    expect(page.status).to.equal(403)
    await expectRefused(page, 'login.other-browser', 'other-browser')
    keepsTarget(page, 'Войти ещё раз')
  })

  it('a late answer: its own browser begins anew without a page, another one is told that the time is over', async () => {
    const browser = new Browser()
    const answer = await answered(browser)
    town.clock.forward(16 * MINUTE)
    const again = await browser.submit(answer)
    await browser.submit(await signInAtIdp(browser, again, FATHER))
    arrivedAtMarks(browser)
    const late = await new Browser().submit(answer)
    await expectRefused(late, 'login.expired', 'state-expired')
    keepsTarget(late, 'Войти ещё раз')
    expect(late.link('/s/school-1').href, 'what to bookmark').to.equal(`${town.town.bridge}/s/school-1`)
  })

  it('a fresh sign-in that was asked for is asked for again', async () => {
    const browser = new Browser()
    const answer = await answered(browser, { force: '1' })
    browser.cookies.delete('localhost')
    keepsTarget(await browser.submit(answer), 'Продолжить вход', { force: '1' })
  })

  it('a bookmarked page of a login leads on through the IdP after the session ended', async () => {
    const browser = new Browser()
    const chooser = await walk(browser, `${town.town.bridge}/login?journal=sgo`, MOTHER)
    town.clock.forward(16 * MINUTE)
    const idp = await browser.get(chooser.url)
    expect((await browser.submit(idp)).text, 'the chooser again').to.include('Соколова Вера')
    expect((await new Browser().get(chooser.url)).status, 'nobody else').to.equal(401)
  })

  it('a choice made too late is asked for again while the session lives', async () => {
    const browser = new Browser()
    const chooser = await walk(browser, `${town.town.bridge}/login?journal=sgo`, MOTHER)
    for (let i = 0; i < 2; i++) {
      town.clock.forward(10 * MINUTE)
      await browser.get(`${town.town.bridge}/session`)
    }
    const [first] = chooser.form('/continue/').buttons
    const again = await browser.submit(chooser, { choice: first!.value }, '/continue/')
    expect(again.status, again.url.href).to.equal(200)
    expect(again.text).to.include('Что открыть?')
  })

  it('the address of the answers, opened by hand: a page that knows where this browser was going', async () => {
    const browser = new Browser()
    await browser.get(login())
    const page = await browser.get(`${town.town.bridge}/saml/acs`)
    expect(page.status).to.equal(405)
    keepsTarget(page, 'Войти ещё раз')
    expect((await new Browser().get(`${town.town.bridge}/saml/acs`)).link('Войти ещё раз').pathname).to.equal('/')
  })

  it('«Войти другим» keeps the way, also from the chooser', async () => {
    const browser = new Browser()
    const query = new URLSearchParams({ journal: 'sgo', return: wish['return']!, state: wish['state']! })
    const chooser = await walk(browser, `${town.town.bridge}/login?${query.toString()}`, MOTHER)
    const password = await browser.submit(chooser, {}, '/logout')
    await browser.submit(await signInAtIdp(browser, password, FATHER))
    arrivedAtMarks(browser)
  })

  it('an answer brought back after a logout enters nothing', async () => {
    const browser = new Browser()
    const answer = await answered(browser)
    await browser.submit(answer)
    await browser.submit(await browser.get(`${town.town.bridge}/logout`), {}, '/logout')
    const back = await browser.submit(answer)
    expect(back.status).to.equal(403)
    await expectRefused(back, 'login.finished')
  })

  it('a choice that the school took back is asked for anew, not refused', async () => {
    const browser = new Browser()
    const chooser = await walk(browser, `${town.town.bridge}/login?journal=sgo`, MOTHER)
    const vera = /value="([^"]+)"[^>]*>(?:(?!<\/button>)[\s\S])*Соколова Вера/.exec(chooser.text)![1]!
    await browser.submit(chooser, { choice: vera }, '/continue/')
    await browser.get(chooser.url)
    expect(tokensIn(browser).map(({ child }) => child)).to.deep.equal(['c-601', 'c-601'])

    const rows = (await readFile(projectFile('docs/examples/roster-school-2.csv'), 'utf8')).split('\n')
    const { roster } = town.bridge.store
    const list = (lines: readonly string[]) =>
      importRoster(roster, Buffer.from(lines.join('\n')), {
        journal: 'sgo',
        school: 'school-2',
        dryRun: false,
        now: town.clock.now(),
      })
    await list(rows.filter(row => !row.includes('p-1101')))
    await browser.get(chooser.url)
    expect(tokensIn(browser).at(-1), 'the one that is left').to.include({ child: 'c-501' })
    await list(rows)
  })

  for (const [fault, code, retry] of [
    ['error-status', 'idp.request-denied', true],
    ['error-authn-failed', 'idp.authn-failed', true],
    ['error-no-context', 'idp.no-authn-context', true],
    ['error-no-passive', 'idp.no-passive', true],
    ['error-unknown', 'idp.unknown-principal', true],
    ['error-name-id', 'idp.name-id-policy', false],
    ['error-unsupported', 'idp.request-unsupported', false],
    ['error-requester', 'idp.requester', true],
    ['error-responder', 'idp.declined', true],
  ] as const)
    it(`${fault}: an own explanation, ${retry ? 'a button that keeps the target' : 'no button that cannot help'}, and nothing is used up`, async () => {
      const browser = new Browser()
      const answer = await answered(browser, {}, fault)
      const page = await browser.submit(answer)
      const record = await town.bridge.store.logins.find(answer.form().fields['RelayState']!, town.clock.now())
      expect(record).to.be.an('object').that.does.not.have.property('finishedAt')
      expect(page.text).to.include(refusalText[code].heading)
      const { facts } = await lastEvent(town, page)
      expect(facts!['status']).to.match(/status:(Requester|Responder)$/)
      if (retry) keepsTarget(page, 'Войти ещё раз')
      else expect(page.text).not.to.include('>Войти ещё раз</a>')
    })

  it('looking ahead starts nothing: HEAD and prefetch get 204, no cookie, and no login', async () => {
    for (const [method, headers] of [
      ['HEAD', {}],
      ['GET', { 'sec-purpose': 'prefetch;prerender' }],
      ['GET', { purpose: 'prefetch' }],
    ] as const)
      for (const path of ['/login?journal=sgo', '/self-test', `/continue/${'a'.repeat(27)}`]) {
        const { status, headers: said } = await fetch(town.town.bridge + path, { method, headers, redirect: 'manual' })
        expect([status, said.get('set-cookie'), said.get('location')], path).to.deep.equal([204, null, null])
      }
  })

  it('a scanner writes thirty rows a minute at most, and what is written can be explained', async () => {
    town.clock.stop()
    town.clock.forward(MINUTE)
    const pages = []
    for (let i = 0; i < 40; i++) pages.push(await new Browser().get(`${town.town.bridge}/wp-login-${i}.php`))
    const numbers = pages.map(numberOn)
    const events = await Promise.all(numbers.map(number => town.bridge.store.audit.byNumber(number)))
    expect(events.filter(({ length }) => length > 0)).to.have.length(30)
    expect(events[0]![0]).to.include({ code: 'request.not-found' })
    expect(town.logs.join('')).to.include(numbers[39]!)
  })
})
