/** The log of a login over all its requests: one number joins them, and the name that the proxy gave each. */
import { expect } from 'chai'
import { Browser } from '../support/browser.js'
import { walk } from '../support/sign-in.js'
import { openWebhook } from '../support/webhook.js'
import { journalsOf } from '../../src/demo/settings.js'
import { startTestTown } from '../support/town.js'

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'

interface Line {
  readonly path?: string
  readonly number?: string
  readonly login?: string
  readonly trace?: string
}

describe('flow: the log of a login', () => {
  it('hands the trace on to a journal that hears of a logout', async () => {
    const hook = await openWebhook()
    const town = await startTestTown({
      more: place => ({
        journals: journalsOf(place).map(journal =>
          journal.id === 'sgo' ? { ...journal, connector: { ...journal.connector, logoutUrl: hook.url } } : journal,
        ),
      }),
    })
    const browser = new Browser({ traceparent: `00-${TRACE}-00f067aa0ba902b7-01` })
    await walk(browser, `${town.town.bridge}/login?journal=sgo`, 'father@mail.example')
    await browser.submit(await browser.get(`${town.town.bridge}/logout`), {}, '/logout')
    expect(hook.calls.map(({ headers }) => String(headers['traceparent'])).join()).to.match(
      new RegExp(`^00-${TRACE}-(?!00f067aa0ba902b7)[0-9a-f]{16}-01$`),
    )
    await Promise.all([town.close(), hook.close()])
  })

  it('names its number in every request, and the trace of the proxy', async () => {
    const town = await startTestTown()
    const browser = new Browser({ traceparent: `00-${TRACE}-00f067aa0ba902b7-01` })
    const chooser = await walk(browser, `${town.town.bridge}/login?journal=sgo`, 'mother@mail.example')
    const choice = chooser.form('/continue/').buttons.find(({ name }) => name === 'choice')!.value
    await browser.submit(chooser, { choice }, '/continue/')
    const lines = town.logs.map(line => JSON.parse(line) as Line)
    const of = (path: string) => lines.filter(line => line.path === path)
    const [begun] = of('/login')
    expect(begun?.number).to.match(/^....-....$/)
    expect(begun, 'its own number is the one of the login').not.to.have.property('login')
    const later = [...of('/saml/acs'), ...of('/continue/:login').slice(-1)]
    expect(later).to.have.length(2)
    for (const line of later) {
      expect(line.login, line.path).to.equal(begun!.number)
      expect(line.number, line.path).not.to.equal(begun!.number)
    }
    expect(new Set([begun, ...later].map(line => line?.trace))).to.deep.equal(new Set([TRACE]))
    await town.close()
  })
})
