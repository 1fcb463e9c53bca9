/** The clock of an IdP that is wrong: measured from its answers, shown to school IT, and named where it costs a login. */
import { expect } from 'chai'
import { Browser, type Page } from '../support/browser.js'
import { ownAnswer, post } from '../support/own-answer.js'
import { walk } from '../support/sign-in.js'
import { lastEvent } from '../support/told.js'
import { startTestTown, type TestTown } from '../support/town.js'

const MINUTE = 60_000

describe('flow: the clock of the IdP', () => {
  let town: TestTown
  before(async () => {
    town = await startTestTown({ more: { metrics: { port: 0 } } })
    town.clock.stop()
  })
  after(() => town.close())

  /** As an IdP answers by whose clock it is so many minutes earlier or later. */
  async function answered(minutes: number): Promise<Page> {
    const browser = new Browser()
    return post(town, browser, await ownAnswer(town, browser, { now: town.clock.now() + minutes * MINUTE }))
  }

  it('four minutes ahead is named in the refusal of its first answer', async () => {
    const page = await answered(4)
    expect(page.status).to.equal(403)
    expect(page.text).to.include('расходятся на 4 мин').and.include('сейчас позже')
    const { code, facts } = await lastEvent(town, page)
    expect(code).to.equal('saml.not-yet-valid')
    expect(facts!['drift']).to.be.within(239, 240)
  })

  it('four minutes behind is the middle of its answers: for school IT, among the figures, and in the refusal', async () => {
    for (let i = 0; i < 4; i++) expect((await answered(-4)).status, 'within the skew').to.equal(303)
    const test = await walk(new Browser(), `${town.town.bridge}/self-test`, 'mother@mail.example')
    expect(test.text).to.include('позади наших на 4 мин')

    const figures = await (await fetch(`http://127.0.0.1:${town.server.metricsPort}/metrics`)).text()
    const idp = town.bridge.web.ports.trust.idps[0]!.entityId
    const drift = figures.split('\n').find(row => row.startsWith(`bridge_clock_drift_seconds{idp="${idp}"}`))
    expect(Number(drift?.split(' ').at(-1)), drift).to.be.within(-242, -240)

    const late = await answered(-10)
    expect((await lastEvent(town, late)).code).to.equal('saml.expired')
    expect(late.text).to.include('расходятся на 4 мин').and.include('сейчас раньше')
  })
})
