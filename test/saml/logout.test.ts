import { generateKeyPairSync, sign, verify, X509Certificate, type KeyObject } from 'node:crypto'
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { expect } from 'chai'
import { Refusal } from '../../src/base/refusal.js'
import { logoutRequestUrl } from '../../src/saml/logout.js'
import { judgeLogoutResponse } from '../../src/saml/logout-response.js'
import type { ServiceProvider, TrustedIdp } from '../../src/saml/trust.js'
import { algorithm, status } from '../../src/words/saml-names.js'
import {
  at,
  cutQuery,
  IDP,
  makeIdpKey,
  makeServiceProvider,
  makeTrustedIdp,
  type IdpKey,
} from '../support/saml-parties.js'

const nameId = { value: '_ab<&12', format: 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient', nameQualifier: 'https://idp.example/idp', spNameQualifier: 'https://vhod' } // prettier-ignore
const farewell = { id: '_bye', relayState: 'cmVsYXk', at, nameId, sessionIndex: '_s1' }

describe('LogoutRequest over HTTP-Redirect', () => {
  let sp: ServiceProvider
  before(async () => (sp = await makeServiceProvider()))
  const xmlOf = (url: URL | undefined): string =>
    inflateRawSync(Buffer.from(url?.searchParams.get('SAMLRequest') ?? '', 'base64')).toString()

  it('SDP-SP24 echoes the NameID exactly, qualifiers included, and dies after five minutes', () => {
    expect(xmlOf(logoutRequestUrl(sp, makeTrustedIdp([]), farewell))).to.equal(
      '<samlp:LogoutRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"' +
        ` ID="_bye" Version="2.0" IssueInstant="2026-09-01T08:00:00.000Z" Destination="${IDP}/SLO"` +
        ' Reason="urn:oasis:names:tc:SAML:2.0:logout:user" NotOnOrAfter="2026-09-01T08:05:00.000Z">' +
        '<saml:Issuer Format="urn:oasis:names:tc:SAML:2.0:nameid-format:entity">https://vhod.school.example/saml/metadata</saml:Issuer>' +
        '<saml:NameID NameQualifier="https://idp.example/idp" SPNameQualifier="https://vhod"' +
        ` Format="${nameId.format}">_ab&lt;&amp;12</saml:NameID><samlp:SessionIndex>_s1</samlp:SessionIndex></samlp:LogoutRequest>`,
    )
  })

  it('leaves out what the assertion did not say', () => {
    const bare = { id: '_bye', relayState: 'r', at, nameId: { value: 'x' } }
    const xml = xmlOf(logoutRequestUrl(sp, makeTrustedIdp([]), bare))
    expect(xml).to.include('<saml:NameID>x</saml:NameID></samlp:LogoutRequest>')
  })

  it('is signed over the octets of the query', () => {
    const url = logoutRequestUrl(sp, makeTrustedIdp([]), farewell)!
    expect([...url.searchParams.keys()]).to.deep.equal(['SAMLRequest', 'RelayState', 'SigAlg', 'Signature'])
    const { octets, signature } = cutQuery(url)
    const key = new X509Certificate(sp.signing[0]!.certificatePem).publicKey
    expect(verify('sha256', octets, key, signature)).to.equal(true)
    expect(verify('sha256', Buffer.concat([octets, Buffer.from('x')]), key, signature)).to.equal(false)
  })

  it('is not made for an IdP without a redirect endpoint', () => {
    expect(logoutRequestUrl(sp, makeTrustedIdp([], { singleLogout: [] }), farewell)).to.equal(undefined)
  })
})

describe('LogoutResponse over HTTP-Redirect', () => {
  let sp: ServiceProvider
  let key: IdpKey
  let idp: TrustedIdp
  let stranger: KeyObject
  before(async () => {
    sp = await makeServiceProvider()
    key = await makeIdpKey()
    const old = await makeIdpKey('old')
    idp = makeTrustedIdp([old.trusted, key.trusted])
    stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
  })

  const good = `<?xml version="1.0" encoding="UTF-8"?><p:LogoutResponse xmlns:p="urn:oasis:names:tc:SAML:2.0:protocol" ID="_r" InResponseTo="_bye" Version="2.0" IssueInstant="2026-09-01T08:00:01.5Z" Destination="https://vhod.school.example/saml/slo"><a:Issuer xmlns:a="urn:oasis:names:tc:SAML:2.0:assertion">https://idp.example/idp/shibboleth</a:Issuer><p:Status><p:StatusCode Value="${status.success}"/></p:Status></p:LogoutResponse>`

  interface Sending {
    readonly sigAlg?: string
    readonly hash?: string
    readonly signer?: KeyObject
    readonly relayState?: string
    /** Percent-encodes as other programs do. */
    readonly encode?: (value: string) => string
    readonly deflated?: Buffer
  }

  const signedParts = (xml: string, { relayState = 'cmVsYXk', encode = encodeURIComponent, ...how }: Sending = {}) => {
    const parts = {
      SAMLResponse: encode((how.deflated ?? deflateRawSync(xml)).toString('base64')),
      RelayState: relayState,
      SigAlg: encode(how.sigAlg ?? algorithm.rsaSha256),
    }
    const octets = Object.entries(parts).map(([name, value]) => `${name}=${value}`).join('&') // prettier-ignore
    const privateKey = how.signer ?? key.privateKey
    const made = sign(how.hash ?? 'sha256', Buffer.from(octets), { key: privateKey, dsaEncoding: 'ieee-p1363' })
    return { ...parts, Signature: encode(made.toString('base64')) }
  }
  const query = (parts: Readonly<Record<string, string>>): string =>
    Object.entries(parts).map(([name, value]) => `${name}=${value}`).join('&') // prettier-ignore
  const send = (xml: string, how?: Sending): string => query(signedParts(xml, how))
  const judge = (rawQuery: string, more: { idp?: TrustedIdp; now?: number } = {}) =>
    judgeLogoutResponse({ by: 'redirect', rawQuery }, { idp, sp, requestId: '_bye', now: at, ...more })
  const refused = (rawQuery: string, more?: { idp?: TrustedIdp; now?: number }): Refusal => {
    try {
      judge(rawQuery, more)
    } catch (error) {
      if (error instanceof Refusal) return error
      throw error
    }
    throw new Error('it was accepted')
  }
  const swap = (from: string | RegExp, to: string): string => {
    const text = good.replace(from, to)
    expect(text, 'the row must change the message').to.not.equal(good)
    return text
  }

  it('control: an honest answer is accepted, signed with any key of the IdP', () => {
    expect(judge(send(good))).to.deep.equal({ ok: true, partial: false })
    expect(judge(`?${send(good)}&foreign=1`)).to.deep.equal({ ok: true, partial: false })
  })

  it('is verified over the octets as sent: lower-case escapes, another order, an empty RelayState', () => {
    const lower = (value: string) => encodeURIComponent(value).replace(/%../g, escape => escape.toLowerCase())
    expect(judge(send(good, { encode: lower })).ok).to.equal(true)
    const { SAMLResponse, RelayState, SigAlg, Signature } = signedParts(good)
    expect(judge(query({ Signature, SigAlg, RelayState, SAMLResponse })).ok).to.equal(true)
    expect(judge(send(good, { relayState: '' })).ok).to.equal(true)
  })

  it('knows a partial logout in both forms', () => {
    for (const top of [status.success, status.responder]) {
      const code = `<p:StatusCode Value="${top}"><p:StatusCode Value="${status.partialLogout}"/></p:StatusCode>`
      expect(judge(send(swap(/<p:StatusCode.*?\/>/, code))).partial, top).to.equal(true)
    }
  })

  it('takes ecdsa-sha256 as raw r‖s', () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const modern = makeTrustedIdp([{ key: publicKey, fingerprint: '' }])
    const sending = { sigAlg: algorithm.ecdsaSha256, signer: privateKey }
    expect(judge(send(good, sending), { idp: modern }).ok).to.equal(true)
    expect(refused(send(good), { idp: modern }).code).to.equal('saml.weak-key')
  })

  it('takes rsa-sha1 from an IdP with legacy algorithms only', () => {
    const sending = { sigAlg: algorithm.rsaSha1, hash: 'sha1' }
    expect(judge(send(good, sending), { idp: { ...idp, legacyAlgorithms: true } }).ok).to.equal(true)
    expect(refused(send(good, sending)).code).to.equal('saml.algorithm')
  })

  it('the clocks may differ by the skew, and no more', () => {
    const issued = at + 1500
    expect(judge(send(good), { now: issued - sp.skew }).ok).to.equal(true)
    expect(refused(send(good), { now: issued - sp.skew - 1 }).code).to.equal('saml.not-yet-valid')
    expect(judge(send(good), { now: issued + 600_000 + sp.skew }).ok).to.equal(true)
    expect(refused(send(good), { now: issued + 600_000 + sp.skew + 1 }).code).to.equal('saml.too-old')
  })

  it('says why the IdP declined, in words we know only', () => {
    const refusal = refused(send(swap(status.success, status.requester)))
    expect([refusal.code, refusal.facts]).to.deep.equal(['idp.declined', { status: status.requester }])
    expect(refused(send(swap(status.success, 'urn:Иванов'))).facts).to.deep.equal({ status: 'other' })
  })

  const lies: readonly { lie: string; code: string; query: () => string }[] = [
    { lie: 'signed by a stranger', code: 'saml.untrusted-key', query: () => send(good, { signer: stranger }) },
    { lie: 'unsigned', code: 'saml.unsigned', query: () => send(good).replace(/&SigAlg=.*/, '') },
    { lie: 'without SigAlg', code: 'saml.unsigned', query: () => send(good).replace(/&SigAlg=[^&]*/, '') },
    { lie: 'message swapped', code: 'saml.untrusted-key', query: () => query({ ...signedParts(good), SAMLResponse: signedParts(swap('_r', '_q')).SAMLResponse }) },
    { lie: 'RelayState swapped', code: 'saml.untrusted-key', query: () => send(good).replace('cmVsYXk', 'cmVsYXl') },
    { lie: 'RelayState cut out', code: 'saml.untrusted-key', query: () => send(good).replace('&RelayState=cmVsYXk', '') },
    { lie: 'algorithm swapped', code: 'saml.untrusted-key', query: () => send(good).replace('rsa-sha256', 'rsa-sha512') },
    { lie: 'HMAC with the public key', code: 'saml.algorithm', query: () => send(good, { sigAlg: 'http://www.w3.org/2001/04/xmldsig-more#hmac-sha256' }) },
    { lie: 'algorithm of the prototype', code: 'saml.algorithm', query: () => send(good, { sigAlg: 'constructor' }) },
    { lie: 'rsa-md5', code: 'saml.algorithm', query: () => send(good, { sigAlg: 'http://www.w3.org/2001/04/xmldsig-more#rsa-md5', hash: 'md5' }) },
    { lie: 'signature is not base64', code: 'saml.not-base64', query: () => query({ ...signedParts(good), Signature: 'AAA' }) },
    { lie: 'two messages', code: 'request.malformed', query: () => `${send(good)}&SAMLResponse=x` },
    { lie: 'two messages, one in disguise', code: 'request.malformed', query: () => `%53AMLResponse=x&${send(good)}` },
    { lie: 'the one message in disguise', code: 'request.malformed', query: () => send(good).replace('SAMLResponse', '%53AMLResponse') },
    { lie: '5 MB of RelayState', code: 'saml.too-large', query: () => send(good, { relayState: 'A'.repeat(5_000_000) }) },
    { lie: 'two signatures', code: 'request.malformed', query: () => `${send(good)}&Signature=x` },
    { lie: 'broken percent-encoding', code: 'request.malformed', query: () => query({ ...signedParts(good), SAMLResponse: '%' }) },
    { lie: 'another encoding', code: 'request.malformed', query: () => `${send(good)}&SAMLEncoding=gzip` },
    { lie: 'nothing at all', code: 'request.malformed', query: () => '' },
    { lie: 'not deflated', code: 'request.malformed', query: () => send(good, { deflated: Buffer.from(good) }) },
    { lie: 'deflate bomb', code: 'saml.too-large', query: () => send('', { deflated: deflateRawSync(Buffer.alloc(50_000_000, 'a')) }) },
    { lie: '5 MB of query', code: 'saml.too-large', query: () => query({ ...signedParts(good), SAMLResponse: 'A'.repeat(5_000_000) }) },
    { lie: 'not UTF-8', code: 'saml.not-utf8', query: () => send('', { deflated: deflateRawSync(Buffer.from([0x3c, 0xff])) }) },
    { lie: 'document type declaration', code: 'saml.doctype', query: () => send(swap('<p:L', '<!DOCTYPE a><p:L')) },
    { lie: 'no XML', code: 'saml.not-xml', query: () => send('hello') },
    { lie: 'a request, not an answer', code: 'saml.not-response', query: () => send(good.replaceAll('LogoutResponse', 'LogoutRequest')) },
    { lie: 'a login answer', code: 'saml.not-response', query: () => send(good.replaceAll('p:LogoutResponse', 'p:Response')) },
    { lie: 'an answer in another namespace', code: 'saml.not-response', query: () => send(swap('SAML:2.0:protocol', 'SAML:3.0:protocol')) },
    { lie: 'Version 1.1', code: 'saml.version', query: () => send(swap('Version="2.0"', 'Version="1.1"')) },
    { lie: 'another issuer', code: 'saml.wrong-issuer', query: () => send(swap('idp.example/idp/shibboleth', 'evil.example')) },
    { lie: 'an issuer cut by a comment', code: 'saml.wrong-issuer', query: () => send(swap('shibboleth</', 'shibboleth<!-- -->.evil</')) },
    { lie: 'no issuer', code: 'saml.wrong-issuer', query: () => send(swap(/<a:Issuer.*Issuer>/, '')) },
    { lie: 'for another address', code: 'saml.destination', query: () => send(swap('vhod.', 'evil.')) },
    { lie: 'without address', code: 'saml.destination', query: () => send(swap(/ Destination="[^"]*"/, '')) },
    { lie: 'to another request', code: 'saml.in-response-to', query: () => send(swap('"_bye"', '"_hi"')) },
    { lie: 'to no request', code: 'saml.in-response-to', query: () => send(swap(' InResponseTo="_bye"', '')) },
    { lie: 'without status', code: 'saml.schema', query: () => send(swap(/<p:Status>.*<\/p:Status>/, '')) },
    { lie: 'with elements that no LogoutResponse has', code: 'saml.schema', query: () => send(swap('<p:Status>', '<p:Status/><p:Status>')) },
    { lie: 'without time', code: 'saml.schema', query: () => send(swap(/ IssueInstant="[^"]*"/, '')) },
    { lie: 'time with an offset', code: 'saml.schema', query: () => send(swap('01.5Z', '01.5+03:00')) },
  ] // prettier-ignore
  for (const { lie, code, query: made } of lies)
    it(`${lie} -> ${code}`, () => {
      const text = made()
      expect(text, 'the row must change the query').to.not.equal(send(good))
      expect(refused(text).code).to.equal(code)
    })
})
