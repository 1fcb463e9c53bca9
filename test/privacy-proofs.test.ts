/** What a day of proofs, questions, codes and new accounts leaves behind, a change of keys and an export of the audit included. */
import { expect } from 'chai'
import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { demoPassword } from '../src/demo-journals/old-login.js'
import { retain } from '../src/login/retaining.js'
import { sendDue } from '../src/login/notifying.js'
import { readPeople } from '../src/mock-idp/people.js'
import { run } from './cli/desk.js'
import { Browser, type Page } from './support/browser.js'
import { askFor, codeIn, sections, typeIn } from './support/confirming.js'
import { openMailServer, openSmsServer, type MailServer, type SmsServer } from './support/post-office.js'
import { walk } from './support/sign-in.js'
import { startTestTown, type TestTown } from './support/town.js'
import { CHILDREN, csv, everybody, found, nobody, parent, teacher, unpacked } from './support/unmistakable.js'

const MINUTE = 60_000

describe('privacy of proofs, codes and new accounts', function () {
  let town: TestTown
  let mail: MailServer
  let sms: SmsServer
  const browsers: Browser[] = []
  const exported: string[] = []
  const newBrowser = (): Browser => {
    const browser = new Browser()
    browsers.push(browser)
    return browser
  }
  const at = (path: string): URL => new URL(path, town.town.bridge)

  before(async () => {
    ;[mail, sms] = await Promise.all([openMailServer({ security: 'none' }), openSmsServer()])
    const people = readPeople(JSON.stringify({ password: 'uchebny-stend', people: everybody }))
    const rosters = [{ school: 'school-1', title: 'Школа № 1', csv }]
    const more = { confirmation: { ask: ['link', 'changes'] }, notices: ['devices', 'accounts'], metrics: { port: 0 } }
    town = await startTestTown({ people, rosters, more: sections(mail, sms, more) })
    await byMail()
    await bySms()
    await newAccount()
    await oldLogin()
    await aboutAChild()
    await sendDue(town.bridge.web.ports)
    await retain(town.bridge.web.ports, town.bridge.web.ports.retentionLimits)
    await commands()
  })
  after(() => Promise.all([town.close(), mail.close(), sms.close()]))

  /** Codes may be sent once a minute. */
  async function confirmed(browser: Browser, page: Page, way: 'email' | 'sms' = 'email'): Promise<Page> {
    town.clock.forward(MINUTE)
    const typing = await askFor(browser, page, way)
    const said = way === 'email' ? mail.mails.at(-1)!.text : new URLSearchParams(sms.received.at(-1)!.body).get('msg')!
    return typeIn(browser, typing, codeIn(said), true)
  }

  async function byMail(): Promise<void> {
    const browser = newBrowser()
    const chooser = await walk(browser, at('/login?journal=sgo'), parent.email)
    const choice = /value="([^"]+)"[^>]*>(?:(?!<\/button>)[\s\S])*Юла/.exec(chooser.text)![1]!
    const journal = await confirmed(browser, await browser.submit(chooser, { choice }, '/continue/'))
    expect(journal.url.origin, journal.text).to.equal(town.town.journals)
    const question = await browser.get((await browser.get(at('/me'))).link('Отвязать'))
    await confirmed(browser, await browser.get(question.link('Подтвердить кодом')))
  }

  async function bySms(): Promise<void> {
    const browser = newBrowser()
    const journal = await confirmed(browser, await walk(browser, at('/login?journal=sgo'), teacher.email), 'sms')
    expect(journal.url.origin, journal.text).to.equal(town.town.journals)
  }

  async function newAccount(): Promise<void> {
    const browser = newBrowser()
    await walk(browser, at('/me/create?journal=sgo'), nobody.email)
    const form = await browser.get(at('/me/create?journal=sgo&of=school-1&as=parent'))
    expect(form.text).to.include(nobody.firstName)
    const done = await confirmed(browser, await browser.submit(form, { agree: 'yes' }, '/me/create'))
    expect(done.text).to.include('Готово, запись создана')
    const journal = await browser.get(done.link('Открыть журнал'))
    expect(journal.url.origin).to.equal(town.town.journals)
    await browser.get(at('/me/data.json'))
  }

  async function oldLogin(): Promise<void> {
    const browser = newBrowser()
    const form = await walk(browser, at('/me/old-login?journal=eljur'), nobody.phone)
    for (const password of ['nonsense', demoPassword('p-8101')])
      await browser.submit(form, { login: 'p-8101', password, of: 'school-1' }, '/me/old-login')
  }

  async function aboutAChild(): Promise<void> {
    const browser = newBrowser()
    const form = await walk(browser, at('/me/child'), nobody.email)
    const [lastName, firstName] = CHILDREN[0]!.split(' ') as [string, string]
    const child = { lastName, firstName, className: '5А', birthDate: '', agree: 'yes', place: 'school-1 sgo' }
    expect((await browser.submit(form, child, '/me/child')).text).to.include('Вопрос отправлен')
  }

  async function commands(): Promise<void> {
    const config = town.prepared.configFile
    for (const args of [
      ['audit', 'export', '--from', '2020-01-01', '--config', config],
      ['audit', 'verify', '--config', config],
      ['rotate-data-key', '--dry-run', '--config', config],
      ['retention', '--dry-run', '--config', config],
    ]) {
      const { code, out, err } = await run(args, { clock: town.clock })
      expect(code, `${args.join(' ')}\n${err}`).to.be.lessThan(2)
      exported.push(out, err)
    }
    const { metrics } = town.bridge
    if (metrics) exported.push(await metrics.text())
  }

  it('control: codes and notices went to the people, and an account was made', async () => {
    expect(found(mail.mails.flatMap(({ to }) => to).join()).join())
      .to.include(parent.email)
      .and.include(nobody.email)
    const entries = await town.bridge.store.roster.entries({ journal: 'sgo' })
    expect(entries.filter(({ createdAt }) => createdAt !== undefined)).to.have.length(1)
    expect(exported.join('').length).to.be.greaterThan(3_000)
  })

  it('log lines', () => {
    expect(town.logs.length).to.be.greaterThan(20)
    expect(found(town.logs.join('\n'))).to.deep.equal([])
  })

  it('addresses, with what their parameters carry', () => {
    const addresses = browsers.flatMap(({ visited }) => visited)
    expect(addresses.filter(url => url.includes('token=')).length).to.be.greaterThan(2)
    expect(found(addresses.map(unpacked).join('\n'))).to.deep.equal([])
  })

  it('the rows of the audit, their export and what commands and metrics say', () => {
    expect(exported.join('\n'))
      .to.include('account.created')
      .and.include('proof.other-name')
      .and.include('bridge_events_total')
    expect(found(exported.join('\n'))).to.deep.equal([])
  })

  it('the database file, and what it has yet to write into it', async () => {
    const files = (await readdir(town.folder)).filter(name => name.startsWith('bridge.db'))
    const octets = Buffer.concat(await Promise.all(files.map(name => readFile(join(town.folder, name)))))
    expect(octets.includes('account.created'), 'the audit can be read').to.equal(true)
    expect(found(octets)).to.deep.equal([])
  })
})
