/** What honest answers may look like, what the judge writes down of any, and what is read before it judges. */
import { expect } from 'chai'
import type { RefusalCode } from '../../src/base/refusals.js'
import { judgeResponse, examineResponse, peek } from '../../src/saml/response.js'
import { responseXml } from '../support/foreign.js'
import { ACS, IDP, NOW, posted, REQUEST, SP, WORDING } from '../support/judging.js'
import { codeOf, idp, inAssertion, plain, question, signedAssertion, signedResponse } from '../support/one-answer.js'
import { signXml } from '../support/signing.js'

const MINUTE = 60_000
const iso = (offset: number): string => new Date(NOW + offset).toISOString()

describe('judge: what honest answers may look like', () => {
  it('comments cut nothing out of a value', () => {
    const xml = inAssertion('000-000-600 01', '000-000<!-- -->-600 01')
    const verdict = judgeResponse(posted(xml), question())
    if (!verdict.accepted) throw verdict.refusal
    expect(verdict.assertion.attributes[0]!.values).to.deep.equal(['000-000-600 01'])
  })

  it('values of types that no schema knows, and none at all', () => {
    expect(codeOf(posted(inAssertion(/xsi:type="xs:string"/g, 'xsi:type="xs:whatever"')))).to.equal('accepted')
    expect(codeOf(posted(inAssertion(/ xsi:type="xs:string"/g, '')))).to.equal('accepted')
  })

  it('a second confirmation that is not ours', () => {
    const extra =
      '<saml2:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"/><saml2:SubjectConfirmation '
    expect(codeOf(posted(inAssertion('<saml2:SubjectConfirmation ', extra)))).to.equal('accepted')
  })

  it('the replay record outlives every confirmation', () => {
    const later = `<saml2:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml2:SubjectConfirmationData NotOnOrAfter="${iso(3_600_000)}"/></saml2:SubjectConfirmation></saml2:Subject>`
    const verdict = judgeResponse(posted(inAssertion('</saml2:Subject>', later)), question())
    if (!verdict.accepted) throw verdict.refusal
    expect(verdict.assertion.rememberUntil).to.equal(NOW + 3_600_000 + 180_000 + MINUTE)
  })

  it('every edge of time, to the millisecond', () => {
    const end = NOW + 300_000 + 180_000
    const at = (now: number): RefusalCode | 'accepted' => codeOf(posted(signedAssertion), { now })
    expect([at(end - 1), at(end)]).to.deep.equal(['accepted', 'saml.expired'])
    const start = NOW - 1_000 - 180_000
    expect([at(start), at(start - 1)]).to.deep.equal(['accepted', 'saml.not-yet-valid'])
  })

  it('an answer that nobody asked for names no request', () => {
    const unasked = signXml(responseXml({ ...WORDING, inResponseTo: undefined }), 'Response', idp.privateKey)
    expect(codeOf(posted(unasked), { request: 'unsolicited' })).to.equal('accepted')
    expect(codeOf(posted(unasked))).to.equal('saml.in-response-to')
    expect(codeOf(posted(signedResponse), { request: 'unsolicited' })).to.equal('saml.in-response-to')
  })
})

describe('judge: what it writes down', () => {
  const every = (xml: string) => judgeResponse(posted(xml), question()).checks

  it('every check, in order, the replay left to the store', () => {
    const checks = every(signedAssertion)
    expect(checks.filter(({ result }) => result === 'fail')).to.deep.equal([])
    expect(checks.at(-1)).to.include({ check: 'replay', result: 'not-checked' })
    expect(checks.find(({ check }) => check === 'audience')).to.deep.equal({
      check: 'audience',
      result: 'pass',
      expected: SP,
      found: SP,
    })
    expect(checks).to.have.length(33)
  })

  it('stops at a bad signature and says of the rest that it was not checked', () => {
    const checks = every(signedAssertion.replace('600 01', '600 03'))
    const failed = checks.findIndex(({ result }) => result === 'fail')
    expect(checks[failed]!.check).to.equal('assertion-signature')
    expect(checks.slice(failed + 1).every(({ result }) => result === 'not-checked')).to.equal(true)
  })

  it('asks everything about the content, whatever failed first', () => {
    const xml = inAssertion(new RegExp(`${SP}|${ACS}`, 'g'), 'https://evil.example')
    expect(
      every(xml)
        .filter(({ result }) => result === 'fail')
        .map(({ check }) => check),
    ).to.deep.equal(['recipient', 'audience'])
  })

  it('repeats no text that is neither address nor identifier', () => {
    const verdict = judgeResponse(posted(signedAssertion.replace(`>${IDP}<`, '>Иванов Иван<')), question())
    expect(JSON.stringify(verdict)).not.to.contain('Иванов')
  })

  it('says what the IdP declined with, in names of the specification only', () => {
    const xml = plain.replace(
      '<saml2p:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/>',
      '<saml2p:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Responder"><saml2p:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:AuthnFailed"/></saml2p:StatusCode><saml2p:StatusMessage>Иванов</saml2p:StatusMessage>',
    )
    const verdict = judgeResponse(posted(xml.replace(/<saml2:Assertion[\s\S]*<\/saml2:Assertion>/, '')), question())
    expect(verdict.accepted ? undefined : verdict.refusal.facts).to.deep.equal({
      status: 'urn:oasis:names:tc:SAML:2.0:status:Responder',
      detail: 'urn:oasis:names:tc:SAML:2.0:status:AuthnFailed',
    })
    const odd = judgeResponse(
      posted(plain.replace('urn:oasis:names:tc:SAML:2.0:status:Success', 'urn:x:Иванов')),
      question(),
    )
    expect(odd.accepted ? undefined : odd.refusal.facts).to.deep.equal({ status: 'other' })
  })
})

describe('examine and peek', () => {
  const unknown = () => ({ ...question(), request: 'unknown' as const })

  it('reads XML and base64 alike, and leaves the request open', () => {
    for (const message of [
      signedAssertion,
      `\n${signedAssertion}`,
      Buffer.from(signedAssertion),
      `${posted(signedAssertion)}\n`,
    ]) {
      const { refusal, content, checks } = examineResponse(message, unknown())
      expect(refusal).to.equal(undefined)
      expect(content?.id).to.equal('_assertion')
      expect(checks.find(({ check }) => check === 'in-response-to')?.result).to.equal('not-checked')
    }
  })

  it('tells what a refused assertion says, but only if it was signed', () => {
    const late = examineResponse(signedAssertion, { ...unknown(), now: NOW + 3_600_000 })
    expect([late.refusal?.code, late.content?.id]).to.deep.equal(['saml.expired', '_assertion'])
    expect(examineResponse(plain, unknown()).content).to.equal(undefined)
  })

  it('peeks without believing', () => {
    expect(peek(posted(plain))).to.deep.equal({ issuer: IDP, inResponseTo: REQUEST, id: '_response', isResponse: true })
    expect(() => peek('!')).to.throw('saml.not-base64')
  })
})
