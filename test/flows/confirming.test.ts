/** The second confirmation from the button to the journal, and everybody who has no business there. Over real HTTP. */
import { expect } from 'chai'
import { systemChance } from '../../src/base/chance.js'
import { newCode } from '../../src/identity/codes.js'
import { demoPassword } from '../../src/demo-journals/old-login.js'
import { defaultPeople } from '../../src/mock-idp/people.js'
import { refusalText } from '../../src/web/pages/text-ru.js'
import { CODE_LIVES } from '../../src/words/code.js'
import { without } from '../contract/samples.js'
import { Browser, type Page } from '../support/browser.js'
import { at, FATHER, tokenOn } from '../support/cabinet.js'
import { askFor, codeIn, notThis, sections, typeIn } from '../support/confirming.js'
import { openMailServer, openSmsServer, type MailServer, type SmsServer } from '../support/post-office.js'
import { startSecondNode } from '../support/second-node.js'
import { tokensIn, walk } from '../support/sign-in.js'
import { lastEvent } from '../support/told.js'
import { startTestTown, type TestTown } from '../support/town.js'

const MINUTE = 60_000
const PUPIL = 'pupil@mail.example'

describe('flow: a second confirmation', () => {
  let mail: MailServer
  let sms: SmsServer
  let town: TestTown
  before(async () => {
    ;[mail, sms] = await Promise.all([openMailServer({ security: 'none' }), openSmsServer()])
  })
  after(() => Promise.all([mail.close(), sms.close()]))
  beforeEach(async () => {
    const confirmation = { ask: ['link', 'entry', 'changes'] }
    town = await startTestTown({ more: sections(mail, sms, { confirmation }) })
    mail.mails.length = 0
    sms.received.length = 0
    mail.refuseWith(undefined)
  })
  afterEach(() => town.close())

  const login = (): URL => at(town, '/login?journal=sgo')
  const code = (): string => codeIn(mail.mails.at(-1)?.text)
  const asked = (browser = new Browser(), who = FATHER): Promise<Page> => walk(browser, login(), who)
  const afresh = (browser: Browser, who = FATHER): Promise<Page> =>
    walk(browser, at(town, '/login?journal=sgo&force=1'), who)
  const isAsked = (page: Page, text = 'Подтвердите, что это вы') => expect(page.text).to.include(`<h1>${text}</h1>`)
  const entered = (page: Page) => expect(page.url.origin, page.text).to.equal(town.town.journals)
  /** Signs in, gets a code and types it. */
  async function confirmed(browser: Browser, who = FATHER, remember = false): Promise<Page> {
    const page = await askFor(browser, await asked(browser, who))
    return typeIn(browser, page, code(), remember)
  }
  async function says(page: Page, why: keyof typeof refusalText): Promise<void> {
    expect(page.text).to.include(refusalText[why].happened)
    expect((await lastEvent(town, page)).code).to.equal(why)
  }

  it('leads to the journal with a code from the address of the assertion, and keeps return address and state', async () => {
    const browser = new Browser()
    const page = await walk(browser, at(town, '/login?journal=sgo&state=мой-state'), FATHER)
    isAsked(page)
    expect(page.text).to.include('f***@mail.example').and.include('+7 *** ***-00-02')
    expect(page.text).not.to.match(/father@|0000002/)
    expect(mail.mails, 'a look sends nothing').to.have.length(0)
    const typing = await askFor(browser, page)
    isAsked(typing, 'Введите код')
    const [sent] = mail.mails
    expect(sent!.to).to.deep.equal([FATHER])
    expect(sent!.text)
      .to.match(/Код: \d{6}/)
      .and.include('привязать')
      .and.include('localhost')
      .and.include('Никому')
    const journal = await typeIn(browser, typing, ` ${code().slice(0, 3)} ${code().slice(3)} `)
    entered(journal)
    expect(tokensIn(browser)[0]).to.include({ state: 'мой-state' })
    const told = [
      ...browser.visited,
      ...town.logs,
      JSON.stringify(await town.bridge.store.audit.ofPerson(await names(), 0, 99)),
    ]
    expect(told.join('\n'), 'the code and the address stand nowhere').not.to.match(new RegExp(`${code()}|father@`))
  })

  const names = async () => {
    const [session] = await all(town.bridge.store.sessions.traces(town.clock.now()))
    return town.bridge.store.pseudonyms.everInAudit(session!.person!)
  }

  it('by SMS, where the person chooses so', async () => {
    const browser = new Browser()
    const typing = await askFor(browser, await asked(browser), 'sms')
    const sent = new URLSearchParams(sms.received.at(-1)!.body)
    expect(sent.get('to')).to.equal('70000000002')
    expect(sent.get('msg')).to.match(/^\d{6} - код, чтобы привязать журнал на localhost:\d+\. Никому не сообщайте$/)
    entered(await typeIn(browser, typing, codeIn(sent.get('msg')!)))
    expect(mail.mails).to.deep.equal([])
  })

  it('is asked once in each sign-in, and not on a device that its own person had remembered', async () => {
    const [home, library] = [new Browser(), new Browser()]
    entered(await confirmed(home, FATHER, true))
    entered(await home.get(login()))
    town.clock.forward(9 * 3_600_000)
    entered(await asked(home))
    isAsked(await asked(library))
    // whoever else sits at that device is asked, though its cookie is there
    isAsked(await afresh(home, PUPIL))
    town.clock.forward(90 * 86_400_000)
    isAsked(await asked(home))
  })

  it('a stolen cookie of a device signs nobody in', async () => {
    const [home, thief] = [new Browser(), new Browser()]
    entered(await confirmed(home, FATHER, true))
    const [name, value] = [...home.cookies.get('localhost')!].find(([each]) => each.endsWith('device'))!
    thief.cookies.set('localhost', new Map([[name, value]]))
    const page = await thief.get(login())
    expect(page.url.origin).to.equal(town.town.idp)
    expect((await thief.get(at(town, '/me'))).url.origin).to.equal(town.town.idp)
  })

  it('takes five wrong answers, then none, and a new code after it', async () => {
    const browser = new Browser()
    let page = await askFor(browser, await asked(browser))
    const right = code()
    await says((page = await typeIn(browser, page, '12345')), 'confirm.mistyped')
    for (let i = 0; i < 4; i++) {
      page = await typeIn(browser, page, notThis(right))
      expect(page.status).to.equal(403)
      await says(page, 'confirm.wrong')
    }
    page = await typeIn(browser, page, notThis(right))
    await says(page, 'confirm.locked')
    isAsked(page)
    await says(await askFor(browser, page), 'confirm.limit')
    town.clock.forward(MINUTE)
    page = await askFor(browser, page)
    entered(await typeIn(browser, page, code()))
  })

  it('sends one a minute and five an hour, in however many browsers', async () => {
    for (let i = 0; i < 5; i++) {
      const browser = new Browser()
      await askFor(browser, await asked(browser))
      town.clock.forward(MINUTE)
    }
    const browser = new Browser()
    const page = await askFor(browser, await asked(browser))
    expect([page.status, mail.mails.length]).to.deep.equal([429, 5])
    await says(page, 'confirm.limit')
  })

  it('a message that nobody took is told, costs no try, and may be asked for again at once', async () => {
    const browser = new Browser()
    mail.refuseWith(451)
    let page = await asked(browser)
    for (let i = 0; i < 7; i++) {
      page = await askFor(browser, page)
      expect(page.status).to.equal(502)
      await says(page, 'confirm.not-sent')
      isAsked(page)
    }
    mail.refuseWith(undefined)
    page = await askFor(browser, page)
    entered(await typeIn(browser, page, code()))
  })

  it('a code is good for ten minutes, in the session that asked for it, and for what it was asked for', async () => {
    const [one, other] = [new Browser(), new Browser()]
    const typing = await askFor(one, await asked(one))
    await says(await typeIn(other, await asked(other), code()), 'confirm.expired')
    town.clock.forward(10 * MINUTE)
    await says(await typeIn(one, typing, code()), 'confirm.expired')
  })

  it('no other address can be named', async () => {
    const browser = new Browser()
    const page = await asked(browser)
    await says(await askFor(browser, page, 'fax'), 'request.malformed')
    const { action, fields } = page.form('/continue/')
    const more = { ...fields, way: 'email', to: 'thief@evil.example', email: 'thief@evil.example' }
    await browser.request('POST', new URL(action, page.url), new URLSearchParams(more), page.url)
    expect(mail.mails.map(({ to }) => to)).to.deep.equal([[FATHER]])
  })

  it('takes no form of a stranger: without token, or from elsewhere', async () => {
    const browser = new Browser()
    const page = await asked(browser)
    const { action, fields } = page.form('/continue/')
    const post = (body: Record<string, string>, from: URL) =>
      browser.request('POST', new URL(action, page.url), new URLSearchParams(body), from)
    const body = { ...fields, way: 'email' }
    await says(await post({ ...body, token: '' }, page.url), 'request.forged')
    await says(await post(body, new URL('http://localhost:1/')), 'request.forged')
    expect(mail.mails).to.deep.equal([])
  })

  it('goes on at another node', async () => {
    const node = await startSecondNode(town)
    try {
      const browser = new Browser()
      const typing = await askFor(browser, await asked(browser))
      const { action, fields } = typing.form('/continue/')
      const body = new URLSearchParams({ ...fields, confirmation: code() })
      const done = await browser.request('POST', node.at(new URL(action, typing.url)), body, typing.url)
      expect([done.status, done.location?.origin]).to.deep.equal([303, town.town.journals])
    } finally {
      await node.close()
    }
  })

  it('a change in the cabinet wants a code of its own, and ends the trust in devices', async () => {
    const browser = new Browser()
    entered(await confirmed(browser, FATHER, true))
    const cabinet = await browser.get(at(town, '/me'))
    expect(cabinet.text).to.include('Запомненные устройства')
    const question = await browser.get(cabinet.link('Отвязать'))
    expect(question.text).to.include('Подтвердить кодом').and.not.to.include('action="/me/unlink"')
    const id = question.url.searchParams.get('id')!
    const body = new URLSearchParams({ token: tokenOn(question), id })
    const skipped = await browser.follow(await browser.request('POST', at(town, '/me/unlink'), body, question.url))
    expect(skipped.text, 'nor by skipping the question').to.include('Подтвердить кодом')
    const page = await browser.get(question.link('Подтвердить кодом'))
    await says(await browser.submit(page, { confirmation: code() }, '/me/confirm'), 'confirm.expired')
    town.clock.forward(MINUTE)
    const typing = await askFor(browser, page)
    expect(mail.mails.at(-1)!.text).to.include('отвязать')
    expect(typing.text, 'no device is remembered for changes').not.to.include('name="remember"')
    const back = await typeIn(browser, typing, code())
    expect(back.url.pathname).to.equal('/me/unlink')
    const done = await browser.submit(back, {}, '/me/unlink')
    expect(done.text).to.include('Запись отвязана')
  })

  it('an account is bound by the old login of the journal only after it', async () => {
    const browser = new Browser()
    const form = await walk(browser, at(town, '/me/old-login?journal=sgo&state=мой-state'), 'no-snils@mail.example')
    const fields = { login: 'p-1007', password: demoPassword('p-1007'), of: 'school-1' }
    const page = await browser.submit(await browser.submit(form, fields, '/me/old-login'), {}, '/me/old-login')
    isAsked(page)
    const typing = await askFor(browser, page)
    const wrong = await typeIn(browser, typing, notThis(code()))
    await says(wrong, 'confirm.wrong')
    const bound = await typeIn(browser, wrong, code())
    expect(bound.text).to.include('запись привязана')
    expect(bound.link('Открыть журнал').href).to.include(new URLSearchParams({ state: 'мой-state' }).toString())
  })

  it('an account is bound by a code of the school only after it', async () => {
    const { store } = town.bridge
    const entry = (await store.roster.entries({ journal: 'sgo' })).find(({ login: name }) => name === 'p-1007')!
    const [slip, madeAt] = [newCode(systemChance), town.clock.now()]
    const made = { code: slip, accountId: entry.accountId, journal: 'sgo', school: entry.school }
    const event = { at: madeAt, what: 'code.made', result: 'ok' } as const
    await store.codes.make([{ ...made, madeAt, expiresAt: madeAt + CODE_LIVES }], event)
    const browser = new Browser()
    const form = await walk(browser, at(town, '/me/code'), 'no-snils@mail.example')
    const whose = await browser.submit(form, { code: slip }, '/me/code')
    const page = await browser.submit(whose, { mine: 'yes' }, '/me/code')
    isAsked(page)
    const typing = await askFor(browser, page)
    const wrong = await typeIn(browser, typing, notThis(code()))
    await says(wrong, 'confirm.wrong')
    expect((await typeIn(browser, wrong, code())).text).to.include('запись привязана')
  })

  it('a device can be forgotten in the cabinet', async () => {
    const browser = new Browser()
    entered(await confirmed(browser, FATHER, true))
    const cabinet = await browser.get(at(town, '/me'))
    const done = await browser.submit(cabinet, {}, '/me/devices/forget')
    expect(done.text).to.include('Устройство забыто').and.not.to.include('Запомненные устройства')
    isAsked(await afresh(browser))
  })
})

describe('flow: nowhere to send a code', () => {
  let mail: MailServer
  let town: TestTown
  before(async () => {
    mail = await openMailServer({ security: 'none' })
    const { mail: section } = sections(mail, { url: '' } as SmsServer)
    const known = defaultPeople()
    const people = { ...known, all: known.all.map(person => without(person, 'email')) }
    town = await startTestTown({ more: { mail: section, confirmation: { ask: ['link'] } }, people })
  })
  after(() => Promise.all([town.close(), mail.close()]))

  it('is said, with whom to ask', async () => {
    const page = await walk(new Browser(), at(town, '/login?journal=sgo'), '+7(000)0000002')
    expect(page.status).to.equal(403)
    expect(page.text).to.include(refusalText['confirm.no-address'].heading).and.include('Позвоните')
    expect((await lastEvent(town, page)).code).to.equal('confirm.no-address')
  })
})

async function all<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const found: T[] = []
  for await (const item of items) found.push(item)
  return found
}
