/** What becomes of logins when the metadata of the IdP come from an address, change or run out. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { refusals } from '../../src/base/refusals.js'
import { path } from '../../src/mock-idp/metadata.js'
import { Browser } from '../support/browser.js'
import { runErrand } from '../support/errand.js'
import { bring, logoutOf, sessionOf } from '../support/idp-logout.js'
import { signInAtIdp, tokensIn, walk } from '../support/sign-in.js'
import { startTestTown, type TestTown, type TestTownOptions } from '../support/town.js'

const DAY = 86_400_000

async function inTown(options: TestTownOptions, visit: (town: TestTown) => Promise<void>): Promise<void> {
  const town = await startTestTown(options)
  try {
    await visit(town)
  } finally {
    await town.close()
  }
}

const idp = (metadata: string, more: object = {}) => ({
  identityProviders: [{ metadata, title: 'Учебный поставщик', profile: 'esia', ...more }],
})
const login = (town: TestTown, browser = new Browser()) => browser.get(`${town.town.bridge}/login?journal=sgo`)

describe('flow: metadata of the IdP', () => {
  it('IIP-MD06 fetched from its address: the bridge starts before the IdP does, and goes on by itself', () =>
    inTown({ more: town => idp(town.idp + path.metadataSaml) }, async town => {
      expect((await login(town)).status).to.equal(400)
      expect(town.logs.join('')).to.match(/metadata\.failed/)
      town.clock.forward(2 * 60_000)
      await runErrand(town.bridge, 'round of trust')
      const browser = new Browser()
      await walk(browser, `${town.town.bridge}/login?journal=sgo`, 'father@mail.example')
      expect(tokensIn(browser)[0]).to.include({ login: 'p-1002' })
      expect(town.bridge.trust.status()[0]).to.include({ remote: true, pending: false })
    }))

  /** Three minutes of skew and a second later the file is past its validUntil. */
  const MINUTE = 60_000
  async function runsOutInAMinute(town: TestTown): Promise<string> {
    const file = join(town.folder, 'idp.xml')
    const end = new Date(town.clock.now() + MINUTE).toISOString()
    writeFileSync(file, readFileSync(file, 'utf8').replace(' entityID=', ` validUntil="${end}" entityID=`))
    await runErrand(town.bridge, 'round of trust')
    return end
  }

  it('IIP-MD04 past their validUntil: nobody is sent there, and no answer counts (idp.metadata-expired)', () =>
    inTown({ more: idp('idp.xml', { whenExpired: 'refuse' }) }, async town => {
      const end = await runsOutInAMinute(town)
      const browser = new Browser()
      const answer = await signInAtIdp(browser, await login(town, browser), 'father@mail.example')
      town.clock.forward(4 * MINUTE + 1_000)
      const refused = await login(town)
      expect(refused.status).to.equal(503)
      expect(refused.text).to.include('временно не работает')
      expect((await browser.submit(answer)).status, 'an answer on its way').to.equal(503)
      const file = join(town.folder, 'idp.xml')
      const fresh = new Date(town.clock.now() + DAY).toISOString()
      writeFileSync(file, readFileSync(file, 'utf8').replace(end, fresh))
      await runErrand(town.bridge, 'round of trust')
      expect((await login(town)).status, 'with a fresh file, without a restart').to.equal(200)
    }))

  for (const by of ['redirect', 'post', 'soap'] as const)
    it(`past their validUntil: a LogoutRequest by ${by} proves nothing either, and our own logout asks nobody`, () =>
      inTown({ more: idp('idp.xml', { whenExpired: 'refuse' }) }, async town => {
        await runsOutInAMinute(town)
        const browser = new Browser()
        await walk(browser, `${town.town.bridge}/login?journal=sgo`, 'father@mail.example')
        const session = await sessionOf(town, browser)
        town.clock.forward(4 * MINUTE + 1_000)
        const refused = by === 'soap' ? 403 : refusals['idp.metadata-expired'].status
        expect((await bring(logoutOf(town, session, by))).status).to.equal(refused)
        const page = await browser.get(`${town.town.bridge}/logout`)
        expect(page.text, 'still signed in').to.include('name="token"')
        const before = browser.visited.length
        const end = await browser.submit(page, { then: '' }, '/logout')
        expect(end.text).to.include('Госуслуги этого не подтвердили')
        expect(browser.visited.slice(before).join()).to.not.include('SAMLRequest')
      }))

  it('only warned of where the settings say so, as for a file by itself', () =>
    inTown({ more: idp('idp.xml') }, async town => {
      const file = join(town.folder, 'idp.xml')
      writeFileSync(
        file,
        readFileSync(file, 'utf8').replace(' entityID=', ' validUntil="2020-01-01T00:00:00Z" entityID='),
      )
      await runErrand(town.bridge, 'round of trust')
      expect((await login(town)).status).to.equal(200)
    }))

  it('a file that was spoilt leaves the last good state, and is told of', () =>
    inTown({ more: idp('idp.xml') }, async town => {
      writeFileSync(join(town.folder, 'idp.xml'), '<half')
      await runErrand(town.bridge, 'round of trust')
      expect((await login(town)).status).to.equal(200)
      expect(town.bridge.trust.status()[0]?.problem).to.match(/cannot be read/)
    }))
})
