import { verify, X509Certificate } from 'node:crypto'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inflateRawSync } from 'node:zlib'
import { expect } from 'chai'
import { gate } from '../../src/saml/gate.js'
import { logoutRequestUrl } from '../../src/saml/logout.js'
import { readXml } from '../../src/saml/reader.js'
import { authnRequestUrl } from '../../src/saml/request.js'
import type { ServiceProvider, TrustedIdp } from '../../src/saml/trust.js'
import { algorithm, binding, ns } from '../../src/words/saml-names.js'
import { has } from '../support/require.js'
import { at, cutQuery, IDP, makeServiceProvider, makeTrustedIdp } from '../support/saml-parties.js'

const question = { id: '_8f14e45f', relayState: 'b3BhcXVl-_AAAAAAAAAAAAAAAAA', forced: false, at }
const xmlOf = (url: URL): string =>
  inflateRawSync(Buffer.from(url.searchParams.get('SAMLRequest')!, 'base64')).toString()

describe('AuthnRequest over HTTP-Redirect', () => {
  let sp: ServiceProvider
  let idp: TrustedIdp
  before(async () => {
    sp = await makeServiceProvider()
    idp = makeTrustedIdp([])
  })
  const verified = (url: URL, key = 0, digest = 'sha256'): boolean => {
    const { octets, signature } = cutQuery(url)
    return verify(digest, octets, new X509Certificate(sp.signing[key]!.certificatePem).publicKey, signature)
  }

  it('SDP-SP02 goes to the endpoint of the metadata with exactly the parameters of the binding', () => {
    const url = authnRequestUrl(sp, idp, question)
    expect(url.origin + url.pathname).to.equal(`${IDP}/SSO`)
    expect([...url.searchParams.keys()]).to.deep.equal(['SAMLRequest', 'RelayState', 'SigAlg', 'Signature'])
    expect(url.searchParams.get('RelayState')).to.equal(question.relayState)
    expect(url.searchParams.get('SigAlg')).to.equal(algorithm.rsaSha256)
  })

  it('says what ESIA reads, and nothing more', () => {
    expect(xmlOf(authnRequestUrl(sp, idp, question))).to.equal(
      '<samlp:AuthnRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"' +
        ` ID="_8f14e45f" Version="2.0" IssueInstant="2026-09-01T08:00:00.000Z" Destination="${IDP}/SSO"` +
        ` ProtocolBinding="${binding.post}" AssertionConsumerServiceURL="https://vhod.school.example/saml/acs">` +
        '<saml:Issuer Format="urn:oasis:names:tc:SAML:2.0:nameid-format:entity">https://vhod.school.example/saml/metadata</saml:Issuer>' +
        '<samlp:NameIDPolicy AllowCreate="true"/></samlp:AuthnRequest>',
    )
  })

  it('asks for a fresh sign-in only when told', () => {
    expect(xmlOf(authnRequestUrl(sp, idp, question))).to.not.include('ForceAuthn')
    expect(xmlOf(authnRequestUrl(sp, idp, { ...question, forced: true }))).to.include(' ForceAuthn="true"')
  })

  it('is signed with the first key over the octets of the query', () => {
    const url = authnRequestUrl(sp, idp, question)
    expect(verified(url)).to.equal(true)
    expect(verified(url, 1), 'second key').to.equal(false)
    url.search = url.search.replace('RelayState=b3', 'RelayState=b4')
    expect(verified(url), 'altered').to.equal(false)
  })

  it('signs rsa-sha1 only for an IdP with legacy algorithms', () => {
    const url = authnRequestUrl(sp, makeTrustedIdp([], { legacyAlgorithms: true }), question)
    expect(url.searchParams.get('SigAlg')).to.equal(algorithm.rsaSha1)
    expect(verified(url, 0, 'sha1')).to.equal(true)
  })

  describe('signed inside, as ESIA of 2014 wanted it', () => {
    const old = makeTrustedIdp([], { legacyAlgorithms: true, envelopedRequests: true })
    const logout = { ...question, nameId: { value: '_x' } }
    const both = () => [authnRequestUrl(sp, old, question), logoutRequestUrl(sp, old, logout)!] as const

    it('carries rsa-sha1 behind the Issuer and dummies in the query, in requests for login and logout', () => {
      for (const url of both()) {
        expect([...url.searchParams.keys()]).to.deep.equal(['SAMLRequest', 'RelayState', 'SigAlg', 'Signature'])
        expect(url.searchParams.get('Signature')).to.equal('-')
        expect(url.searchParams.get('SigAlg')).to.equal(algorithm.rsaSha1)
        expect(xmlOf(url)).to.match(/<\/saml:Issuer><ds:Signature .*<\/ds:Signature><sam/)
        expect(xmlOf(url)).to.include(`SignatureMethod Algorithm="${algorithm.rsaSha1}"`)
        expect(xmlOf(url)).to.include('URI="#_8f14e45f"')
        expect(() => gate(readXml(xmlOf(url)))).to.not.throw()
      }
    })

    it('is verified by xmlsec1, and not once it is altered', function () {
      if (!has('xmlsec1', 'xmlsec1')) this.skip()
      const folder = mkdtempSync(join(tmpdir(), 'old-'))
      try {
        writeFileSync(join(folder, 'sp.crt'), sp.signing[0]!.certificatePem)
        const verdict = (xml: string, root: string) => {
          writeFileSync(join(folder, 'request.xml'), xml)
          const id = `${ns.protocol}:${root}`
          const args = ['--verify', '--pubkey-cert-pem', 'sp.crt', '--id-attr:ID', id, 'request.xml']
          return spawnSync('xmlsec1', args, { cwd: folder }).status
        }
        for (const [i, root] of (['AuthnRequest', 'LogoutRequest'] as const).entries()) {
          const xml = xmlOf(both()[i]!)
          expect(verdict(xml, root), root).to.equal(0)
          expect(verdict(xml.replace('Version="2.0"', 'Version="2.1"'), root), `${root} altered`).to.not.equal(0)
        }
      } finally {
        rmSync(folder, { recursive: true })
      }
    })
  })

  it('keeps a query that the endpoint has already', () => {
    const location = `${IDP}/SSO?tenant=a%26b&o='x'`
    const url = authnRequestUrl(
      sp,
      makeTrustedIdp([], { singleSignOn: [{ binding: binding.redirect, location }] }),
      question,
    )
    expect(url.searchParams.get('tenant')).to.equal('a&b')
    expect(verified(url)).to.equal(true)
    expect(xmlOf(url)).to.include('SSO?tenant=a%26b&amp;o=')
  })

  it('takes the redirect endpoint, wherever it stands in the list', () => {
    const singleSignOn = [
      { binding: binding.post, location: 'https://idp.example/post' },
      { binding: binding.redirect, location: 'https://idp.example/first' },
      { binding: binding.redirect, location: 'https://idp.example/second' },
    ]
    expect(authnRequestUrl(sp, makeTrustedIdp([], { singleSignOn }), question).pathname).to.equal('/first')
  })

  it('refuses a RelayState that a browser might rewrite or an IdP cut', () => {
    for (const relayState of ['', "it's", 'a b', 'я', 'x'.repeat(81)])
      expect(() => authnRequestUrl(sp, idp, { ...question, relayState }), relayState).to.throw(RangeError, 'RelayState')
  })

  it('never mixes two logins up', () => {
    const urls = ['_one', '_two'].map(id => authnRequestUrl(sp, idp, { ...question, id, relayState: id }))
    expect(urls.map(url => xmlOf(url).match(/ID="([^"]+)"/)?.[1])).to.deep.equal(['_one', '_two'])
    expect(urls.map(url => url.searchParams.get('RelayState'))).to.deep.equal(['_one', '_two'])
  })
})
