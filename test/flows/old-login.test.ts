/** From the password of the journal to the journal, and everybody who has no business there. Over real HTTP. */
import { readFileSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect } from 'chai'
import { projectFile } from '../../src/base/project-file.js'
import { journalsOf, type Town } from '../../src/demo/settings.js'
import { demoPassword } from '../../src/demo-journals/old-login.js'
import { refusalText } from '../../src/web/pages/text-ru.js'
import { without } from '../contract/samples.js'
import { Browser, type Page } from '../support/browser.js'
import { claimsOf, tokensIn, walk } from '../support/sign-in.js'
import { lastEvent, numberOn } from '../support/told.js'
import { startTestTown, type TestTown } from '../support/town.js'

const [NO_SNILS, NOBODY, PUPIL] = ['no-snils@mail.example', 'nobody@mail.example', 'pupil@mail.example']
const USER_ID = { [NO_SNILS]: '1000900010', [NOBODY]: '1000900011', [PUPIL]: '1000900003' }
const HOUR = 3_600_000

/** Beside the demo's people: of another СНИЛС, of a grown-up called like the pupil, and of one login with two roles. */
const MORE = [
  'родитель;p-90;Неизвестный;Виктор;Сергеевич;14.08.1980;900-000-014 87;;c-590;Неизвестная Яна;1В',
  'родитель;p-91;Соколов;Илья;;;;;c-591;Соколова Яна;1В',
  'родитель;p-92;Нгуен;Тхи Лан;;;;;c-592;Нгуен Минь;2В',
  'учитель;p-92;Нгуен;Тхи Лан;;;;;;;',
  'ученик;u-93;Нгуен;Ань;;01.01.2013;;1В;;;',
]

describe('flow: the old login of the journal', () => {
  let town: TestTown
  let answering: RequestListener
  const strange = createServer((request, response) => answering(request, response))

  before(done => void strange.listen(0, '127.0.0.1', done))
  after(() => strange.close())
  beforeEach(async () => {
    const file = (school: string) => readFileSync(projectFile(`docs/examples/roster-${school}.csv`), 'utf8')
    town = await startTestTown({
      more: withStranger,
      rosters: [
        { school: 'school-1', title: 'Школа № 1', csv: [file('school-1').trimEnd(), ...MORE].join('\n') },
        { school: 'school-2', title: 'Лицей № 2', csv: file('school-2') },
      ],
    })
  })
  afterEach(() => town.close())

  /** The second journal's server is ours: it says whatever a test wants. */
  function withStranger(place: Town) {
    const url = `http://127.0.0.1:${(strange.address() as AddressInfo).port}/check`
    const journals = journalsOf(place).map(journal =>
      journal.id === 'eljur' ? { ...journal, oldLogin: { url, alg: 'ES256' } } : journal,
    )
    return { journals }
  }

  const at = (path: string): URL => new URL(path, town.town.bridge)
  const open = (browser: Browser, who: string, journal = 'sgo', more = '') =>
    walk(browser, at(`/me/old-login?journal=${journal}${more}`), who)
  const type = (browser: Browser, page: Page, login: string, password = demoPassword(login), of = 'school-1') =>
    browser.submit(page, { login, password, of }, '/me/old-login')
  const sayMine = (browser: Browser, page: Page) => browser.submit(page, {}, '/me/old-login')
  async function typed(login: string, who = NO_SNILS, password = demoPassword(login)) {
    const browser = new Browser()
    return { browser, page: await type(browser, await open(browser, who), login, password) }
  }

  async function refusedAs(page: Page, code: keyof typeof refusalText): Promise<void> {
    expect((await lastEvent(town, page)).code).to.equal(code)
    expect(page.status).to.be.greaterThan(399)
    expect(page.text, 'nothing about the account').not.to.match(/Нгуен Ань|Ань Н\.|journal-p/)
  }

  async function linksOf(who: keyof typeof USER_ID) {
    const { entityId: idp } = town.bridge.trust.idps[0]!
    const person = { idp, userId: USER_ID[who]!, level: 'confirmed', globalRole: 'P', authenticatedAt: 0 } as const
    return (await town.bridge.store.links.around(person, [])).own
  }

  it('leads who has no СНИЛС from the refusal to the very page of the journal, with its state', async () => {
    const browser = new Browser()
    const journal = await browser.get(`${town.town.journals}/sgo/login?to=marks`)
    const no = await walk(browser, journal.url, NO_SNILS)
    expect(no.text).to.include(refusalText['identity.no-snils'].heading)
    const form = await browser.get(no.link('У меня есть логин от журнала'))
    for (const said of ['Нужен пароль от журнала, а не от Госуслуг', 'Сетевой журнал', 'Лицей № 2'])
      expect(form.text).to.include(said)
    const whose = await type(browser, form, ' p-1007 ', demoPassword('p-1007'))
    expect(whose.status, whose.text).to.equal(200)
    for (const said of ['Тхи Лан Н.', 'Ань Н., 1В', 'родитель', 'Школа № 1']) expect(whose.text).to.include(said)
    expect(whose.text).not.to.match(/Нгуен Ань|p-1007|c-507/)
    expect(await linksOf(NO_SNILS), 'nothing is bound yet').to.deep.equal([])
    const bound = await sayMine(browser, whose)
    expect(bound.text).to.include('Готово, запись привязана')
    const end = await browser.get(bound.link('Открыть журнал'))
    expect(end.url.href).to.equal(`${town.town.journals}/sgo/marks`)
    expect(end.status, 'the journal knows its own state again').to.equal(200)
    expect(tokensIn(browser)[0]).to.include({ login: 'p-1007', child: 'c-507' })
    expect((await linksOf(NO_SNILS)).map(({ ground }) => ground)).to.deep.equal(['proof'])
    expect((await browser.get(at('/me'))).text).to.include('по паролю от журнала')
  })

  it('keeps the password nowhere: no page, address, log, event or row of the database', async () => {
    const secret = 'Ъ-невиданный-пароль-7'
    const browser = new Browser()
    const pages: Page[] = []
    let page = await open(browser, NO_SNILS)
    for (const login of ['p-1007', 'p-1007', 'p-1006']) pages.push((page = await type(browser, page, login, secret)))
    const right = await typed('p-92')
    pages.push(right.page, await sayMine(right.browser, right.page))
    const everything = [
      ...pages.map(({ text }) => text),
      ...[...browser.visited, ...right.browser.visited, ...town.logs],
      ...['', '-wal'].map(end => readFileSync(`${town.folder}/bridge.db${end}`, 'latin1')),
    ].join('\n')
    for (const kept of [secret, demoPassword('p-92')])
      for (const spelt of [
        kept,
        encodeURIComponent(kept),
        Buffer.from(kept).toString('base64url'),
        Buffer.from(kept).toString('latin1'),
      ])
        expect(everything.includes(spelt), spelt).to.equal(false)
  })

  it('pressed twice, the button says yes twice and binds once', async () => {
    const { browser, page } = await typed('p-1007')
    await sayMine(browser, page)
    expect((await sayMine(browser, page)).text).to.include('Готово, запись привязана')
    expect(await linksOf(NO_SNILS)).to.have.length(1)
  })

  it('a wrong password is told beside the field, and three of them lock nobody out of the journal', async () => {
    const browser = new Browser()
    let page = await open(browser, NO_SNILS)
    for (const login of ['p-1007', 'P-1007 ', 'ｐ-1007']) {
      page = await type(browser, page, login, 'wrong-one')
      await refusedAs(page, 'proof.wrong')
      expect(page.form('/me/old-login').fields).to.include({ login: login.trim() })
      expect(page.text).not.to.include('wrong-one')
    }
    await refusedAs(await type(browser, page, 'p-1007', 'wrong-one'), 'proof.limit')
    const other = await typed('p-1007', NOBODY)
    expect(other.page.status, 'whoever else tries is not heard either').to.equal(429)
    await refusedAs(other.page, 'proof.limit')
    town.clock.forward(HOUR)
    expect((await typed('p-1007')).page.text, 'the journal never locked it').to.include('Чья это запись?')
  })

  it('nobody tries one login after the other', async () => {
    for (let i = 1; i <= 5; i++) await refusedAs((await typed(`p-10${i}`, NOBODY, 'wrong')).page, 'proof.wrong')
    const page = (await typed('p-1007', NOBODY)).page
    await refusedAs(page, 'proof.limit')
    expect((await lastEvent(town, page)).facts).to.deep.include({ whose: 'person' })
    expect(page.text, 'and is led to another way').to.include('У меня есть код от школы')
  })

  it('an account that somebody else has goes to the school as a question', async () => {
    const { store } = town.bridge
    const [entry] = await store.roster.byLogin('sgo', ['school-1'], 'p-1007')
    const { entityId: idp } = town.bridge.trust.idps[0]!
    const person = { idp, userId: '77', level: 'confirmed', globalRole: 'P', authenticatedAt: 0 } as const
    const link = { id: 'l', accountId: entry!.accountId, journal: 'sgo', school: 'school-1' }
    const listed = { firstName: 'Тхи Лан' }
    await store.links.make(
      { ...link, ground: 'school', since: 0, person, listed },
      { at: 0, what: 'link.made', result: 'ok' },
    )
    const { browser, page } = await typed('p-1007')
    const held = await sayMine(browser, page)
    await refusedAs(held, 'identity.held')
    const [request, ...more] = await store.requests.open(['school-1'], 10)
    expect(request).to.deep.include({ kind: 'held', number: numberOn(held), accountIds: [entry!.accountId] })
    expect(more).to.deep.equal([])
    expect(await linksOf(NO_SNILS)).to.deep.equal([])
  })

  it('a right password opens no account that the list gives to another СНИЛС, name or age', async () => {
    await refusedAs((await typed('p-90', NOBODY)).page, 'identity.held')
    await refusedAs((await typed('p-1007', NOBODY)).page, 'proof.other-name')
    await refusedAs((await typed('p-1001')).page, 'proof.other-name')
    await refusedAs((await typed('u-93')).page, 'identity.pupil-account')
    await refusedAs((await typed('p-91', PUPIL)).page, 'proof.minor')
    for (const who of [NO_SNILS, NOBODY, PUPIL]) expect(await linksOf(who)).to.deep.equal([])
  })

  it('asks the list of the school that was chosen, and of no other', async () => {
    const browser = new Browser()
    const page = await open(browser, NO_SNILS)
    await refusedAs(await type(browser, page, 'p-1007', demoPassword('p-1007'), 'school-2'), 'proof.wrong')
    await refusedAs(await type(browser, page, 'p-1007', demoPassword('p-1007'), 'school-9'), 'journal.school')
    const { store } = town.bridge
    const others = (await store.roster.entries({ journal: 'sgo', school: 'school-1' })).filter(
      each => each.login !== 'p-1007',
    )
    const records = others.map(entry => without(entry, 'accountId', 'journal', 'school'))
    const shown = await type(browser, page, 'p-1007')
    await store.roster.replace('sgo', 'school-1', records, { now: town.clock.now() })
    await refusedAs(await sayMine(browser, shown), 'proof.over')
    await refusedAs((await typed('p-1007')).page, 'proof.not-listed')
  })

  it('one login with two roles is two accounts, and each wants a yes of its own', async () => {
    const { browser, page } = await typed('p-92')
    expect(page.forms.filter(({ action }) => action === '/me/old-login')).to.have.length(2)
    await sayMine(browser, page)
    expect(await linksOf(NO_SNILS)).to.have.length(1)
  })

  it('the yes counts for ten minutes, in this session, and for this account', async () => {
    const { browser, page } = await typed('p-1007')
    const { fields } = page.form('/me/old-login')
    const thief = new Browser()
    const theirs = (await open(thief, NOBODY)).form('/me/old-login').fields
    const post = (by: Browser, body: Record<string, string>, from = page.url) =>
      by.request('POST', at('/me/old-login'), new URLSearchParams(body), from)
    const steal = { journal: 'sgo', token: theirs.token!, proven: fields.proven! }
    await refusedAs(await post(thief, steal), 'proof.over')
    const [accountId, until, seal] = fields.proven!.split('.')
    for (const proven of [`${accountId}.${Number(until) + 1}.${seal}`, `x${accountId}.${until}.${seal}`, 'nonsense'])
      await refusedAs(await post(browser, { ...fields, proven }), 'proof.over')
    await refusedAs(await post(browser, { ...fields, journal: 'eljur' }), 'proof.over')
    for (const [body, from] of [
      [{ ...fields, token: '' }, page.url],
      [{ ...fields, token: theirs.token! }, page.url],
      [fields, new URL('http://localhost:1/')],
    ] as const)
      await refusedAs(await post(browser, body, from), 'request.forged')
    town.clock.forward(10 * 60_000)
    await refusedAs(await post(browser, fields), 'proof.over')
    expect(await linksOf(NO_SNILS)).to.deep.equal([])
  })

  it('believes no answer but the agreed one, follows no redirect, and waits no longer than it can', async () => {
    const answers: readonly RequestListener[] = [
      (_, response) => response.writeHead(500).end('{"valid":true,"login":"p-1007"}'),
      (_, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
      ...[
        '',
        'true',
        '[]',
        '{"valid":"true","login":"p-1007"}',
        '{"valid":true}',
        '{"valid":true,"login":""}',
        `{"valid":true,"login":"p-1007","x":"${'x'.repeat(5_000)}"}`,
      ].map(
        (body): RequestListener =>
          (_, response) =>
            response.end(body),
      ),
      request => request.destroy(),
    ]
    for (const [i, answer] of answers.entries()) {
      if (i % 5 === 0) town.clock.forward(25 * HOUR)
      answering = answer
      const browser = new Browser()
      await refusedAs(await type(browser, await open(browser, NO_SNILS, 'eljur'), `p-${i}`, 'x'), 'proof.unanswered')
    }
    town.clock.forward(25 * HOUR)
    answering = (_, response) => response.end('{"valid":true,"login":"p-1007","more":1}')
    const browser = new Browser()
    const page = await type(browser, await open(browser, NO_SNILS, 'eljur'), 'anything', 'x')
    expect(page.text, 'the journal may know the account by another name').to.include('Тхи Лан Н.')
  })

  it('asks in a signed message that names journal, school and moment, each time another', async () => {
    const bodies: string[] = []
    answering = (request, response) => {
      let body = ''
      request.on('data', part => (body += String(part)))
      request.on('end', () => {
        bodies.push(body)
        expect(request.headers['content-type']).to.equal('application/x-www-form-urlencoded')
        response.end('{"valid":false}')
      })
    }
    for (let i = 0; i < 2; i++) {
      const browser = new Browser()
      await type(browser, await open(browser, NO_SNILS, 'eljur'), 'p-1007', 'a&b=ё')
    }
    const asked = bodies.map(body => claimsOf(new URLSearchParams(body).get('login_check')!))
    const now = Math.floor(town.clock.now() / 1000)
    for (const { iat, exp, jti, ...claims } of asked) {
      const said = { iss: town.town.bridge, aud: 'eljur', login: 'p-1007', password: 'a&b=ё', school: 'school-1' }
      expect(claims).to.deep.equal(said)
      expect([Number(exp) - Number(iat), Math.abs(now - Number(iat)) < 30, String(jti).length]).to.deep.equal([
        60,
        true,
        27,
      ])
    }
    expect(asked[0]!.jti).not.to.equal(asked[1]!.jti)
  })

  it('is offered only where the journal has it, and leads through the login and back', async () => {
    const handle = await walk(new Browser(), at('/login?journal=handle'), NOBODY)
    expect(handle.text).to.include('У меня есть код от школы').and.not.to.include('У меня есть логин от журнала')
    const browser = new Browser()
    await refusedAs(await browser.get(at('/me/old-login?journal=handle')), 'proof.not-offered')
    const page = await open(browser, NO_SNILS, 'sgo', '&school=school-1&state=s%26t')
    expect([page.url.pathname, page.form('/me/old-login').fields]).to.deep.include('/me/old-login')
    expect(page.form('/me/old-login').fields).to.include({ state: 's&t', school: 'school-1', of: 'school-1' })
    town.clock.forward(20 * 60_000)
    const { fields } = page.form('/me/old-login')
    const body = new URLSearchParams({ ...fields, login: 'p-1007', password: 'secret' })
    const late = await browser.request('POST', at('/me/old-login'), body, page.url)
    expect([late.status, late.location?.pathname]).to.deep.equal([303, '/login'])
    expect(late.location!.href).not.to.include('secret')
    const back = await walk(browser, late.location!, NO_SNILS)
    expect(back.form('/me/old-login').fields).to.include({ state: 's&t', school: 'school-1' })
  })

  it('takes no return address that the journal does not have', async () => {
    const page = await new Browser().get(at('/me/old-login?journal=sgo&return=https://evil.example/'))
    await refusedAs(page, 'journal.return-denied')
  })
})
