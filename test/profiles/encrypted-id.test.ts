/** EncryptedID in the Subject of an assertion (saml-core 2.2.4): opened like an assertion, with all our keys. */
import { expect } from 'chai'
import { openEncryptedId } from '../../src/saml/encrypted.js'
import { readXml } from '../../src/saml/reader.js'
import { judgeResponse, type Verdict } from '../../src/saml/response.js'
import type { TrustedIdp } from '../../src/saml/trust.js'
import { rsaPair, type KeyPair } from '../support/foreign.js'
import { asked, posted, serviceProvider, trustedIdp } from '../support/judging.js'
import { assertion, MODERN, response, SAML, sealed, signed, type Sealing } from '../support/plain-writer.js'

const NAME = `<saml:NameID ${SAML} Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent" NameQualifier="https://idp.example/idp/shibboleth" SPNameQualifier="https://vhod.school.example/saml/metadata">p-<!-- -->123</saml:NameID>`

describe('EncryptedID', () => {
  let idp: KeyPair
  let next: KeyPair
  let current: KeyPair

  before(() => {
    ;[idp, next, current] = [rsaPair(), rsaPair(), rsaPair()]
  })

  const encrypted = (text = NAME, form: Partial<Sealing> = {}): string =>
    sealed(text, { ...MODERN, recipients: [current.publicKey], ...form }, 'EncryptedID')

  function judge(name: string, changes: Partial<TrustedIdp> = {}): Verdict {
    const inner = signed(assertion({ name }), { privateKey: idp.privateKey, method: 'rsa-sha256' })
    const question = asked(trustedIdp([idp], changes), serviceProvider([next, current]))
    return judgeResponse(posted(response(inner)), question)
  }
  const alone = (name: string) => readXml(name.replace('<saml:EncryptedID', `$& ${SAML}`)).root
  const outcome = (verdict: Verdict) =>
    verdict.accepted ? verdict.assertion.nameId : [verdict.refusal.code, verdict.refusal.facts]
  const person = {
    value: 'p-123',
    format: 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent',
    nameQualifier: 'https://idp.example/idp/shibboleth',
    spNameQualifier: 'https://vhod.school.example/saml/metadata',
  }

  it('IIP-SP16 an EncryptedID is opened by whichever of two keys fits', () => {
    expect(outcome(judge(encrypted()))).to.deep.equal(person)
    const element = alone(encrypted())
    expect(openEncryptedId(element, { cbc: 'never' }, serviceProvider([current, next]), true)).to.deep.equal(person)
  })

  it('the key beside the data, and the prefixes of the document around it', () => {
    expect(outcome(judge(encrypted(NAME.replace(` ${SAML}`, ''), { place: 'beside' })))).to.deep.equal(person)
  })

  it('every failure inside is told in the same words', () => {
    const rows: readonly (readonly [string, string])[] = [
      ['for somebody else', encrypted(NAME, { recipients: [idp.publicKey] })],
      ['not XML', encrypted('p-123')],
      ['another element', encrypted(`<saml:BaseID ${SAML}/>`)],
      ['an assertion', encrypted(assertion())],
      ['two names', encrypted(NAME + NAME)],
      ['a document type', encrypted(`<!DOCTYPE x>${NAME}`)],
      ['what no schema knows', encrypted(NAME.replace('p-<', '<saml:Audience/><'))],
    ]
    for (const [title, name] of rows) expect(outcome(judge(name)), title).to.deep.equal(['saml.decryption', {}])
  })

  it('aes-cbc by the setting, as for assertions', () => {
    const cbc = encrypted(NAME, { data: 'aes128-cbc' })
    expect(outcome(judge(cbc))).to.deep.include('saml.algorithm')
    expect(outcome(judge(cbc, { cbc: 'signed-response' }))).to.deep.equal(person)
    const element = alone(cbc)
    expect(() => openEncryptedId(element, { cbc: 'signed-response' }, serviceProvider([current]), false)).to.throw(
      'saml.algorithm',
    )
  })
})
