/** What is kept for a time only goes when it is over: by the command, and by the bridge itself. */
import { expect } from 'chai'
import { retain } from '../../src/login/retaining.js'
import { run } from '../cli/desk.js'
import { Browser } from '../support/browser.js'
import { useTown } from '../support/flow.js'
import { walk } from '../support/sign-in.js'
import { numberOn } from '../support/told.js'

const DAY = 86_400_000

describe('flow: retention', () => {
  const flow = useTown({ more: { retention: { loginAudit: '40d' } } })
  const retention = (...args: string[]) =>
    run(['retention', ...args, '--config', flow.town.prepared.configFile], { clock: flow.town.clock })
  const counts = async (...args: string[]) => (await retention('--json', ...args)).json() as Record<string, number>

  it('counts first, then deletes; refusals stay longer than logins, and a login goes on meanwhile', async () => {
    await walk(new Browser(), flow.login(), 'father@mail.example')
    const refused = numberOn(await walk(new Browser(), flow.login(), 'nobody@mail.example'))
    flow.town.clock.forward(39 * DAY)
    expect(await counts('--dry-run')).to.include({ deleted: false, loginAudit: 0, securityAudit: 0 })
    flow.town.clock.forward(2 * DAY)
    const { loginAudit } = await counts('--dry-run')
    expect(loginAudit).to.be.greaterThan(3)
    const { out } = await retention('--dry-run')
    expect(out).to.match(/Would be deleted:\n +\d+ {2}events of ordinary logins older than 40 days/)
    expect(out)
      .to.match(/ 0 {2}devices that were not seen for a year/)
      .and.match(/ 0 {2}notices that nobody could send/)
    expect(await counts()).to.include({ deleted: true, loginAudit, securityAudit: 0 })
    expect(await counts('--dry-run')).to.include({ loginAudit: 0 })
    const left = (await flow.town.bridge.store.audit.byNumber(refused)).map(({ what }) => what)
    expect(left).to.deep.equal(['login.refused'])
  })

  it('by the bridge itself with the times of the settings', async () => {
    await walk(new Browser(), flow.login(), 'father@mail.example')
    const { ports } = flow.town.bridge.web
    flow.town.clock.forward(1_100 * DAY)
    const gone = await retain(ports, ports.retentionLimits)
    expect(gone.loginAudit).to.be.greaterThan(1)
    expect(gone.securityAudit).to.be.greaterThan(0)
  })
})
