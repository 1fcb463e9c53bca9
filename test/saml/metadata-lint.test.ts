/** A specimen of every kind of mistake. Each spoils one thing in metadata that nobody has anything to say about. */
import { generateKeyPairSync, X509Certificate, type KeyObject } from 'node:crypto'
import { expect } from 'chai'
import forge from 'node-forge'
import { SignedXml } from 'xml-crypto'
import { kinds, type FindingKind } from '../../src/saml/lint/kinds.js'
import { lintMetadata } from '../../src/saml/lint/lint.js'
import { at, makeIdpKey, type IdpKey } from '../support/saml-parties.js'

const DAY = 86_400_000
const MD = 'urn:oasis:names:tc:SAML:2.0:metadata'
const BINDING = 'urn:oasis:names:tc:SAML:2.0:bindings'
const PROTOCOL = 'urn:oasis:names:tc:SAML:2.0:protocol'

/** What somebody did to a file: before it was signed, or afterwards. */
interface Specimen {
  readonly spoil: (xml: string) => string
  readonly signed?: 'before' | 'unsigned'
  readonly octets?: (xml: string) => Buffer
  /** Of the answer; several where one mistake makes another. */
  readonly also?: readonly FindingKind[]
  readonly entityId?: string
}

describe('lint of metadata', () => {
  let key: IdpKey
  let good: string
  before(async () => {
    key = await makeIdpKey('idp')
    good = template(base64(key.certificatePem))
  })

  const swap = (from: string | RegExp, to: string) => (xml: string) => xml.replace(from, to)
  const sso = `<md:SingleSignOnService Binding="${BINDING}:HTTP-Redirect" Location="https://idp.region.ru/sso"`
  const certificate = /<ds:X509Certificate>[^<]*<\/ds:X509Certificate>/
  const certified = (text: string) => swap(certificate, `<ds:X509Certificate>${text}</ds:X509Certificate>`)
  const keyed = (made: () => Buffer): Specimen => ({ spoil: xml => certified(made().toString('base64'))(xml) })
  const federation = (xml: string, more: string) =>
    `<md:EntitiesDescriptor xmlns:md="${MD}">${xml.replace(/^<.*>\n/, '')}${more}</md:EntitiesDescriptor>`
  const sp = (entityId: string, more = '') =>
    `<md:EntityDescriptor${more} entityID="${entityId}"><md:SPSSODescriptor protocolSupportEnumeration="${PROTOCOL}"><md:AssertionConsumerService index="0" Binding="${BINDING}:HTTP-POST" Location="https://sp.region.ru/acs"/></md:SPSSODescriptor></md:EntityDescriptor>`
  const role = /<md:IDPSSODescriptor[^]*<\/md:IDPSSODescriptor>/
  const day = (days: number) => new Date(at + days * DAY).toISOString()
  const extended = (what: string) => swap('<md:Extensions>', `<md:Extensions>${what}`)

  const specimens: Readonly<Record<FindingKind, Specimen>> = {
    'web-page': { spoil: () => '<!DOCTYPE html>\n<html><body>Вход</body></html>', signed: 'unsigned' },
    encoding: { spoil: x => `${x} `, octets: x => Buffer.from(`\uFEFF${x}`, 'utf16le') },
    'not-xml': { spoil: x => x.slice(0, -30), signed: 'before' },
    'duplicate-id': { spoil: swap('<md:SingleSignOnService', '<md:SingleSignOnService ID="_m"'), signed: 'before' },
    'private-key': { spoil: swap('Министерство<', '-----BEGIN PRIVATE KEY-----<') },
    'not-metadata': { spoil: () => '<a/>', signed: 'unsigned' },
    'sp-metadata': { spoil: () => sp('https://sp.region.ru', ` xmlns:md="${MD}"`), signed: 'unsigned' },
    'no-idp': { spoil: swap(role, ''), signed: 'unsigned' },
    'no-protocol': { spoil: swap(/ protocolSupportEnumeration="[^"]*"/, '') },
    'no-saml2': { spoil: swap(PROTOCOL, 'urn:mace:shibboleth:1.0') },
    'which-entity': { spoil: x => `${x} `, entityId: 'https://other.region.ru' },
    'duplicate-entity': { spoil: x => federation(x, sp('https://sp.region.ru').repeat(2)), signed: 'before' },
    'several-roles': { spoil: x => x.replace(role, found => found + found) },
    'no-entity-id': { spoil: swap(/ entityID="[^"]*"/, ''), also: ['schema'] },
    'entity-id-space': { spoil: swap('/shibboleth"', '/shibboleth "') },
    'entity-id-long': { spoil: swap('/shibboleth"', `/${'a'.repeat(1024)}"`), also: ['schema'] },
    'entity-id-no-uri': { spoil: swap('entityID="https://idp', 'entityID="idp') },

    'no-key': { spoil: swap(/<md:KeyDescriptor[^]*<\/md:KeyDescriptor>/, '') },
    'no-signing-key': { spoil: swap('use="signing"', 'use="encryption"') },
    'pem-header': { spoil: x => certified(`-----BEGIN CERTIFICATE-----\n${base64(key.certificatePem)}\n-----END CERTIFICATE-----`)(x), also: ['no-signing-key', 'schema'] },
    'unreadable-key': { spoil: certified('AAAA'), also: ['no-signing-key'] },
    'weak-key': { ...keyed(() => forged({ bits: 1024 })), also: ['no-signing-key'] },
    'small-exponent': keyed(() => forged({ exponent: 3 })),
    'certificate-expired': keyed(() => forged({ until: at - DAY })),
    'certificate-not-yet-valid': keyed(() => forged({ from: at + DAY })),
    'certificate-signature': keyed(() => forged({ digest: forge.md.sha1.create() })),
    'certificate-trailing': keyed(() => Buffer.concat([forged({}), forged({})])),
    'certificate-chain': { spoil: x => x.replace(certificate, found => found + found) },
    'carriage-return': { spoil: x => x.replace(certificate, found => found.replace(/(.{100})/, '$1&#13;\n')), signed: 'unsigned', also: ['unsigned'] },
    'key-without-use': { spoil: swap(' use="signing"', '') },
    'several-signing-keys': { spoil: x => x.replace(/<md:KeyDescriptor[^]*<\/md:KeyDescriptor>/, found => found + certified(forged({}).toString('base64'))(found)) },

    'no-sso-redirect': { spoil: swap(sso, sso.replace('HTTP-Redirect', 'HTTP-POST')) },
    'no-slo-redirect': { spoil: swap(/<md:SingleLogoutService[^>]*HTTP-Redirect[^>]*>/, '') },
    'no-slo-soap': { spoil: swap(/<md:SingleLogoutService[^>]*SOAP[^>]*>/, '') },
    'endpoint-incomplete': { spoil: swap(' Location="https://idp.region.ru/slo"', ''), also: ['no-slo-redirect', 'schema'] },
    'endpoint-space': { spoil: swap('https://idp.region.ru/slo"', 'https://idp.region.ru/s lo"'), also: ['no-slo-redirect'] },
    'endpoint-address': { spoil: swap('https://idp.region.ru/slo"', '/slo"'), also: ['no-slo-redirect'] },
    'endpoint-fragment': { spoil: swap('https://idp.region.ru/slo"', 'https://idp.region.ru/slo#x"'), also: ['no-slo-redirect'] },
    'endpoint-userinfo': { spoil: swap('https://idp.region.ru/slo"', 'https://a:b@idp.region.ru/slo"'), also: ['no-slo-redirect'] },
    'endpoint-http': { spoil: swap('https://idp.region.ru/sso', 'http://idp.region.ru/sso') },
    'duplicate-endpoint': { spoil: x => x.replace(`${sso}/>`, `${sso}/>${sso.replace('/sso', '/sso2')}/>`) },
    'binding-misspelt': { spoil: x => x.replace(`${sso}/>`, `${sso}/>${sso.replace('HTTP-Redirect', 'HTTP-Post ')}/>`) },
    'unknown-binding': { spoil: x => x.replace(`${sso}/>`, `${sso}/>${sso.replace(`${BINDING}:HTTP-Redirect`, 'urn:x')}/>`) },
    'test-host': { spoil: swap('https://idp.region.ru/sso', 'https://idp.local/sso') },

    'bad-valid-until': { spoil: swap(/validUntil="[^"]*"/, 'validUntil="завтра"'), also: ['schema'] },
    'no-valid-until': { spoil: swap(/ validUntil="[^"]*"/, '') },
    'metadata-expired': { spoil: swap(/validUntil="[^"]*"/, `validUntil="${day(-1)}"`) },
    'metadata-ends-soon': { spoil: swap(/validUntil="[^"]*"/, `validUntil="${day(3)}"`) },
    'valid-too-long': { spoil: swap(/validUntil="[^"]*"/, `validUntil="${day(900)}"`) },
    'bad-cache-duration': { spoil: swap('PT6H', '6 hours'), also: ['schema'] },

    unsigned: { spoil: x => `${x} `, signed: 'unsigned' },
    'bad-signature': { spoil: swap('Министерство', 'Министерства'), signed: 'before' },
    'signature-form': { spoil: swap('http://www.w3.org/2001/04/xmldsig-more#rsa-sha256', 'urn:x'), signed: 'before' },
    'weak-signature': { spoil: x => sign(x, 'http://www.w3.org/2000/09/xmldsig#rsa-sha1'), signed: 'unsigned' },

    schema: { spoil: x => x.replace(/(<md:NameIDFormat>.*?<\/md:NameIDFormat>)([^]*)(<\/md:IDPSSO)/, '$2$1$3') },
    'byte-order-mark': { spoil: x => `\uFEFF${x}`, signed: 'before' },
    'unknown-extension': { spoil: extended('<x:y xmlns:x="urn:x"/>') },
    'legacy-only': { spoil: extended('<alg:DigestMethod xmlns:alg="urn:oasis:names:tc:SAML:metadata:algsupport" Algorithm="http://www.w3.org/2000/09/xmldsig#sha1"/>') },
    'refused-encryption': { spoil: swap('</md:KeyDescriptor>', '<md:EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#rsa-1_5"/></md:KeyDescriptor>') },
    'wants-unsigned': { spoil: swap(' WantAuthnRequestsSigned="true"', '') },
    'no-transient': { spoil: swap('nameid-format:transient', 'nameid-format:persistent') },
    'no-error-url': { spoil: swap(/ errorURL="[^"]*"/, '') },
    'no-display-name': { spoil: swap(/<mdui:DisplayName[^]*<\/mdui:DisplayName>/, '') },
    'no-contact': { spoil: swap('contactType="technical"', 'contactType="billing"') },
    'contact-form': { spoil: swap('mailto:', '') },
  } // prettier-ignore

  const lint = ({ spoil, signed, octets, entityId }: Partial<Specimen>) => {
    const before = signed === 'before' ? sign(good) : good
    const spoilt = spoil?.(before) ?? before
    if (spoil) expect(spoilt, 'the specimen must change the file').not.to.equal(before)
    const xml = signed === undefined ? sign(spoilt) : spoilt
    const asked = { at, ...(entityId !== undefined && { entityId }) }
    return lintMetadata(octets?.(xml) ?? Buffer.from(xml), asked).findings
  }
  const sign = (xml: string, method?: string) => signMetadata(xml, key.privateKey, key.certificatePem, method)

  it('control: has nothing to say about the metadata that the specimens spoil', () => {
    expect(lint({})).to.deep.equal([])
  })

  it('SDP-MD12 misses the errorURL of an IdP', () => {
    expect(lint(specimens['no-error-url']).map(({ code }) => code)).to.deep.equal(['no-error-url'])
  })

  for (const [kind, specimen] of Object.entries(specimens) as [FindingKind, Specimen][])
    it(kind, () => {
      const findings = lint(specimen)
      expect(findings.map(({ code }) => code)).to.have.members([kind, ...(specimen.also ?? [])])
      const { severity, what, fix } = findings.find(({ code }) => code === kind)!
      expect(severity).to.equal(kinds[kind].severity)
      expect(what.length * fix.length).to.be.above(50)
      expect(`${what}; ${fix}`).not.to.match(/[.;]$/)
    })
})

const base64 = (pem: string): string => new X509Certificate(pem).raw.toString('base64')

const template = (certificate: string): string => `<?xml version="1.0" encoding="UTF-8"?>
<md:EntityDescriptor xmlns:md="${MD}" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" xmlns:mdui="urn:oasis:names:tc:SAML:metadata:ui"
    ID="_m" entityID="https://idp.region.ru/idp/shibboleth" validUntil="${new Date(at + 30 * DAY).toISOString()}" cacheDuration="PT6H">
  <md:IDPSSODescriptor WantAuthnRequestsSigned="true" protocolSupportEnumeration="${PROTOCOL}" errorURL="https://idp.region.ru/help">
    <md:Extensions><mdui:UIInfo><mdui:DisplayName xml:lang="ru">Вход региона</mdui:DisplayName></mdui:UIInfo></md:Extensions>
    <md:KeyDescriptor use="signing"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>${certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>
    <md:SingleLogoutService Binding="${BINDING}:HTTP-Redirect" Location="https://idp.region.ru/slo"/>
    <md:SingleLogoutService Binding="${BINDING}:SOAP" Location="https://idp.region.ru/slo/soap"/>
    <md:NameIDFormat>urn:oasis:names:tc:SAML:2.0:nameid-format:transient</md:NameIDFormat>
    <md:SingleSignOnService Binding="${BINDING}:HTTP-Redirect" Location="https://idp.region.ru/sso"/>
  </md:IDPSSODescriptor>
  <md:Organization><md:OrganizationName xml:lang="ru">Министерство</md:OrganizationName><md:OrganizationDisplayName xml:lang="ru">Министерство</md:OrganizationDisplayName><md:OrganizationURL xml:lang="ru">https://region.ru</md:OrganizationURL></md:Organization>
  <md:ContactPerson contactType="technical"><md:EmailAddress>mailto:help@region.ru</md:EmailAddress></md:ContactPerson>
</md:EntityDescriptor>`

function signMetadata(xml: string, privateKey: KeyObject, certificatePem: string, method?: string): string {
  const excC14n = 'http://www.w3.org/2001/10/xml-exc-c14n#'
  const signer = new SignedXml({
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    publicCert: certificatePem,
    signatureAlgorithm: method ?? 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
    canonicalizationAlgorithm: excC14n,
  })
  signer.addReference({
    xpath: '/*',
    digestAlgorithm: 'http://www.w3.org/2001/04/xmlenc#sha256',
    transforms: ['http://www.w3.org/2000/09/xmldsig#enveloped-signature', excC14n],
  })
  signer.computeSignature(xml, { prefix: 'ds', location: { reference: '/*', action: 'prepend' } })
  return signer.getSignedXml()
}

interface Forged {
  readonly bits?: number
  readonly exponent?: number
  readonly from?: number
  readonly until?: number
  readonly digest?: forge.md.MessageDigest
}

const pairs = new Map<string, { readonly publicKey: string; readonly privateKey: string }>()

/** A certificate as nobody should make it any more, DER. */
function forged({ bits = 2048, exponent = 65_537, from = at - DAY, until = at + 365 * DAY, digest }: Forged): Buffer {
  const name = `${bits} ${exponent}`
  const pair = pairs.get(name) ?? rsaPair(bits, exponent)
  pairs.set(name, pair)
  const certificate = forge.pki.createCertificate()
  certificate.publicKey = forge.pki.publicKeyFromPem(pair.publicKey)
  certificate.serialNumber = '01'
  certificate.validity.notBefore = new Date(from)
  certificate.validity.notAfter = new Date(until)
  const subject = [{ name: 'commonName', value: 'idp' }]
  certificate.setSubject(subject)
  certificate.setIssuer(subject)
  certificate.sign(forge.pki.privateKeyFromPem(pair.privateKey), digest ?? forge.md.sha256.create())
  return Buffer.from(forge.asn1.toDer(forge.pki.certificateToAsn1(certificate)).getBytes(), 'binary')
}

function rsaPair(modulusLength: number, publicExponent: number) {
  const made = generateKeyPairSync('rsa', { modulusLength, publicExponent })
  return {
    publicKey: made.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    privateKey: made.privateKey.export({ type: 'pkcs1', format: 'pem' }).toString(),
  }
}
