/** Requests as ESIA took them in 2014, and wishes that requests may carry. */
import { expect } from 'chai'
import { deflateRawSync } from 'node:zlib'
import type { SpKey } from '../../src/saml/trust.js'
import { legacyForm, signElement, type SignatureForm } from '../../src/mock-idp/sign.js'
import { readServiceProvider } from '../../src/mock-idp/service-provider.js'
import { spMetadata } from '../../src/saml/sp-metadata.js'
import { algorithm, ns } from '../../src/words/saml-names.js'
import { makeCertificate } from '../../src/certificates/make.js'
import { createPrivateKey, createSign } from 'node:crypto'
import { Browser, type Page } from '../support/browser.js'
import { makeSpKey } from '../support/saml-parties.js'
import { decrypt } from './open.js'
import { at, makeParties, startStand, type Stand } from './stand.js'

const ID = '_request'

function authnRequest(stand: Stand, more = ''): string {
  return (
    `<samlp:AuthnRequest xmlns:samlp="${ns.protocol}" xmlns:saml2="${ns.assertion}" ID="${ID}" Version="2.0"` +
    ` IssueInstant="${new Date(at).toISOString()}" AssertionConsumerServiceURL="${stand.sp.acsUrl}"${more}>` +
    `<saml2:Issuer>${stand.sp.entityId}</saml2:Issuer></samlp:AuthnRequest>`
  )
}

const sso = (stand: Stand, query: string): URL => new URL(`/idp/profile/SAML2/Redirect/SSO?${query}`, stand.idp.url)
const encoded = (xml: string): string => `SAMLRequest=${encodeURIComponent(deflateRawSync(xml).toString('base64'))}`

/** Signed over the query, as it should be. */
function detached(stand: Stand, xml: string): URL {
  const query = `${encoded(xml)}&SigAlg=${encodeURIComponent(algorithm.rsaSha256)}`
  const signature = createSign('sha256').update(query).sign(stand.sp.signing[0]!.privateKey, 'base64')
  return sso(stand, `${query}&Signature=${encodeURIComponent(signature)}`)
}

/** Signed inside, with a dash where the signature should be. */
function enveloped(stand: Stand, key: SpKey, form: SignatureForm = legacyForm, change = (xml: string) => xml): URL {
  const signer = { key: key.privateKey, certificatePem: key.certificatePem }
  const xml = change(signElement(authnRequest(stand), ID, signer, form))
  return sso(stand, `${encoded(xml)}&SigAlg=${encodeURIComponent(algorithm.rsaSha1)}&Signature=-`)
}

describe('mock IdP: requests', () => {
  let stand: Stand
  let old: Stand
  before(async () => {
    stand = await startStand()
    old = await startStand({ legacy: true })
  })
  after(async () => {
    await stand.idp.close()
    await old.idp.close()
  })
  const get = (url: URL): Promise<Page> => new Browser().get(url)

  it('signed inside are taken by an IdP of 2014 only', async () => {
    expect((await get(enveloped(old, old.sp.signing[1]!))).status).to.equal(200)
    expect((await get(enveloped(stand, stand.sp.signing[0]!))).status).to.equal(400)
  })

  it('signed inside by a stranger, altered, or over something else are refused', async () => {
    expect((await get(enveloped(old, await makeSpKey('stranger')))).status).to.equal(400)
    const altered = enveloped(old, old.sp.signing[0]!, legacyForm, xml => xml.replace('Version="2.0"', 'Version="2.1"'))
    expect((await get(altered)).status).to.equal(400)
    const whole: SignatureForm = { ...legacyForm, signedInfo: xml => xml.replace(`URI="#${ID}"`, 'URI=""') }
    expect((await get(enveloped(old, old.sp.signing[0]!, whole))).status).to.equal(400)
  })

  it('with a foreign address for the answer are refused', async () => {
    const xml = authnRequest(stand).replace(stand.sp.acsUrl, 'https://evil.example/acs')
    const page = await get(detached(stand, xml))
    expect(page.status).to.equal(400)
    expect(page.text).to.include('Адреса для ответа нет')
  })

  it('sent to another address are refused', async () => {
    const page = await get(detached(stand, authnRequest(stand, ' Destination="https://evil.example/sso"')))
    expect(page.text).to.include('на другой адрес')
  })

  it('that allow no page are answered with NoPassive', async () => {
    const page = await get(detached(stand, authnRequest(stand, ' IsPassive="true"')))
    expect(Buffer.from(page.form().fields.SAMLResponse!, 'base64').toString()).to.include('status:NoPassive')
  })

  it('«Запомнить меня» outlives the browser', async () => {
    const browser = new Browser()
    const first = await browser.get(stand.request())
    const fields = { login: 'pupil@mail.example', password: 'uchebny-stend', remember: 'yes' }
    const to = new URL(first.form().action, first.url)
    const answer = await browser.request('POST', to, new URLSearchParams({ ...first.form().fields, ...fields }))
    expect(answer.headers.get('set-cookie')).to.include('Max-Age=2592000').and.to.include('HttpOnly')
  })

  it('are answered for the newest of two encryption certificates', async () => {
    const { sp } = await makeParties()
    const young = await makeCertificate({ commonName: 'young', at: at + 3_600_000, days: 30, keyType: 'rsa-2048' })
    const key = { privateKey: createPrivateKey(young.privateKeyPem), certificatePem: young.certificatePem }
    const xml = spMetadata({ ...sp, decryption: [sp.decryption[0]!, key] })
    expect(readServiceProvider(xml).encryptionCertificates).to.have.length(2)
    const two = await startStand({ serviceProviders: [xml] })
    const browser = new Browser()
    const fields = { login: 'pupil@mail.example', password: 'uchebny-stend' }
    const page = await browser.submit(await browser.get(two.request()), fields)
    await two.idp.close()
    const response = Buffer.from(page.form().fields.SAMLResponse!, 'base64').toString()
    expect(decrypt(response, key.privateKey)).to.include('900-000-003 84')
  })
})
