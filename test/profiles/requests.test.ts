/** What we ask an IdP for, as its metadata and the settings want it (IIP 3.1, SDP 3). */
import { inflateRawSync } from 'node:zlib'
import { expect } from 'chai'
import { authnRequestUrl } from '../../src/saml/request.js'
import { readIdpMetadata } from '../../src/saml/metadata.js'
import { judgeResponse } from '../../src/saml/response.js'
import { readXml } from '../../src/saml/reader.js'
import type { ServiceProvider, TrustedIdp } from '../../src/saml/trust.js'
import { algorithm, ns } from '../../src/words/saml-names.js'
import { rsaPair } from '../support/foreign.js'
import { asked, posted, serviceProvider, trustedIdp } from '../support/judging.js'
import { assertion, authnStatement, response, signed } from '../support/plain-writer.js'
import { at, makeIdpKey, makeServiceProvider, makeTrustedIdp } from '../support/saml-parties.js'

const question = { id: '_8f14e45f', relayState: 'opaque', forced: false, at }
const TWO_FACTORS = 'https://refeds.org/profile/mfa'
const PASSWORD = 'urn:oasis:names:tc:SAML:2.0:ac:classes:Password'

describe('profiles: requests', () => {
  let sp: ServiceProvider
  before(async () => {
    sp = await makeServiceProvider()
  })
  const urlFor = (changes: Partial<TrustedIdp> = {}): URL => authnRequestUrl(sp, makeTrustedIdp([], changes), question)
  const request = (changes: Partial<TrustedIdp> = {}): string =>
    inflateRawSync(Buffer.from(urlFor(changes).searchParams.get('SAMLRequest')!, 'base64')).toString()

  it('IIP-SSO01 IIP-SSO02 SDP-SP02 a request goes by HTTP-Redirect to the address of the metadata', () => {
    const url = urlFor()
    expect(url.href.startsWith('https://idp.example/idp/profile/SAML2/Redirect/SSO?SAMLRequest=')).to.equal(true)
    expect(request()).to.include(' Destination="https://idp.example/idp/profile/SAML2/Redirect/SSO"')
  })

  it('IIP-SP03 SDP-SP04 NameIDPolicy allows creation and names no Format, or is left out', () => {
    expect(request()).to.include('<samlp:NameIDPolicy AllowCreate="true"/>')
    expect(request({ withoutNameIdPolicy: true })).not.to.include('NameIDPolicy')
  })

  it('SDP-SP05 SDP-SP06 names our address and no index, octet for octet as in our metadata', () => {
    expect(request()).to.include(` AssertionConsumerServiceURL="${sp.acsUrl}"`)
    expect(request()).not.to.include('AssertionConsumerServiceIndex')
  })

  it('IIP-SP06 SDP-SP07 RequestedAuthnContext only where the settings name classes: exact, and as many as they name', () => {
    expect(request()).not.to.include('RequestedAuthnContext')
    const classes = [TWO_FACTORS, PASSWORD, 'urn:x:1', 'urn:x:2', 'urn:x:3']
    const { root } = readXml(request({ authnContext: classes }))
    const written = root.children.find(node => node.kind === 'element' && node.local === 'RequestedAuthnContext')
    expect(written).to.deep.include({ ns: ns.protocol })
    expect(JSON.stringify(written, (key, value: unknown) => (key === 'parent' ? undefined : value))).to.satisfy(
      (text: string) => text.includes('"exact"') && classes.every(each => text.includes(each)),
    )
  })

  it('IIP-SP07 an answer of another class is refused -> saml.authn-context', () => {
    const idp = rsaPair()
    const judge = (classRef: string, authnContext?: readonly string[]): string => {
      const xml = response(
        signed(assertion({ statement: authnStatement('', classRef) }), {
          privateKey: idp.privateKey,
          method: 'rsa-sha256',
        }),
      )
      const trusted = trustedIdp([idp], authnContext && { authnContext })
      const verdict = judgeResponse(posted(xml), asked(trusted, serviceProvider([])))
      return verdict.accepted ? verdict.assertion.authnContext! : verdict.refusal.code
    }
    expect(judge(PASSWORD)).to.equal(PASSWORD)
    expect(judge(PASSWORD, [TWO_FACTORS])).to.equal('saml.authn-context')
    expect(judge(PASSWORD, [TWO_FACTORS, PASSWORD])).to.equal(PASSWORD)
    expect(judge(` ${TWO_FACTORS}\n`, [TWO_FACTORS]), 'xs:anyURI: white space around it is none of its').to.equal(
      TWO_FACTORS,
    )
    expect(judge(`${PASSWORD}X`, [PASSWORD])).to.equal('saml.authn-context')
  })

  it('IIP-MD10 signs as the metadata of the IdP declares, the role before the entity', async () => {
    const { certificatePem } = await makeIdpKey()
    const metadata = (ofRole: string, ofEntity: string): string => {
      const list = (methods: string): string =>
        methods &&
        `<Extensions>${methods
          .split(' ')
          .map(each => `<a:SigningMethod xmlns:a="${ns.alg}" Algorithm="${each}"/>`)
          .join('')}</Extensions>`
      return `<EntityDescriptor xmlns="${ns.metadata}" entityID="https://idp.example">${list(ofEntity)}<IDPSSODescriptor protocolSupportEnumeration="${ns.protocol}">${list(ofRole)}
        <KeyDescriptor><KeyInfo xmlns="${ns.ds}"><X509Data><X509Certificate>${certificatePem.replace(/-----[^-]+-----/g, '')}</X509Certificate></X509Data></KeyInfo></KeyDescriptor>
        <SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="https://idp.example/sso"/></IDPSSODescriptor></EntityDescriptor>`
    }
    const chosen = (ofRole: string, ofEntity = '', legacyAlgorithms = false): string | null => {
      const settings = { legacyAlgorithms, cbc: 'never', acceptUnsolicited: false } as const
      const trusted = readIdpMetadata(metadata(ofRole, ofEntity), settings)
      return authnRequestUrl(sp, trusted, question).searchParams.get('SigAlg')
    }
    const { rsaSha1, rsaSha256, rsaSha512, ecdsaSha256 } = algorithm
    expect(chosen('')).to.equal(rsaSha256)
    expect(chosen(rsaSha512)).to.equal(rsaSha512)
    expect(chosen(`${rsaSha512} ${rsaSha256}`)).to.equal(rsaSha256)
    expect(chosen(rsaSha256, rsaSha512)).to.equal(rsaSha256)
    expect(chosen('', `${ecdsaSha256} ${rsaSha512}`)).to.equal(rsaSha512)
    expect(chosen(ecdsaSha256), 'nothing in common: the usual is tried').to.equal(rsaSha256)
    expect(chosen(rsaSha512, '', true), 'legacy is what the settings say').to.equal(rsaSha1)
  })
})
