/** Who asks too often waits; nobody else notices. Over real HTTP. */
import { expect } from 'chai'
import { refusalText } from '../../src/web/pages/text-ru.js'
import { Browser } from '../support/browser.js'
import { walk } from '../support/sign-in.js'
import { lastEvent } from '../support/told.js'
import { startTestTown, type TestTown } from '../support/town.js'

const MINUTE = 60_000
const FATHER = 'father@mail.example'
const CODE = 'request.limit'

describe('flow: limits of requests', () => {
  let town: TestTown
  before(async () => {
    const limits = { starts: 20, answers: 10, pages: 30, calls: 15, person: 12 }
    town = await startTestTown({
      more: { limits, listen: { host: 'localhost', port: 0, trustProxy: ['127.0.0.1', '::1'] } },
    })
    town.clock.stop()
  })
  after(() => town.close())
  beforeEach(() => town.clock.forward(5 * MINUTE - (town.clock.now() % MINUTE)))

  const ask = (path: string, address: string, init: RequestInit = {}) =>
    fetch(new URL(path, town.town.bridge), {
      redirect: 'manual',
      ...init,
      headers: { 'x-forwarded-for': address, ...(init.headers as Record<string, string> | undefined) },
    })
  const statuses = async (times: number, path: string, address: string, init?: RequestInit) => {
    const found: number[] = []
    for (let i = 0; i < times; i += 1) found.push((await ask(path, address, init)).status)
    return found
  }
  const refusedOf = (found: readonly number[]) => found.filter(status => status === 429).length

  it('a network that begins too many logins gets a clear page, and may come again when the minute is over', async () => {
    expect(refusedOf(await statuses(20, '/login?journal=sgo', '192.0.2.1'))).to.equal(0)
    const answer = await ask('/login?journal=sgo', '192.0.2.1')
    expect([answer.status, answer.headers.get('retry-after')]).to.deep.equal([429, '60'])
    expect(await answer.text()).to.include(refusalText[CODE].heading)
    expect((await ask('/login?journal=sgo', '192.0.2.2')).status, 'another network').to.equal(303)
    expect((await ask('/', '192.0.2.1')).status, 'a page').to.equal(200)
    expect((await ask('/healthz', '192.0.2.1')).status).to.equal(200)
    town.clock.forward(2 * MINUTE)
    expect((await ask('/login?journal=sgo', '192.0.2.1')).status).to.equal(303)
  })

  it('addresses of one IPv6 network count as one', async () => {
    const found = []
    for (let i = 0; i < 30; i += 1)
      found.push((await ask('/login?journal=sgo', `2001:db8:1:2::${i.toString(16)}`)).status)
    expect(refusedOf(found)).to.equal(10)
  })

  it('answers are counted before their bodies are read, and what was refused consumes nothing', async () => {
    const init = {
      method: 'POST',
      body: 'SAMLResponse=x',
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
    }
    expect(refusedOf(await statuses(12, '/saml/acs', '192.0.2.3', init))).to.equal(2)
    const large = await ask('/saml/acs', '192.0.2.3', { ...init, body: 'x'.repeat(2_000_000) })
    expect(large.status, 'not 413: it was not read').to.equal(429)
    expect(await large.json()).to.include({ refused: CODE })
  })

  it('calls of servers and pages have limits of their own', async () => {
    const post = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' }
    expect(refusedOf(await statuses(20, '/hand-off/redeem', '192.0.2.4', post))).to.equal(5)
    expect(refusedOf(await statuses(20, '/cas/nowhere/validate', '192.0.2.4')), 'the same servers').to.equal(20)
    expect(refusedOf(await statuses(40, '/', '192.0.2.4'))).to.equal(10)
  })

  it('a signed-in person is counted over all sessions and networks, and others are not', async () => {
    const [one, other] = [
      new Browser({ 'x-forwarded-for': '192.0.2.5' }),
      new Browser({ 'x-forwarded-for': '192.0.2.6' }),
    ]
    for (const browser of [one, other]) await walk(browser, `${town.town.bridge}/login?journal=sgo`, FATHER)
    const found: number[] = []
    for (let i = 0; i < 14; i += 1) found.push((await [one, other][i % 2]!.get(`${town.town.bridge}/session`)).status)
    expect(refusedOf(found)).to.be.within(2, 4)
    const teacher = new Browser({ 'x-forwarded-for': '192.0.2.5' })
    await walk(teacher, `${town.town.bridge}/login?journal=sgo`, 'pupil@mail.example')
    expect((await teacher.get(`${town.town.bridge}/session`)).status).to.equal(200)
  })

  it('is written down, thirty times a minute at most', async () => {
    const browser = new Browser({ 'x-forwarded-for': '192.0.2.7' })
    for (let i = 0; i < 20; i += 1) await ask('/login?journal=sgo', '192.0.2.7')
    const page = await browser.get(`${town.town.bridge}/login?journal=sgo`)
    expect(await lastEvent(town, page)).to.deep.include({
      code: CODE,
      facts: { seconds: 60, whose: 'network', kind: 'starts' },
    })
  })
})
