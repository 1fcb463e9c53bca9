/** To whom, until when and under which names an answer may come: what holds, and what is only told apart by writing. */
import { expect } from 'chai'
import { examineResponse, judgeResponse } from '../../src/saml/response.js'
import { idp, judge, outcome, read } from '../support/content.js'
import { ACS, asked, posted, serviceProvider, SP, trustedIdp } from '../support/judging.js'
import {
  assertion,
  at,
  attribute,
  authnStatement,
  confirmation,
  response,
  restriction,
  signed,
  SNILS,
} from '../support/plain-writer.js'

describe('profiles: conditions and spelling', () => {
  it('several confirmations, of which one holds, wherever it stands; none of several', () => {
    const wrong = [
      confirmation({ Recipient: 'https://other.example/acs' }),
      confirmation({ InResponseTo: '_another' }),
      confirmation({ NotOnOrAfter: at(-600) }),
      confirmation({ NotBefore: at(-60) }),
      confirmation().replace('cm:bearer', 'cm:sender-vouches'),
    ]
    for (let place = 0; place <= wrong.length; place++)
      expect(
        outcome({ confirmations: [...wrong.slice(0, place), confirmation(), ...wrong.slice(place)].join('') }),
      ).to.equal('accepted')
    expect(outcome({ confirmations: wrong.join('') })).to.equal('saml.recipient')
    // one right piece from each is no whole
    expect(outcome({ confirmations: wrong[0]! + wrong[1]! })).to.equal('saml.recipient')
  })

  it('restrictions are ANDed, their audiences ORed', () => {
    const code = (...conditions: string[]): string => outcome({ conditions: conditions.join('') })
    expect(code(restriction('urn:x', SP, 'urn:y'), restriction(SP))).to.equal('accepted')
    expect(code(restriction('urn:x', SP), restriction('urn:y'))).to.equal('saml.audience')
    expect(code(restriction('urn:x'), restriction('urn:y'))).to.equal('saml.audience')
  })

  it('Audience is an anyURI: white space of XML around it is no part of it, everything else is', () => {
    const code = (audience: string): string => outcome({ conditions: restriction(audience) })
    expect(code(`\n   ${SP}\t`)).to.equal('accepted')
    const others = [
      `${SP}/`,
      SP.toUpperCase(),
      SP.replace('metadata', 'm%65tadata'),
      `${SP}?`,
      SP.slice(0, -1),
      `${SP}\u2003`,
    ]
    for (const other of others) expect(code(other), other).to.equal('saml.audience')
    expect(code(`\u00a0${SP}`), 'a space that the schema takes for no anyURI').to.equal('saml.schema')
  })

  it('SDP-SP06 Recipient and Destination are our address, octet for octet', () => {
    const sentTo = (to: string): string => {
      const text = response(assertion()).replace(`Destination="${ACS}"`, `Destination="${to}"`)
      const xml = signed(text, { privateKey: idp.privateKey, method: 'rsa-sha256' })
      const verdict = judgeResponse(posted(xml), asked(trustedIdp([idp]), serviceProvider([])))
      return verdict.accepted ? 'accepted' : verdict.refusal.code
    }
    expect(sentTo(ACS)).to.equal('accepted')
    const others = [`${ACS} `, `${ACS}/`, `${ACS}?`, ACS.replace('https', 'HTTPS'), ACS.replace('/saml', ':443/saml')]
    for (const other of others) {
      expect(outcome({ confirmations: confirmation({ Recipient: other }) }), other).to.equal('saml.recipient')
      expect(sentTo(other), other).to.equal('saml.destination')
    }
  })

  it('a session that is over at the IdP opens none of ours, and gets no skew: it could only end at once', () => {
    const code = (seconds: number): string =>
      outcome({ statement: authnStatement(` SessionNotOnOrAfter="${at(seconds)}"`) })
    expect([code(1), code(0), code(-60), code(-3600)]).to.deep.equal([
      'accepted',
      'saml.session-over',
      'saml.session-over',
      'saml.session-over',
    ])
  })

  it('Address is a signal in the checks and stops nobody; no address is repeated', () => {
    const check = (Address: string | undefined, address?: string) => {
      const { checks, accepted } = judge(
        { confirmations: confirmation({ Address }) },
        { asked: address === undefined ? {} : { address } },
      )
      expect(accepted).to.equal(true)
      expect(JSON.stringify(checks)).not.to.match(/192\.0\.2/)
      const found = checks.find(each => each.check === 'address')!
      return [found.result, found.why]
    }
    expect(check('192.0.2.1', '192.0.2.1')).to.deep.equal(['pass', undefined])
    expect(check('192.0.2.1', '192.0.2.2')[1]).to.match(/another address/)
    expect(check(undefined, '192.0.2.2')[1]).to.equal('no Address')
    expect(check('192.0.2.1')[1]).to.equal('no browser to compare with')
  })

  it('comments and CDATA cut nothing out of any value', () => {
    const cut = { name: '<saml:NameID>abc</saml:NameID>', attributes: attribute('urn:esia:personSNILS', SNILS) }
    for (const insert of ['<!---->', '<!-- a -->', '<![CDATA[]]>']) {
      const touch = (xml: string): string =>
        xml
          .replace('>abc<', `>a${insert}bc<`)
          .replace(SNILS, SNILS.replace('-', `${insert}-`))
          .replace(`>${SP}<`, `>${SP.slice(0, 9)}${insert}${SP.slice(9)}<`)
      const { nameId, attributes } = read(cut, { touch })
      expect([nameId?.value, attributes[0]!.values]).to.deep.equal(['abc', [SNILS]])
    }
    const whole = read(cut, { touch: xml => xml.replace('>abc<', '><![CDATA[abc]]><') })
    expect(whole.nameId?.value).to.equal('abc')
  })

  it('any prefixes, and none', () => {
    const key = { privateKey: idp.privateKey, method: 'rsa-sha256' }
    const renamed = (xml: string, from: string, to: string): string => {
      const colon = to === '' ? '' : ':'
      return xml
        .replaceAll(`xmlns:${from}=`, `xmlns${colon}${to}=`)
        .replaceAll(`<${from}:`, `<${to}${colon}`)
        .replaceAll(`</${from}:`, `</${to}${colon}`)
    }
    const accepts = (xml: string): boolean =>
      judgeResponse(posted(xml), asked(trustedIdp([idp]), serviceProvider([]))).accepted
    for (const prefix of ['saml2', 'a', 'Ё', '_', 'x.y-z', ''])
      expect(accepts(response(signed(renamed(assertion(), 'saml', prefix), key))), prefix).to.equal(true)
    for (const prefix of ['p', 'Ы', ''])
      expect(accepts(signed(renamed(response(signed(assertion(), key)), 'samlp', prefix), key)), prefix).to.equal(true)
  })

  it('examined by the command line, the same is read', () => {
    const xml = signed(response(assertion()), { privateKey: idp.privateKey, method: 'rsa-sha256' })
    const question = { ...asked(trustedIdp([idp]), serviceProvider([])), request: 'unknown' as const }
    expect(examineResponse(xml, question).content).to.deep.equal(read({}))
  })
})
