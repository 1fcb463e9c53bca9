/** «Вернуть»: an account that was taken off becomes the person's again, after the confirmation that any new account wants. */
import { expect } from 'chai'
import { refusalText } from '../../src/web/pages/text-ru.js'
import { Browser, type Page } from '../support/browser.js'
import { at, enterCabinet, FATHER, post, tokenOn } from '../support/cabinet.js'
import { askFor, codeIn, notThis, sections, typeIn } from '../support/confirming.js'
import { openMailServer, openSmsServer, type MailServer, type SmsServer } from '../support/post-office.js'
import { walk } from '../support/sign-in.js'
import { lastEvent } from '../support/told.js'
import { startTestTown, type TestTown } from '../support/town.js'

const MINUTE = 60_000

describe('flow: an account is taken back after a confirmation', () => {
  let mail: MailServer
  let sms: SmsServer
  let town: TestTown
  before(async () => {
    ;[mail, sms] = await Promise.all([openMailServer({ security: 'none' }), openSmsServer()])
  })
  after(() => Promise.all([mail.close(), sms.close()]))
  beforeEach(() => void (mail.mails.length = 0))
  afterEach(() => town.close())

  const open = async (confirmation: object): Promise<void> => {
    town = await startTestTown({ more: sections(mail, sms, { confirmation }) })
  }
  const code = (): string => codeIn(mail.mails.at(-1)?.text)
  const isActive = async (): Promise<boolean> => {
    const [entry] = await town.bridge.store.roster.byLogin('sgo', ['school-1'], 'p-1002')
    for await (const link of town.bridge.store.links.inSchool('sgo', 'school-1'))
      if (link.accountId === entry!.accountId) return true
    return false
  }

  /** Enters, and takes the account off. @returns the cabinet, in which it may be taken back */
  async function unlinked(browser: Browser, asks: boolean): Promise<Page> {
    const page = await walk(browser, at(town, '/login?journal=sgo'), FATHER)
    if (asks) await typeIn(browser, await askFor(browser, page), code())
    const question = await browser.get((await browser.get(at(town, '/me'))).link('Отвязать'))
    await browser.submit(question, {}, '/me/unlink')
    expect(await isActive()).to.equal(false)
    town.clock.forward(MINUTE)
    return enterCabinet(town, browser)
  }

  it('asks for a code, and gives nothing back without it or on a wrong one', async () => {
    await open({ ask: ['link'] })
    const browser = new Browser()
    const cabinet = await unlinked(browser, true)
    const page = await browser.submit(cabinet, {}, '/me/relink')
    expect(page.text).to.include('<h1>Подтвердите, что это вы</h1>')
    expect(await isActive()).to.equal(false)
    const typing = await askFor(browser, page)
    const wrong = await typeIn(browser, typing, notThis(code()))
    expect(wrong.text).to.include(refusalText['confirm.wrong'].happened)
    expect((await lastEvent(town, wrong)).code).to.equal('confirm.wrong')
    expect(await isActive()).to.equal(false)
    const done = await typeIn(browser, wrong, code())
    expect(done.url.pathname, done.text).to.equal('/me')
    expect(await isActive()).to.equal(true)
  })

  it('a code that was asked for another link, or in another session, opens nothing', async () => {
    await open({ ask: ['link'] })
    const [own, thief] = [new Browser(), new Browser()]
    const cabinet = await unlinked(own, true)
    await askFor(own, await own.submit(cabinet, {}, '/me/relink'))
    const { fields } = cabinet.form('/me/relink')
    const theirs = await enterCabinet(town, thief)
    const page = await post(town, thief, '/me/relink', { ...fields, token: tokenOn(theirs), confirmation: code() })
    expect((await lastEvent(town, page)).code).to.equal('confirm.expired')
    expect(await isActive()).to.equal(false)
  })

  it('is asked of those roles and schools alone that want it', async () => {
    await open({ ask: ['link'], roles: ['teacher'] })
    const browser = new Browser()
    const done = await browser.submit(await unlinked(browser, false), {}, '/me/relink')
    expect(done.url.pathname).to.equal('/me')
    expect(await isActive()).to.equal(true)
    expect(mail.mails).to.deep.equal([])
  })
})
