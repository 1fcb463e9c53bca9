/** CAS `gateway`: a ticket when nothing needs to be asked of the person, otherwise back without one. */
import { expect } from 'chai'
import { refusalText } from '../../src/web/pages/text-ru.js'
import { Browser } from '../support/browser.js'
import { MOTHER, ticketIn, useCasTown } from '../support/cas-town.js'
import { walk } from '../support/sign-in.js'
import { lastEvent } from '../support/told.js'

describe('flow: CAS gateway', () => {
  const cas = useCasTown()
  const { at, here, enter, ask, turn } = cas

  it('brings a ticket to whom is signed in, and asks nobody else for anything', async () => {
    const browser = new Browser()
    const away = await turn(browser, { service: here('moodle/x?y=1'), gateway: 'true' })
    expect([away.status, away.location!.href]).to.deep.equal([303, here('moodle/x?y=1')])
    await enter(browser)
    const back = await turn(browser, { service: here(), gateway: '' })
    expect(await ask(ticketIn(back))).to.include('authenticationSuccess')
  })

  it('goes back without one where a page would be needed', async () => {
    for (const login of [MOTHER, 'nobody@mail.example']) {
      const browser = new Browser()
      await walk(browser, at('moodle/login', { service: here() }), login)
      const back = await turn(browser, { service: here(), gateway: 'true' })
      expect(back.location!.href, login).to.equal(here())
    }
  })

  it('does not count beside renew, nor without a service', async () => {
    for (const query of [{ service: here(), renew: 'true', gateway: 'true' }, { gateway: 'true' }])
      expect((await turn(new Browser(), query)).location!.origin).to.equal(cas.town.town.idp)
  })

  it('in a circle is stopped -> login.loop', async () => {
    const browser = new Browser()
    const query = { service: here(), gateway: 'true' }
    for (let round = 0; round < 5; round++) expect((await turn(browser, query)).status, String(round)).to.equal(303)
    const stopped = await turn(browser, query)
    expect([stopped.status, stopped.text.includes(refusalText['login.loop'].heading)]).to.deep.equal([429, true])
    expect((await lastEvent(cas.town, stopped)).facts).to.include({ rounds: 5, through: 'gateway' })
    const login = await turn(browser, { service: here() })
    expect(login.location!.origin, 'who wants to sign in may').to.equal(cas.town.town.idp)
  })

  it('is no circle when somebody leafs through pages that all ask', async () => {
    const browser = new Browser()
    for (let page = 0; page < 12; page++) {
      const back = await turn(browser, { service: here(`moodle/${page % 4}`), gateway: 'true' })
      expect(back.status, String(page)).to.equal(303)
      cas.town.clock.forward(1_000)
    }
  })
})
