/** The bridge behind https, with an authority made for the test: cookies as they will be in real life. */
import { expect } from 'chai'
import type { Browser } from 'playwright-core'
import { startTestTown, type TestTown } from '../support/town.js'
import { expectQuiet, launch, present, visitor, type Visitor } from './chromium.js'
import { child, follow, signIn } from './steps.js'
import { makeTls, trusting } from './tls.js'

;(present ? describe : describe.skip)('browser: https', () => {
  let town: TestTown
  let chromium: Browser
  let one: Visitor
  before(async () => {
    const { authority, tls } = await makeTls()
    ;[town, chromium] = await Promise.all([
      startTestTown({ idpHost: '127.0.0.1', https: { tls, host: 'localhost' } }),
      launch(trusting(authority)),
    ])
    one = await visitor(chromium)
  })
  after(() => Promise.all([chromium.close(), town.close()]))

  const cookies = async () => {
    const all = await one.page.context().cookies(town.town.bridge)
    return all.filter(({ name }) => name.includes('vhod'))
  }

  it('leads to the child, with cookies that only this host reads and only https carries', async () => {
    const { page } = one
    await page.goto(`${town.town.journals}/sgo/`)
    await follow(page, 'Войти через Госуслуги')
    expect(new URL(page.url()).origin, 'another site, another scheme').to.equal(town.town.idp)
    const [loginCookie, rounds, ...others] = (await cookies()).sort((a, b) => (a.name < b.name ? -1 : 1))
    expect(others).to.deep.equal([])
    expect(rounds!.name, 'what stops redirect loops').to.equal('__Host-vhod-rounds')
    expect(rounds).to.include({ domain: 'localhost', path: '/', secure: true, httpOnly: true, sameSite: 'Lax' })
    expect(loginCookie!.name).to.match(/^__Host-vhod-login-[\w-]{27}$/)
    expect(loginCookie).to.include({ domain: 'localhost', path: '/', secure: true, httpOnly: true, sameSite: 'None' })

    await signIn(one, 'mother@mail.example')
    const session = (await cookies()).find(({ name }) => name === '__Host-vhod-session')
    expect(session).to.include({ domain: 'localhost', path: '/', secure: true, httpOnly: true, sameSite: 'Lax' })
    expect(session!.expires, 'gone with the browser').to.equal(-1)

    await child(page, 'Соколова Вера')
    await page.waitForURL(`${town.town.journals}/sgo/`)
    expect(await page.locator('.child').innerText()).to.include('Соколова Вера')
    expectQuiet(one, town)
  })

  it('tells browsers to come by https only', async () => {
    const answer = await one.page.goto(town.town.bridge)
    expect(answer!.headers()['strict-transport-security']).to.equal('max-age=31536000')
  })
})
