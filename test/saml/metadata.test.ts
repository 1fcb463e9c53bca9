import { X509Certificate } from 'node:crypto'
import forge from 'node-forge'
import { expect } from 'chai'
import { checkMetadata, MetadataError, readIdpMetadata } from '../../src/saml/metadata.js'
import { esiaRequestedAttributes, ourNames } from '../../src/saml/sp-description.js'
import { spMetadata } from '../../src/saml/sp-metadata.js'
import { at, makeIdpKey, makeServiceProvider, type IdpKey } from '../support/saml-parties.js'

const settings = { legacyAlgorithms: false, cbc: 'never', acceptUnsolicited: false } as const
const DAY = 86_400_000

describe('IdP metadata', () => {
  let one: IdpKey
  let two: IdpKey
  let xml: string
  const base64 = (key: IdpKey): string => new X509Certificate(key.certificatePem).raw.toString('base64')
  const keyOf = (content: string, use = ' use="signing"'): string =>
    `<md:KeyDescriptor${use}><ds:KeyInfo>${content}</ds:KeyInfo></md:KeyDescriptor>`
  const x509 = (text: string): string =>
    `<ds:X509Data><ds:X509Certificate>${text.replace(/.{64}/g, '$&\n')}</ds:X509Certificate></ds:X509Data>`
  const keys = () => keyOf(x509(base64(one))) + keyOf(x509(base64(two)))

  before(async () => {
    one = await makeIdpKey('idp one')
    two = await makeIdpKey('idp two')
    xml = `<?xml version="1.0" encoding="UTF-8"?>
<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="http://www.w3.org/2000/09/xmldsig#"
    xmlns:mdui="urn:oasis:names:tc:SAML:metadata:ui" entityID="https://idp.example/idp/shibboleth">
  <md:IDPSSODescriptor protocolSupportEnumeration="urn:mace:shibboleth:1.0 urn:oasis:names:tc:SAML:2.0:protocol">
    <md:Extensions><mdui:UIInfo><mdui:DisplayName xml:lang="en">State</mdui:DisplayName><mdui:DisplayName xml:lang="ru">Госуслуги</mdui:DisplayName></mdui:UIInfo></md:Extensions>
    ${keys()}
    <md:SingleLogoutService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="https://idp.example/slo" ResponseLocation="https://idp.example/slo-answer"/>
    <md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://idp.example/sso-post"/>
    <md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="https://idp.example/sso"/>
  </md:IDPSSODescriptor>
</md:EntityDescriptor>`
  })

  const codes = (text: string): string[] =>
    checkMetadata(text, { at }).map(finding => `${finding.severity} ${finding.code}`)
  const problems = (text: string, entityId?: string): string[] => {
    try {
      readIdpMetadata(text, { ...settings, ...(entityId === undefined ? {} : { entityId }) })
      return []
    } catch (error) {
      if (!(error instanceof MetadataError)) throw error
      return error.problems.map(problem => problem.code)
    }
  }
  const spoilt = (from: string | RegExp, to: string): string => {
    const text = xml.replace(from, to)
    expect(text, 'the case must change the file').to.not.equal(xml)
    return text
  }

  it('IIP-SSO06 gives keys and endpoints', () => {
    const idp = readIdpMetadata(xml, settings)
    expect(idp).to.deep.include({
      entityId: 'https://idp.example/idp/shibboleth',
      title: 'Госуслуги',
      metadataXml: xml,
      ...settings,
    })
    expect(idp.singleSignOn.map(endpoint => endpoint.location)).to.deep.equal([
      'https://idp.example/sso-post',
      'https://idp.example/sso',
    ])
    expect(idp.singleLogout[0]).to.include({ responseLocation: 'https://idp.example/slo-answer' })
    expect(codes(xml)).to.deep.equal([])
  })

  it('IIP-MD05 reads the title and the algorithms out of extensions, and leaves the attributes of the entity alone', () => {
    const sha512 = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha512'
    const text = spoilt(
      '<md:Extensions>',
      `<md:Extensions><mdattr:EntityAttributes xmlns:mdattr="urn:oasis:names:tc:SAML:metadata:attribute"
        xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"><saml:Attribute Name="urn:x"><saml:AttributeValue>y</saml:AttributeValue>
        </saml:Attribute></mdattr:EntityAttributes><alg:SigningMethod
        xmlns:alg="urn:oasis:names:tc:SAML:metadata:algsupport" Algorithm="${sha512}"/>`,
    )
    expect(problems(text)).to.deep.equal([])
    const idp = readIdpMetadata(text, settings)
    expect(idp.title).to.equal('Госуслуги')
    expect(JSON.stringify(idp, (key, value: unknown) => (key === 'metadataXml' ? undefined : value))).to.include(sha512)
  })

  it('IIP-MD07 any number of signing keys is kept', () => {
    const { signingKeys } = readIdpMetadata(xml, settings)
    expect(signingKeys.map(key => key.fingerprint)).to.deep.equal([one, two].map(key => key.trusted.fingerprint))
    expect(signingKeys[1]?.key.equals(two.trusted.key)).to.equal(true)
    expect(signingKeys[0]?.notAfter).to.equal(at + 3650 * DAY)
  })

  it('IIP-MD11 a KeyDescriptor without use is for both', () => {
    const text = xml.replace(keys(), keyOf(x509(base64(one)), '') + keyOf(x509(base64(two)), ' use="encryption"'))
    const { signingKeys } = readIdpMetadata(text, settings)
    expect(signingKeys.map(key => key.fingerprint)).to.deep.equal([one.trusted.fingerprint])
  })

  it('IIP-MD12 an expired certificate is a container like any other, and worth a warning', () => {
    expect(problems(xml)).to.deep.equal([])
    const later = checkMetadata(xml, { at: at + 3651 * DAY })
    expect(later.map(finding => `${finding.severity} ${finding.code}`)).to.deep.equal([
      'warning certificate-expired',
      'warning certificate-expired',
    ])
  })

  it('a key given as RSAKeyValue is the same key', () => {
    const { n, e } = one.trusted.key.export({ format: 'jwk' })
    const plain = (text: string) => Buffer.from(text, 'base64url').toString('base64')
    const value = `<ds:KeyValue><ds:RSAKeyValue><ds:Modulus>${plain(n!)}</ds:Modulus><ds:Exponent>${plain(e!)}</ds:Exponent></ds:RSAKeyValue></ds:KeyValue>`
    const { signingKeys } = readIdpMetadata(xml.replace(keys(), keyOf(value)), settings)
    expect(signingKeys[0]?.key.equals(one.trusted.key)).to.equal(true)
  })

  it('certificates behind the first of a KeyDescriptor are a chain and are not trusted', () => {
    const text = xml.replace(keys(), keyOf(x509(base64(one)) + x509(base64(two))))
    expect(readIdpMetadata(text, settings).signingKeys.map(key => key.fingerprint)).to.deep.equal([
      one.trusted.fingerprint,
    ])
  })

  it('the settings may give another title, and a nameless IdP is called by its host', () => {
    expect(readIdpMetadata(xml, { ...settings, title: 'ЕСИА' }).title).to.equal('ЕСИА')
    expect(readIdpMetadata(spoilt(/<md:Extensions>.*<\/md:Extensions>/, ''), settings).title).to.equal('idp.example')
  })

  describe('of a whole federation', () => {
    const federation = (...entities: string[]): string =>
      `<md:EntitiesDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata"><md:EntitiesDescriptor validUntil="2026-08-31T00:00:00Z">${entities
        .map(entity => entity.replace(/^<\?.*\?>\n/, ''))
        .join('')}</md:EntitiesDescriptor></md:EntitiesDescriptor>`
    const other = (): string => xml.replace('https://idp.example/idp/shibboleth', 'https://other.example')

    it('IIP-MD02 finds the entity that is meant at any depth', () => {
      const text = federation(other(), xml)
      expect(readIdpMetadata(text, { ...settings, entityId: 'https://other.example' }).entityId).to.equal(
        'https://other.example',
      )
      expect(problems(text, 'https://nobody.example')).to.deep.equal(['which-entity'])
      expect(problems(text)).to.deep.equal(['which-entity'])
    })

    it('needs no choice where only one entity is an IdP', async () => {
      const sp = spMetadata({
        ...(await makeServiceProvider()), ...ourNames, at, cbc: false, leastLevel: 'confirmed',
        organization: { name: 'Школа', url: 'https://school.example' }, contacts: { technical: 'a@b.example', support: 'c@d.example' },
        requestedAttributes: esiaRequestedAttributes,
      }) // prettier-ignore
      expect(readIdpMetadata(federation(sp, xml), settings).entityId).to.equal('https://idp.example/idp/shibboleth')
      expect(problems(sp)).to.deep.equal(['sp-metadata'])
    })

    it('the validUntil of every group around it counts', () => {
      expect(codes(federation(xml))).to.deep.equal(['warning metadata-expired'])
    })
  })

  describe('that cannot be used', () => {
    const cases: readonly { what: string; text: () => string; codes: readonly string[] }[] = [
      { what: 'no certificates', text: () => xml.replace(keys(), ''), codes: ['no-key'] },
      { what: 'only an encryption key', text: () => xml.replaceAll('use="signing"', 'use="encryption"'), codes: ['no-signing-key'] },
      { what: 'certificate is not base64', text: () => xml.replace(keys(), keyOf(x509('-----BEGIN'))), codes: ['pem-header', 'no-signing-key'] },
      { what: 'certificate is damaged', text: () => xml.replace(keys(), keyOf(x509('AAAA'))), codes: ['unreadable-key', 'no-signing-key'] },
      { what: 'weak key beside a good one', text: () => xml.replace(keys(), keys() + keyOf(x509(weakCertificate()))), codes: ['weak-key'] },
      { what: 'no redirect endpoint', text: () => xml.replace(/<md:SingleSignOnService[^>]*Redirect[^>]*>/, ''), codes: ['no-sso-redirect'] },
      { what: 'endpoint is a script', text: () => spoilt('https://idp.example/sso"', 'javascript:alert(1)"'), codes: ['endpoint-address', 'no-sso-redirect'] },
      { what: 'endpoint is relative', text: () => spoilt('https://idp.example/sso"', '/sso"'), codes: ['endpoint-address', 'no-sso-redirect'] },
      { what: 'white space in entityID', text: () => spoilt('shibboleth"', 'shibboleth "'), codes: ['entity-id-space'] },
      { what: 'no entityID', text: () => spoilt(/entityID="[^"]*"/, ''), codes: ['no-entity-id'] },
      { what: 'an IdP of SAML 1.1', text: () => spoilt('urn:oasis:names:tc:SAML:2.0:protocol', ''), codes: ['no-saml2'] },
      { what: 'other XML', text: () => '<a/>', codes: ['not-metadata'] },
      { what: 'a web page', text: () => '\n<!DOCTYPE html><p>', codes: ['web-page'] },
      { what: 'a document type declaration', text: () => xml.replace('<md:E', '<!DOCTYPE x><md:E'), codes: ['not-xml'] },
      { what: 'cut off', text: () => xml.slice(0, -9), codes: ['not-xml'] },
      { what: 'empty', text: () => '', codes: ['not-xml'] },
    ] // prettier-ignore
    for (const { what, text, codes: expected } of cases)
      it(`${what} -> ${expected.join(', ')}`, () => expect(problems(text())).to.deep.equal(expected))

    it('everything is said at once, with line and remedy', () => {
      const text = xml
        .replace(keys(), '')
        .replace('HTTP-Redirect" Location="https://idp.example/sso"', 'SOAP" Location="https://idp.example/sso"')
      expect(() => readIdpMetadata(text, settings)).to.throw(
        MetadataError,
        [
          'The IdP metadata is not usable:',
          '  - line 4: there is no certificate; ask the IdP for metadata with its signing certificate',
          '  - line 4: there is no usable SingleSignOnService with the HTTP-Redirect binding; ask the IdP to offer it: our requests travel no other way',
        ].join('\n'),
      )
    })
  })

  it('is taken, with a warning, in an order that the schema does not know', () => {
    const text = spoilt(/(\n *<md:SingleLogoutService[^>]*>)(.*)(\n *<\/md:IDP)/s, '$2$1$3')
    expect(problems(text)).to.deep.equal([])
    const [finding] = checkMetadata(text, { at })
    expect(finding).to.include({ severity: 'warning', code: 'schema' })
    expect(finding?.what).to.include('(SingleLogoutService)')
  })

  it('is taken with a warning where only convenience or a test stand suffers', () => {
    const http = xml.replaceAll('https://idp.example/sso', 'http://localhost:8081/sso')
    expect(problems(http)).to.deep.equal([])
    expect(codes(http)).to.deep.equal(['warning endpoint-http', 'warning endpoint-http'])
    expect(codes(spoilt(/<md:SingleLogoutService[^>]*>/, ''))).to.deep.equal(['warning no-slo-redirect'])
    expect(codes(spoilt('entityID="https://idp.example', 'entityID="idp.example'))).to.deep.equal([
      'warning entity-id-no-uri',
    ])
    const weak = xml.replace(keys(), keys() + keyOf(x509(weakCertificate()), ' use="encryption"'))
    expect(codes(weak)).to.deep.equal(['warning weak-key'])
    expect(codes(spoilt('entityID=', 'validUntil="2026-08-31T23:59:59Z" entityID='))).to.deep.equal([
      'warning metadata-expired',
    ])
  })
})

/** Of 1024 bits, such as old IdPs still publish. */
function weakCertificate(): string {
  const pair = forge.pki.rsa.generateKeyPair(1024)
  const certificate = forge.pki.createCertificate()
  certificate.publicKey = pair.publicKey
  certificate.validity.notBefore = new Date(at)
  certificate.validity.notAfter = new Date(at + DAY)
  certificate.sign(pair.privateKey, forge.md.sha256.create())
  return forge.util.encode64(forge.asn1.toDer(forge.pki.certificateToAsn1(certificate)).getBytes())
}
