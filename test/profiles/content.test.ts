/** What honest answers may hold, and that each piece of it is taken whole, left alone or properly refused (IIP 2 to 4). */
import { expect } from 'chai'
import { readPerson } from '../../src/identity/person.js'
import { judgeResponse } from '../../src/saml/response.js'
import type { judge } from '../support/content.js'
import { idp, outcome, read, values } from '../support/content.js'
import { asked, NOW, posted, serviceProvider, SP, trustedIdp } from '../support/judging.js'
import {
  assertion,
  attribute,
  authnStatement,
  confirmation,
  MODERN,
  response,
  restriction,
  sealed,
  signed,
  SNILS,
  type Parts,
} from '../support/plain-writer.js'

const PERSISTENT = 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent'
const USER_ID = attribute('urn:mace:dir:attribute:userId', '1000299654')
const WHO = attribute('urn:esia:personSNILS', SNILS) + USER_ID

describe('profiles: content', () => {
  it('IIP-G01 three minutes of skew either way, to the millisecond', () => {
    const now = (ms: number): string => outcome({ statement: authnStatement() }, { asked: { now: NOW + ms } })
    const [start, end, skew] = [-1_000, 300_000, 180_000]
    expect([now(end + skew - 1), now(end + skew)]).to.deep.equal(['accepted', 'saml.expired'])
    expect([now(start - skew), now(start - skew - 1)]).to.deep.equal(['accepted', 'saml.not-yet-valid'])
  })

  it('IIP-G02 strings of 256 signs and more are read whole, in any alphabet', () => {
    for (const sign of ['a', 'Ё', '𝔄', ' ']) {
      const long = sign.repeat(256)
      const { nameId, attributes, sessionIndex } = read({
        name: `<saml:NameID>${long}</saml:NameID>`,
        attributes: attribute(`n${long}`, long, `${long}!`),
        statement: authnStatement().replace('_session', long),
      })
      expect([nameId?.value, sessionIndex, attributes[0]!.name, attributes[0]!.values]).to.deep.equal([
        long, long, `n${long}`, [long, `${long}!`],
      ]) // prettier-ignore
    }
  })

  it('IIP-G03 a document type is refused wherever it stands', () => {
    expect(outcome({}, { touch: xml => `<!DOCTYPE x>${xml}` })).to.equal('saml.doctype')
    expect(outcome({}, { touch: xml => `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e "x">]>${xml}` })).to.equal(
      'saml.doctype',
    )
  })

  it('IIP-SSO03 SDP-SP11 an answer of error is read and told, signed or not', () => {
    const declined = response('').replace(
      '<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"></samlp:StatusCode>',
      '<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Responder"><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:NoAuthnContext"></samlp:StatusCode></samlp:StatusCode>',
    )
    const strict = trustedIdp([idp], { requireSignedResponse: true })
    for (const xml of [declined, signed(declined, { privateKey: idp.privateKey, method: 'rsa-sha256' })]) {
      const verdict = judgeResponse(posted(xml), asked(strict, serviceProvider([])))
      expect(verdict.accepted || [verdict.refusal.code, verdict.refusal.facts['detail']]).to.deep.equal([
        'idp.no-authn-context', 'urn:oasis:names:tc:SAML:2.0:status:NoAuthnContext',
      ]) // prettier-ignore
    }
  })

  it('IIP-SSO05 transient and persistent names alike', () => {
    const qualified = `<saml:NameID Format="${PERSISTENT}" NameQualifier="a" SPNameQualifier="b" SPProvidedID="c">p</saml:NameID>`
    expect(read({ name: qualified }).nameId).to.deep.equal({
      value: 'p', format: PERSISTENT, nameQualifier: 'a', spNameQualifier: 'b', spProvidedId: 'c',
    }) // prettier-ignore
    expect(read({}).nameId?.format).to.match(/transient$/)
  })

  it('SDP-SP13 no name at all', () => {
    expect(read({ name: '' }).nameId).to.equal(undefined)
  })

  it('IIP-SP12 the name is never who somebody is: one name, two people; two names, one person', () => {
    const person = (name: string, id: string) =>
      readPerson(
        read({
          name: `<saml:NameID Format="${PERSISTENT}">${name}</saml:NameID>`,
          attributes: attribute('urn:esia:personSNILS', SNILS) + attribute('urn:mace:dir:attribute:userId', id),
        }),
      )
    expect(person('same', '1').userId).not.to.equal(person('same', '2').userId)
    expect({ ...person('one', '1'), nameId: undefined }).to.deep.equal({ ...person('two', '1'), nameId: undefined })
  })

  it('IIP-SP01 any Name and NameFormat', () => {
    const odd = ['x', 'urn:a:b', 'https://a.example/b?c=d#e', 'Фамилия', 'a b']
    const formats = ['', ' NameFormat="urn:oasis:names:tc:SAML:2.0:attrname-format:basic"', ' NameFormat="urn:x:other"']
    const attributes = odd
      .flatMap(name => formats.map(format => attribute(name, 'v').replace('">', `"${format}>`)))
      .join('')
    expect(read({ attributes }).attributes.map(({ name }) => name)).to.deep.equal(
      odd.flatMap(name => formats.map(() => name)),
    )
  })

  it('IIP-SP02 values of plain text, without xsi:type; none, empty and many', () => {
    const attributes =
      attribute('a', 'text') + attribute('none') + attribute('empty', '') + attribute('many', '1', '2', '2')
    expect(values({ attributes })).to.deep.equal([['text'], [], [''], ['1', '2', '2']])
  })

  it('SDP-SP19 several mail addresses are no mistake', () => {
    const attributes = WHO + attribute('urn:esia:personEMail', 'a@b.example', 'c@d.example')
    expect(readPerson(read({ attributes })).email).to.equal('a@b.example')
  })

  it('IIP-SP10 200 attributes that nobody knows change nothing', () => {
    const unknown = Array.from({ length: 200 }, (_, i) => attribute(`urn:x:${i}`, `v${i}`)).join('')
    const without = readPerson(read({ attributes: WHO }))
    expect(readPerson(read({ attributes: unknown + WHO + unknown }))).to.deep.equal(without)
  })

  it('IIP-SP11 FriendlyName is decoration: nobody is anybody by it', () => {
    const friendly = attribute('urn:x:1', SNILS).replace(' Name', ' FriendlyName="personSNILS" Name')
    expect(readPerson(read({ attributes: friendly + USER_ID })).snils).to.equal(undefined)
  })

  it('IIP-SP13 an unsigned Response is refused where the settings say so', () => {
    const xml = response(signed(assertion(), { privateKey: idp.privateKey, method: 'rsa-sha256' }))
    const code = (requireSignedResponse: boolean): string => {
      const verdict = judgeResponse(
        posted(xml),
        asked(trustedIdp([idp], { requireSignedResponse }), serviceProvider([])),
      )
      return verdict.accepted ? 'accepted' : verdict.refusal.code
    }
    expect([code(true), code(false)]).to.deep.equal(['saml.unsigned', 'accepted'])
    expect(outcome({}, { idp: { requireSignedResponse: true } })).to.equal('accepted')
  })

  it('IIP-EXT01 extensions of anybody survive: elements, attributes, decorations of every kind', () => {
    const foreign = '<x:Anything xmlns:x="urn:x" a="1">text<x:Deep></x:Deep></x:Anything>'
    const rows: readonly (readonly [string, Parameters<typeof judge>])[] = [
      ['Extensions of the Response', [{}, { around: { extensions: `<samlp:Extensions>${foreign}</samlp:Extensions>` } }]],
      ['Advice', [{ advice: `<saml:Advice>${foreign}</saml:Advice>` }]],
      ['a foreign attribute of an Attribute', [{ attributes: `<saml:Attribute xmlns:x="urn:x" Name="urn:esia:personSNILS" x:source="db"><saml:AttributeValue>${SNILS}</saml:AttributeValue></saml:Attribute>` }]],
      ['a foreign element in a value', [{ attributes: attribute('urn:esia:personSNILS', SNILS) + attribute('a', foreign) }]],
      ['a foreign element in the confirmation', [{ confirmations: confirmation().replace('></saml:SubjectConfirmationData>', `>${foreign}</saml:SubjectConfirmationData>`) }]],
    ] // prettier-ignore
    for (const [title, row] of rows) expect(values(...row)[0], title).to.deep.equal([SNILS])
  })

  it('IIP-SSO07 what is optional is read or left alone; a condition that nobody knows refuses', () => {
    const decision = `<saml:AuthzDecisionStatement Decision="Permit" Resource="urn:x"><saml:Action Namespace="urn:x">r</saml:Action></saml:AuthzDecisionStatement>`
    const rows: readonly Partial<Parts>[] = [
      { conditions: `${restriction(SP)}<saml:OneTimeUse></saml:OneTimeUse><saml:ProxyRestriction Count="0"></saml:ProxyRestriction>` },
      { statement: authnStatement().replace('<saml:AuthnContext>', '<saml:SubjectLocality Address="192.0.2.1"></saml:SubjectLocality><saml:AuthnContext>') },
      { statement: authnStatement() + authnStatement() },
      { statement: authnStatement() + decision },
      { statement: authnStatement().replace('</saml:AuthnContextClassRef>', '</saml:AuthnContextClassRef><saml:AuthenticatingAuthority>urn:x</saml:AuthenticatingAuthority>') },
    ] // prettier-ignore
    for (const parts of rows) expect(outcome(parts), JSON.stringify(parts)).to.equal('accepted')
    const secret = sealed(
      attribute('urn:x:secret', 'v'),
      { ...MODERN, recipients: [idp.publicKey] },
      'EncryptedAttribute',
    )
    expect(values({ attributes: attribute('urn:esia:personSNILS', SNILS) + secret }), 'what it holds is missing').to.deep.equal([[SNILS]]) // prettier-ignore
    const strange = `${restriction(SP)}<saml:Condition xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="saml:OneTimeUseType"></saml:Condition>`
    expect(outcome({ conditions: strange })).to.equal('saml.condition')
  })
})
