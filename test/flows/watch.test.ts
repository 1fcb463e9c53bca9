/** The watch over real HTTP, SMTP and a real webhook: found, told, locked, lifted; and a banner that comes and goes. */
import { readFileSync } from 'node:fs'
import { createHmac } from 'node:crypto'
import { join } from 'node:path'
import { expect } from 'chai'
import type { RefusalCode } from '../../src/base/refusals.js'
import { chainAudit } from '../../src/login/anchoring.js'
import { sendDue } from '../../src/login/notifying.js'
import { sendAlerts } from '../../src/watch/alerts.js'
import { watchRound } from '../../src/watch/round.js'
import { tellAnomalies } from '../../src/watch/tell.js'
import { refusalText } from '../../src/web/pages/text-ru.js'
import { run, type Ran } from '../cli/desk.js'
import { Browser, type Page } from '../support/browser.js'
import { at, FATHER, post, tokenOn } from '../support/cabinet.js'
import { askFor, codeIn, sections, typeIn } from '../support/confirming.js'
import { openMailServer, type MailServer, type SmsServer } from '../support/post-office.js'
import { startSecondNode } from '../support/second-node.js'
import { signInAtIdp, walk, type SignInOptions } from '../support/sign-in.js'
import { lastEvent, numberOn } from '../support/told.js'
import { startTestTown, type TestTown } from '../support/town.js'
import { openWebhook, type Webhook } from '../support/webhook.js'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const ADMIN = 'school-admin@mail.example'
const [WEST, EAST] = ['198.51.100.7', '203.0.113.9']
const IT = 'it@school.example'
const LOCKED = 'Мы приостановили вход под вашим именем'

describe('flow: the watch', () => {
  let mail: MailServer
  let webhook: Webhook
  let town: TestTown
  before(async () => {
    ;[mail, webhook] = await Promise.all([openMailServer({ security: 'none' }), openWebhook()])
  })
  after(() => Promise.all([mail.close(), webhook.close()]))
  beforeEach(async () => {
    town = await startTestTown({
      more: ({ listen }) => ({
        mail: sections(mail, { url: '' } as SmsServer).mail,
        notices: ['unusual'],
        listen: { ...listen, trustProxy: 'loopback' },
        anomalies: {
          notify: { webhook: { url: webhook.url, key: { file: 'certs/session.key' } } },
          places: [
            { title: 'Калининград', latitude: 54.7, longitude: 20.5, networks: ['198.51.100.0/24'] },
            { title: 'Владивосток', latitude: 43.1, longitude: 131.9, networks: ['203.0.113.0/24'] },
          ],
          rules: { travel: { action: 'lock' } },
        },
      }),
    })
    mail.mails.length = 0
    webhook.calls.length = 0
    webhook.answerWith(204)
  })
  afterEach(() => town.close())

  const from = (address: string): Browser => new Browser({ 'x-forwarded-for': address })
  const login = (browser: Browser, who = FATHER, options: SignInOptions = {}): Promise<Page> =>
    walk(browser, at(town, '/login?journal=sgo&force=1'), who, options)
  const entered = (page: Page): boolean => page.url.origin === town.town.journals
  const ports = () => town.bridge.web.ports
  /** What the errands do within some seconds. */
  async function round(): Promise<void> {
    const { watch } = town.bridge
    await chainAudit(ports())
    await watchRound(watch)
    await tellAnomalies(watch)
    await sendAlerts(watch)
    await sendDue(ports())
  }
  async function says(page: Page, code: RefusalCode): Promise<void> {
    expect(page.text).to.include(refusalText[code].happened)
    expect((await lastEvent(town, page)).code).to.equal(code)
  }
  /** The father signs in at both ends of the country within a minute. */
  async function travels(): Promise<Browser> {
    const home = from(WEST)
    expect(entered(await login(home))).to.equal(true)
    expect(entered(await login(from(EAST)))).to.equal(true)
    await round()
    return home
  }
  const command = (...args: string[]): Promise<Ran> =>
    run([...args, '--config', town.prepared.configFile], { clock: town.clock, env: { SUDO_USER: 'olga' } })

  it('one person at both ends of the country: no journal opens, and the page says until when', async () => {
    const home = await travels()
    const page = await login(from(WEST))
    await says(page, 'lock.person')
    expect(page.status).to.equal(403)
    expect(page.text)
      .to.match(/Откроется само: <time/)
      .and.include('href="/me/unlock"')
    const again = await home.get(at(town, '/login?journal=sgo'))
    await says(again, 'lock.person')
    expect((await home.get(at(town, '/me'))).text, 'what is kept about them they may see').to.include('Мой кабинет')
    expect((await home.get(`${town.town.journals}/sgo/`)).text, 'open sessions stay').to.include('/sgo/logout')
    expect((await login(from(EAST), 'mother@mail.example')).url.pathname, 'others go on').to.match(/^\/continue\//)
    town.clock.forward(HOUR)
    expect(entered(await login(from(WEST)))).to.equal(true)
  })

  it('tells the owner once, the administration by e-mail and webhook, and names nobody to the latter', async () => {
    await travels()
    const [owner, ...moreOwner] = mail.mails.filter(({ to }) => to.includes(FATHER))
    expect([owner?.subject, moreOwner.length]).to.deep.equal([LOCKED, 0])
    expect(owner!.text).to.include('не открывается до').and.include('Помощь: ')
    const [told, ...more] = mail.mails.filter(({ to }) => to.includes(IT))
    expect(more).to.have.length(0)
    expect(told!.subject).to.match(/необычные события \(1\)$/)
    expect(told!.text).to.include('из двух мест').and.include('школы: school-1').and.include('вход запрещён до')
    const [call, ...others] = webhook.calls
    expect(others).to.have.length(0)
    const { 'bridge-timestamp': timestamp, 'bridge-signature': signature, 'idempotency-key': key } = call!.headers
    const secret = readFileSync(join(town.folder, 'certs/session.key'), 'utf8').replace(/\n$/, '')
    const expected = createHmac('sha256', secret)
      .update(`${String(timestamp)}.${call!.body}`)
      .digest('hex')
    expect(signature).to.equal(`v1=${expected}`)
    const body = JSON.parse(call!.body) as { id: string; anomalies: Record<string, unknown>[] }
    expect(body.id).to.equal(key)
    expect(body.anomalies).to.have.length(1)
    expect(body.anomalies[0]).to.deep.include({ rule: 'travel', schools: ['school-1'] })
    expect(call!.body + told!.raw + town.logs.join('')).not.to.match(/father@|Соколов|198\.51\.100\.7.*pseudonym/)
    await login(from(WEST))
    await round()
    expect([webhook.calls.length, mail.mails.length], 'once').to.deep.equal([1, 2])
  })

  it('a webhook that does not take it is told again, later, the same by the same key', async () => {
    town.clock.stop()
    webhook.answerWith(503)
    await travels()
    town.clock.forward(MINUTE - 1_000)
    await sendAlerts(town.bridge.watch)
    expect(webhook.calls, 'not before its time').to.have.length(1)
    webhook.answerWith(200)
    town.clock.forward(1_000)
    await sendAlerts(town.bridge.watch)
    town.clock.forward(HOUR)
    await sendAlerts(town.bridge.watch)
    const [first, second, ...more] = webhook.calls
    expect(more).to.have.length(0)
    expect(second!.body).to.equal(first!.body)
    expect(second!.headers['idempotency-key']).to.equal(first!.headers['idempotency-key'])
    expect(second!.headers['bridge-signature']).not.to.equal(first!.headers['bridge-signature'])
  })

  it('goes on for hours: told again after six of them, unless somebody has acknowledged it', async () => {
    await travels()
    const move = async (hours: number) => {
      town.clock.forward(hours * HOUR)
      await login(from(WEST))
      await login(from(EAST))
      await round()
    }
    await move(5)
    expect(webhook.calls).to.have.length(1)
    await move(2)
    expect(webhook.calls).to.have.length(2)
    const [anomaly] = await town.bridge.store.watching.list(['open'], 10)
    expect((await command('anomalies', 'acknowledge', anomaly!.id, '--reason', 'звонили, это он')).code).to.equal(0)
    await move(7)
    expect(webhook.calls).to.have.length(2)
    expect(
      mail.mails.filter(({ to }) => to.includes(FATHER)),
      'the owner',
    ).to.have.length(1)
  })

  it('the person lifts it by a code to their own address, after a fresh sign-in, and enters', async () => {
    const home = await travels()
    mail.mails.length = 0
    town.clock.forward(10 * MINUTE)
    const stale = await home.get(at(town, '/me/unlock'))
    expect(stale.text).to.include('Войти ещё раз').and.not.include('открыть журнал</button>')
    const browser = from(WEST)
    await login(browser)
    const question = await browser.get(at(town, '/me/unlock'))
    expect(question.text).to.include('Подтвердить кодом').and.not.include('action="/me/unlock"')
    await post(town, browser, '/me/unlock', { token: tokenOn(question) })
    await says(await browser.get(at(town, '/login?journal=sgo')), 'lock.person')
    const page = await askFor(browser, await browser.get(question.link('Подтвердить кодом')))
    const confirmed = await typeIn(browser, page, codeIn(mail.mails.at(-1)?.text))
    expect(confirmed.url.pathname).to.equal('/me/unlock')
    const done = await browser.submit(confirmed, {}, '/me/unlock')
    expect(done.text).to.include('Журнал снова открыт')
    expect(entered(await browser.get(at(town, '/login?journal=sgo')))).to.equal(true)
    await says(await browser.get(at(town, '/me/unlock')), 'lock.not-liftable')
    await round()
    expect(entered(await login(from(WEST))), 'counts began anew').to.equal(true)
  })

  it('the school’s administrator sees whose account it is, and opens it with a reason', async () => {
    await travels()
    const admin = from(WEST)
    const page = await walk(admin, at(town, '/school'), ADMIN)
    expect(page.text)
      .to.include('Необычные входы')
      .and.include('p-1002, родитель')
      .and.include('Вход в журнал закрыт до')
    expect(page.text).not.to.match(/Соколов|father@/)
    const short = await admin.submit(page, { reason: 'х', act: 'unlock' }, '/school/anomalies')
    expect([short.status, short.text.includes('напишите причину')]).to.deep.equal([400, true])
    await says(await login(from(WEST)), 'lock.person')
    const done = await admin.submit(short, { reason: 'пришёл с паспортом', act: 'unlock' }, '/school/anomalies')
    expect(done.text).to.include('Вход открыт')
    expect(entered(await login(from(WEST)))).to.equal(true)
    const [closed] = await town.bridge.store.watching.list(['closed'], 10)
    expect(closed!.reason).to.equal('пришёл с паспортом')
    const forged = await post(town, admin, '/school/anomalies', { token: 'x', id: closed!.id, act: 'unlock' })
    expect(forged.status).to.equal(403)
  })

  it('an administrator of another school sees nothing of it, and nobody decides about themselves', async () => {
    const admin = from(WEST)
    expect(entered(await login(admin, ADMIN))).to.equal(true)
    await login(from(EAST), ADMIN)
    await round()
    const [own] = await town.bridge.store.watching.list(['open'], 10)
    await says(await admin.get(at(town, '/school')), 'lock.person')
    town.clock.forward(HOUR)
    const page = await walk(admin, at(town, '/login?page=school&force=1'), ADMIN)
    expect(page.text).to.include('Это о вас')
    const token = tokenOn(page)
    const decide = (id: string) =>
      post(town, admin, '/school/anomalies', { token, id, act: 'unlock', reason: 'это я сам' })
    await says(await decide(own!.id), 'queue.own-request')
    await says(await decide('nothing'), 'queue.not-yours')
    await town.bridge.store.watching.round(book =>
      book.note({ rule: 'travel', subject: { kind: 'person', name: 'x' }, value: 1, at: town.clock.now() }),
    )
    const [foreign] = (await town.bridge.store.watching.list(['open'], 10)).filter(
      ({ subject }) => subject.name === 'x',
    )
    await town.bridge.store.watching.own(foreign!.id, [{ school: 'school-2', journal: 'sgo', accountId: 'a' }])
    await says(await decide(foreign!.id), 'queue.not-yours')
  })

  it('by command: a network and a person are locked on every node, survive a restart, and are let in again', async () => {
    const node = await startSecondNode(town)
    try {
      const home = from(WEST)
      const page = await login(home, 'nobody@mail.example')
      const inside = from(EAST)
      expect(entered(await login(inside))).to.equal(true)
      expect((await command('anomalies', 'lock', EAST, '--for', '2h', '--reason', 'перебор')).out).to.include(
        'закрыт до',
      )
      expect((await command('anomalies', 'lock', numberOn(page), '--reason', 'аккаунт украден')).code).to.equal(0)
      await ports().standing.refresh()
      await says(await from(EAST).get(at(town, '/login?journal=sgo')), 'lock.network')
      await says(await inside.get(at(town, '/login?journal=sgo')), 'lock.network')
      await says(await login(from(WEST), 'nobody@mail.example'), 'lock.person')
      expect((await home.get(at(town, '/me/unlock'))).text, 'set by hand').to.include(
        refusalText['lock.not-liftable'].happened,
      )
      const later = await startSecondNode(town)
      const shut = await from(EAST).request('GET', later.at(at(town, '/login?journal=sgo')))
      await later.close()
      expect(shut.text).to.include(refusalText['lock.network'].happened)
      const list = await command('anomalies', 'list', '--json')
      expect(list.json()['locks']).to.have.length(2)
      expect((await command('anomalies', 'list')).out).to.include(`адрес ${EAST}: вход закрыт до`)
      expect((await command('anomalies', 'unlock', EAST, '--reason', 'это школа')).code).to.equal(0)
      const twice = await command('anomalies', 'unlock', EAST, '--reason', 'это школа')
      expect([twice.code, twice.err]).to.deep.equal([
        1,
        'Ничего не изменилось: так уже есть, или кто-то решил раньше.\n',
      ])
      await ports().standing.refresh()
      expect(entered(await login(from(EAST)))).to.equal(true)
    } finally {
      await node.close()
    }
  })

  it('says what it wants, by command', async () => {
    const wrong: readonly (readonly [readonly string[], RegExp])[] = [
      [['anomalies', 'destroy'], /можно list, acknowledge, unlock, lock/],
      [['anomalies', 'unlock', EAST], /Назовите причину/],
      [['anomalies', 'unlock', '--reason', 'так надо'], /ID, адрес или номер/],
      [['anomalies', 'lock', 'кто-то', '--reason', 'так надо'], /ни ID, ни адрес/],
      [['anomalies', 'lock', EAST, '--reason', 'так надо', '--for', '1y'], /от 1m до 30d/],
      [['anomalies', 'acknowledge', 'x', '--reason', 'так надо'], /такого нет/],
      [['banner', 'up'], /можно show, on, off/],
      [['banner', 'on'], /--trouble: что случилось/],
      [['banner', 'on', '--trouble', 'errors', '--for', '9d'], /от 1m до 7d/],
      [['banner', 'on', '--trouble', 'errors', '--idp', 'x'], /--idp: о каком поставщике/],
    ]
    for (const [args, words] of wrong) {
      const { code, err } = await command(...args)
      expect([code, words.test(err)], `${args.join(' ')}: ${err}`).to.deep.equal([2, true])
    }
  })

  it('an answer of theirs, replayed and spoilt by others for hours, never locks a person', async () => {
    const victim = from(WEST)
    const answer = await signInAtIdp(victim, await victim.get(at(town, '/login?journal=sgo')), FATHER)
    await victim.submit(answer)
    const { fields } = answer.form()
    for (let i = 0; i < 30; i++) {
      const thief = from(EAST)
      await thief.request('GET', at(town, '/login?journal=sgo'))
      const SAMLResponse = i % 2 === 0 ? fields['SAMLResponse']! : `${fields['SAMLResponse']!.slice(0, -9)}AAAAAAAA=`
      await thief.request('POST', at(town, '/saml/acs'), new URLSearchParams({ ...fields, SAMLResponse }))
    }
    await round()
    expect(await town.bridge.store.watching.locks(town.clock.now())).to.deep.equal([])
    expect(entered(await login(from(WEST)))).to.equal(true)
  })

  it('a banner: comes when many meet the same trouble, stands on every page it should, and goes by itself', async () => {
    const words = 'Учебный поставщик сейчас отвечает с ошибками'
    const visitor = (i: number) => from(`192.0.2.${i}`)
    const shown = async (path: string, browser = new Browser()) =>
      (await browser.get(at(town, path))).text.includes(words)
    for (let i = 0; i < 4; i++) await login(visitor(i), FATHER, { fault: 'error-responder' })
    await login(visitor(0), FATHER, { fault: 'error-responder' })
    await round()
    expect(await shown('/'), 'four networks').to.equal(false)
    const fifth = await login(visitor(5), FATHER, { fault: 'error-responder' })
    expect(fifth.text).not.to.include(words)
    await round()
    for (const path of ['/', '/s/school-1']) expect(await shown(path), path).to.equal(true)
    const sixth = await login(visitor(6), FATHER, { fault: 'error-responder' })
    expect(sixth.text, 'where a login fails').to.include(words)
    const tested = await walk(new Browser(), at(town, '/self-test'), FATHER)
    expect(tested.text, 'the self-test').to.include(words)
    town.clock.forward(21 * MINUTE)
    await round()
    expect(await shown('/')).to.equal(false)
  })

  it('a banner by hand', async () => {
    const words = 'сейчас не отвечает'
    const shown = async () => (await new Browser().get(at(town, '/'))).text.includes(words)
    expect((await command('banner', 'show')).out).to.equal('Объявлений нет.\n')
    expect((await command('banner', 'on', '--trouble', 'silent', '--for', '30m')).code).to.equal(0)
    await ports().standing.refresh()
    expect(await shown()).to.equal(true)
    expect((await command('banner', 'show')).out).to.include('«сейчас не отвечают» до')
    town.clock.forward(30 * MINUTE)
    expect(await shown()).to.equal(false)
    expect((await command('banner', 'on', '--trouble', 'silent')).code).to.equal(0)
    expect((await command('banner', 'off')).code).to.equal(0)
    expect((await command('banner', 'off')).code).to.equal(1)
  })

  it('leaves nothing personal in its tables', async () => {
    await travels()
    const { store } = town.bridge
    const kept = JSON.stringify([
      await store.watching.list(['open'], 10),
      await store.watching.locks(town.clock.now()),
      await store.alerts.due(town.clock.now() + HOUR, 0, 10),
      await store.watching.round(book => book.marks('travel', 'x', 0)),
    ])
    expect(kept).not.to.match(/father@|Соколов|Андрей|900000/)
  })
})
