/** From the slip to the journal, and everybody who has no business there. Over real HTTP. */
import { expect } from 'chai'
import { systemChance } from '../../src/base/chance.js'
import { newCode, type Code } from '../../src/identity/codes.js'
import type { RosterRecord } from '../../src/identity/roster.js'
import type { Store } from '../../src/store/open.js'
import { CODE_LIVES, CODE_LOOKS } from '../../src/words/code.js'
import { refusalText } from '../../src/web/pages/text-ru.js'
import { without } from '../contract/samples.js'
import { Browser, type Page } from '../support/browser.js'
import { tokensIn, walk } from '../support/sign-in.js'
import { lastEvent, numberOn } from '../support/told.js'
import { startTestTown, type TestTown } from '../support/town.js'

const [NO_SNILS, NOBODY, PUPIL] = ['no-snils@mail.example', 'nobody@mail.example', 'pupil@mail.example']

const slip: RosterRecord = {
  ...{ login: 'p-77', role: 'parent', person: { lastName: 'Ъюникова', firstName: 'Ёжика' } },
  children: [{ id: 'c-77', name: 'Ъюников Яков Щукинич', className: '5А' }],
}
const pupils: RosterRecord = {
  ...{ login: 'c-77', role: 'pupil', className: '5А', children: [] },
  person: { lastName: 'Ъюников', firstName: 'Яков', birthDate: '2013-01-01' },
}

describe('flow: a code from the school', () => {
  let town: TestTown
  let store: Store
  beforeEach(async () => {
    town = await startTestTown()
    store = town.bridge.store
    const old = await store.roster.entries({ journal: 'sgo', school: 'school-1' })
    const all = old.map(entry => without(entry, 'accountId', 'journal', 'school'))
    await store.roster.replace('sgo', 'school-1', [...all, slip, pupils], { now: town.clock.now() })
  })
  afterEach(() => town.close())

  async function codeFor(login: string): Promise<Code> {
    const [entry] = (await store.roster.entries({ journal: 'sgo' })).filter(each => each.login === login)
    const code = newCode(systemChance)
    const madeAt = town.clock.now()
    const made = { code, accountId: entry!.accountId, journal: 'sgo', school: 'school-1' }
    await store.codes.make([{ ...made, madeAt, expiresAt: madeAt + CODE_LIVES }], {
      ...{ at: madeAt, what: 'code.made', result: 'ok' },
    })
    return code
  }

  const form = (browser: Browser, login: string) => walk(browser, at('/me/code'), login)
  const at = (path: string): URL => new URL(path, town.town.bridge)
  const type = (browser: Browser, page: Page, code: string) => browser.submit(page, { code }, '/me/code')
  const sayMine = (browser: Browser, page: Page) => browser.submit(page, { mine: 'yes' }, '/me/code')
  async function looked(code: string, login = NO_SNILS) {
    const browser = new Browser()
    return { browser, page: await type(browser, await form(browser, login), code) }
  }

  async function refusedAs(page: Page, code: keyof typeof refusalText): Promise<void> {
    expect(page.text).to.include(refusalText[code].heading)
    expect((await lastEvent(town, page)).code).to.equal(code)
    expect(page.text, 'nothing about the account').not.to.match(/Ёжика|Яков|p-77/)
  }

  it('leads who has no СНИЛС from the refusal to the journal, and shows no last name on the way', async () => {
    const code = await codeFor('p-77')
    const browser = new Browser()
    const no = await walk(browser, at('/login?journal=sgo'), NO_SNILS)
    expect(no.text).to.include(refusalText['identity.no-snils'].heading)
    const asked = await browser.get(no.link('У меня есть код от школы'))
    const whose = await type(browser, asked, ` ${code.toLowerCase().replace('-', ' ')}`)
    expect(whose.status, whose.text).to.equal(200)
    for (const said of ['Ёжика Ъ.', 'Яков Ъ., 5А', 'родитель', 'Сетевой']) expect(whose.text).to.include(said)
    expect(whose.text).not.to.match(/Ъюник|Щукин|p-77|c-77/)
    expect(await linksOf('1000900010'), 'nothing is bound yet').to.deep.equal([])
    const bound = await sayMine(browser, whose)
    expect(bound.text).to.include('Готово, запись привязана')
    const journal = await browser.get(bound.link('Открыть журнал'))
    expect(journal.url.origin).to.equal(town.town.journals)
    expect(tokensIn(browser)[0]).to.include({ login: 'p-77', child: 'c-77' })
    expect([...browser.visited, ...town.logs].join('\n'), 'the code stands in no address and no log').not.to.match(
      new RegExp(`${code.slice(0, 5)}.?${code.slice(6)}`, 'i'),
    )
  })

  it('leads on to the very page that the person wanted, with the state of the journal', async () => {
    const code = await codeFor('p-77')
    const browser = new Browser()
    const journal = await browser.get(`${town.town.journals}/sgo/login?to=timetable`)
    const no = await walk(browser, journal.url, NO_SNILS)
    const asked = await browser.get(no.link('У меня есть код от школы'))
    const again = await type(browser, asked, `${code.slice(0, -1)}${code.endsWith('2') ? '4' : '2'}`)
    expect(again.status, 'a typing mistake loses nothing').to.equal(400)
    const whose = await type(browser, again, code)
    const bound = await sayMine(browser, await type(browser, await browser.get(whose.link('Нет, не моя')), code))
    const end = await browser.get(bound.link('Открыть журнал'))
    expect([end.status, end.url.href]).to.deep.equal([200, `${town.town.journals}/sgo/timetable`])
  })

  it('and does so for who must sign in first', async () => {
    const page = await walk(new Browser(), at('/me/code?journal=sgo&state=s%26t&school=school-1'), NO_SNILS)
    expect(page.form('/me/code').fields).to.include({ journal: 'sgo', state: 's&t', school: 'school-1' })
    const evil = await new Browser().get(at('/me/code?journal=sgo&return=https://evil.example/'))
    await refusedAs(evil, 'journal.return-denied')
  })

  const linksOf = async (userId: string) => {
    const { entityId: idp } = town.bridge.trust.idps[0]!
    const who = { idp, userId, level: 'confirmed', globalRole: 'P', authenticatedAt: 0 } as const
    return (await store.links.around(who, [])).own
  }

  it('pressed twice, also at the same moment, the button says yes twice and binds once', async () => {
    const { browser, page } = await looked(await codeFor('p-77'))
    const pressed = await Promise.all(Array.from({ length: 4 }, () => sayMine(browser, page)))
    for (const each of [...pressed, await sayMine(browser, page)])
      expect(each.text).to.include('Готово, запись привязана')
    expect(await linksOf('1000900010')).to.have.length(1)
  })

  it('a press that another one overtakes between its look and its writing says yes, too', async () => {
    const { browser, page } = await looked(await codeFor('p-77'))
    const { ports } = town.bridge.web
    const { codes } = ports
    let overtaken: Page | undefined
    const find: typeof codes.find = async brought => {
      const found = await codes.find(brought)
      Object.assign(ports, { codes })
      overtaken = await sayMine(browser, page)
      return found
    }
    Object.assign(ports, { codes: { ...codes, find } })
    const pages = [await sayMine(browser, page), overtaken]
    for (const each of pages) expect(each?.text).to.include('Готово, запись привязана')
    expect(await linksOf('1000900010')).to.have.length(1)
  })

  it('who typed it before and comes again with it, reads that the account is theirs', async () => {
    const code = await codeFor('p-77')
    const { browser, page } = await looked(code)
    await sayMine(browser, page)
    expect((await looked(code)).page.text).to.include('Готово, запись привязана')
    expect(await linksOf('1000900010')).to.have.length(1)
  })

  it('a typing mistake is told beside the field, keeps what was typed, and costs no try', async () => {
    const code = await codeFor('p-77')
    const browser = new Browser()
    let page = await form(browser, NO_SNILS)
    const other = code.startsWith('2') ? '4' : '2'
    for (let i = 0; i < 5; i++) {
      page = await type(browser, page, other + code.slice(1))
      expect([page.status, page.form('/me/code').fields.code]).to.deep.equal([400, other + code.slice(1)])
      expect((await lastEvent(town, page)).code).to.equal('code.mistyped')
    }
    expect((await type(browser, page, code)).text).to.include('Чья это запись?')
  })

  it('whoever guesses is not heard for a minute, and the right code neither, in whatever browser', async () => {
    const code = await codeFor('p-77')
    const { browser, page } = await looked(newCode(systemChance))
    await refusedAs(page, 'code.wrong')
    const second = await type(browser, await browser.get(page.link('Ввести код ещё раз')), newCode(systemChance))
    await refusedAs(second, 'code.wrong')
    const third = (await looked(code)).page
    expect(third.status).to.equal(429)
    await refusedAs(third, 'code.limit')
    town.clock.forward(60_000)
    expect((await looked(code)).page.text).to.include('Чья это запись?')
  })

  it('and who skips the question guesses no faster', async () => {
    const browser = new Browser()
    const page = await form(browser, NO_SNILS)
    const bind = (code: string) => browser.submit(page, { code, mine: 'yes' }, '/me/code')
    for (let i = 0; i < 2; i++) await refusedAs(await bind(newCode(systemChance)), 'code.wrong')
    await refusedAs(await bind(await codeFor('p-77')), 'code.limit')
    expect(await linksOf('1000900010')).to.deep.equal([])
  })

  it('a code that was used opens nothing to whoever else has it', async () => {
    const code = await codeFor('p-77')
    const thief = await looked(code, NOBODY)
    const owner = await looked(code)
    await sayMine(owner.browser, owner.page)
    await refusedAs(await sayMine(thief.browser, thief.page), 'code.used')
    await refusedAs((await looked(code, NOBODY)).page, 'code.used')
    expect(await linksOf('1000900011')).to.deep.equal([])
  })

  it('of two who press at the same moment one gets the account', async () => {
    const code = await codeFor('p-77')
    const both = [await looked(code), await looked(code, NOBODY)]
    const pages = await Promise.all(both.map(({ browser, page }) => sayMine(browser, page)))
    expect(pages.map(({ status }) => status).sort()).to.deep.equal([200, 403])
    expect([...(await linksOf('1000900010')), ...(await linksOf('1000900011'))]).to.have.length(1)
  })

  it('is over after 14 days, and locked when five have looked', async () => {
    const code = await codeFor('p-77')
    for (let i = 0; i < CODE_LOOKS; i++) expect((await looked(code)).page.status).to.equal(200)
    await refusedAs((await looked(code)).page, 'code.locked')
    const late = await codeFor('c-77')
    town.clock.forward(CODE_LIVES)
    await refusedAs((await looked(late, NOBODY)).page, 'code.expired')
  })

  it('is over when the list names the account no more', async () => {
    const code = await codeFor('p-77')
    await store.roster.replace('sgo', 'school-1', [pupils], { now: town.clock.now() })
    await refusedAs((await looked(code)).page, 'code.expired')
  })

  it('a grown-up gets no account of a pupil, and no child one of a grown-up', async () => {
    await refusedAs((await looked(await codeFor('c-77'))).page, 'identity.pupil-account')
    await refusedAs((await looked(await codeFor('p-77'), PUPIL)).page, 'code.minor')
    const browser = new Browser()
    const page = await form(browser, PUPIL)
    const bind = (code: string) => browser.submit(page, { code, mine: 'yes' }, '/me/code')
    await refusedAs(await bind(await codeFor('p-77')), 'code.minor')
    expect(await linksOf('1000900003'), 'nor by skipping the question').to.deep.equal([])
  })

  it('an account that somebody else has goes to the school as a question, and the code stays', async () => {
    const first = await looked(await codeFor('p-77'), NOBODY)
    await sayMine(first.browser, first.page)
    const code = await codeFor('p-77')
    const { browser, page } = await looked(code)
    const held = await sayMine(browser, page)
    await refusedAs(held, 'identity.held')
    const [request] = await store.requests.open(['school-1'], 10)
    expect(request).to.deep.include({ kind: 'held', number: numberOn(held), journal: 'sgo', school: 'school-1' })
    await refusedAs(await sayMine(browser, page), 'identity.held')
    expect(await store.requests.open(['school-1'], 10), 'asked once').to.have.length(1)
    expect(await store.codes.living('sgo', 'school-1', town.clock.now())).to.deep.equal(new Set(request!.accountIds))
    expect(await linksOf('1000900010')).to.deep.equal([])
  })

  it('another first name than that of the slip is pointed out before the button', async () => {
    const code = await codeFor('p-77')
    expect((await looked(code, NOBODY)).page.text).to.include('Вы вошли под другим именем')
  })

  it('takes no form of a stranger: without token, from elsewhere, or of another session', async () => {
    const code = await codeFor('p-77')
    const { browser, page } = await looked(code)
    const other = await form(new Browser(), NOBODY)
    const { fields } = page.form('/me/code')
    const post = (body: Record<string, string>, from: URL) =>
      browser.request('POST', at('/me/code'), new URLSearchParams(body), from)
    const mine = { ...fields, mine: 'yes' }
    for (const [body, from] of [
      [{ ...mine, token: '' }, page.url],
      [{ ...mine, token: other.form('/me/code').fields.token! }, page.url],
      [mine, new URL('http://localhost:1/')],
    ] as const)
      await refusedAs(await post(body, from), 'request.forged')
    expect(await linksOf('1000900010')).to.deep.equal([])
    expect((await post(mine, page.url)).text, 'and the honest form still works').to.include('запись привязана')
  })

  it('without a session it leads through the login, also after a form', async () => {
    const browser = new Browser()
    const page = await form(browser, NO_SNILS)
    expect(page.url.pathname).to.equal('/me/code')
    town.clock.forward(20 * 60_000)
    const late = await browser.request(
      'POST',
      at('/me/code'),
      new URLSearchParams(page.form('/me/code').fields),
      page.url,
    )
    expect([late.status, late.location?.pathname]).to.deep.equal([303, '/login'])
    expect((await walk(browser, late.location!, NO_SNILS)).url.pathname, 'and back').to.equal('/me/code')
  })
})
