/** Roads that settings open: ESIA's old dialect, answers taken unasked, several of our keys. */
import { expect } from 'chai'
import { run } from '../cli/desk.js'
import { Browser, type Page } from '../support/browser.js'
import { post, wordedAnswer } from '../support/own-answer.js'
import { signInAtIdp, tokensIn, walk } from '../support/sign-in.js'
import { startTestTown, type TestTown, type TestTownOptions } from '../support/town.js'

async function inTown(options: TestTownOptions, visit: (town: TestTown) => Promise<void>): Promise<void> {
  const town = await startTestTown(options)
  try {
    await visit(town)
  } finally {
    await town.close()
  }
}

/** Where a RelayState that is taken for an address would lead. */
const AWAY = [
  'http://evil.example/', '//evil.example', '///evil.example', '/\\evil.example', '\\\\evil.example', 'http:evil.example',
  '/%0d%0aLocation:%20http://evil.example', 'sgo\r\nLocation: http://evil.example', 'javascript:alert(1)', '/sgo/', 'sgo/',
] // prettier-ignore

const idp = (more: Readonly<Record<string, unknown>>) => ({
  identityProviders: [{ metadata: 'idp.xml', title: 'Учебный поставщик', profile: 'esia', ...more }],
})

describe('flow: settings', () => {
  it('speak the old dialect of ESIA: rsa-sha1, sha1, aes128-cbc inside a signed Response', () =>
    inTown({ legacy: true, more: idp({ profile: 'legacy-esia', cbc: 'signed-response' }) }, async town => {
      const browser = new Browser()
      await walk(browser, `${town.town.bridge}/login?journal=sgo`, 'father@mail.example')
      expect(tokensIn(browser)[0]).to.include({ login: 'p-1002' })
    }))

  it('of that dialect are told of by check-config, doctor and the figures for as long as they stand', () =>
    inTown({ legacy: true, more: { ...idp({ profile: 'legacy-esia' }), metrics: { port: 0 } } }, async town => {
      const { out } = await run(['check-config', '--config', town.prepared.configFile])
      expect(out).to.match(/identityProviders\[0\]\.profile.*rsa-sha1 and sha1/)
      expect((await run(['doctor', '--config', town.prepared.configFile])).out).to.match(
        /! yellow +settings .*rsa-sha1 and sha1/,
      )
      const figures = await (await fetch(`http://127.0.0.1:${town.server.metricsPort}/metrics`)).text()
      expect(figures).to.include('bridge_standing_warning{setting="identityProviders[0].profile"} 1')
    }))

  it('sign requests inside the message, as ESIA of 2014 wanted it, for login and logout', () =>
    inTown(
      {
        legacy: true,
        more: idp({ profile: 'legacy-esia', cbc: 'signed-response', requestSignature: 'enveloped' }),
      },
      async town => {
        const browser = new Browser()
        await walk(browser, `${town.town.bridge}/login?journal=sgo`, 'father@mail.example')
        expect(tokensIn(browser)[0]).to.include({ login: 'p-1002' })
        const bye = await browser.submit(await browser.get(`${town.town.bridge}/logout`), { then: '' }, '/logout')
        expect(bye.text).to.include('Вы вышли').and.include('и на Госуслугах')
        const asked = browser.visited.filter(url => url.includes('SAMLRequest='))
        expect(asked.map(url => new URL(url).searchParams.get('Signature'))).to.deep.equal(['-', '-'])
      },
    ))

  it('refuse that dialect where they do not allow it', () =>
    inTown({ legacy: true, more: idp({ cbc: 'signed-response' }) }, async town => {
      const start = await new Browser().get(`${town.town.bridge}/login?journal=sgo`)
      const browser = new Browser()
      const answer = await signInAtIdp(
        browser,
        await browser.get(`${town.town.bridge}/login?journal=sgo`),
        'father@mail.example',
      )
      expect(start.status).to.equal(200)
      expect((await browser.submit(answer)).status).to.equal(403)
    }))

  it('take an answer that nobody asked for, once, when they accept the risk by name', () =>
    inTown({ more: idp({ acceptUnsolicited: 'i-accept-login-csrf' }) }, async town => {
      const browser = new Browser()
      const catalogue = await browser.get(`${town.town.idp}/`)
      const answer = await signInAtIdp(browser, await browser.get(catalogue.link('Unsolicited')), 'father@mail.example')
      const before = browser.visited.length
      await browser.submit(answer)
      expect(
        browser.visited.slice(before).filter(url => url.startsWith(town.town.idp)),
        'no second round',
      ).to.deep.equal([])
      expect((await browser.get(`${town.town.bridge}/session`)).status).to.equal(200)
      const sent = new URLSearchParams(answer.form().fields)
      const post = (who: Browser) => who.request('POST', new URL(answer.form().action), sent, answer.url)
      const lands = async (page: Page) => expect((await browser.follow(page)).status, 'the owner').to.equal(200)
      await lands(await post(browser))
      const stranger = new Browser({ accept: 'application/json' })
      const again = await stranger.follow(await post(stranger))
      expect([again.status, again.text.includes('saml.replayed')], 'the assertion was used').to.deep.equal([403, true])
      for (const page of await Promise.all([post(browser), post(browser), post(stranger)]))
        expect([page.status, page.headers.getSetCookie()], 'no session comes of it').to.deep.equal([303, []])
      expect((await stranger.get(`${town.town.bridge}/session`)).status).to.equal(401)
    }))

  it('let the RelayState of such an answer name a journal, and lead nobody anywhere else (CVE-2019-13038)', () =>
    inTown({ more: idp({ acceptUnsolicited: 'i-accept-login-csrf' }) }, async town => {
      const brought = async (RelayState: string) => {
        const browser = new Browser()
        const fields = { SAMLResponse: wordedAnswer(town, undefined), RelayState }
        await browser.follow(await post(town, browser, { acs: new URL('/saml/acs', town.town.bridge), fields }))
        const signedIn = (await browser.get(`${town.town.bridge}/session`)).status === 200
        return { signedIn, origins: [...new Set(browser.visited.map(url => new URL(url).origin))] }
      }
      const { bridge, journals } = town.town
      expect(await brought('sgo')).to.deep.equal({ signedIn: true, origins: [bridge, journals] })
      for (const away of AWAY) expect(await brought(away), away).to.deep.equal({ signedIn: true, origins: [bridge] })
    }))

  it('of an IdP reach the judge whole, each of them; without them it is as strict as can be', async () => {
    const judged = ({ bridge }: TestTown) => {
      const { legacyAlgorithms, cbc, acceptUnsolicited, envelopedRequests, requireSignedResponse, ...others } =
        bridge.web.ports.trust.idps[0]!
      const { withoutNameIdPolicy, authnContext, refusedAlgorithms, title } = others
      return {
        ...{ legacyAlgorithms, cbc, acceptUnsolicited, envelopedRequests, requireSignedResponse },
        ...{ withoutNameIdPolicy, authnContext, refusedAlgorithms, title },
      }
    }
    await inTown({ more: idp({}) }, town => {
      expect(judged(town)).to.deep.equal({
        title: 'Учебный поставщик',
        legacyAlgorithms: false,
        cbc: 'never',
        acceptUnsolicited: false,
        envelopedRequests: false,
        requireSignedResponse: true,
        withoutNameIdPolicy: false,
        authnContext: undefined,
        refusedAlgorithms: undefined,
      })
      return Promise.resolve()
    })
    const others = {
      ...{ profile: 'legacy-esia', requestSignature: 'enveloped', cbc: 'any', responseSignature: 'optional' },
      ...{ acceptUnsolicited: 'i-accept-login-csrf', nameIdPolicy: 'none' },
      ...{ authnContext: ['urn:class:a', 'urn:class:b'], refuseAlgorithms: ['aes128-gcm'] },
    }
    await inTown({ more: idp(others) }, town => {
      expect(judged(town)).to.deep.equal({
        title: 'Учебный поставщик',
        legacyAlgorithms: true,
        cbc: 'any',
        acceptUnsolicited: true,
        envelopedRequests: true,
        requireSignedResponse: false,
        withoutNameIdPolicy: true,
        authnContext: ['urn:class:a', 'urn:class:b'],
        refusedAlgorithms: ['http://www.w3.org/2009/xmlenc11#aes128-gcm'],
      })
      return Promise.resolve()
    })
  })

  it('publish several of our keys, and every one of them opens what the IdP sent', async () => {
    const pair = (name: string) => ({ key: `certs/${name}.key`, cert: `certs/${name}.crt` })
    const [ours, other] = [pair('sp-encryption'), pair('sp-signing')]
    for (const decryption of [
      [ours, other],
      [other, ours],
    ])
      await inTown(
        { more: { serviceProvider: serviceProvider({ decryption, signing: [other, ours] }) } },
        async town => {
          const browser = new Browser()
          await walk(browser, `${town.town.bridge}/login?journal=sgo`, 'father@mail.example')
          expect(tokensIn(browser)[0]).to.include({ login: 'p-1002' })
        },
      )
  })
})

function serviceProvider(keys: Readonly<Record<string, unknown>>) {
  return {
    entityId: 'https://vhod.school.example/saml/metadata',
    organization: { name: 'Учебная школа', url: 'https://school.example' },
    contacts: { technical: 'it@school.example', support: 'help@school.example' },
    ...keys,
  }
}
