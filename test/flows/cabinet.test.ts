/** «Мой кабинет»: what people see of themselves, and what they change of it. Over real HTTP. */
import { expect } from 'chai'
import type { Person } from '../../src/words/person.js'
import { doneTexts } from '../../src/web/pages/cabinet.js'
import { Browser, type Page } from '../support/browser.js'
import { at, enterCabinet, FATHER, MOTHER, post, tokenOn } from '../support/cabinet.js'
import { tokensIn, walk } from '../support/sign-in.js'
import { startTestTown, type TestTown } from '../support/town.js'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

describe('flow: cabinet', () => {
  let town: TestTown
  beforeEach(async () => {
    town = await startTestTown()
  })
  afterEach(() => town.close())

  const login = (browser: Browser, who = FATHER) => walk(browser, at(town, '/login?journal=sgo'), who)
  const me = (browser: Browser) => browser.get(at(town, '/me'))

  /** Has entered the journal, and stands in the cabinet. */
  async function settled(browser = new Browser()): Promise<{ browser: Browser; page: Page }> {
    expect((await login(browser)).url.origin).to.equal(town.town.journals)
    return { browser, page: await me(browser) }
  }

  it('who is not signed in goes through the login and back', async () => {
    const browser = new Browser()
    const page = await enterCabinet(town, browser)
    expect([page.url.pathname, page.status]).to.deep.equal(['/me', 200])
    expect(page.text).to.include('Мой кабинет')
  })

  it('shows accounts and children, and opens them', async () => {
    const browser = new Browser()
    const page = await enterCabinet(town, browser, MOTHER)
    expect(page.text).to.include('Соколов').and.include('ещё не входили')
    const { page: later, browser: fathers } = await settled()
    expect(later.text).to.match(/привязана[\s\S]*по СНИЛС/)
    expect((await fathers.get(later.link('Открыть'))).url.origin).to.equal(town.town.journals)
  })

  it('tells which fields a journal got, and none of their values to the audit', async () => {
    const { page } = await settled()
    const told = page.text.slice(page.text.indexOf('id="handed-over"'))
    expect(told).to.match(/Сетевой журнал[\s\S]*логин в журнале/)
    const { number } = (await town.bridge.store.audit.byNumber(await numberOfEntry())).at(-1)!
    const entered = (await town.bridge.store.audit.byNumber(number!)).find(({ what }) => what === 'journal.entered')!
    expect(String(entered.facts?.released).split(' ')).to.include.members(['login', 'role', 'school'])
    expect(JSON.stringify(entered.facts)).not.to.include('p-1002')
  })

  async function numberOfEntry() {
    const history = await town.bridge.store.audit.ofPerson(await names(), 0, 10)
    return history.find(({ what }) => what === 'journal.entered')!.number!
  }
  const names = async () => town.bridge.store.pseudonyms.everInAudit(await father())
  const father = async (): Promise<Person> => {
    await Promise.resolve()
    const { entityId: idp } = town.bridge.trust.idps[0]!
    return { idp, userId: '1000900002', level: 'confirmed', globalRole: 'P', authenticatedAt: 0 }
  }

  it('unlinks after a fresh sign-in and links again, and the journal is shut between', async () => {
    const { browser, page } = await settled()
    town.clock.forward(6 * MINUTE)
    const asked = await browser.get(page.link('Отвязать'))
    expect(
      asked.forms.some(({ action }) => action === '/me/unlink'),
      'no button before a fresh sign-in',
    ).to.equal(false)
    const again = await walk(browser, asked.link('Войти ещё раз'), FATHER)
    expect(again.url.href, 'back at the very question').to.equal(asked.url.href)
    const unlinked = await browser.submit(again, {}, '/me/unlink')
    expect(unlinked.text).to.include(doneTexts.unlinked)

    const refused = await browser.get(at(town, '/login?journal=sgo'))
    expect([refused.status, refused.link('Открыть мой кабинет').pathname]).to.deep.equal([403, '/me'])
    const back = await browser.submit(await me(browser), {}, '/me/relink')
    expect(back.text).to.include(doneTexts.relinked)
    expect((await browser.get(at(town, '/login?journal=sgo'))).url.origin).to.equal(town.town.journals)
  })

  it('ends the session too in which the account was entered, so that nobody stays inside', async () => {
    const { browser, page } = await settled()
    const asked = await browser.get(page.link('Отвязать'))
    const out = await browser.submit(asked, {}, '/me/unlink')
    expect(out.text).to.include('Запись отвязана')
    expect((await browser.get(at(town, '/session'))).status).to.equal(401)
  })

  it('lists the sessions and ends another one: its browser is out', async () => {
    const { browser: other } = await settled(new Browser({ 'user-agent': 'Mozilla/5.0 (iPhone) CriOS/1 Safari/1' }))
    const browser = new Browser()
    const page = await enterCabinet(town, browser)
    expect(page.text).to.include('Chrome, iPhone').and.include('это устройство')
    const ended = await browser.submit(page, {}, '/me/sessions/end')
    expect(ended.text)
      .to.include(doneTexts.ended)
      .and.not.match(/id="sessions"[\s\S]*открывали:[\s\S]*id="handed-over"/)
    expect((await other.get(at(town, '/session'))).status).to.equal(401)
    expect((await browser.get(at(town, '/session'))).status).to.equal(200)
  })

  it('ends all others after a question and a fresh sign-in', async () => {
    const { browser: other } = await settled()
    const browser = new Browser()
    const page = await enterCabinet(town, browser)
    town.clock.forward(6 * MINUTE)
    const stale = await post(town, browser, '/me/sessions/end', { token: tokenOn(page), others: '1' })
    expect(stale.url.pathname, 'an old sign-in is asked again').to.equal('/me/sessions/end')
    expect((await other.get(at(town, '/session'))).status, 'and nothing has happened').to.equal(200)
    const question = await walk(browser, stale.link('Войти ещё раз'), FATHER)
    expect((await browser.submit(question, {}, '/me/sessions/end')).text).to.include(doneTexts.ended)
    expect((await other.get(at(town, '/session'))).status).to.equal(401)
  })

  it('shows what the school was asked, and its answer', async () => {
    const { browser, page } = await settled()
    expect(page.text).not.to.include('Вопросы к школе')
    const who = await father()
    const number = await numberOfEntry()
    const asked = { kind: 'held' as const, school: 'school-1', accountIds: ['a'], number, journal: 'sgo' }
    const event = { at: 0, what: 'request.decided' as const, result: 'ok' as const }
    await town.bridge.store.requests.file([{ ...asked, person: who, at: town.clock.now() }], event)
    expect((await me(browser)).text)
      .to.include('Ждёт ответа школы')
      .and.include(number)
    const [request] = await town.bridge.store.requests.of(who)
    const decided = { granted: false, at: town.clock.now(), by: 'admin', reason: 'только школе' }
    await town.bridge.store.requests.decide(request!.id, decided, event)
    expect((await me(browser)).text)
      .to.include('Школа отказала')
      .and.not.include('только школе')
  })

  it('gives everything that is kept about the person, and nothing of others', async () => {
    const { browser } = await settled()
    await login(new Browser(), MOTHER)
    const file = await browser.get(at(town, '/me/data.json'))
    expect(file.headers.get('content-disposition')).to.match(/^attachment; filename="[\w.-]+\.json"$/)
    const data = JSON.parse(file.text) as Record<string, unknown[]> & { person: Person }
    expect(data.person).to.include({ userId: '1000900002', snils: '90000000283', firstName: 'Андрей' })
    expect(data.accounts).to.have.length.greaterThan(0)
    expect(data.links).to.have.length(1)
    expect(data.sessions).to.have.length(1)
    expect(data.history!.length).to.be.greaterThan(1)
    expect(file.text).to.include(String(tokensIn(browser)[0]!.login))
    expect(file.text).not.to.include('p-1001')
  })

  it('is out of reach for the undo after thirty days', async () => {
    const { browser, page } = await settled()
    await browser.submit(await browser.get(page.link('Отвязать')), {}, '/me/unlink')
    town.clock.forward(31 * DAY)
    const later = new Browser()
    const cabinet = await enterCabinet(town, later)
    expect(cabinet.text).to.include('Отвязанные').and.not.include('/me/relink')
  })
})
