/** The answers of the mock IdP, opened by strangers: xmlsec1, xml-crypto, node:crypto. */
import { expect } from 'chai'
import { defaultPeople, personOfKey } from '../../src/mock-idp/people.js'
import { makeResponse, type Order } from '../../src/mock-idp/respond.js'
import { readServiceProvider } from '../../src/mock-idp/service-provider.js'
import { spMetadata } from '../../src/saml/sp-metadata.js'
import { algorithm } from '../../src/words/saml-names.js'
import { has } from '../support/require.js'
import { decrypt, decryptByXmlsec1, verifiedByXmlCrypto, verifyByXmlsec1 } from './open.js'
import { at, countedChance, makeParties } from './stand.js'

describe('mock IdP: answers', () => {
  let order: Order
  let spKeys: Awaited<ReturnType<typeof makeParties>>['sp']['decryption']
  let certificate: string

  before(async () => {
    const { key, sp } = await makeParties()
    spKeys = sp.decryption
    certificate = key.certificatePem
    order = {
      entityId: 'https://idp.example/idp/shibboleth',
      key,
      serviceProvider: readServiceProvider(spMetadata(sp)),
      acsUrl: sp.acsUrl,
      inResponseTo: '_request',
      person: personOfKey(defaultPeople(), 'long-name'),
      now: at,
      chance: countedChance(),
    }
  })

  it('signs the Response and the encrypted assertion; xml-crypto verifies both', () => {
    const { xml } = makeResponse(order)
    expect(verifiedByXmlCrypto(xml, certificate)).to.equal(true)
    const assertion = decrypt(xml, spKeys[0]!.privateKey)
    expect(verifiedByXmlCrypto(assertion, certificate)).to.equal(true)
    expect(assertion).to.include('Ёжикова-Д').and.to.include('PrefixList="xs"').and.to.include('xsi:type="xs:string"')
  })

  it('lets no alteration pass as signed', () => {
    const { xml } = makeResponse({ ...order, shape: { encrypt: false, sign: 'response' } })
    const altered = xml.replace('Зульфия', 'Зульфира')
    expect(altered).not.to.equal(xml)
    expect(verifiedByXmlCrypto(altered, certificate)).to.equal(false)
  })

  it('puts base64 of the octets beside the text', () => {
    const { xml, base64 } = makeResponse(order)
    expect(Buffer.from(base64, 'base64').toString()).to.equal(xml)
  })

  it('speaks as ESIA did in 2014 when it must', () => {
    const { xml } = makeResponse({ ...order, legacy: true })
    expect(xml).to.include(algorithm.rsaSha1).and.to.include(algorithm.aes128Cbc)
    expect(decrypt(xml, spKeys[0]!.privateKey)).to.include(algorithm.sha1)
  })

  it('releases what the metadata asks for, and nothing else', () => {
    const all = { ...order.serviceProvider, requestedAttributes: [] }
    const open = { encrypt: false, sign: 'none' } as const
    const asked = makeResponse({ ...order, shape: open }).xml
    expect(asked)
      .to.include('urn:esia:personSNILS')
      .and.to.include('900-000-007 88')
      .and.not.to.include('urn:esia:gender')
    expect(makeResponse({ ...order, serviceProvider: all, shape: open }).xml).to.include('urn:esia:gender')
  })

  it('names organisation and post when the person enters as an employee', () => {
    const person = personOfKey(defaultPeople(), 'teacher-parent')!
    const capacity = { role: 'E', organisation: person.organisations[1]! } as const
    const { xml } = makeResponse({ ...order, person, capacity, shape: { encrypt: false } })
    expect(xml).to.include('1029900000019').and.to.include('учитель математики')
    expect(makeResponse({ ...order, person, shape: { encrypt: false } }).xml).not.to.include('orgOGRN')
  })

  it('answers an error without a person', () => {
    const { xml } = makeResponse({ ...order, person: undefined })
    expect(xml).to.include('status:Responder').and.not.to.include('Assertion>')
    expect(verifiedByXmlCrypto(xml, certificate)).to.equal(true)
  })

  describe('xmlsec1', function () {
    before(function () {
      if (!has('xmlsec1', 'xmlsec1')) this.skip()
    })

    for (const legacy of [false, true]) {
      it(`verifies and decrypts ${legacy ? 'the answers of 2014' : 'the answers of today'}`, () => {
        const { xml } = makeResponse({ ...order, legacy })
        verifyByXmlsec1(xml, certificate)
        const pem = spKeys[0]!.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
        const opened = decryptByXmlsec1(xml, pem)
        expect(opened).to.include('<saml2:Assertion')
        const assertion = /<saml2:Assertion[\s\S]*<\/saml2:Assertion>/.exec(opened)![0]
        verifyByXmlsec1(assertion, certificate)
      })
    }

    it('verifies a signed Response around a signed assertion, and refuses an altered one', () => {
      const { xml } = makeResponse({ ...order, shape: { encrypt: false } })
      verifyByXmlsec1(xml, certificate)
      expect(() => verifyByXmlsec1(xml.replace('Зульфия', 'Зульфира'), certificate)).to.throw()
    })
  })
})
