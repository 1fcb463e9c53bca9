/** What people are told by e-mail, how they choose it, and that nothing of it stays behind. Over real HTTP and SMTP. */
import { expect } from 'chai'
import { sendDue } from '../../src/login/notifying.js'
import { demoPassword } from '../../src/demo-journals/old-login.js'
import { Browser, type Page } from '../support/browser.js'
import { at, FATHER, post, tokenOn } from '../support/cabinet.js'
import { sections } from '../support/confirming.js'
import { openMailServer, type MailServer, type SmsServer } from '../support/post-office.js'
import { startSecondNode } from '../support/second-node.js'
import { walk } from '../support/sign-in.js'
import { startTestTown, type TestTown } from '../support/town.js'

const MINUTE = 60_000
const NEW_DEVICE = 'Новое устройство: вход в электронный журнал'
const LINKED = 'К вам привязана учётная запись журнала'

describe('flow: notices to people', () => {
  let mail: MailServer
  let town: TestTown
  before(async () => {
    mail = await openMailServer({ security: 'none' })
  })
  after(() => mail.close())
  beforeEach(async () => {
    const { mail: section } = sections(mail, { url: '' } as SmsServer)
    town = await startTestTown({ more: { mail: section, notices: ['devices', 'accounts', 'consents'] } })
    mail.mails.length = 0
    mail.refuseWith(undefined)
  })
  afterEach(() => town.close())

  const signIn = (browser = new Browser(), path = '/login?journal=sgo&force=1'): Promise<Page> =>
    walk(browser, at(town, path), FATHER)
  const ports = () => town.bridge.web.ports
  /** What has come, oldest first, and is looked at once. */
  async function subjects(): Promise<readonly string[]> {
    await sendDue(ports())
    return mail.mails.splice(0).map(({ subject }) => subject)
  }

  it('a sign-in on a device that was not seen before, once, with no address that opens anything', async () => {
    const home = new Browser()
    await signIn(home)
    await sendDue(ports())
    const [told, linked] = [NEW_DEVICE, LINKED].map(subject => mail.mails.find(each => each.subject === subject)!)
    expect(mail.mails).to.have.length(2)
    expect(told!.to).to.deep.equal([FATHER])
    expect(told!.text.match(/https?:\/\/\S+/g)).to.deep.equal([`${town.town.bridge}/me.`])
    expect(told!.text)
      .to.match(/Когда: .*по Москве/)
      .and.include('Помощь')
    expect(linked!.text).to.include(ports().journals.get('sgo')!.journal.title)
    mail.mails.length = 0
    await signIn(home)
    expect(await subjects()).to.deep.equal([])
    await signIn()
    expect(await subjects()).to.deep.equal([NEW_DEVICE])
  })

  it('are chosen in the cabinet; who switches them off is told so, and then no more', async () => {
    const home = new Browser()
    await signIn(home, '/me')
    await subjects()
    const cabinet = await home.get(at(town, '/me'))
    expect(cabinet.form('/me/notices').fields).to.include({ 'notice-devices': 'yes', 'notice-accounts': 'yes' })
    const done = await post(town, home, '/me/notices', { token: tokenOn(cabinet), 'notice-consents': 'yes' })
    expect(done.text).to.include('Выбор уведомлений сохранён')
    expect(done.form('/me/notices').fields).to.not.have.property('notice-devices')
    expect(await subjects()).to.deep.equal(['Уведомления о входах выключены'])
    await post(town, home, '/me/notices', { token: tokenOn(cabinet), 'notice-consents': 'yes' })
    await signIn()
    expect(await subjects(), 'neither the device nor the link').to.deep.equal([])
    const data = JSON.parse((await home.get(at(town, '/me/data.json'))).text) as { noticesOff: string[] }
    expect(data.noticesOff).to.deep.equal(['devices', 'accounts'])
    for (const token of ['', 'x']) expect((await post(town, home, '/me/notices', { token })).status).to.equal(403)
  })

  it('an account that became theirs by the old login of the journal, once', async () => {
    const browser = new Browser()
    const form = await walk(browser, at(town, '/me/old-login?journal=sgo'), 'no-snils@mail.example')
    await subjects()
    const fields = { login: 'p-1007', password: demoPassword('p-1007'), of: 'school-1' }
    const whose = await browser.submit(form, fields, '/me/old-login')
    for (const presses of ['first', 'second']) {
      const bound = await browser.submit(whose, {}, '/me/old-login')
      expect(bound.text, presses).to.include('запись привязана')
    }
    expect(await subjects()).to.deep.equal([LINKED])
  })

  it('an account taken off', async () => {
    const home = new Browser()
    await signIn(home)
    const question = await home.get((await home.get(at(town, '/me'))).link('Отвязать'))
    await subjects()
    await home.submit(question, {}, '/me/unlink')
    expect(await subjects()).to.deep.equal(['Учётная запись журнала отвязана'])
  })

  it('are tried again while the server is away, by one node of two, and given up after a day', async () => {
    town.clock.stop()
    mail.refuseWith(451)
    const home = new Browser()
    await signIn(home, '/me')
    expect(await sendDue(ports())).to.equal(0)
    expect(await sendDue(ports()), 'not before its time').to.equal(0)
    mail.refuseWith(undefined)
    const node = await startSecondNode(town)
    try {
      town.clock.forward(MINUTE)
      await Promise.all([sendDue(ports()), sendDue(ports())])
      expect(mail.mails.map(({ subject }) => subject)).to.deep.equal([NEW_DEVICE])
      mail.refuseWith(451)
      await signIn(new Browser(), '/me')
      await sendDue(ports())
      town.clock.forward(24 * 60 * MINUTE)
      await sendDue(ports())
      mail.refuseWith(undefined)
      town.clock.forward(24 * 60 * MINUTE)
      expect(await subjects(), 'given up').to.deep.equal([NEW_DEVICE])
    } finally {
      await node.close()
    }
  })

  it('leave no address behind: not in logs, not in the audit, not in the database', async () => {
    await signIn()
    await subjects()
    const { store } = town.bridge
    expect(await store.outbox.due(town.clock.now() + 365 * 86_400_000, 0, 10)).to.deep.equal([])
    expect(town.logs.join('\n')).not.to.include('father@')
  })
})
