/** Several IdPs at once: chosen by the link, by the journal's setting, or by the person on a page. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { systemChance } from '../../src/base/chance.js'
import { Refusal } from '../../src/base/refusal.js'
import { makeCertificate } from '../../src/certificates/make.js'
import { demoJournal } from '../../src/demo/settings.js'
import { nextStep } from '../../src/login/next-step.js'
import type { Waiting } from '../../src/login/ports.js'
import { startMockIdp, type RunningMockIdp } from '../../src/mock-idp/app.js'
import { sessionKey } from '../../src/sessions/session-key.js'
import { Browser } from '../support/browser.js'
import { signInAtIdp, tokensIn, walk } from '../support/sign-in.js'
import { startTestTown, TestClock, type TestTown } from '../support/town.js'

const LOGIN = 'father@mail.example'

describe('flow: several IdPs', () => {
  let folder: string
  let region: RunningMockIdp
  let town: TestTown
  let bridge: string
  let gosuslugi: string

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'idps-'))
    const key = await makeCertificate({ commonName: 'region', at: Date.now(), days: 30, keyType: 'rsa-2048' })
    const options = { keys: [key] as const, serviceProviders: [], clock: new TestClock(), chance: systemChance }
    region = await startMockIdp({ host: 'localhost', port: 0, ...options })
    const metadata = join(folder, 'region.xml')
    await writeFile(metadata, region.metadataXml)
    town = await startTestTown({
      more: place => ({
        identityProviders: [
          { metadata: 'idp.xml', title: 'Госуслуги', profile: 'esia' },
          { metadata, title: 'Вход области', profile: 'esia' },
        ],
        journals: [
          demoJournal(place, 'sgo', 'Сетевой журнал'),
          { ...demoJournal(place, 'eljur', 'ЭлЖурнал'), identityProvider: region.entityId },
        ],
      }),
    })
    region.registerServiceProvider(town.bridge.web.metadata())
    bridge = town.town.bridge
    gosuslugi = town.bridge.web.ports.trust.idps[0]!.entityId
  })
  after(async () => {
    await Promise.all([town.close(), region.close(), rm(folder, { recursive: true })])
  })

  const whoseSession = async (browser: Browser) =>
    (JSON.parse((await browser.get(`${bridge}/session`)).text) as { idp: string }).idp
  const codeOf = async (address: string) => {
    const page = await new Browser({ accept: 'application/json' }).get(address)
    return [page.status, (JSON.parse(page.text) as { refused: string }).refused]
  }
  const asks = (browser: Browser) => browser.visited.filter(url => url.includes('SAMLRequest='))

  it('IIP-SP05 several IdPs for one resource URL: the person chooses, and comes to the same place', async () => {
    const browser = new Browser()
    const returnTo = `${town.town.journals}/sgo/diary`
    const wish = new URLSearchParams({ journal: 'sgo', return: returnTo, state: 'a b&c' }).toString()
    const page = await browser.get(`${bridge}/login?${wish}`)
    expect([page.status, page.text.includes('Где вы входите?')]).to.deep.equal([200, true])
    expect(page.headers.getSetCookie(), 'nothing is begun').to.deep.equal([])

    const to = page.link('Вход области')
    expect(Object.fromEntries(to.searchParams)).to.deep.equal({
      journal: 'sgo',
      return: returnTo,
      state: 'a b&c',
      idp: region.entityId,
    })
    await browser.submit(await signInAtIdp(browser, await browser.get(to), LOGIN))
    expect(tokensIn(browser)[0]).to.include({ login: 'p-1002', state: 'a b&c' })
    expect(await whoseSession(browser)).to.equal(region.entityId)
  })

  it('marks what this browser chose before, puts it first, and still asks', async () => {
    const browser = new Browser()
    const first = await browser.get(`${bridge}/login?journal=sgo`)
    expect(first.text).to.not.include('в прошлый раз')
    await browser.get(first.link('Вход области'))
    const second = await browser.get(`${bridge}/login?journal=sgo`)
    expect(second.text).to.match(/Вход области[^]*так вы входили в прошлый раз[^]*Госуслуги<\/span>/)
  })

  it('goes straight to the only IdP that a journal admits', async () => {
    const browser = new Browser()
    await walk(browser, `${bridge}/login?journal=eljur`, LOGIN)
    expect(tokensIn(browser)[0]).to.include({ login: 'p-1002' })
    expect(asks(browser).every(url => url.startsWith(region.url))).to.equal(true)
  })

  it('signs in anew whose session comes from an IdP that the journal does not admit', async () => {
    const browser = new Browser()
    const idp = encodeURIComponent(gosuslugi)
    await walk(browser, `${bridge}/login?journal=sgo&idp=${idp}`, LOGIN)
    expect(await whoseSession(browser)).to.equal(gosuslugi)
    const before = asks(browser).length
    await walk(browser, `${bridge}/login?journal=eljur`, LOGIN)
    expect(
      asks(browser)
        .slice(before)
        .map(url => new URL(url).origin),
    ).to.deep.equal([region.url])
    expect(tokensIn(browser)).to.have.length(2)
    expect(await whoseSession(browser)).to.equal(region.entityId)
  })

  it('refuses a link that names an IdP which the journal does not admit, or none that we know', async () => {
    const named = (idp: string) => codeOf(`${bridge}/login?journal=eljur&idp=${encodeURIComponent(idp)}`)
    expect(await named(gosuslugi)).to.deep.equal([403, 'idp.not-for-journal'])
    expect(await named('https://nobody.example')).to.deep.equal([400, 'idp.unknown'])
  })

  it('admits at the door only who came through the right IdP, whatever began the login', async () => {
    const { ports } = town.bridge.web
    const browser = new Browser()
    await walk(browser, `${bridge}/login?journal=sgo&idp=${encodeURIComponent(gosuslugi)}`, LOGIN)
    const cookie = decodeURIComponent(browser.cookie(bridge, 'vhod-session')!)
    const secret = cookie.slice(2, cookie.lastIndexOf('.'))
    const session = (await ports.sessions.find(sessionKey(secret), ports.clock.now()))!
    const at = { target: { kind: 'journal', journal: 'eljur' } } as Waiting
    const visitor = { address: '', device: '', logins: new Map(), rounds: [], devices: [], number: session.number }
    const refused: unknown = await nextStep(ports, visitor, at, session).catch((error: unknown) => error)
    expect(refused).to.be.instanceOf(Refusal).and.include({ code: 'idp.not-for-journal' })
  })

  it('drops an unasked answer for a journal that does not admit its IdP', async () => {
    const browser = new Browser()
    const query = new URLSearchParams({ providerId: `${bridge}/saml/metadata`, target: 'eljur' }).toString()
    const unasked = `${town.town.idp}/idp/profile/SAML2/Unsolicited/SSO?${query}`
    const page = await browser.submit(await signInAtIdp(browser, await browser.get(unasked), LOGIN))
    expect([page.status, page.text.includes('В этот журнал входят иначе')]).to.deep.equal([403, true])
    expect((await browser.get(`${bridge}/session`)).status).to.equal(401)
  })

  it('asks before the self-test and before a login without journal, and keeps the wish to sign in afresh', async () => {
    const test = await new Browser().get(`${bridge}/self-test`)
    expect(test.link('Вход области').pathname).to.equal('/self-test')
    const portal = (await new Browser().get(`${bridge}/login?force=1`)).link('Госуслуги')
    expect([portal.pathname, portal.searchParams.get('force')]).to.deep.equal(['/login', '1'])
  })
})
