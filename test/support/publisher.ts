/** Who publishes metadata: federations and IdPs with real keys, and a real https server that behaves as it is told. */
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { createServer as createTlsServer } from 'node:https'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { makeCertificate, type KeyAndCertificate } from '../../src/certificates/make.js'
import { signElement } from '../../src/mock-idp/sign.js'
import type { TrustedKey } from '../../src/saml/trust.js'
import { algorithm, binding, ns } from '../../src/words/saml-names.js'

export interface Parties {
  readonly server: KeyAndCertificate
  readonly federation: KeyAndCertificate
  /** Signing keys of IdPs. */
  readonly keys: readonly [KeyAndCertificate, KeyAndCertificate, KeyAndCertificate]
}

let made: Promise<Parties> | undefined

/** Made once for all tests that need them. */
export const makeParties = (): Promise<Parties> => (made ??= makeAll())

async function makeAll(): Promise<Parties> {
  const at = Date.now()
  const make = (commonName: string, more: object = {}) =>
    makeCertificate({ commonName, at, days: 30, keyType: 'rsa-2048', ...more })
  const [server, federation, one, two, three] = await Promise.all([
    make('localhost', { altNames: ['localhost'] }),
    make('federation'),
    make('idp one'),
    make('idp two'),
    make('idp three'),
  ])
  return { server, federation, keys: [one, two, three] }
}

export const pinned = ({ certificatePem }: KeyAndCertificate): TrustedKey => {
  const certificate = new X509Certificate(certificatePem)
  return {
    key: certificate.publicKey,
    fingerprint: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
    notAfter: Date.parse(certificate.validTo),
  }
}

const base64 = (pem: string): string => new X509Certificate(pem).raw.toString('base64')

export interface EntityWish {
  readonly entityId?: string
  readonly keys: readonly KeyAndCertificate[]
  readonly sso?: string
  readonly title?: string
  /** Further attributes of the EntityDescriptor. */
  readonly more?: string
}

export const IDP_ONE = 'https://one.example/idp'

/** An EntityDescriptor whose namespaces are declared around it. */
export function entity({
  entityId = IDP_ONE,
  keys,
  sso = 'https://one.example/sso',
  title = 'Один',
  more = '',
}: EntityWish): string {
  const descriptors = keys
    .map(
      ({ certificatePem }) =>
        `<md:KeyDescriptor use="signing"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>${base64(certificatePem)}` +
        `</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>`,
    )
    .join('')
  return (
    `<md:EntityDescriptor entityID="${entityId}"${more}><md:IDPSSODescriptor protocolSupportEnumeration="${ns.protocol}">` +
    `<md:Extensions><mdui:UIInfo><mdui:DisplayName xml:lang="ru">${title}</mdui:DisplayName></mdui:UIInfo></md:Extensions>` +
    `${descriptors}<md:SingleLogoutService Binding="${binding.redirect}" Location="https://one.example/slo"/>` +
    `<md:SingleSignOnService Binding="${binding.redirect}" Location="${sso}"/></md:IDPSSODescriptor></md:EntityDescriptor>`
  )
}

const NAMESPACES = `xmlns:md="${ns.metadata}" xmlns:ds="${ns.ds}" xmlns:mdui="${ns.mdui}"`

/** The same as a document of its own. */
export const alone = (wish: EntityWish): string =>
  entity(wish).replace('<md:EntityDescriptor ', `<md:EntityDescriptor ${NAMESPACES} `)

/** Two groups deep. @param attributes of the outer group, e.g. ` validUntil="…"` */
export const federationOf = (entities: readonly string[], attributes = ''): string =>
  `<md:EntitiesDescriptor ${NAMESPACES} ID="_federation"${attributes}><md:EntitiesDescriptor>${entities.join('')}` +
  `</md:EntitiesDescriptor></md:EntitiesDescriptor>`

/** Signs the element with this ID, its signature first of its children. */
export const signedBy = (
  xml: string,
  { privateKeyPem, certificatePem }: KeyAndCertificate,
  id = '_federation',
): string =>
  signElement(
    xml,
    id,
    { key: createPrivateKey(privateKeyPem), certificatePem },
    { signature: algorithm.rsaSha256, digest: algorithm.sha256 },
  )

export const until = (at: number): string => ` validUntil="${new Date(at).toISOString()}"`

export type Behaviour = (request: IncomingMessage, response: ServerResponse) => void

export interface Publisher {
  readonly address: string
  /** Requests so far: method, path and what they were conditional on. */
  readonly asked: { readonly path: string; readonly etag: string | undefined }[]
  behave(behaviour: Behaviour): void
  /** Answers with this text from now on. */
  publish(xml: string, headers?: Readonly<Record<string, string>>): void
  close(): Promise<void>
}

export async function startPublisher({ server: { privateKeyPem, certificatePem } }: Parties): Promise<Publisher> {
  let behaviour: Behaviour = (_, response) => void response.writeHead(404).end()
  const asked: Publisher['asked'] = []
  const server = createTlsServer({ key: privateKeyPem, cert: certificatePem }, (request, response) => {
    asked.push({ path: request.url ?? '', etag: request.headers['if-none-match'] })
    behaviour(request, response)
  })
  await new Promise<void>(resolve => server.listen(0, 'localhost', resolve))
  return {
    address: `https://localhost:${(server.address() as AddressInfo).port}/metadata`,
    asked,
    behave: next => (behaviour = next),
    publish(xml, headers = {}) {
      behaviour = (request, response) => {
        const same = headers['etag'] !== undefined && request.headers['if-none-match'] === headers['etag']
        response.writeHead(same ? 304 : 200, headers).end(same ? undefined : xml)
      }
    },
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
