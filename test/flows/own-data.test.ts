/** «Скачать мои данные» of somebody with years of history, over real HTTP. */
import { expect } from 'chai'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { openStoreOf } from '../../src/compose.js'
import type { RequestNumber } from '../../src/base/request-number.js'
import type { Store } from '../../src/store/open.js'
import { Browser } from '../support/browser.js'
import { at, enterCabinet, FATHER } from '../support/cabinet.js'
import { startTestTown, type TestTown } from '../support/town.js'

const MANY = 1_200
/** So that all of it fits into no buffer on the way. */
const LONG = 'x'.repeat(20_000)

describe('flow: own data of any size', () => {
  let town: TestTown
  let store: Store
  let read: number
  let browser: Browser
  let person: string
  beforeEach(async () => {
    read = 0
    town = await startTestTown({ openStore: async configuration => counted(await openStoreOf(configuration)) })
    store = town.bridge.store
    browser = new Browser()
    await enterCabinet(town, browser, FATHER)
    for await (const event of store.audit.between({})) if (event.person !== undefined) person = event.person
  })
  afterEach(() => town.close())

  const counted = (real: Store): Store => {
    const allOfPerson: Store['audit']['allOfPerson'] = async function* (...asked) {
      for await (const event of real.audit.allOfPerson(...asked)) {
        if (event.what === 'login.refused') read += 1
        yield event
      }
    }
    return { ...real, audit: { ...real.audit, allOfPerson } }
  }
  const happened = async (count: number, what: 'login.refused' | 'login.verified') => {
    for (let i = 0; i < count; i++) {
      const number = `AAAA-${String(i).padStart(4, '2')}` as RequestNumber
      await store.audit.record({
        at: town.clock.now(),
        what,
        result: 'ok',
        number,
        person,
        facts: { i, ...(what === 'login.refused' && { LONG }) },
      })
      // the browser's idle connections close meanwhile, and it must see that
      if (i % 50 === 0) await nextTurn()
    }
  }
  const file = async () => {
    const jars = [...browser.cookies.values()].flatMap(jar => [...jar])
    const cookie = jars.map(([name, { value }]) => `${name}=${value}`).join('; ')
    const response = await fetch(at(town, '/me/data.json'), { headers: { cookie } })
    expect(response.headers.get('content-type')).to.match(/^application\/json/)
    return response
  }

  it('is written out while it is read, whole and once each', async () => {
    await happened(MANY, 'login.refused')
    const response = await file()
    const reader = response.body!.getReader()
    const parts = [(await reader.read()).value!]
    expect(read, 'when the first part arrives').to.be.lessThan(MANY)
    for (let next = await reader.read(); !next.done; next = await reader.read()) parts.push(next.value)
    const data = JSON.parse(Buffer.concat(parts).toString('utf8')) as { history: { what: string; facts: { i: number } }[] } // prettier-ignore
    const own = data.history.filter(({ what }) => what === 'login.refused').map(({ facts }) => facts.i)
    expect(own).to.deep.equal(Array.from({ length: MANY }, (_, i) => MANY - 1 - i))
  })

  it('is read no further when nobody takes it any more', async () => {
    await happened(MANY, 'login.refused')
    const response = await file()
    const reader = response.body!.getReader()
    await reader.read()
    await reader.cancel()
    expect((await browser.get(at(town, '/me'))).status, 'the bridge goes on').to.equal(200)
    expect(read).to.be.lessThan(MANY)
  })

  it('no number of later sign-ins hides a session from «Завершить все другие»', async () => {
    await happened(250, 'login.verified')
    const other = new Browser()
    await enterCabinet(town, other, FATHER)
    const question = await other.get(at(town, '/me/sessions/end'))
    await other.submit(question, {}, '/me/sessions/end')
    expect((await browser.get(at(town, '/session'))).status).to.equal(401)
  })
})
