/** Single logout, asked for by the service provider over HTTP-Redirect. */
import { expect } from 'chai'
import { verify, X509Certificate } from 'node:crypto'
import { inflateRawSync } from 'node:zlib'
import { logoutRequestUrl } from '../../src/saml/logout.js'
import { Browser } from '../support/browser.js'
import { decrypt } from './open.js'
import { at, startStand, type Stand } from './stand.js'

describe('mock IdP: single logout', () => {
  let stand: Stand
  before(async () => (stand = await startStand()))
  after(() => stand.idp.close())

  /** Signs a pupil in. @returns what a LogoutRequest must name */
  async function signedIn(browser: Browser): Promise<{ nameId: string; sessionIndex: string }> {
    const first = await browser.get(stand.request())
    const page = await browser.submit(first, { login: 'pupil@mail.example', password: 'uchebny-stend' })
    const xml = Buffer.from(page.form().fields.SAMLResponse!, 'base64').toString()
    const assertion = decrypt(xml, stand.sp.decryption[0]!.privateKey)
    return {
      nameId: /<saml2:NameID [^>]*>([^<]+)/.exec(assertion)![1]!,
      sessionIndex: /SessionIndex="([^"]+)"/.exec(assertion)![1]!,
    }
  }

  const ask = (of: { nameId: string; sessionIndex: string }): URL =>
    logoutRequestUrl(stand.sp, stand.trusted, {
      id: '_logout',
      relayState: 'back',
      at,
      nameId: { value: of.nameId },
      sessionIndex: of.sessionIndex,
    })!

  it('ends the session and answers with a signed LogoutResponse', async () => {
    const browser = new Browser()
    const answer = await browser.request('GET', ask(await signedIn(browser)))
    expect(answer.status).to.equal(303)
    const to = answer.location!
    expect(to.href.startsWith(stand.sp.sloUrl)).to.equal(true)
    expect(to.searchParams.get('RelayState')).to.equal('back')
    const xml = inflateRawSync(Buffer.from(to.searchParams.get('SAMLResponse')!, 'base64')).toString()
    expect(xml).to.include('InResponseTo="_logout"').and.to.include('status:Success')
    const [signed, signature] = to.search.slice(1).split('&Signature=')
    const key = new X509Certificate(stand.key.certificatePem).publicKey
    expect(verify('sha256', Buffer.from(signed!), key, Buffer.from(decodeURIComponent(signature!), 'base64'))).to.equal(
      true,
    )
    expect((await browser.get(stand.request())).text).to.include('name="password"')
  })

  it("leaves the session alone when the request names somebody else's", async () => {
    const browser = new Browser()
    const mine = await signedIn(browser)
    await new Browser().request('GET', ask({ ...mine, nameId: '_00000000000000000000000000000000' }))
    expect((await browser.get(stand.request())).text).to.include('SAMLResponse')
  })

  it('refuses an unsigned request and ends nothing', async () => {
    const browser = new Browser()
    const url = ask(await signedIn(browser))
    url.search = `?SAMLRequest=${encodeURIComponent(url.searchParams.get('SAMLRequest')!)}`
    expect((await browser.request('GET', url)).status).to.equal(400)
    expect((await browser.get(stand.request())).text).to.include('SAMLResponse')
  })
})
