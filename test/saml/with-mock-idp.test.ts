/** What we send, read by the mock IdP, which shares no code with us; and the other way round. */
import { X509Certificate } from 'node:crypto'
import { expect } from 'chai'
import { idpMetadata } from '../../src/mock-idp/metadata.js'
import { logoutResponse } from '../../src/mock-idp/logout.js'
import { BadMessage, readRedirect, requireSignature, signedRedirect } from '../../src/mock-idp/redirect-binding.js'
import { issuerOf, readAuthnRequest, readLogoutRequest } from '../../src/mock-idp/requests.js'
import { readServiceProvider, type ServiceProvider as KnownSp } from '../../src/mock-idp/service-provider.js'
import { legacyForm, modernForm } from '../../src/mock-idp/sign.js'
import { logoutRequestUrl } from '../../src/saml/logout.js'
import { judgeLogoutResponse } from '../../src/saml/logout-response.js'
import { checkMetadata, readIdpMetadata } from '../../src/saml/metadata.js'
import { authnRequestUrl } from '../../src/saml/request.js'
import { esiaRequestedAttributes, ourNames } from '../../src/saml/sp-description.js'
import { spMetadata } from '../../src/saml/sp-metadata.js'
import type { ServiceProvider, TrustedIdp } from '../../src/saml/trust.js'
import { at, makeIdpKey, makeServiceProvider, type IdpKey } from '../support/saml-parties.js'

describe('with the mock IdP', () => {
  let sp: ServiceProvider
  let known: KnownSp
  let key: IdpKey
  let idp: TrustedIdp
  const settings = { legacyAlgorithms: false, cbc: 'never', acceptUnsolicited: false } as const
  const published = () => {
    const privateKeyPem = key.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
    const keys = [{ privateKeyPem, certificatePem: key.certificatePem }]
    return idpMetadata('https://idp.example/idp/shibboleth', 'https://idp.example', keys)
  }

  before(async () => {
    sp = await makeServiceProvider()
    key = await makeIdpKey()
    idp = readIdpMetadata(published(), settings)
    known = readServiceProvider(
      spMetadata({
        ...sp, ...ourNames, at, cbc: false, leastLevel: 'confirmed', requestedAttributes: esiaRequestedAttributes,
        organization: { name: 'Школа', url: 'https://school.example' }, contacts: { technical: 'a@b.example', support: 'c@d.example' },
      }),
    ) // prettier-ignore
  })

  it('each reads what the other publishes', () => {
    expect(checkMetadata(published(), { at })).to.deep.equal([])
    expect(idp.signingKeys[0]?.key.equals(new X509Certificate(key.certificatePem).publicKey)).to.equal(true)
    expect(known).to.deep.include({
      entityId: sp.entityId,
      acsUrls: [sp.acsUrl],
      logoutResponseUrl: sp.sloUrl,
      requestedAttributes: esiaRequestedAttributes.map(wanted => wanted.name),
      globalRoles: ['P', 'E'],
    })
    expect(known.signingCertificates).to.have.length(2)
    expect(known.encryptionCertificates).to.have.length(2)
  })

  it('it understands our AuthnRequest', () => {
    const message = readRedirect(
      authnRequestUrl(sp, idp, { id: '_q', relayState: 'r', forced: true, at }).search.slice(1),
    )
    requireSignature(message, known.signingCertificates, false)
    expect(issuerOf(message.xml, 'AuthnRequest')).to.equal(sp.entityId)
    const here = 'https://idp.example/idp/profile/SAML2/Redirect/SSO'
    expect(readAuthnRequest(message.xml, known, here)).to.deep.equal({
      id: '_q',
      acsUrl: sp.acsUrl,
      forceAuthn: true,
      isPassive: false,
    })
    expect(() => requireSignature(message, [key.certificatePem], false)).to.throw(BadMessage)
  })

  for (const legacyAlgorithms of [false, true])
    it(`a logout there and back${legacyAlgorithms ? ', in the algorithms of old ESIA' : ''}`, () => {
      const peer = readIdpMetadata(published(), { ...settings, legacyAlgorithms })
      const farewell = { id: '_bye', relayState: 'r', at, nameId: { value: '_ab' }, sessionIndex: '_s1' }
      const url = logoutRequestUrl(sp, peer, farewell)!
      const message = readRedirect(url.search.slice(1))
      requireSignature(message, known.signingCertificates, legacyAlgorithms)
      const asks = readLogoutRequest(message.xml, url.origin + url.pathname)
      expect(asks).to.deep.equal({ id: '_bye', nameId: '_ab', sessionIndexes: ['_s1'] })

      const xml = logoutResponse({ id: '_a', inResponseTo: asks.id, issuer: idp.entityId, destination: sp.sloUrl, at })
      const signer = { key: key.privateKey, certificatePem: key.certificatePem }
      const answer = signedRedirect(
        sp.sloUrl,
        xml,
        message.relayState,
        signer,
        legacyAlgorithms ? legacyForm : modernForm,
      )
      const arrived = { by: 'redirect', rawQuery: new URL(answer).search } as const
      const verdict = judgeLogoutResponse(arrived, { idp: peer, sp, requestId: '_bye', now: at })
      expect(verdict).to.deep.equal({ ok: true, partial: false })
    })
})
