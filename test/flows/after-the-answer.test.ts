/** What goes wrong when an answer is on its way already: the session's time is written behind it. Over real HTTP. */
import { expect } from 'chai'
import { openStoreOf } from '../../src/compose.js'
import { StoreUnavailable } from '../../src/store/store-error.js'
import { Browser } from '../support/browser.js'
import { walk } from '../support/sign-in.js'
import { startTestTown, type TestTown } from '../support/town.js'

const FATHER = 'father@mail.example'
/** What the text of an error may quote. */
const QUOTED = 'Ъюников said this'

describe('flow: after the answer', () => {
  let town: TestTown
  let failure: Error | undefined
  let browser: Browser
  before(async () => {
    town = await startTestTown({
      openStore: async (configuration, ...more) => {
        const store = await openStoreOf(configuration, ...more)
        const touch: typeof store.sessions.touch = (...args) =>
          failure ? Promise.reject(failure) : store.sessions.touch(...args)
        return { ...store, sessions: { ...store.sessions, touch } }
      },
    })
    browser = new Browser()
    await walk(browser, `${town.town.bridge}/login?journal=sgo`, FATHER)
  })
  afterEach(() => (failure = undefined))
  after(() => town.close())

  const session = () => browser.request('GET', new URL('/session', town.town.bridge))
  const failed = () => town.logs.filter(line => line.includes('request failed'))

  it('an outage just then spoils no answer, and is no news', async () => {
    failure = new StoreUnavailable('57P01', { cause: undefined })
    const page = await session()
    expect([page.status, page.text.includes('1000900002')]).to.deep.equal([200, true])
    expect(failed()).to.deep.equal([])
  })

  it('a bug just then is one line of the log, without its text, and nothing beside the log', async () => {
    failure = new Error(QUOTED)
    const [said, print] = [[] as unknown[], console.error]
    console.error = (...what: unknown[]) => said.push(...what)
    try {
      await session().catch(() => undefined)
      while (failed().length === 0) await new Promise(setImmediate)
    } finally {
      console.error = print
    }
    expect(said).to.deep.equal([])
    expect(failed()).to.have.length(1)
    expect(town.logs.join('')).not.to.include(QUOTED)
  })
})
