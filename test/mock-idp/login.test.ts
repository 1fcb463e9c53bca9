/** A whole sign-in at the mock IdP, over HTTP. */
import { expect } from 'chai'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { deflateRawSync } from 'node:zlib'
import { CODE_EXPIRED, CODE_SPENT, WRONG_CODE, WRONG_PASSWORD } from '../../src/mock-idp/wrong-input.js'
import { checkMetadata, readIdpMetadata } from '../../src/saml/metadata.js'
import { Browser, type Page } from '../support/browser.js'
import { decrypt } from './open.js'
import { at, startStand, strangerTo, type Stand } from './stand.js'

const PASSWORD = 'uchebny-stend'
const shownCode = (page: Page): string => /<strong>(\d{6})</.exec(page.text)![1]!

describe('mock IdP: sign-in', () => {
  let stand: Stand
  before(async () => (stand = await startStand()))
  after(() => stand.idp.close())
  beforeEach(() => (stand.clock.time = at))

  const posted = (page: Page): string => Buffer.from(page.form().fields.SAMLResponse!, 'base64').toString()
  const assertionOf = (page: Page): string => decrypt(posted(page), stand.sp.decryption[0]!.privateKey)

  async function signIn(browser: Browser, login: string, url = stand.request()): Promise<Page> {
    const code = await browser.submit(await browser.get(url), { login, password: PASSWORD })
    return browser.submit(code, { code: shownCode(code) }, 'code')
  }

  for (const login of ['+7(000)0000001', '8 000 000-00-01', 'MOTHER@mail.example', '900-000-001 82', '90000000182']) {
    it(`takes a parent from a signed request to a posted answer, by ${login}`, async () => {
      const page = await signIn(new Browser(), login)
      expect(page.status).to.equal(200)
      expect(page.form()).to.deep.include({ action: stand.sp.acsUrl, method: 'post' })
      expect(page.form().fields.RelayState).to.equal('relay')
      expect(assertionOf(page)).to.include('InResponseTo="_request"').and.to.include('900-000-001 82')
    })
  }

  it('offers its people on the page: a link types the login, and never signs in', async () => {
    const browser = new Browser()
    const page = await browser.get(stand.request())
    const chosen = await browser.get(page.link('+7(000)0000002'))
    expect(chosen.form('password').fields).to.include({ login: '+7(000)0000002', password: '' })
  })

  it('lets the answer through its own policy, and no script of the page itself', async () => {
    const policy = (await signIn(new Browser(), 'mother@mail.example')).headers.get('content-security-policy')
    expect(policy).to.include("script-src 'self'").and.to.include('form-action http: https:')
    const first = await new Browser().get(stand.request())
    expect(first.headers.get('content-security-policy')).to.include("form-action 'self'")
  })

  it('gives the same answer when the last page is loaded again', async () => {
    const browser = new Browser()
    const page = await signIn(browser, 'mother@mail.example')
    expect(posted(await browser.get(page.url))).to.equal(posted(page))
  })

  it('says that login or password is wrong, keeps what was typed, and not which of them it was', async () => {
    const browser = new Browser()
    const page = await browser.get(stand.request())
    const wrong = await browser.submit(page, { login: 'mother@mail.example', password: 'wrong' })
    expect(wrong.status).to.equal(403)
    expect(wrong.text).to.include(WRONG_PASSWORD).and.to.include('value="mother@mail.example"')
    const unknown = await browser.submit(page, { login: '"><script>', password: PASSWORD })
    expect(unknown.text).to.include(WRONG_PASSWORD).and.not.to.include('<script>')
    expect(unknown.forms[0]!.fields.login).to.equal('"><script>')
  })

  it('asks again after a wrong code, makes a new one after five, and lets the person in at last', async () => {
    const browser = new Browser()
    let page = await browser.submit(await browser.get(stand.request()), {
      login: 'mother@mail.example',
      password: PASSWORD,
    })
    const wrong = { code: shownCode(page) === '000000' ? '111111' : '000000' }
    for (let tries = 0; tries < 4; tries += 1) {
      page = await browser.submit(page, wrong, 'code')
      expect(page.status).to.equal(403)
      expect(page.text).to.include(WRONG_CODE)
    }
    page = await browser.submit(page, wrong, 'code')
    expect(page.text).to.include(CODE_SPENT)
    expect((await browser.submit(page, { code: shownCode(page) }, 'code')).form().action).to.equal(stand.sp.acsUrl)
  })

  it('replaces an old code, and a lost one on demand', async () => {
    const browser = new Browser()
    const page = await browser.submit(await browser.get(stand.request()), {
      login: 'mother@mail.example',
      password: PASSWORD,
    })
    const fresh = await browser.submit(page, {}, 'new-code')
    stand.clock.time += 3 * 60_000
    const late = await browser.submit(fresh, { code: shownCode(fresh) }, 'code')
    expect(late.text).to.include(CODE_EXPIRED)
    expect(shownCode(late)).not.to.equal(shownCode(fresh))
  })

  it('asks a pupil without second factor for no code', async () => {
    const browser = new Browser()
    const page = await browser.submit(await browser.get(stand.request()), {
      login: 'pupil@mail.example',
      password: PASSWORD,
    })
    expect(assertionOf(page)).to.include('900-000-003 84')
  })

  it('asks a teacher in which capacity to enter', async () => {
    const browser = new Browser()
    const page = await signIn(browser, 'teacher@mail.example')
    expect(page.form('capacity').buttons.map(button => button.value)).to.deep.equal([
      'person',
      '1027700132195',
      '1029900000019',
    ])
    expect((await browser.submit(page, { capacity: 'nonsense' }, 'capacity')).status).to.equal(403)
    const answer = await browser.submit(page, { capacity: '1029900000019' }, 'capacity')
    expect(assertionOf(answer)).to.include('Лицей № 2').and.to.include('>E</saml2:AttributeValue>')
  })

  it('skips no step: a form of another step does nothing', async () => {
    const browser = new Browser()
    const page = await browser.get(stand.request())
    const to = new URL(page.url.pathname.replace(/$/, '/capacity'), page.url)
    const after = await browser.follow(await browser.request('POST', to, new URLSearchParams({ capacity: 'person' })))
    expect(after.text).to.include('name="password"')
  })

  it('needs no password a second time, unless a fresh sign-in is demanded', async () => {
    const browser = new Browser()
    const first = assertionOf(await signIn(browser, 'mother@mail.example'))
    stand.clock.time += 60_000
    const second = assertionOf(await browser.get(stand.request({ id: '_second' })))
    const session = /SessionIndex="([^"]+)"/
    expect(session.exec(second)![1]).to.equal(session.exec(first)![1])
    expect(second)
      .to.include('InResponseTo="_second"')
      .and.to.include(`AuthnInstant="${new Date(at).toISOString()}"`)
    expect((await browser.get(stand.request({ forced: true }))).text).to.include('name="password"')
  })

  it('forgets a sign-in that was begun too long ago', async () => {
    const browser = new Browser()
    const page = await browser.get(stand.request())
    stand.clock.time += 31 * 60_000
    expect((await browser.get(page.url)).status).to.equal(404)
  })

  it('spoils the answer when the page is told to', async () => {
    const browser = new Browser()
    const code = await browser.submit(await browser.get(stand.request()), {
      login: 'mother@mail.example',
      password: PASSWORD,
      fault: 'no-audience',
    })
    const page = await browser.submit(code, { code: shownCode(code) }, 'code')
    expect(assertionOf(page)).not.to.include('AudienceRestriction')
  })

  it('answers without a request from its catalogue', async () => {
    const browser = new Browser()
    const tile = (await browser.get(stand.idp.url)).link('Электронный журнал')
    const page = await signIn(browser, 'mother@mail.example', tile)
    expect(posted(page)).not.to.include('InResponseTo')
    expect(page.form().fields).not.to.have.property('RelayState')
  })

  describe('requests it refuses', () => {
    const refused = async (url: URL, words: string): Promise<void> => {
      const page = await new Browser().get(url)
      expect(page.status).to.equal(400)
      expect(page.text).to.include(words)
    }
    const deflated = (xml: string): string => deflateRawSync(xml).toString('base64')
    const sso = (): URL => new URL('/idp/profile/SAML2/Redirect/SSO', stand.idp.url)

    it('unsigned', async () => {
      const url = stand.request()
      url.search = `?SAMLRequest=${encodeURIComponent(url.searchParams.get('SAMLRequest')!)}&RelayState=relay`
      await refused(url, 'не подписан')
    })
    it('signed by a stranger', async () => refused(await strangerTo(stand), 'не подходит ни к одному'))
    it('with another RelayState than was signed', async () => {
      const url = stand.request()
      url.search = url.search.replace('RelayState=relay', 'RelayState=other')
      await refused(url, 'не подходит ни к одному')
    })
    it('of a system it does not know', async () => {
      const url = sso()
      const xml =
        '<samlp:AuthnRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_a"><Issuer xmlns="urn:oasis:names:tc:SAML:2.0:assertion">https://nobody.example</Issuer></samlp:AuthnRequest>'
      url.searchParams.set('SAMLRequest', deflated(xml))
      await refused(url, 'не зарегистрирована')
    })
    it('with an empty address', () => refused(sso(), 'нет запроса'))
    for (const [name, value] of [
      ['rubbish', 'rubbish'],
      ['no XML', deflated('no xml')],
      ['a DTD', deflated('<!DOCTYPE a><a/>')],
      ['a bomb', deflated('<a>' + ' '.repeat(1_000_000))],
    ] as const) {
      it(name, async () => {
        const url = sso()
        url.searchParams.set('SAMLRequest', value)
        await refused(url, 'Запрос')
      })
    }
    it('with a parameter twice', async () => {
      const url = stand.request()
      url.search += '&RelayState=other'
      await refused(url, 'повторяется')
    })
    it('of 2014, unless told to be that old', async () => {
      const old = { ...stand.trusted, legacyAlgorithms: true }
      const { authnRequestUrl } = await import('../../src/saml/request.js')
      await refused(authnRequestUrl(stand.sp, old, { id: '_r', relayState: 'r', forced: false, at }), 'Алгоритм')
      const oldStand = await startStand({ legacy: true })
      const page = await new Browser().get(oldStand.request())
      await oldStand.idp.close()
      expect(page.status).to.equal(200)
    })
  })

  it('publishes metadata that the bridge trusts without a complaint', async () => {
    const page = await new Browser().get(stand.idp.entityId)
    expect(page.headers.get('content-type')).to.include('application/samlmetadata+xml')
    const read = readIdpMetadata(page.text, { legacyAlgorithms: false, cbc: 'never', acceptUnsolicited: false })
    expect(read.entityId).to.equal(stand.idp.entityId)
    expect(read.signingKeys).to.have.length(1)
    const serious = checkMetadata(page.text, { at }).filter(finding => finding.severity === 'error')
    expect(serious).to.deep.equal([])
  })

  it('reads the metadata of a service provider where it is published, at the first request', async () => {
    let asked = 0
    const server = createServer((_request, response) => {
      asked += 1
      response.end(stand.spXml)
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    const address = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/saml/metadata`)
    const lazy = await startStand({ serviceProviders: [address] })
    expect(asked).to.equal(0)
    const page = await new Browser().get(lazy.request())
    await lazy.idp.close()
    server.close()
    expect(page.status).to.equal(200)
    expect(asked).to.equal(1)
  })
})
