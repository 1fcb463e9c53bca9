/** An administrator ends sessions: people are out at the bridge at once, and in the journals as soon as those are told. */
import { expect } from 'chai'
import { tellDue } from '../../src/login/tell-journals.js'
import { run, type Ran } from '../cli/desk.js'
import { Browser } from '../support/browser.js'
import { walk } from '../support/sign-in.js'
import { startTestTown, type TestTown } from '../support/town.js'

const FATHER = 'father@mail.example'
const PUPIL = 'pupil@mail.example'

describe('flow: end-sessions', () => {
  let town: TestTown
  before(async () => {
    town = await startTestTown()
  })
  after(() => town.close())

  const signIn = async (person: string): Promise<Browser> => {
    const browser = new Browser()
    await walk(browser, `${town.town.bridge}/login?journal=sgo`, person)
    return browser
  }
  const atBridge = async (browser: Browser): Promise<boolean> =>
    (await browser.get(`${town.town.bridge}/session`)).status === 200
  const atJournal = async (browser: Browser): Promise<boolean> =>
    (await browser.get(`${town.town.journals}/sgo/`)).text.includes('/sgo/logout')
  const end = (...args: string[]): Promise<Ran> =>
    run(['end-sessions', ...args, '--config', town.prepared.configFile], { clock: town.clock })
  const numberOf = async (account: string): Promise<string> => {
    for await (const { number, entered } of town.bridge.store.sessions.traces(town.clock.now()))
      if (entered.some(({ login }) => login === account)) return number
    throw new Error(`nobody entered ${account}`)
  }

  it('of one account: that person is out everywhere, another one stays', async () => {
    const [father, pupil] = [await signIn(FATHER), await signIn(PUPIL)]
    const { code, out } = await end('--journal', 'sgo', '--login', 'p-1002')
    expect(out).to.include('open  sgo').and.include('Ended: 1.').and.include('tells within a minute')
    expect([code, await atBridge(father), await atJournal(father)]).to.deep.equal([0, false, true])
    expect(await tellDue(town.bridge.web.ports)).to.equal(1)
    expect([await atJournal(father), await atBridge(pupil), await atJournal(pupil)]).to.deep.equal([false, true, true])
  })

  it('of a journal behind its own proxy, without a message and without anybody’s help', async () => {
    const father = await signIn(FATHER)
    const page = `${town.town.journals}/headers/`
    expect((await father.get(page)).text).to.include('p-1002')
    const { out } = await end('--journal', 'headers', '--login', 'p-1002')
    expect(out)
      .to.include('headers')
      .and.not.match(/by hand|until it is heard: .*headers/)
    expect((await father.request('GET', new URL(page))).status).to.equal(303)
    await tellDue(town.bridge.web.ports)
  })

  it('of one login, by the number that the person reads out; and once', async () => {
    const father = await signIn(FATHER)
    const number = await numberOf('p-1002')
    expect((await end(number.toLowerCase(), '--json')).json()).to.deep.include({
      ended: [{ number, wasOpen: true, journals: [{ id: 'sgo', willBeTold: true }] }],
    })
    expect(await atBridge(father)).to.equal(false)
    const again = await end(number)
    expect([again.code, again.err]).to.deep.equal([
      1,
      'There is no such session: it has ended long ago, or never was.\n',
    ])
    const { out } = await run(['explain', number, '--config', town.prepared.configFile])
    expect(out).to.include('session.closed').and.include('administrator')
  })

  it('of everybody, those that idled out included: journals keep theirs for longer', async () => {
    const father = await signIn(FATHER)
    town.clock.forward(20 * 60_000)
    expect(await atBridge(father)).to.equal(false)
    await signIn(PUPIL)
    const { code, out } = await end('--everybody', '--yes')
    expect([code, out.includes('over already  sgo'), out.includes('open  sgo')]).to.deep.equal([0, true, true])
    await tellDue(town.bridge.web.ports)
    expect(await atJournal(father)).to.equal(false)
  })

  for (const [what, args, said] of [
    ['nobody', [], /Say whose/],
    ['two ways at once', ['D7FW-2NQ9', '--everybody'], /Say whose/],
    ['half an account', ['--journal', 'sgo'], /Say whose/],
    ['everybody without a yes', ['--everybody'], /--yes/],
    ['no number', ['hello'], /hello is no request number/],
    ['an unknown journal', ['--journal', 'x', '--login', 'p'], /no journal x; known are sgo, eljur/],
  ] as const)
    it(`complains of ${what} and ends nothing`, async () => {
      const browser = await signIn(FATHER)
      const { code, err } = await end(...args)
      expect([code, await atBridge(browser)]).to.deep.equal([2, true])
      expect(err).to.match(said)
    })
})
