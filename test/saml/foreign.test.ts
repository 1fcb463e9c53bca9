/** Foreign messages: made, signed and encrypted by xmlsec1. */
import { expect } from 'chai'
import { judgeResponse } from '../../src/saml/response.js'
import type { TrustedIdp } from '../../src/saml/trust.js'
import {
  ecPair,
  encrypt,
  needXmlsec1,
  OAEP,
  responseXml,
  RSA_SHA256,
  rsaPair,
  sign,
  withTemplate,
  type EncryptionKind,
  type KeyPair,
  type SignatureKind,
} from '../support/foreign.js'
import { asked, posted, serviceProvider, trustedIdp, WORDING } from '../support/judging.js'

const MORE = 'http://www.w3.org/2001/04/xmldsig-more#'
const XENC = 'http://www.w3.org/2001/04/xmlenc#'
const DS = 'http://www.w3.org/2000/09/xmldsig#'

describe('foreign messages by xmlsec1', () => {
  let rsa: KeyPair
  let other: KeyPair
  let ours: KeyPair

  before(function () {
    needXmlsec1(this)
    ;[rsa, other, ours] = [rsaPair(), rsaPair(), rsaPair()]
  })

  function verdict(xml: string, changes: Partial<TrustedIdp> = {}, signing: KeyPair[] = [rsa]): string {
    const result = judgeResponse(posted(xml), asked(trustedIdp(signing, changes), serviceProvider([other, ours])))
    return result.accepted ? 'accepted' : result.refusal.code
  }
  const signed = (what: 'Response' | 'Assertion', kind: SignatureKind = RSA_SHA256, key = rsa): string =>
    sign(withTemplate(responseXml(WORDING), what, kind), what, key.privateKey)

  it('signed assertion', () => {
    const result = judgeResponse(posted(signed('Assertion')), asked(trustedIdp([other, rsa]), serviceProvider([])))
    if (!result.accepted) throw result.refusal
    const { nameId, attributes, sessionIndex, idp } = result.assertion
    expect({ nameId, sessionIndex, idp }).to.deep.equal({
      nameId: { value: '_a1b2c3d4', format: 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient' },
      sessionIndex: '_session',
      idp: WORDING.idp,
    })
    expect(attributes.map(({ name, friendlyName, values }) => [name, friendlyName, values])).to.deep.equal([
      ['urn:esia:personSNILS', 'personSNILS', ['000-000-600 01']],
      ['urn:mace:dir:attribute:lastName', 'lastName', ["Ёжикова-Д'Артаньян & Ко"]],
    ])
  })

  it('signed response', () => {
    expect(verdict(signed('Response'))).to.equal('accepted')
  })

  it('both, and one bad of two refuses', () => {
    const inner = withTemplate(signed('Assertion'), 'Response', RSA_SHA256)
    expect(verdict(sign(inner, 'Response', rsa.privateKey))).to.equal('accepted')
    expect(verdict(sign(inner, 'Response', other.privateKey))).to.equal('saml.untrusted-key')
    const badInner = withTemplate(signed('Assertion', RSA_SHA256, other), 'Response', RSA_SHA256)
    expect(verdict(sign(badInner, 'Response', rsa.privateKey))).to.equal('saml.untrusted-key')
  })

  const kinds: readonly (readonly [string, Partial<SignatureKind>, () => KeyPair])[] = [
    ['rsa-sha384', { method: `${MORE}rsa-sha384`, digest: `${MORE}sha384` }, () => rsa],
    ['rsa-sha512', { method: `${MORE}rsa-sha512`, digest: `${XENC}sha512` }, () => rsa],
    ['ecdsa-sha256', { method: `${MORE}ecdsa-sha256` }, () => ecPair('prime256v1')],
    ['ecdsa-sha384', { method: `${MORE}ecdsa-sha384`, digest: `${MORE}sha384` }, () => ecPair('secp384r1')],
    ['no InclusiveNamespaces', { prefixes: '' }, () => rsa],
    ['#default among the prefixes', { prefixes: '#default xs saml2p' }, () => rsa],
    [
      'canonicalisation with comments',
      { canonicalization: 'http://www.w3.org/2001/10/xml-exc-c14n#WithComments' },
      () => rsa,
    ],
  ]
  for (const [title, kind, pair] of kinds) {
    it(`${title} is accepted`, () => {
      const key = pair()
      expect(verdict(signed('Assertion', { ...RSA_SHA256, ...kind }, key), {}, [other, key])).to.equal('accepted')
    })
  }

  it('rsa-sha1 only where the IdP may', () => {
    const xml = signed('Response', { ...RSA_SHA256, method: `${DS}rsa-sha1`, digest: `${DS}sha1` })
    expect(verdict(xml)).to.equal('saml.algorithm')
    expect(verdict(xml, { legacyAlgorithms: true })).to.equal('accepted')
  })

  it('1024 bits are too few', () => {
    const weak = rsaPair(1024)
    expect(verdict(signed('Response', RSA_SHA256, weak), {}, [weak])).to.equal('saml.weak-key')
  })

  const gcm: EncryptionKind = { data: 'aes256-gcm', transport: OAEP, beside: false }
  const oaep = (inside: string): string => OAEP.replace('/>', `>${inside}</xenc:EncryptionMethod>`)
  const encryptions: readonly (readonly [string, Partial<EncryptionKind>])[] = [
    ['aes256-gcm, rsa-oaep-mgf1p', {}],
    ['aes192-gcm', { data: 'aes192-gcm' }],
    ['aes128-gcm, key beside the data', { data: 'aes128-gcm', beside: true }],
    ['with a label', { transport: oaep('<xenc:OAEPparams>bGFiZWw=</xenc:OAEPparams>') }],
  ] // prettier-ignore
  for (const [title, kind] of encryptions) {
    it(`encrypted: ${title}`, () => {
      expect(verdict(encrypt(signed('Assertion'), ours.publicKey, { ...gcm, ...kind }))).to.equal('accepted')
    })
  }

  it('encrypted to somebody else', () => {
    expect(verdict(encrypt(signed('Assertion'), rsa.publicKey, gcm))).to.equal('saml.decryption')
  })

  it('an encrypted assertion that nobody signed', () => {
    expect(verdict(encrypt(responseXml(WORDING), ours.publicKey, gcm))).to.equal('saml.unsigned')
  })

  it('encrypted assertion in a signed response', () => {
    const inner = withTemplate(encrypt(responseXml(WORDING), ours.publicKey, gcm), 'Response', RSA_SHA256)
    expect(verdict(sign(inner, 'Response', rsa.privateKey))).to.equal('accepted')
  })

  it('as ESIA of the old days: aes128-cbc and rsa-sha1, signed twice', () => {
    const sha1 = { ...RSA_SHA256, method: `${DS}rsa-sha1`, digest: `${DS}sha1` }
    const inner = encrypt(signed('Assertion', sha1), ours.publicKey, { ...gcm, data: 'aes128-cbc' })
    const both = sign(withTemplate(inner, 'Response', sha1), 'Response', rsa.privateKey)
    const legacy = { legacyAlgorithms: true }
    expect(verdict(both, legacy)).to.equal('saml.algorithm')
    expect(verdict(both, { ...legacy, cbc: 'signed-response' })).to.equal('accepted')
    expect(verdict(inner, { ...legacy, cbc: 'signed-response' })).to.equal('saml.algorithm')
    expect(verdict(inner, { ...legacy, cbc: 'any' })).to.equal('accepted')
  })

  it('aes-cbc outside a signed response tells nothing about what came out', () => {
    const inner = encrypt(signed('Assertion', RSA_SHA256, other), ours.publicKey, { ...gcm, data: 'aes256-cbc' })
    expect(verdict(inner, { cbc: 'any' })).to.equal('saml.decryption')
  })
})
