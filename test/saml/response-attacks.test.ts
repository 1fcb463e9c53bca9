/** What the judge refuses, and why. Each row spoils one thing in an answer that is otherwise accepted. */
import { expect } from 'chai'
import type { RefusalCode } from '../../src/base/refusals.js'
import { judgeResponse, type Asked } from '../../src/saml/response.js'
import { rsaPair } from '../support/foreign.js'
import { ACS, IDP, NOW, posted, REQUEST, SP } from '../support/judging.js'
import {
  assertionOf,
  codeOf,
  idp,
  inAssertion,
  inResponse,
  plain,
  question,
  signedAssertion,
  signedResponse,
} from '../support/one-answer.js'
import { signXml } from '../support/signing.js'

const MINUTE = 60_000
const iso = (offset: number): string => new Date(NOW + offset).toISOString()

const stranger = rsaPair()

type Row = readonly [attack: string, spoil: () => string, refused: RefusalCode, changes?: Partial<Asked>]

/** The signature of the Assertion as text. */
const signatureOf = (xml: string): string => /<ds:Signature [\s\S]*?<\/ds:Signature>/.exec(xml)![0]
const evil = (assertion: string): string =>
  assertion
    .replace('000-000-600 01', '000-000-600 03')
    .replace('ID="_assertion"', 'ID="_evil"')
    .replace(/<ds:Signature [\s\S]*<\/ds:Signature>/, '')

/** Spoilt after signing. */
const afterwards: readonly Row[] = [
  ['signature removed', () => plain, 'saml.unsigned'],
  ['signed by a stranger', () => signXml(plain, 'Assertion', stranger.privateKey), 'saml.untrusted-key'],
  ['attribute changed', () => signedAssertion.replace('000-000-600 01', '000-000-600 03'), 'saml.altered'],
  ['attribute changed in a signed response', () => signedResponse.replace('000-000-600 01', '000-000-600 03'), 'saml.altered'],
  ['element added', () => signedAssertion.replace('<saml2:AttributeStatement>', '<saml2:AttributeStatement><saml2:Attribute Name="x"/>'), 'saml.altered'],
  ['digest of another content', () => signedAssertion.replace(/<ds:DigestValue>./, '<ds:DigestValue>A'), 'saml.untrusted-key'],
  ['signature value of another', () => signedAssertion.replace(/<ds:SignatureValue>[^<]*/, signedResponse.match(/<ds:SignatureValue>[^<]*/)![0]), 'saml.untrusted-key'],
  ['second assertion beside ours', () => signedAssertion.replace('<saml2:Assertion', () => `${evil(assertionOf(signedAssertion))}<saml2:Assertion`), 'saml.assertion-count'],
  ['second assertion behind ours', () => signedAssertion.replace('</saml2p:Response>', () => `${evil(assertionOf(signedAssertion))}</saml2p:Response>`), 'saml.assertion-count'],
  ['the signed assertion moved into Extensions', () => signedAssertion.replace(assertionOf(signedAssertion), () => evil(assertionOf(signedAssertion))).replace('<saml2p:Status>', () => `<saml2p:Extensions>${assertionOf(signedAssertion)}</saml2p:Extensions><saml2p:Status>`), 'saml.assertion-count'],
  ['the signed assertion moved into ds:Object', () => wrappedInObject(), 'saml.assertion-count'],
  ['the signed assertion moved into Advice', () => wrappedInAdvice(), 'saml.assertion-count'],
  ['Reference to another element', () => signedAssertion.replace('URI="#_assertion"', 'URI="#_response"'), 'saml.wrapped'],
  ['ID changed under the signature', () => signedAssertion.replace('ID="_assertion"', 'ID="_other"'), 'saml.wrapped'],
  ['Reference to the whole document', () => signedResponse.replace('URI="#_response"', 'URI=""'), 'saml.signature-form'],
  ['Reference without URI', () => signedAssertion.replace(' URI="#_assertion"', ''), 'saml.signature-form'],
  ['Reference by XPointer', () => signedAssertion.replace('URI="#_assertion"', `URI="#xpointer(id('_assertion'))"`), 'saml.wrapped'],
  ['two References', () => signedAssertion.replace(/<ds:Reference [\s\S]*<\/ds:Reference>/, twice => twice + twice), 'saml.signature-form'],
  ['two SignedInfo', () => signedAssertion.replace(/<ds:SignedInfo>[\s\S]*<\/ds:SignedInfo>/, twice => twice + twice), 'saml.schema'],
  ['two signatures', () => signedAssertion.replace(signatureOf(signedAssertion), twice => twice + twice), 'saml.schema'],
  ['ds:Object in the signature', () => signedAssertion.replace('</ds:Signature>', '<ds:Object/></ds:Signature>'), 'saml.signature-form'],
  ['ds:Object behind KeyInfo', () => signedAssertion.replace('</ds:Signature>', '<ds:KeyInfo><ds:KeyName>x</ds:KeyName></ds:KeyInfo><ds:Object/></ds:Signature>'), 'saml.signature-form'],
  ['signature of the assertion in the status detail', () => signedAssertion.replace('</saml2p:Status>', () => `<saml2p:StatusDetail>${signatureOf(signedAssertion)}</saml2p:StatusDetail></saml2p:Status>`), 'saml.signature-form'],
  ['comment in DigestValue', () => signedAssertion.replace('<ds:DigestValue>', '<ds:DigestValue><!-- -->'), 'saml.signature-form'],
  ['comment in SignatureValue', () => signedAssertion.replace('<ds:SignatureValue>', '<ds:SignatureValue><!-- -->'), 'saml.signature-form'],
  ['hmac with the public key', () => signedAssertion.replace('http://www.w3.org/2001/04/xmldsig-more#rsa-sha256', 'http://www.w3.org/2000/09/xmldsig#hmac-sha1'), 'saml.algorithm'],
  ['rsa-sha1', () => signedAssertion.replace('http://www.w3.org/2001/04/xmldsig-more#rsa-sha256', 'http://www.w3.org/2000/09/xmldsig#rsa-sha1'), 'saml.algorithm'],
  ['digest sha1', () => signedAssertion.replace('http://www.w3.org/2001/04/xmlenc#sha256', 'http://www.w3.org/2000/09/xmldsig#sha1'), 'saml.algorithm'],
  ['inclusive canonicalisation', () => signedAssertion.replace('http://www.w3.org/2001/10/xml-exc-c14n#', 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315'), 'saml.algorithm'],
  ['XSLT transform', () => signedAssertion.replace('http://www.w3.org/2000/09/xmldsig#enveloped-signature', 'http://www.w3.org/TR/1999/REC-xslt-19991116'), 'saml.algorithm'],
  ['third transform', () => signedAssertion.replace('</ds:Transforms>', '<ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/></ds:Transforms>'), 'saml.signature-form'],
  ['HMACOutputLength', () => signedAssertion.replace(/(<ds:SignatureMethod [^>]*)\/>/, '$1><ds:HMACOutputLength>0</ds:HMACOutputLength></ds:SignatureMethod>'), 'saml.signature-form'],
  ['ID twice', () => signedAssertion.replace('ID="_response"', 'ID="_assertion"'), 'saml.duplicate-id'],
  ['document type', () => `<!DOCTYPE x>${signedAssertion}`, 'saml.doctype'],
  ['processing instruction', () => `${signedAssertion}<?x?>`, 'saml.processing-instruction'],
  ['declared as Latin 1', () => `<?xml version="1.0" encoding="iso-8859-1"?>${signedAssertion}`, 'saml.declaration'],
  ['not XML', () => 'hello', 'saml.not-xml'],
  ['an unknown element', () => signedAssertion.replace('<saml2p:Status>', '<saml2p:Statuses/><saml2p:Status>'), 'saml.schema'],
  ['an AuthnRequest', () => `<p:AuthnRequest xmlns:p="urn:oasis:names:tc:SAML:2.0:protocol" ID="_a" Version="2.0" IssueInstant="${iso(0)}"/>`, 'saml.not-response'],
  ['a bare assertion', () => assertionOf(signedAssertion), 'saml.not-response'],
  ['response of another IdP', () => signedAssertion.replace(`>${IDP}<`, '>https://other.example<'), 'saml.wrong-issuer'],
  ['signed response without issuer', () => signedResponse.replace(/<saml2:Issuer [^>]*>[^<]*<\/saml2:Issuer>/, ''), 'saml.wrong-issuer'],
  ['error status', () => plain.replace('status:Success', 'status:Responder'), 'idp.declined'],
  ['cut off', () => signedAssertion.slice(0, -20), 'saml.not-xml'],
] // prettier-ignore

function wrappedInObject(): string {
  const original = assertionOf(signedAssertion)
  const inside = signatureOf(signedAssertion).replace(
    '</ds:Signature>',
    () => `<ds:Object>${original.replace(signatureOf(original), '')}</ds:Object></ds:Signature>`,
  )
  return signedAssertion.replace(original, () =>
    evil(original).replace('</saml2:Issuer>', () => `</saml2:Issuer>${inside}`),
  )
}

function wrappedInAdvice(): string {
  const original = assertionOf(signedAssertion)
  return signedAssertion.replace(original, () =>
    evil(original).replace('</saml2:Conditions>', () => `</saml2:Conditions><saml2:Advice>${original}</saml2:Advice>`),
  )
}

/** Said so by the IdP itself: spoilt before signing. */
const signedLies: readonly Row[] = [
  ['an assertion in Advice, all of it signed', () => inAssertion('</saml2:Conditions>', `</saml2:Conditions><saml2:Advice>${evil(assertionOf(plain))}</saml2:Advice>`), 'saml.assertion-count'],
  ['version of the response', () => inResponse('Version="2.0"', 'Version="2.1"'), 'saml.version'],
  ['version of the assertion', () => inAssertion('Version="2.0"', 'Version="1.1"'), 'saml.version'],
  ['assertion of another issuer', () => inAssertion(`>${IDP}<`, '>https://other.example<'), 'saml.wrong-issuer'],
  ['issuer of another format', () => inAssertion('nameid-format:entity', 'nameid-format:persistent'), 'saml.wrong-issuer'],
  ['another destination', () => inResponse(`Destination="${ACS}"`, 'Destination="https://evil.example/acs"'), 'saml.destination'],
  ['destination in another case', () => inResponse(`Destination="${ACS}"`, `Destination="${ACS.toUpperCase()}"`), 'saml.destination'],
  ['signed response without destination', () => inResponse(` Destination="${ACS}"`, ''), 'saml.destination'],
  ['another destination, response unsigned', () => signedAssertion.replace(`Destination="${ACS}"`, 'Destination="https://evil.example/acs"'), 'saml.destination'],
  ['another recipient', () => inAssertion(`Recipient="${ACS}"`, 'Recipient="https://evil.example/acs"'), 'saml.recipient'],
  ['recipient with a port', () => inAssertion(`Recipient="${ACS}"`, `Recipient="${ACS.replace('.example', '.example:443')}"`), 'saml.recipient'],
  ['no recipient', () => inAssertion(` Recipient="${ACS}"`, ''), 'saml.recipient'],
  ['answers another request', () => inAssertion(`InResponseTo="${REQUEST}"`, 'InResponseTo="_other"'), 'saml.in-response-to'],
  ['confirmation answers nobody', () => inAssertion(` InResponseTo="${REQUEST}"`, ''), 'saml.in-response-to'],
  ['response answers another request', () => inResponse(`InResponseTo="${REQUEST}"`, 'InResponseTo="_other"'), 'saml.in-response-to'],
  ['holder of key', () => inAssertion('cm:bearer', 'cm:holder-of-key'), 'saml.subject-confirmation'],
  ['no subject', () => inAssertion(/<saml2:Subject>[\s\S]*<\/saml2:Subject>/, ''), 'saml.subject-confirmation'],
  ['confirmation without data', () => inAssertion(/<saml2:SubjectConfirmationData [^>]*>/, ''), 'saml.subject-confirmation'],
  ['confirmation with NotBefore', () => inAssertion('<saml2:SubjectConfirmationData ', `<saml2:SubjectConfirmationData NotBefore="${iso(0)}" `), 'saml.subject-confirmation'],
  ['confirmation without end', () => inAssertion(`NotOnOrAfter="${iso(300_000)}" R`, 'R'), 'saml.subject-confirmation'],
  ['confirmation over', () => inAssertion(`NotOnOrAfter="${iso(300_000)}"`, `NotOnOrAfter="${iso(-180_000)}"`), 'saml.expired'],
  ['confirmation for two days', () => inAssertion(`NotOnOrAfter="${iso(300_000)}"`, `NotOnOrAfter="${iso(2 * 86_400_000)}"`), 'saml.too-long'],
  ['conditions over', () => inAssertion(`NotOnOrAfter="${iso(301_000)}"`, `NotOnOrAfter="${iso(-180_000)}"`), 'saml.expired'],
  ['conditions for two days', () => inAssertion(`NotOnOrAfter="${iso(301_000)}"`, `NotOnOrAfter="${iso(2 * 86_400_000)}"`), 'saml.too-long'],
  ['conditions not yet', () => inAssertion(`NotBefore="${iso(-1_000)}"`, `NotBefore="${iso(181_000)}"`), 'saml.not-yet-valid'],
  ['conditions that never hold', () => inAssertion(/<saml2:Conditions [^>]*>/, `<saml2:Conditions NotBefore="${iso(60_000)}" NotOnOrAfter="${iso(60_000)}">`), 'saml.condition'],
  ['issued in the future', () => inAssertion(`IssueInstant="${iso(-1_000)}"`, `IssueInstant="${iso(181_000)}"`), 'saml.not-yet-valid'],
  ['issued long ago', () => inAssertion(`IssueInstant="${iso(-1_000)}"`, `IssueInstant="${iso(-14 * MINUTE)}"`), 'saml.too-old'],
  ['response issued long ago', () => inResponse(`IssueInstant="${iso(-1_000)}"`, `IssueInstant="${iso(-14 * MINUTE)}"`), 'saml.too-old'],
  ['another audience', () => inAssertion(`<saml2:Audience>${SP}<`, '<saml2:Audience>https://school-2.example<'), 'saml.audience'],
  ['no audience', () => inAssertion(/<saml2:AudienceRestriction>.*<\/saml2:AudienceRestriction>/, ''), 'saml.audience'],
  ['two restrictions, one of them not ours', () => inAssertion('</saml2:AudienceRestriction>', '</saml2:AudienceRestriction><saml2:AudienceRestriction><saml2:Audience>urn:x</saml2:Audience></saml2:AudienceRestriction>'), 'saml.audience'],
  ['unknown condition', () => inAssertion('<saml2:AudienceRestriction>', '<saml2:Condition xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="saml2:OneTimeUseType"/><saml2:AudienceRestriction>'), 'saml.condition'],
  ['no authentication', () => inAssertion(/<saml2:AuthnStatement [\s\S]*<\/saml2:AuthnStatement>/, ''), 'saml.no-authentication'],
  ['authenticated in the future', () => inAssertion(`AuthnInstant="${iso(-5_000)}"`, `AuthnInstant="${iso(181_000)}"`), 'saml.not-yet-valid'],
  ['session over', () => inAssertion(/SessionNotOnOrAfter="[^"]*"/, `SessionNotOnOrAfter="${iso(0)}"`), 'saml.session-over'],
  ['old sign-in after ForceAuthn', () => inAssertion(`AuthnInstant="${iso(-5_000)}"`, `AuthnInstant="${iso(-241_000)}"`), 'saml.not-reauthenticated', { request: { id: REQUEST, at: NOW - MINUTE, forced: true } }],
  ['time with an offset', () => inAssertion(`AuthnInstant="${iso(-5_000)}"`, 'AuthnInstant="2026-09-01T11:00:00+03:00"'), 'saml.schema'],
  ['time without a zone', () => inAssertion(`AuthnInstant="${iso(-5_000)}"`, 'AuthnInstant="2026-09-01T11:00:00"'), 'saml.schema'],
] // prettier-ignore

describe('judge: attacks', () => {
  it('control: the unspoilt answers are accepted', () => {
    expect(codeOf(posted(signedAssertion))).to.equal('accepted')
    expect(codeOf(posted(signedResponse))).to.equal('accepted')
    expect(codeOf(posted(signXml(signedAssertion, 'Response', idp.privateKey)))).to.equal('accepted')
  })

  for (const [attack, spoil, refused, changes] of [...afterwards, ...signedLies]) {
    it(`${attack} -> ${refused}`, () => {
      const xml = spoil()
      expect([signedAssertion, signedResponse]).not.to.include(xml)
      const verdict = judgeResponse(posted(xml), question(changes))
      expect(verdict.accepted ? 'accepted' : verdict.refusal.code).to.equal(refused)
      const written = JSON.stringify([
        verdict.checks,
        verdict.accepted || [verdict.refusal.facts, verdict.refusal.message],
      ])
      expect(written, 'a word about the person').not.to.match(/Ёжикова|000-000|_a1b2c3d4/)
    })
  }

  const fields: readonly (readonly [string, () => string, RefusalCode])[] = [
    ['nothing', () => '', 'saml.not-base64'],
    ['not base64', () => '<Response/>', 'saml.not-base64'],
    ['base64url', () => posted('<a>???>>></a>').replaceAll('/', '_'), 'saml.not-base64'],
    ['white space inside', () => `${posted(signedAssertion).slice(0, 40)} ${posted(signedAssertion).slice(40)}`, 'saml.not-base64'],
    ['a line broken inside a group', () => `${posted(signedAssertion).slice(0, 42)}\r\n${posted(signedAssertion).slice(42)}`, 'saml.not-base64'],
    ['bits behind the end', () => 'PGEvPh==', 'saml.not-base64'],
    ['no padding', () => posted('<aa/>').replace(/=+$/, ''), 'saml.not-base64'],
    ['not UTF-8', () => Buffer.from('<a>\xff</a>', 'latin1').toString('base64'), 'saml.not-utf8'],
    ['5 MB', () => 'A'.repeat(5_000_000), 'saml.too-large'],
    ['one octet too many', () => Buffer.alloc(256 * 1024 + 1, 0x20).toString('base64'), 'saml.too-large'],
    ['190 KB of carriage returns', () => Buffer.alloc(190_000, 0x0d).toString('base64'), 'saml.not-xml'],
    ['deflated', () => 'eJyzsS9ILEkEAAkDAuA=', 'saml.not-utf8'],
  ] // prettier-ignore
  for (const [attack, field, refused] of fields) {
    it(`field: ${attack} -> ${refused}`, () => {
      expect(codeOf(field())).to.equal(refused)
    })
  }

  it('takes base64 in lines, as MIME breaks them', () => {
    const lines = posted(signedAssertion).replace(/.{76}/g, '$&\r\n')
    expect(codeOf(lines)).to.equal('accepted')
    expect(codeOf(lines.replaceAll('\r\n', '\n'))).to.equal('accepted')
  })
})
