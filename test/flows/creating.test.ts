/** From «вас нет в списке» to an account that the journal made, over real HTTP; and every way in which an answer gets lost. */
import { expect } from 'chai'
import { openStoreOf } from '../../src/compose.js'
import type { Creations } from '../../src/login/creation-ports.js'
import { refusalText } from '../../src/web/pages/text-ru.js'
import { Browser, type Page } from '../support/browser.js'
import {
  agree,
  createAt,
  NOBODY,
  openForm,
  openStrangeJournal,
  PARENT,
  says,
  type Answer,
  type StrangeJournal,
} from '../support/creating.js'
import { startSecondNode } from '../support/second-node.js'
import { tokensIn, walk } from '../support/sign-in.js'
import { lastEvent } from '../support/told.js'
import { startTestTown, type TestTown, type TestTownOptions } from '../support/town.js'

const CREATED = 'Готово, запись создана'

describe('flow: an account made at the first login', () => {
  let town: TestTown
  let strange: StrangeJournal
  before(async () => (strange = await openStrangeJournal()))
  after(() => strange.close())
  afterEach(() => town.close())

  async function open(options: TestTownOptions = {}): Promise<void> {
    strange.wishes.length = 0
    strange.answer = says({ created: true, login: 'made-1' })
    town = await startTestTown({ more: strange.more(), ...options })
  }

  const accounts = async (login: string) => town.bridge.store.roster.byLogin('eljur', ['school-1', 'school-2'], login)
  const made = async () =>
    (await town.bridge.store.roster.entries({})).filter(({ createdAt }) => createdAt !== undefined)
  const underWay = async (): Promise<number> => {
    const { entityId: idp } = town.bridge.trust.idps[0]!
    const snils = '90000001083'
    return (await town.bridge.store.creations.of({ idp, snils } as never)).length
  }
  async function refusedAs(page: Page, code: keyof typeof refusalText): Promise<void> {
    expect((await lastEvent(town, page)).code, page.text).to.equal(code)
    expect(page.text).to.include(refusalText[code].heading)
  }

  it('leads from the refusal over the page with the very data to the journal, where the person is at home', async () => {
    await open()
    const browser = new Browser()
    const start = await browser.get(`${town.town.journals}/sgo/login?to=marks`)
    const no = await walk(browser, start.url, NOBODY)
    expect(no.text).to.include(refusalText['identity.not-linked'].heading)
    const choice = await browser.get(no.link('Создать мне запись в журнале'))
    expect(choice.text).to.include('Какую запись создать?').and.include('Лицей № 2')
    const form = await browser.get(choice.link('Выбрать'))
    for (const said of ['Школа № 1', 'родитель', 'Неизвестный', 'Виктор', 'Сергеевич'])
      expect(form.text, said).to.include(said)
    expect(form.text, 'nothing but that').not.to.match(/900-000-010|1980|\+7|1000900011/)
    expect(form.text, 'the box is empty').not.to.match(/id="agree"[^>]*checked/)
    const done = await agree(browser, form)
    expect(done.text).to.include(CREATED)
    const journal = await browser.get(done.link('Открыть журнал'))
    expect(journal.url.href, journal.text).to.equal(`${town.town.journals}/sgo/marks`)
    expect(journal.status, 'the journal knows its own state again').to.equal(200)
    expect(journal.text, 'and the name').to.include('Неизвестный Виктор')
    const [entry] = await made()
    expect(entry).to.deep.include({ journal: 'sgo', school: 'school-1', role: 'parent', children: [] })
    expect(tokensIn(browser)[0]).to.include({ login: entry!.login, account: entry!.accountId })
    expect((await browser.get(new URL('/me', town.town.bridge))).text).to.include('заведена при первом входе')
    const again = await browser.get(createAt(town, '&school=school-1', 'sgo'))
    expect(again.url.origin, 'nothing is made twice').to.equal(town.town.journals)
    expect(await underWay()).to.equal(0)
  })

  it('asks in a signed message what the page showed, and under one key in claim and header', async () => {
    await open()
    const browser = new Browser()
    const form = await openForm(town, browser)
    await agree(browser, form)
    const [{ claims, headers }, ...more] = strange.wishes as [(typeof strange.wishes)[0]]
    expect(more).to.deep.equal([])
    const { iat, exp, jti, key, sub, ...said } = claims as Record<string, string | number>
    const person = { lastName: 'Неизвестный', firstName: 'Виктор', birthDate: '1980-08-14' }
    const where = { school: 'school-1', role: 'parent', person }
    expect(said).to.deep.equal({ iss: town.town.bridge, aud: 'eljur', ...where })
    expect([Number(exp) - Number(iat), String(jti).length, String(key).length]).to.deep.equal([60, 27, 27])
    expect(headers['idempotency-key']).to.equal(key)
    expect(headers['content-type']).to.equal('application/x-www-form-urlencoded')
    expect(String(sub)).not.to.match(/1000900011|90000001083/)
  })

  it('asks nobody before the box is ticked, and again when more would be sent than was shown', async () => {
    await open()
    const browser = new Browser()
    const form = await openForm(town, browser)
    const unticked = await browser.submit(form, {}, '/me/create')
    expect([unticked.status, unticked.text.includes('поставьте отметку внизу')]).to.deep.equal([400, true])
    const less = await agree(browser, form, { shown: 'school role lastName' })
    expect([less.status, less.text.includes('Список данных изменился')]).to.deep.equal([400, true])
    expect(less.text).not.to.match(/id="agree"[^>]*checked/)
    expect([strange.wishes.length, await underWay()]).to.deep.equal([0, 0])
  })

  /** What comes of it, and whether the next try begins anew. */
  const answers: readonly [string, Answer, keyof typeof refusalText, 'same key' | 'new key'][] = [
    ['that it knows the person', says({ created: false, why: 'exists' }), 'create.exists', 'new key'],
    ['no', says({ created: false }), 'create.declined', 'new key'],
    ['no for a reason of its own', says({ created: false, why: 'full' }), 'create.declined', 'new key'],
    ['500, with a body that looks right', says({ created: true, login: 'x' }, 500), 'create.unanswered', 'same key'],
    ['400', says('', 400), 'create.unanswered', 'same key'],
    [
      'a redirect',
      r => void r.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
      'create.unanswered',
      'same key',
    ],
    ['rubbish', says('<html>'), 'create.unanswered', 'same key'],
    ['yes without a login', says({ created: true }), 'create.unanswered', 'same key'],
    ['an empty login', says({ created: true, login: '' }), 'create.unanswered', 'same key'],
    ['a login with a line end', says({ created: true, login: 'a\nb' }), 'create.unanswered', 'same key'],
    ['a login with what nobody sees', says({ created: true, login: 'a\u3164' }), 'create.unanswered', 'same key'],
    ['half a sign', says('{"created":true,"login":"a\\ud800"}'), 'create.unanswered', 'same key'],
    ['a login in blanks', says({ created: true, login: ' a ' }), 'create.unanswered', 'same key'],
    [
      'more than anybody reads',
      says({ created: true, login: 'a', x: 'x'.repeat(5_000) }),
      'create.unanswered',
      'same key',
    ],
    ['nothing: the line breaks', response => void response.destroy(), 'create.unanswered', 'same key'],
  ]
  for (const [what, answer, code, key] of answers)
    it(`the journal answers ${what}: ${code}, nothing half-written, and the ${key} the next time`, async () => {
      await open()
      strange.answer = answer
      const browser = new Browser()
      const form = await openForm(town, browser)
      await refusedAs(await agree(browser, form), code)
      expect([await made(), await underWay()]).to.deep.equal([[], key === 'same key' ? 1 : 0])
      strange.answer = says({ created: true, login: 'made-1' })
      expect((await agree(browser, await browser.get(createAt(town, PARENT)))).text).to.include(CREATED)
      const [first, second] = strange.wishes.map(({ claims }) => claims['key'])
      expect(first === second).to.equal(key === 'same key')
      expect((await made()).map(({ login }) => login)).to.deep.equal(['made-1'])
    })

  it('an answer that was lost on our side leads to the same account under the same key', async () => {
    let broken = true
    await open({
      openStore: async configuration => {
        const store = await openStoreOf(configuration)
        const { creations } = store
        const once: Creations['finish'] = (...given) => {
          if (!broken) return creations.finish(...given)
          broken = false
          return Promise.reject(new Error('the power fails'))
        }
        return { ...store, creations: { ...creations, finish: once } }
      },
    })
    // as a journal does that keeps the keys: the same account for the same key
    const byKey = new Map<unknown, string>()
    strange.answer = (response, { claims }) => {
      const login = byKey.get(claims['key']) ?? `made-${byKey.size + 1}`
      byKey.set(claims['key'], login)
      response.end(JSON.stringify({ created: true, login }))
    }
    const browser = new Browser()
    const form = await openForm(town, browser)
    expect((await agree(browser, form)).status).to.equal(500)
    expect([await made(), await underWay()]).to.deep.equal([[], 1])
    const data = JSON.parse((await browser.get(new URL('/me/data.json', town.town.bridge))).text) as { creations: object[] } // prettier-ignore
    expect(data.creations, 'the person can see it').to.have.length(1)
    expect(data.creations[0]).to.include({ journal: 'eljur', school: 'school-1', role: 'parent' }).and.have.all.keys('number', 'journal', 'school', 'role', 'since') // prettier-ignore
    const choice = await browser.get(createAt(town, '&school=school-1'))
    expect(choice.text, 'the account that was begun, and no other').not.to.include('Какую запись создать?')
    expect((await agree(browser, choice)).text).to.include(CREATED)
    expect([...byKey.values()]).to.deep.equal(['made-1'])
    expect((await made()).map(({ login }) => login)).to.deep.equal(['made-1'])
  })

  it('two tabs and two nodes at once are one account', async () => {
    await open()
    const byKey = new Map<unknown, string>()
    strange.answer = (response, { claims }) => {
      const login = byKey.get(claims['key']) ?? `made-${byKey.size + 1}`
      byKey.set(claims['key'], login)
      response.end(JSON.stringify({ created: true, login }))
    }
    const node = await startSecondNode(town)
    try {
      const browsers = [new Browser(), new Browser()]
      const forms = await Promise.all(browsers.map(browser => openForm(town, browser)))
      const presses = [0, 1, 0, 1].map((who, i) => {
        const form = forms[who]!
        const at = new URL('/me/create', form.url)
        const body = new URLSearchParams({ ...form.form('/me/create').fields, agree: 'yes' })
        return browsers[who]!.request('POST', i < 2 ? at : node.at(at), body, form.url)
      })
      const pages = await Promise.all(presses)
      for (const page of pages) expect([200, 303].includes(page.status), `${page.status} ${page.text}`).to.equal(true)
      expect(pages.filter(({ text }) => text.includes(CREATED)).length).to.be.greaterThan(0)
      expect([...byKey.values()]).to.deep.equal(['made-1'])
      expect(await made()).to.have.length(1)
      expect(await accounts('made-1')).to.have.length(1)
    } finally {
      await node.close()
    }
  })
})
