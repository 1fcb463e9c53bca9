/**
 * Both sides of a conversation as samlify wants them. samlify builds, deflates and signs our redirect messages; it never
 * reads anything that we receive.
 *
 * It is given metadata written here, with nothing in it but what it needs: of real metadata it drops extensions, and it
 * cannot read peers with two certificates.
 */
import samlify from 'samlify'
import { algorithm, binding, ns } from '../words/saml-names.js'
import type { Endpoint, ServiceProvider, TrustedIdp } from './trust.js'
import { element } from '../base/xml-writer.js'

export interface Entities {
  readonly sp: samlify.ServiceProviderInstance
  readonly idp: ReturnType<typeof samlify.IdentityProvider>
}

/** Building entities costs tens of milliseconds, a message from them about two: they live as long as the settings they were made from. */
const known = new WeakMap<ServiceProvider, WeakMap<TrustedIdp, Entities>>()

export function entitiesOf(sp: ServiceProvider, idp: TrustedIdp): Entities {
  const ours = known.get(sp) ?? new WeakMap<TrustedIdp, Entities>()
  known.set(sp, ours)
  const entities = ours.get(idp) ?? { sp: spEntity(sp, idp), idp: idpEntity(idp) }
  ours.set(idp, entities)
  return entities
}

/** Where the IdP takes redirect messages; the first of several wins, as in its metadata. */
export const redirectEndpoint = (endpoints: readonly Endpoint[]): string | undefined =>
  endpoints.find(endpoint => endpoint.binding === binding.redirect)?.location

function spEntity(
  sp: ServiceProvider,
  { legacyAlgorithms, requestSigning }: TrustedIdp,
): samlify.ServiceProviderInstance {
  const key = sp.signing[0]
  if (!key) throw new Error('the service provider has no signing key')
  return samlify.ServiceProvider({
    metadata: descriptor(sp.entityId, {
      role: 'md:SPSSODescriptor',
      flags: { AuthnRequestsSigned: 'true', WantAssertionsSigned: 'true' },
      endpoints: [
        element('md:SingleLogoutService', { Binding: binding.redirect, Location: sp.sloUrl }),
        element('md:AssertionConsumerService', { Binding: binding.post, Location: sp.acsUrl, index: '0' }),
      ],
    }),
    privateKey: key.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    requestSignatureAlgorithm: legacyAlgorithms ? algorithm.rsaSha1 : (requestSigning ?? algorithm.rsaSha256),
  })
}

/** The flags say what we do, whatever the IdP's metadata says: our requests are always signed. */
function idpEntity(idp: TrustedIdp): Entities['idp'] {
  const logout = redirectEndpoint(idp.singleLogout)
  return samlify.IdentityProvider({
    metadata: descriptor(idp.entityId, {
      role: 'md:IDPSSODescriptor',
      flags: { WantAuthnRequestsSigned: 'true' },
      endpoints: [
        ...(logout === undefined
          ? []
          : [element('md:SingleLogoutService', { Binding: binding.redirect, Location: logout })]),
        element('md:SingleSignOnService', {
          Binding: binding.redirect,
          Location: redirectEndpoint(idp.singleSignOn) ?? '',
        }),
      ],
    }),
    wantLogoutRequestSigned: true,
  })
}

interface Role {
  readonly role: string
  readonly flags: Readonly<Record<string, string>>
  readonly endpoints: readonly ReturnType<typeof element>[]
}

const descriptor = (entityID: string, { role, flags, endpoints }: Role): string =>
  element(
    'md:EntityDescriptor',
    { 'xmlns:md': ns.metadata, entityID },
    element(role, { ...flags, protocolSupportEnumeration: ns.protocol }, ...endpoints),
  ).xml
