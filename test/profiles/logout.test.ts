/** What the field's profiles ask of single logout (IIP-SP14 to SP17, SDP-SP24 to SP36), message by message. */
import { verify, X509Certificate } from 'node:crypto'
import { inflateRawSync } from 'node:zlib'
import { expect } from 'chai'
import { systemChance } from '../../src/base/chance.js'
import { Refusal } from '../../src/base/refusal.js'
import { makeLogout, type MadeLogout, type Way } from '../../src/mock-idp/logout-request.js'
import { readServiceProvider, type ServiceProvider as KnownSp } from '../../src/mock-idp/service-provider.js'
import { modernForm, signElement } from '../../src/mock-idp/sign.js'
import type { Arrived } from '../../src/saml/arrived.js'
import {
  done,
  logoutRequest,
  logoutResponse,
  partlyDone,
  soapResponse,
  type LogoutAnswer,
} from '../../src/saml/logout.js'
import { judgeLogoutRequest } from '../../src/saml/logout-request.js'
import { judgeLogoutResponse } from '../../src/saml/logout-response.js'
import { nameIdFrom } from '../../src/saml/name-id.js'
import { readXml } from '../../src/saml/reader.js'
import { isSameName } from '../../src/saml/same-name.js'
import { inSoap } from '../../src/saml/soap.js'
import { esiaRequestedAttributes, ourNames } from '../../src/saml/sp-description.js'
import { spMetadata } from '../../src/saml/sp-metadata.js'
import { childNamed, textOf } from '../../src/saml/tree.js'
import type { Endpoint, ServiceProvider, TrustedIdp } from '../../src/saml/trust.js'
import { binding, nameIdFormat, ns, status } from '../../src/words/saml-names.js'
import { verifiedByXmlCrypto } from '../mock-idp/open.js'
import { at, cutQuery, makeIdpKey, makeServiceProvider, makeTrustedIdp, type IdpKey } from '../support/saml-parties.js'

const ADDRESS = 'https://idp.example/slo'
const nameId = { value: '_ab<&12', format: nameIdFormat.transient, nameQualifier: 'https://idp.example/q', spNameQualifier: 'https://vhod' } // prettier-ignore
const farewell = { id: '_bye', relayState: 'cmVsYXk', at, nameId, sessionIndex: '_s1' }
const answer: LogoutAnswer = { id: '_answer', inResponseTo: '_ask', at, status: done }

describe('profiles: single logout (SDP-SP24 to SDP-SP36)', () => {
  let sp: ServiceProvider
  let known: KnownSp
  let key: IdpKey
  let idp: TrustedIdp
  before(async () => {
    sp = await makeServiceProvider()
    key = await makeIdpKey()
    idp = makeTrustedIdp([key.trusted])
    known = readServiceProvider(
      spMetadata({
        ...{
          ...sp,
          ...ourNames,
          requestedAttributes: esiaRequestedAttributes,
          leastLevel: 'confirmed',
          cbc: false,
          at,
        },
        organization: { name: 'Школа', url: 'https://school.example' },
        contacts: { technical: 'it@school.example', support: 'help@school.example' },
      }),
    )
  })

  const by = (...ways: (keyof typeof binding)[]): TrustedIdp => ({
    ...idp,
    singleLogout: ways.map((way): Endpoint => ({ binding: binding[way], location: `${ADDRESS}/${way}` })),
  })
  const ours = (): string => sp.signing[0]!.certificatePem
  const posted = (fields: Readonly<Record<string, string>>, name: string): string =>
    Buffer.from(fields[name]!, 'base64').toString()
  const inflated = (url: URL, name: string): string =>
    inflateRawSync(Buffer.from(url.searchParams.get(name)!, 'base64')).toString()
  const make = (way: Way, change: object = {}): MadeLogout =>
    makeLogout({
      ...{ entityId: idp.entityId, signer: { key: key.privateKey, certificatePem: key.certificatePem } },
      ...{ form: modernForm, provider: known, by: way, nameId: '_n', sessionIndexes: ['_s1'], now: at },
      ...{ chance: systemChance, relayState: 'back', ...change },
    })
  const arrived = (made: MadeLogout): Arrived => {
    if (made.by === 'redirect') return { by: 'redirect', rawQuery: made.to.slice(made.to.indexOf('?')) }
    if (made.by === 'soap') return { by: 'soap', octets: Buffer.from(made.body) }
    return { by: 'post', message: made.fields['SAMLRequest']!, relayState: made.fields['RelayState']! }
  }
  const judge = (made: MadeLogout, us = sp, now = at) =>
    judgeLogoutRequest(arrived(made), { trust: { find: id => (id === idp.entityId ? idp : undefined) }, sp: us, now }) // prettier-ignore

  it('IIP-SP14 issues LogoutRequests, over Redirect, POST or SOAP', () => {
    const hows = (['redirect', 'post', 'soap'] as const).map(way => logoutRequest(sp, by(way), farewell)?.how)
    expect(hows).to.deep.equal(['redirect', 'post', 'soap'])
  })

  it('IIP-SP15 SDP-SP25 prefers HTTP-Redirect, whatever stands first in the metadata', () => {
    const request = logoutRequest(sp, by('soap', 'post', 'redirect'), farewell)
    expect([request?.how, request?.to.origin]).to.deep.equal(['redirect', 'https://idp.example'])
    expect(logoutRequest(sp, by('soap', 'post'), farewell)?.how).to.equal('post')
  })

  it('IIP-SP16 opens an EncryptedID with any of its keys', () => {
    const [first, second] = sp.decryption
    for (const decryption of [
      [first!, second!],
      [second!, first!],
    ])
      for (const way of ['redirect', 'post', 'soap'] as const) {
        const verdict = judge(make(way, { encrypted: true }), { ...sp, decryption })
        expect(verdict.accepted && verdict.request.nameId).to.deep.equal({
          value: '_n',
          format: nameIdFormat.transient,
        })
      }
    const none = judge(make('post', { encrypted: true }), { ...sp, decryption: [] })
    expect(!none.accepted && none.refusal.code).to.equal('saml.decryption')
  })

  it('IIP-SP17 takes every address from the metadata, ResponseLocation included', () => {
    expect(logoutRequest(sp, by('post'), farewell)?.to.href).to.equal(`${ADDRESS}/post`)
    const elsewhere = { binding: binding.redirect, location: ADDRESS, responseLocation: `${ADDRESS}-answer?x=1` }
    const sent = logoutResponse(sp, { ...idp, singleLogout: [elsewhere] }, answer, undefined)
    expect(sent?.to.href).to.match(/^https:\/\/idp\.example\/slo-answer\?x=1&SAMLResponse=/)
    expect(inflated(sent!.to, 'SAMLResponse')).to.include(`Destination="${ADDRESS}-answer?x=1"`)
    expect(logoutRequest(sp, by(), farewell), 'none there, none asked').to.equal(undefined)
    expect(logoutResponse(sp, by('soap'), answer, undefined), 'no address for a browser').to.equal(undefined)
  })

  it('publishes where it takes logouts: Redirect, POST and SOAP', () => {
    expect(known.logoutUrls).to.deep.equal({ redirect: sp.sloUrl, post: sp.sloUrl, soap: `${sp.sloUrl}/soap` })
  })

  it('SDP-SP29 SDP-SP30 repeats the NameID exactly, not encrypted, with the SessionIndex', () => {
    const soap = logoutRequest(sp, by('soap'), farewell)
    for (const xml of [
      inflated(logoutRequest(sp, by('redirect'), farewell)!.to, 'SAMLRequest'),
      soap?.how === 'soap' ? soap.envelope : '',
    ]) {
      expect(xml).to.include(
        `NameQualifier="https://idp.example/q" SPNameQualifier="https://vhod" Format="${nameIdFormat.transient}">_ab&lt;&amp;12</saml:NameID>`,
      )
      expect(xml).to.include('<samlp:SessionIndex>_s1</samlp:SessionIndex>').and.not.include('EncryptedID')
    }
  })

  it('SDP-SP31 answers over HTTP-Redirect, whatever stands first in the metadata and however the request came', () => {
    const sent = logoutResponse(sp, by('soap', 'post', 'redirect'), answer, 'r')
    expect([sent?.how, sent?.to.pathname]).to.deep.equal(['redirect', '/slo/redirect'])
  })

  it('SDP-SP29 leaves no attribute of the received NameID out', () => {
    const received = readXml(
      `<NameID xmlns="${ns.assertion}" NameQualifier="q" SPNameQualifier="s" Format="urn:f" SPProvidedID="ours">n</NameID>`,
    ).root
    const url = logoutRequest(sp, by('redirect'), { ...farewell, nameId: nameIdFrom(received) })!.to
    const sent = readXml(inflated(url, 'SAMLRequest')).root
    const nameIdIn = childNamed(sent, ns.assertion, 'NameID')!
    const written = ({ attributes }: typeof sent) =>
      attributes.map(({ local, value }) => `${local}=${value}`).toSorted()
    expect(written(nameIdIn)).to.deep.equal(written(received))
    expect(textOf(nameIdIn)).to.equal('n')
  })

  it('signs as ЕСИА knows it, by rsa-sha1 and sha1, for an IdP of legacy algorithms only', () => {
    for (const legacyAlgorithms of [true, false]) {
      const xml = soapResponse(sp, { ...idp, legacyAlgorithms }, answer)
      const named = [...xml.matchAll(/Algorithm="[^"]*(rsa-sha1|#sha1)"/g)]
      expect(named.length, String(legacyAlgorithms)).to.equal(legacyAlgorithms ? 2 : 0)
      const signed = /<samlp:LogoutResponse[\s\S]*<\/samlp:LogoutResponse>/.exec(xml)![0]
      expect(verifiedByXmlCrypto(signed, ours())).to.equal(true)
      expect(verifiedByXmlCrypto(signed.replace('Success', 'Failure'), ours()), 'altered').to.equal(false)
    }
  })

  it('SDP-SP36 is one entity on one host: every address of its metadata is there', () => {
    const { origin } = new URL(sp.acsUrl)
    const xml = spMetadata({
      ...{ ...sp, ...ourNames, requestedAttributes: esiaRequestedAttributes, leastLevel: 'confirmed', cbc: false, at },
      organization: { name: 'Школа', url: 'https://school.example' },
      contacts: { technical: 'it@school.example', support: 'help@school.example' },
    })
    expect(xml.match(/entityID=/g)).to.have.length(1)
    const addresses = [...xml.matchAll(/Location="([^"]+)"/g)].map(([, address]) => new URL(address!).origin)
    expect(addresses.length).to.be.at.least(4)
    expect(new Set(addresses)).to.deep.equal(new Set([origin]))
  })

  it('SDP-SP28 SDP-SP33 signs what it sends, in every binding, as a stranger verifies', () => {
    const asked = cutQuery(logoutRequest(sp, by('redirect'), farewell)!.to)
    expect(verify('sha256', asked.octets, new X509Certificate(ours()).publicKey, asked.signature)).to.equal(true)
    const request = logoutRequest(sp, by('post'), farewell)
    expect(request?.how === 'post' && verifiedByXmlCrypto(posted(request.fields, 'SAMLRequest'), ours())).to.equal(true)
    const soap = /<samlp:LogoutResponse[\s\S]*<\/samlp:LogoutResponse>/.exec(soapResponse(sp, idp, answer))![0]
    expect(verifiedByXmlCrypto(soap, ours())).to.equal(true)
    const response = logoutResponse(sp, by('post'), answer, 'r')
    expect(response?.how === 'post' && verifiedByXmlCrypto(posted(response.fields, 'SAMLResponse'), ours())).to.equal(true) // prettier-ignore
    const { octets, signature } = cutQuery(logoutResponse(sp, by('redirect'), answer, "it's (а)!*")!.to)
    expect(verify('sha256', octets, new X509Certificate(ours()).publicKey, signature)).to.equal(true)
  })

  it('SDP-SP26 takes requests over every binding, with RelayState exactly as it came', () => {
    for (const way of ['redirect', 'post'] as const)
      for (const relayState of ['back', "it's (а)&=+!*", 'x'.repeat(80)]) {
        const { sender } = judge(make(way, { relayState }))
        expect(sender.relayState).to.equal(relayState)
        const back = logoutResponse(sp, by(way), answer, sender.relayState)!
        const echoed = back.how === 'post' ? back.fields['RelayState'] : back.to.searchParams.get('RelayState')
        expect(echoed).to.equal(relayState)
      }
    expect(judge(make('soap')).accepted).to.equal(true)
  })

  it('IIP-G01 grants the clocks their skew, and not a millisecond more', () => {
    const end = at + 5 * 60_000
    expect(judge(make('post'), sp, end + sp.skew - 1).accepted).to.equal(true)
    const late = judge(make('post'), sp, end + sp.skew)
    expect(!late.accepted && late.refusal.code).to.equal('saml.expired')
    expect(judge(make('post'), sp, at - sp.skew).accepted).to.equal(true)
    const early = judge(make('post'), sp, at - sp.skew - 1)
    expect(!early.accepted && early.refusal.code).to.equal('saml.not-yet-valid')
  })

  it('knows a person by the whole NameID, an absent part standing for its default', () => {
    const between = { idp: 'https://idp.example', sp: 'https://vhod' }
    const same = (one: object, other: object) => isSameName({ value: 'x', ...one }, { value: 'x', ...other }, between)
    expect(same({}, { nameQualifier: between.idp, spNameQualifier: between.sp })).to.equal(true)
    expect(same({}, { format: 'urn:oasis:names:tc:SAML:1.0:nameid-format:unspecified' })).to.equal(true)
    expect(same({}, { format: nameIdFormat.unspecified })).to.equal(true)
    for (const other of [
      { value: 'X' },
      { format: nameIdFormat.transient },
      { nameQualifier: 'https://evil.example' },
      { spNameQualifier: '' },
      { value: 'x",null,"https://idp.example' },
      { value: 'x', format: 'y","x' },
    ])
      // prettier-ignore
      expect(same({}, other), JSON.stringify(other)).to.equal(false)
  })

  it('saml-core 3.7.3.2: a journal that did not confirm is no success on top, so that nobody overlooks it', () => {
    const xml = soapResponse(sp, idp, { ...answer, status: partlyDone })
    expect(xml).to.match(/StatusCode Value="[^"]*:Responder"><samlp:StatusCode Value="[^"]*:PartialLogout"/)
  })

  describe('the answer to our request', () => {
    const response = (change: (xml: string) => string = xml => xml) =>
      change(
        `<p:LogoutResponse xmlns:p="${ns.protocol}" ID="_r" InResponseTo="_bye" Version="2.0" IssueInstant="2026-09-01T08:00:01Z" Destination="${sp.sloUrl}">` +
          `<saml2:Issuer xmlns:saml2="${ns.assertion}">${idp.entityId}</saml2:Issuer><p:Status><p:StatusCode Value="${status.success}"/></p:Status></p:LogoutResponse>`,
      )
    const signed = (xml: string, hand: IdpKey = key): string =>
      signElement(xml, '_r', { key: hand.privateKey, certificatePem: hand.certificatePem }, modernForm)
    const ask = (xml: string, way: 'post' | 'soap') =>
      judgeLogoutResponse(
        way === 'post'
          ? { by: 'post', message: Buffer.from(xml).toString('base64') }
          : { by: 'soap', octets: Buffer.from(inSoap(xml)) },
        { idp, sp, requestId: '_bye', now: at },
      )
    const refusal = (work: () => unknown): string | undefined => {
      try {
        work()
      } catch (error) {
        if (error instanceof Refusal) return error.code
        throw error
      }
      return undefined
    }

    for (const way of ['post', 'soap'] as const)
      it(`counts over ${way}, and only as the IdP signed it to this very request`, async () => {
        expect(ask(signed(response()), way)).to.deep.equal({ ok: true, partial: false })
        const stranger = await makeIdpKey('stranger')
        const lies: readonly [string, string][] = [
          ['saml.unsigned', response()],
          ['saml.untrusted-key', signed(response(), stranger)],
          ['saml.altered', signed(response()).replace(status.success, status.responder)],
          ['saml.in-response-to', signed(response(xml => xml.replace('_bye', '_other')))],
          ['saml.wrong-issuer', signed(response(xml => xml.replace(idp.entityId, 'https://evil.example')))],
          ['saml.destination', signed(response(xml => xml.replace(sp.sloUrl, sp.acsUrl)))],
          ['saml.version', signed(response(xml => xml.replace('"2.0"', '"1.1"')))],
          ['saml.too-old', signed(response(xml => xml.replace('T08:00:01', 'T07:30:00')))],
          ['saml.not-response', signed(response(xml => xml.replaceAll('LogoutResponse', 'ManageNameIDResponse')))],
          ['idp.declined', signed(response(xml => xml.replace(status.success, status.requester)))],
        ]
        for (const [code, xml] of lies)
          expect(
            refusal(() => ask(xml, way)),
            code,
          ).to.equal(code)
      })
  })
})
