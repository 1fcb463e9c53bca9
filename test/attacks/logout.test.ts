/** Every way a LogoutRequest may lie, over every binding and real HTTP: each earns its refusal, and nobody is thrown out. */
import { inflateRawSync } from 'node:zlib'
import { expect } from 'chai'
import type { AuditEvent } from '../../src/audit/audit.js'
import { refusals } from '../../src/base/refusals.js'
import { logoutFaults } from '../../src/mock-idp/logout-faults.js'
import type { MadeLogout, Way } from '../../src/mock-idp/logout-request.js'
import type { Session } from '../../src/sessions/sessions.js'
import { Browser, type Page } from '../support/browser.js'
import { bring, logoutOf, sessionOf, withId } from '../support/idp-logout.js'
import { walk } from '../support/sign-in.js'
import { startTestTown, type TestTown } from '../support/town.js'

const ways: readonly Way[] = ['redirect', 'post', 'soap']

/** What the bridge answered, when it answered the IdP: the text of the LogoutResponse. */
export function answerIn(page: Page): string | undefined {
  const message = page.location?.searchParams.get('SAMLResponse')
  if (message) return inflateRawSync(Buffer.from(message, 'base64')).toString()
  return page.text.includes('LogoutResponse') ? page.text : undefined
}

describe('attacks: logout', () => {
  let town: TestTown
  let browser: Browser
  let session: Session
  let told: AuditEvent[]
  before(async () => {
    town = await startTestTown()
    browser = new Browser()
    await walk(browser, `${town.town.bridge}/login?journal=sgo`, 'father@mail.example')
    session = await sessionOf(town, browser)
    told = []
    const { audit } = town.bridge.web.ports
    const record = audit.record.bind(audit)
    Object.assign(audit, { record: (event: AuditEvent) => (told.push(event), record(event)) })
  })
  after(() => town.close())

  const signedIn = async (who: Browser): Promise<boolean> =>
    (await who.get(`${town.town.bridge}/session`)).status === 200
  const arrive = async (who = 'mother@mail.example'): Promise<Browser> => {
    const person = new Browser()
    await walk(person, `${town.town.bridge}/login?journal=sgo`, who)
    expect(await signedIn(person), 'signed in').to.equal(true)
    return person
  }
  const stillOpen = async (): Promise<boolean> => (await browser.get(`${town.town.bridge}/session`)).status === 200
  const same = (one: MadeLogout, other: MadeLogout): boolean => {
    const bare = (message: MadeLogout): string => JSON.stringify(message).replaceAll(message.id, '')
    return bare(one) === bare(other)
  }

  for (const fault of logoutFaults)
    for (const by of fault.ways ?? ways)
      it(`${fault.name} by ${by} -> ${fault.refused}`, async () => {
        const [bad, good] = [logoutOf(town, session, by, { fault }), logoutOf(town, session, by)]
        expect(same(bad, good), 'the row must change the message').to.equal(false)
        told.length = 0
        const page = await bring(bad, browser)
        const [event] = told
        expect([event?.result, event?.code, told.length]).to.deep.equal(['refused', fault.refused, 1])
        const answer = answerIn(page)
        if (event?.what === 'logout.refused') {
          expect(answer, 'the IdP hears why').to.include(`<samlp:StatusMessage>${fault.refused}<`)
          expect(answer).not.to.include('status:Success')
        } else {
          expect(answer, 'nobody is answered who is not proven').to.equal(undefined)
          expect(page.status).to.be.within(400, 500)
        }
        expect(await stillOpen()).to.equal(true)
      })

  for (const by of ways)
    it(`a request of another person ends nothing here, by ${by}`, async () => {
      for (const change of [{ nameId: '_nobody' }, { sessionIndexes: ['_other-device'] }]) {
        const page = await bring(logoutOf(town, session, by, change), browser)
        expect(answerIn(page)).to.include('status:Success')
        expect(await stillOpen()).to.equal(true)
      }
    })

  it('a RelayState of more than 80 octets -> request.malformed', async () => {
    for (const by of ['redirect', 'post'] as const) {
      told.length = 0
      const page = await bring(logoutOf(town, session, by, { relayState: 'ж'.repeat(41) }), browser)
      expect([page.status, told[0]?.code]).to.deep.equal([400, 'request.malformed'])
      expect(await stillOpen()).to.equal(true)
    }
  })

  it('are at least twenty-five, and earn every refusal of a logout', () => {
    expect(logoutFaults.length).to.be.at.least(25)
    expect(new Set(logoutFaults.flatMap(({ name, title }) => [name, title])).size).to.equal(2 * logoutFaults.length)
    const earned = new Set<string>(logoutFaults.map(({ refused }) => refused))
    // a used ID needs two messages (below), an answer to nobody's question is no request (test/flows/logout.test.ts)
    const elsewhere = ['logout.replayed', 'logout.unknown']
    const missing = Object.keys(refusals).filter(
      code => /^(logout|soap)\./.test(code) && !earned.has(code) && !elsewhere.includes(code),
    )
    expect(missing).to.deep.equal([])
  })

  for (const by of ways)
    describe(`control, and brought again by ${by}`, () => {
      let person: Browser
      let first: MadeLogout
      before(async () => {
        person = await arrive()
        first = logoutOf(town, await sessionOf(town, person), by)
        expect(answerIn(await bring(first))).to.include('status:Success')
        expect(await signedIn(person)).to.equal(false)
      })

      it('hears the same answer, and ends nothing: neither on a reload nor on a replay after the next sign-in', async () => {
        expect(answerIn(await bring(first, person)), 'a reload')
          .to.include('status:Success')
          .and.include(first.id)
        const back = await arrive()
        told.length = 0
        expect(answerIn(await bring(first, back))).to.include('status:Success')
        expect(told.map(({ what, facts }) => [what, facts])).to.deep.equal([
          ['logout.obeyed', { sessions: 0, again: true }],
        ])
        expect(await signedIn(back)).to.equal(true)
      })

      it('another request under the same ID -> logout.replayed', async () => {
        const back = await arrive()
        const session = await sessionOf(town, back)
        told.length = 0
        const again = answerIn(await bring(logoutOf(town, session, by, { fault: withId(first.id) })))
        expect(again).to.include('status:Requester').and.to.include('logout.replayed')
        expect(told[0]?.code).to.equal('logout.replayed')
        expect(await signedIn(back)).to.equal(true)
      })
    })

  it('two at the same moment end the session once, and both hear what came of it', async () => {
    const person = await arrive('father@mail.example') // one child, so that he is in the journal
    const message = logoutOf(town, await sessionOf(town, person), 'redirect')
    told.length = 0
    const { obeying, courier } = town.bridge.web.ports
    const share = obeying.share.bind(obeying)
    // the journal answers only when the last of them has arrived
    let arrived = 0
    let open = (): void => undefined
    const gate = new Promise<void>(resolve => (open = resolve))
    const slow: typeof courier = { post: (...letter) => gate.then(() => courier.post(...letter)) }
    Object.assign(town.bridge.web.ports, { courier: slow })
    obeying.share = (...work) => {
      const result = share(...work)
      if (++arrived === 3) open()
      return result
    }
    const pages = await Promise.all([bring(message, person), bring(message, person), bring(message)])
    Object.assign(town.bridge.web.ports, { courier })
    obeying.share = share
    for (const page of pages) expect(answerIn(page)).to.include('status:Success').and.not.include('PartialLogout')
    expect(told.filter(({ what }) => what === 'journal.told')).to.have.length(1)
  })
})
