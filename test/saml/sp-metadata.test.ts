import { spawnSync } from 'node:child_process'
import { createPublicKey, X509Certificate } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DOMParser } from '@xmldom/xmldom'
import { expect } from 'chai'
import { SignedXml } from 'xml-crypto'
import { Refusal } from '../../src/base/refusal.js'
import { gate } from '../../src/saml/gate.js'
import { readXml } from '../../src/saml/reader.js'
import {
  esiaRequestedAttributes,
  ourNames,
  requestedAttributes,
  type SpDescription,
} from '../../src/saml/sp-description.js'
import { spMetadata } from '../../src/saml/sp-metadata.js'
import { binding, ns } from '../../src/words/saml-names.js'
import { at, makeServiceProvider } from '../support/saml-parties.js'
import { has } from '../support/require.js'

describe('SP metadata', () => {
  let sp: SpDescription
  let xml: string
  before(async () => {
    sp = {
      ...(await makeServiceProvider()),
      organization: { name: 'МБОУ «СОШ № 1» & Ко <школа>', url: 'https://school.example' },
      contacts: { technical: 'it@school.example', support: 'help@school.example' },
      ...ourNames,
      logo: { url: 'https://vhod.school.example/logo.png?a=1&b=2', width: 80, height: 60 },
      requestedAttributes: esiaRequestedAttributes,
      leastLevel: 'standard',
      cbc: false,
      at,
    }
    xml = spMetadata(sp)
  })

  const read = (text = xml) => new DOMParser().parseFromString(text, 'text/xml').documentElement
  const values = (namespace: string, name: string, attribute: string, within = read()) =>
    Array.from(within.getElementsByTagNameNS(namespace, name)).map(each => each.getAttribute(attribute))

  it('SDP-SP39 names us, our keys, addresses, languages and people', () => {
    const entity = read()
    expect(entity.getAttribute('entityID')).to.equal(sp.entityId)
    expect(entity.getAttribute('validUntil')).to.equal('2027-09-01T08:00:00.000Z')
    expect(values(ns.metadata, 'KeyDescriptor', 'use')).to.deep.equal([
      'signing',
      'signing',
      'encryption',
      'encryption',
    ])
    expect(values(ns.metadata, 'AssertionConsumerService', 'Location')).to.deep.equal([sp.acsUrl])
    const logout = [sp.sloUrl, sp.sloUrl, `${sp.sloUrl}/soap`]
    expect(values(ns.metadata, 'SingleLogoutService', 'Location')).to.deep.equal(logout)
    const bindings = [binding.redirect, binding.post, binding.soap]
    expect(values(ns.metadata, 'SingleLogoutService', 'Binding')).to.deep.equal(bindings)
    expect(values(ns.mdui, 'DisplayName', 'xml:lang')).to.deep.equal(['ru', 'en'])
    expect(values(ns.metadata, 'ContactPerson', 'contactType')).to.deep.equal(['technical', 'support'])
    expect(entity.getElementsByTagNameNS(ns.metadata, 'OrganizationName')[0]?.textContent).to.equal(
      sp.organization.name,
    )
    expect(entity.getElementsByTagNameNS(ns.mdui, 'Logo')[0]?.textContent).to.equal(sp.logo?.url)
  })

  it('IIP-MD09 declares the algorithms that we accept, and none of the old ones', () => {
    const named = (uris: (string | null)[]): string[] => uris.map(uri => uri!.replace(/^.*#/, ''))
    expect(named(values(ns.alg, 'SigningMethod', 'Algorithm'))).to.deep.equal([
      'rsa-sha256', 'rsa-sha384', 'rsa-sha512', 'ecdsa-sha256', 'ecdsa-sha384',
    ]) // prettier-ignore
    expect(named(values(ns.alg, 'DigestMethod', 'Algorithm'))).to.deep.equal(['sha256', 'sha384', 'sha512'])
    expect(named(values(ns.metadata, 'EncryptionMethod', 'Algorithm'))).to.include.members([
      'aes256-gcm',
      'rsa-oaep-mgf1p',
    ])
    expect(xml).not.to.match(/rsa-sha1|rsa-1_5|tripledes/)
  })

  it('IIP-MD08 publishes every key as it was given', () => {
    const certificates = Array.from(read().getElementsByTagNameNS(ns.metadata, 'KeyDescriptor')).map(
      each => new X509Certificate(Buffer.from(each.textContent, 'base64')).fingerprint256,
    )
    const given = [...sp.signing, ...sp.decryption].map(key => new X509Certificate(key.certificatePem).fingerprint256)
    expect(certificates).to.deep.equal(given)
  })

  it('asks for the same attributes in both forms', () => {
    const names = esiaRequestedAttributes.map(wanted => wanted.name)
    expect(values(ns.metadata, 'RequestedAttribute', 'Name')).to.deep.equal(names)
    expect(values(ns.assertion, 'Attribute', 'Name')).to.deep.equal(names)
    expect(values(ns.assertion, 'Attribute', 'FriendlyName')).to.include('personSNILS')
  })

  it('asks for attributes that the settings name', () => {
    expect(requestedAttributes('esia')).to.equal(esiaRequestedAttributes)
    expect(requestedAttributes(['urn:oid:2.5.4.3', 'urn:esia:personSNILS', 'mail'])).to.deep.equal([
      { name: 'urn:oid:2.5.4.3', friendlyName: '2.5.4.3', required: false },
      { name: 'urn:esia:personSNILS', friendlyName: 'personSNILS', required: false },
      { name: 'mail', required: false },
    ])
  })

  it('leaves both forms out when nothing is requested', () => {
    const bare = read(spMetadata({ ...sp, requestedAttributes: [] }))
    expect(values(ns.metadata, 'AttributeConsumingService', 'index', bare)).to.deep.equal([])
    expect(values(ns.metadata, 'AttributeAuthorityDescriptor', 'index', bare)).to.deep.equal([])
  })

  it('tells ESIA the least level, and offers aes-cbc only where it is allowed', () => {
    expect(values(ns.esia, 'AssuranceLevel', 'ID')).to.deep.equal(['20'])
    expect(xml).to.not.include('-cbc')
    expect(spMetadata({ ...sp, cbc: true })).to.include('xmlenc#aes128-cbc')
  })

  it('is valid against the OASIS schemas, whatever is left out', () => {
    const { logo, ...bare } = sp
    expect(logo).to.not.equal(undefined)
    for (const text of [xml, spMetadata({ ...bare, cbc: true }), spMetadata({ ...bare, requestedAttributes: [] })])
      gate(readXml(text))
    const spoilt = xml.replace('<md:NameIDFormat>', '<md:NameIDFormat/><md:SingleLogoutService/><md:NameIDFormat>')
    expect(() => gate(readXml(spoilt))).to.throw(Refusal, 'saml.schema')
  })

  it('is the same for the same description and another for another', () => {
    expect(spMetadata(sp)).to.equal(xml)
    expect(values(ns.ds, 'Reference', 'URI', read(spMetadata({ ...sp, at: at + 1 })))).to.not.deep.equal(
      values(ns.ds, 'Reference', 'URI'),
    )
  })

  it('is signed by the first signing key, its Signature the first child', () => {
    const entity = read()
    const first = entity.firstChild as Element
    expect([first.namespaceURI, first.localName]).to.deep.equal([ns.ds, 'Signature'])
    const verify = (text: string, key: number): boolean => {
      const signature = new SignedXml({ publicCert: sp.signing[key]!.certificatePem, getCertFromKeyInfo: () => null })
      signature.loadSignature(read(text).firstChild as unknown as Node)
      return signature.checkSignature(text)
    }
    expect(verify(xml, 0)).to.equal(true)
    expect(verify(xml.replace('/saml/acs', '/saml/acx'), 0)).to.equal(false)
    expect(() => verify(xml, 1)).to.throw()
  })

  it('xmlsec1 verifies the signature', function () {
    if (!has('xmlsec1', 'xmlsec1')) return void this.skip()
    const folder = mkdtempSync(join(tmpdir(), 'sp-metadata-'))
    try {
      const key = createPublicKey(sp.signing[0]!.certificatePem).export({ type: 'spki', format: 'pem' })
      writeFileSync(join(folder, 'key.pem'), key)
      const verify = (text: string) => {
        writeFileSync(join(folder, 'sp.xml'), text)
        const id = ['--id-attr:ID', `${ns.metadata}:EntityDescriptor`]
        return spawnSync('xmlsec1', [
          '--verify',
          ...id,
          '--pubkey-pem',
          join(folder, 'key.pem'),
          join(folder, 'sp.xml'),
        ]).status
      }
      expect(verify(xml)).to.equal(0)
      expect(verify(xml.replace('/saml/acs', '/saml/acx'))).to.not.equal(0)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
