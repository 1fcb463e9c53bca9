/**
 * Other programs that verify the same messages. They have a package.json of their own in test/bench, so that nobody who
 * installs the bridge installs them. Each is set up to check as much as it can.
 */
import { createRequire } from 'node:module'
import { projectFile } from '../../src/base/project-file.js'
import { idpMetadata } from '../../src/mock-idp/metadata.js'
import { idp, key, request, sp } from './stand.js'

/** @throws Error when the peer refuses the message */
export type Peer = (base64: string) => Promise<unknown>

const need = createRequire(projectFile('test/bench/package.json'))
const decryptionPem = sp.decryption[0]!.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
const spCertificate = sp.decryption[0]!.certificatePem

/** @returns every peer that is installed, by name; none, and how to install them, when there is none */
export function peers(signed: { readonly response: boolean; readonly assertion: boolean }): ReadonlyMap<string, Peer> {
  try {
    need.resolve('@node-saml/node-saml')
  } catch {
    process.stdout.write('The peers are not installed: npm ci --prefix test/bench. Going on without them.\n')
    return new Map()
  }
  return new Map<string, Peer>([
    ['node-saml', nodeSaml(signed)],
    ['samlify', samlify(signed)],
    ['saml2-js', saml2js()],
  ])
}

interface NodeSaml {
  SAML: new (options: object) => { validatePostResponseAsync(body: object): Promise<{ profile: unknown }> }
}

export function nodeSaml(signed: { readonly response: boolean; readonly assertion: boolean }): Peer {
  const { SAML } = need('@node-saml/node-saml') as NodeSaml
  const engine = new SAML({
    callbackUrl: sp.acsUrl,
    issuer: sp.entityId,
    audience: sp.entityId,
    idpCert: key.certificatePem,
    idpIssuer: idp.entityId,
    entryPoint: 'https://idp.example/',
    wantAuthnResponseSigned: signed.response,
    wantAssertionsSigned: signed.assertion,
    decryptionPvk: decryptionPem,
    validateInResponseTo: 'never',
    acceptedClockSkewMs: 180_000,
  })
  return SAMLResponse => engine.validatePostResponseAsync({ SAMLResponse })
}

interface Samlify {
  setSchemaValidator(validator: object): void
  ServiceProvider(options: object): Record<string, (idp: unknown, binding: string, request: object) => Promise<unknown>>
  IdentityProvider(options: object): unknown
}

/** Without its schema validators, each of which costs another 11 to 85 ms. */
function samlify({ assertion }: { readonly assertion: boolean }): Peer {
  const engine = need('samlify') as Samlify
  engine.setSchemaValidator({ validate: () => Promise.resolve('skipped') })
  const metadata = idpMetadata(idp.entityId, 'https://idp.example', [key])
  const theirs = engine.IdentityProvider({
    metadata,
    isAssertionEncrypted: false,
    messageSigningOrder: 'sign-then-encrypt',
  })
  const encrypted = engine.IdentityProvider({
    metadata,
    isAssertionEncrypted: true,
    messageSigningOrder: 'encrypt-then-sign',
  })
  const ours = engine.ServiceProvider({
    entityID: sp.entityId,
    assertionConsumerService: [{ Binding: 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST', Location: sp.acsUrl }],
    encPrivateKey: decryptionPem,
    encryptCert: spCertificate,
    wantAssertionsSigned: assertion,
    clockDrifts: [-180_000, 180_000],
  })
  return SAMLResponse => {
    const side = Buffer.from(SAMLResponse, 'base64').includes('EncryptedAssertion') ? encrypted : theirs
    // eslint-disable-next-line no-restricted-properties -- measured, never asked to judge
    return ours['parseLoginResponse']!(side, 'post', { body: { SAMLResponse } })
  }
}

interface Saml2js {
  ServiceProvider: new (options: object) => {
    post_assert(idp: unknown, options: object, done: (error: Error | null, answer: unknown) => void): void
  }
  IdentityProvider: new (options: object) => unknown
}

function saml2js(): Peer {
  const { ServiceProvider, IdentityProvider } = need('saml2-js') as Saml2js
  const ours = new ServiceProvider({
    entity_id: sp.entityId,
    private_key: decryptionPem,
    certificate: spCertificate,
    assert_endpoint: sp.acsUrl,
    audience: sp.entityId,
    notbefore_skew: 180,
    allow_unencrypted_assertion: true,
  })
  const theirs = new IdentityProvider({ sso_login_url: 'https://idp.example/', certificates: [key.certificatePem] })
  return SAMLResponse =>
    new Promise((resolve, reject) => {
      ours.post_assert(theirs, { request_body: { SAMLResponse }, in_response_to: request.id }, (error, answer) =>
        error ? reject(error) : resolve(answer),
      )
    })
}
