/** A service provider and an IdP with real keys, made once for all tests that need one. */
import { createHash, createPrivateKey, X509Certificate } from 'node:crypto'
import type { CertificateKey } from '../../src/certificates/make.js'
import { makeCertificate } from '../../src/certificates/make.js'
import type { ServiceProvider, SpKey, TrustedIdp, TrustedKey } from '../../src/saml/trust.js'
import { binding } from '../../src/words/saml-names.js'

export const at = Date.parse('2026-09-01T08:00:00Z')

export interface IdpKey extends SpKey {
  readonly trusted: TrustedKey
}

export async function makeSpKey(commonName = 'sp', keyType: CertificateKey = 'rsa-2048'): Promise<SpKey> {
  const { privateKeyPem, certificatePem } = await makeCertificate({ commonName, at, days: 3650, keyType })
  return { privateKey: createPrivateKey(privateKeyPem), certificatePem }
}

export async function makeIdpKey(commonName = 'idp'): Promise<IdpKey> {
  const key = await makeSpKey(commonName)
  const certificate = new X509Certificate(key.certificatePem)
  const fingerprint = createHash('sha256').update(certificate.raw).digest('hex')
  return { ...key, trusted: { key: certificate.publicKey, fingerprint } }
}

let made: Promise<ServiceProvider> | undefined
/** The same one for every test: four keys take a second. */
export const makeServiceProvider = (): Promise<ServiceProvider> => (made ??= newServiceProvider())

async function newServiceProvider(): Promise<ServiceProvider> {
  return {
    entityId: 'https://vhod.school.example/saml/metadata',
    acsUrl: 'https://vhod.school.example/saml/acs',
    sloUrl: 'https://vhod.school.example/saml/slo',
    signing: [await makeSpKey('signing one'), await makeSpKey('signing two')],
    decryption: [await makeSpKey('encryption one'), await makeSpKey('encryption two')],
    skew: 180_000,
  }
}

export const IDP = 'https://idp.example/idp/profile/SAML2/Redirect'

export function makeTrustedIdp(signingKeys: readonly TrustedKey[], more: Partial<TrustedIdp> = {}): TrustedIdp {
  return {
    entityId: 'https://idp.example/idp/shibboleth',
    title: 'Госуслуги',
    signingKeys,
    singleSignOn: [{ binding: binding.redirect, location: `${IDP}/SSO` }],
    singleLogout: [{ binding: binding.redirect, location: `${IDP}/SLO` }],
    metadataXml: '',
    legacyAlgorithms: false,
    cbc: 'never',
    acceptUnsolicited: false,
    ...more,
  }
}

/** The signed octets and the signature of a redirect message, cut from the raw query (saml-bindings 3.4.4.1). */
export function cutQuery(url: URL): { octets: Buffer; signature: Buffer } {
  const query = url.search.slice(1)
  const start = query.indexOf('SAMLRe')
  const end = query.indexOf('&Signature=')
  return {
    octets: Buffer.from(query.slice(start, end)),
    signature: Buffer.from(decodeURIComponent(query.slice(end + '&Signature='.length)), 'base64'),
  }
}
