/** A consent is taken back: out everywhere, no way in, and what was kept is destroyed with an act to show for it. */
import { expect } from 'chai'
import { carryOutDestructions, endWithdrawnSessions, withdrawConsents } from '../../src/login/withdrawing.js'
import { tellDue } from '../../src/login/tell-journals.js'
import type { RequestNumber } from '../../src/base/request-number.js'
import { run } from '../cli/desk.js'
import { agree, asksConsent, expectConsent, isConsent } from '../support/consenting.js'
import { Browser } from '../support/browser.js'
import { useTown } from '../support/flow.js'
import { walk } from '../support/sign-in.js'

const FATHER = 'father@mail.example'
const TEACHER = 'class-teacher@mail.example'
const DAY = 86_400_000
const NUMBER = 'D7FW-2NQ9' as RequestNumber

describe('flow: withdrawal', () => {
  const flow = useTown({ more: asksConsent({ backupsKept: '35d' }) })
  const { login } = flow
  const ports = () => flow.town.bridge.web.ports
  const config = () => ['--config', flow.town.prepared.configFile]
  const bridge = (...args: string[]) => run([...args, ...config()], { clock: flow.town.clock })

  const enter = async (person: string, journal: string): Promise<Browser> => {
    const browser = new Browser()
    const page = await walk(browser, login(`journal=${journal}`), person)
    if (isConsent(page)) await agree(browser, page)
    return browser
  }
  const atBridge = async (browser: Browser): Promise<boolean> => (await flow.session(browser)).status === 200
  const atJournal = async (browser: Browser): Promise<boolean> =>
    (await browser.get(`${flow.town.town.journals}/sgo/`)).text.includes('/sgo/logout')
  const atGate = async (browser: Browser): Promise<boolean> =>
    (await browser.request('GET', new URL(`${flow.town.town.journals}/headers/`))).status === 200
  const given = async (account: string, journal = 'sgo') => {
    const [entry] = await ports().roster.byLogin(journal, ['school-1'], account)
    return ports().consents.ofAccount(entry!.accountId)
  }

  it('ends every session of that person at once, tells the journals, and lets nobody in without asking anew', async () => {
    const [phone, home, other] = [
      await enter(FATHER, 'sgo'),
      await enter(FATHER, 'headers'),
      await enter(TEACHER, 'sgo'),
    ]
    expect([await atJournal(phone), await atGate(home)]).to.deep.equal([true, true])
    const consents = await given('p-1002')
    const done = await withdrawConsents(ports(), consents, { address: '192.0.2.1', device: 'x' }, NUMBER)
    expect([done.consents.length, done.sessions]).to.deep.equal([1, 2])
    expect(done.destroyAt - flow.town.clock.now()).to.be.within(13 * DAY, 14 * DAY)
    expect([await atBridge(phone), await atBridge(home), await atGate(home)]).to.deep.equal([false, false, false])
    await tellDue(ports())
    expect([await atJournal(phone), await atBridge(other), await atJournal(other)]).to.deep.equal([false, true, true])
    expectConsent(await walk(phone, login(), FATHER))
    const [event] = await ports().audit.byNumber(NUMBER)
    expect(event).to.deep.include({ what: 'consent.withdrawn', person: consents[0]!.person, address: '192.0.2.1' })
    expect(event!.facts).to.deep.equal({ by: 'person', consents: 1 })
  })

  it('twice does nothing more', async () => {
    const again = await withdrawConsents(ports(), await given('p-1002'), 'operator', NUMBER)
    expect([again.consents, again.sessions]).to.deep.equal([[], 0])
  })

  it('ends what was under way at that moment a little later, and nobody who agreed again', async () => {
    const browser = new Browser()
    await walk(browser, login(), FATHER)
    expect(await endWithdrawnSessions(ports()), 'too early to tell').to.equal(0)
    flow.town.clock.forward(31_000)
    expect(await endWithdrawnSessions(ports()), 'the phone of before, too').to.equal(2)
    expect(await atBridge(browser)).to.equal(false)

    const back = await enter(FATHER, 'sgo')
    const [standing] = (await given('p-1002')).filter(({ ended }) => !ended)
    await withdrawConsents(ports(), [standing!], 'operator', NUMBER)
    expect(await atBridge(back)).to.equal(false)
    const agreed = await enter(FATHER, 'sgo')
    flow.town.clock.forward(31_000)
    await endWithdrawnSessions(ports())
    expect(await atBridge(agreed)).to.equal(true)
    flow.town.clock.forward(15 * DAY)
    await carryOutDestructions(ports())
    expect((await given('p-1002'))[0]!.details, 'called off').not.to.equal(undefined)
  })

  it('by the command of an operator; then the act, with the extract of the log', async () => {
    const teacher = await enter(TEACHER, 'sgo')
    const account = ['--journal', 'sgo', '--login', 't-3002']
    const shown = await bridge('withdraw-consent', ...account)
    expect(shown.out).to.include('t-3002').and.include('Nothing was withdrawn')
    expect(await atBridge(teacher)).to.equal(true)
    const done = await bridge('withdraw-consent', ...account, '--yes')
    expect([done.code, await atBridge(teacher)]).to.deep.equal([0, false])
    const number = /--person-number (\S+)/.exec(done.out)![1]!
    expect((await bridge('withdraw-consent', ...account, '--yes')).code).to.equal(1)

    const early = await bridge('destruction-act', '--person-number', number)
    expect([early.code, early.out]).to.satisfy(
      ([code, out]: [number, string]) => code === 1 && out.includes('ещё не уничтожено'),
    )
    flow.town.clock.forward(14 * DAY + 1)
    expect(await carryOutDestructions(ports())).to.be.greaterThan(0)
    const act = await bridge('destruction-act', '--person-number', number.toLowerCase())
    expect(act.code).to.equal(0)
    for (const words of [
      'АКТ об уничтожении',
      number,
      'Учебная школа, 000000',
      'Сетевой журнал',
      'отзыв согласия',
      'data.destroyed',
      'consent.withdrawn',
    ])
      expect(act.out).to.include(words)
    expect(act.out).not.to.match(/Морозов|t-3002|900-?000/)
    const json = (await bridge('destruction-act', '--all', '--json')).json() as { acts: Record<string, string>[] }
    const one = json.acts.find(each => each['number'] === number)!
    expect(Date.parse(one['backupsGoneAt']!) - Date.parse(one['destroyedAt']!)).to.equal(35 * DAY)
    const left = await given('t-3002')
    expect([left.length, left.filter(({ details }) => details)], 'that for the older text, too').to.deep.equal([2, []])
    expectConsent(await walk(new Browser(), login(), TEACHER))
  })

  for (const [what, args, said] of [
    ['nobody', ['withdraw-consent'], /Say whose/],
    ['two ways at once', ['withdraw-consent', 'D7FW-2NQ9', '--login', 'x'], /Say whose/],
    ['half an account', ['withdraw-consent', '--journal', 'sgo'], /Say whose/],
    ['no number', ['withdraw-consent', 'hello'], /is no request number/],
    ['an unknown journal', ['withdraw-consent', '--journal', 'x', '--login', 'p'], /There is no journal x/],
    ['no act', ['destruction-act'], /Say which/],
    ['no number of an act', ['destruction-act', '--person-number', 'x'], /is no number/],
  ] as const)
    it(`complains of ${what}`, async () => {
      const { code, err } = await bridge(...args)
      expect(code).to.equal(2)
      expect(err).to.match(said)
    })

  it('reaches a journal whose own session outlives ours', async () => {
    const browser = await enter(FATHER, 'sgo')
    flow.town.clock.forward(16 * 60_000)
    await flow.town.bridge.store.sweep(flow.town.clock.now())
    expect([await atBridge(browser), await atJournal(browser)]).to.deep.equal([false, true])
    const done = await withdrawConsents(ports(), await given('p-1002'), 'operator', NUMBER)
    expect(done.sessions).to.be.at.least(1)
    await tellDue(ports())
    expect(await atJournal(browser)).to.equal(false)
  })
})
