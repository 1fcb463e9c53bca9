/** Service providers as their metadata describes them, read from text or fetched from their metadata address. */
import { X509Certificate } from 'node:crypto'
import type { Clock, Instant } from '../base/clock.js'
import { binding, ns } from '../words/saml-names.js'
import { children, descendants, parseXml, textOf } from './xml.js'

export interface ServiceProvider {
  readonly entityId: string
  /** Addresses of assertion consumer services with the POST binding, the default one first. */
  readonly acsUrls: readonly string[]
  /** Where a LogoutResponse goes (HTTP-Redirect). */
  readonly logoutResponseUrl: string | undefined
  /** Where a LogoutRequest goes, by binding. */
  readonly logoutUrls: Readonly<Record<'redirect' | 'post' | 'soap', string | undefined>>
  /** PEM. Each may verify. */
  readonly signingCertificates: readonly string[]
  /** PEM, the newest first: that one is encrypted to. */
  readonly encryptionCertificates: readonly string[]
  /** From the AttributeAuthorityDescriptor (ESIA's way) and the AttributeConsumingService (everybody else's). */
  readonly requestedAttributes: readonly string[]
  /** `P`, `E`: in which capacities a person may enter; empty means all (urn:esia:shibboleth:2.0:mdext). */
  readonly globalRoles: readonly string[]
}

/** base64 of ds:X509Certificate, with whatever line breaks, as PEM. */
const pem = (base64: string): string =>
  `-----BEGIN CERTIFICATE-----\n${base64.replace(/\s/g, '').replace(/.{64}(?=.)/g, '$&\n')}\n-----END CERTIFICATE-----\n`

/** So that rubbish is found when the metadata is read, and not at the first login. */
function checked(certificate: string): string {
  try {
    new X509Certificate(certificate).publicKey.export({ type: 'spki', format: 'der' })
    return certificate
  } catch {
    throw new Error('a certificate of the metadata cannot be read')
  }
}

/** A KeyDescriptor without `use` serves both (saml-metadata 2.4.1.1). */
function certificates(descriptor: Element, use: 'signing' | 'encryption'): readonly string[] {
  return children(descriptor, ns.metadata, 'KeyDescriptor')
    .filter(key => !key.hasAttribute('use') || key.getAttribute('use') === use)
    .flatMap(key => descendants(key, ns.ds, 'X509Certificate'))
    .map(certificate => checked(pem(textOf(certificate))))
}

const newestFirst = (list: readonly string[]): readonly string[] =>
  [...list].sort((a, b) => Date.parse(new X509Certificate(b).validFrom) - Date.parse(new X509Certificate(a).validFrom))

function consumers(descriptor: Element): readonly string[] {
  const services = children(descriptor, ns.metadata, 'AssertionConsumerService').filter(
    service => service.getAttribute('Binding') === binding.post,
  )
  const isDefault = (service: Element): boolean => ['true', '1'].includes(service.getAttribute('isDefault') ?? '')
  return [...services.filter(isDefault), ...services.filter(service => !isDefault(service))].map(
    service => service.getAttribute('Location') ?? '',
  )
}

const logoutService = (descriptor: Element, by: keyof typeof binding): Element | undefined =>
  children(descriptor, ns.metadata, 'SingleLogoutService').find(one => one.getAttribute('Binding') === binding[by])

const logoutAddresses = (descriptor: Element): ServiceProvider['logoutUrls'] => ({
  redirect: logoutService(descriptor, 'redirect')?.getAttribute('Location') ?? undefined,
  post: logoutService(descriptor, 'post')?.getAttribute('Location') ?? undefined,
  soap: logoutService(descriptor, 'soap')?.getAttribute('Location') ?? undefined,
})

function logoutAddress(descriptor: Element): string | undefined {
  const service = logoutService(descriptor, 'redirect')
  // xmldom gives an empty string for what is not there
  return service?.getAttribute('ResponseLocation') || service?.getAttribute('Location') || undefined
}

function requested(entity: Element): readonly string[] {
  const authority = children(entity, ns.metadata, 'AttributeAuthorityDescriptor').flatMap(one =>
    children(one, ns.assertion, 'Attribute'),
  )
  const names = [...authority, ...descendants(entity, ns.metadata, 'RequestedAttribute')].map(
    attribute => attribute.getAttribute('Name') ?? '',
  )
  return [...new Set(names)]
}

/** @throws Error that says what the metadata lacks */
export function readServiceProvider(xml: string): ServiceProvider {
  const entity = parseXml(xml).documentElement
  const [descriptor] = children(entity, ns.metadata, 'SPSSODescriptor')
  const entityId = entity.getAttribute('entityID') ?? ''
  if (entityId === '' || !descriptor) throw new Error('this is not metadata of a service provider')
  const acsUrls = consumers(descriptor)
  if (acsUrls.length === 0) throw new Error('the metadata names no AssertionConsumerService with the POST binding')
  return {
    entityId,
    acsUrls,
    logoutResponseUrl: logoutAddress(descriptor),
    logoutUrls: logoutAddresses(descriptor),
    signingCertificates: certificates(descriptor, 'signing'),
    encryptionCertificates: newestFirst(certificates(descriptor, 'encryption')),
    requestedAttributes: requested(entity),
    globalRoles: descendants(entity, ns.esia, 'GlobalRole').map(role => role.getAttribute('ID') ?? ''),
  }
}

export interface ServiceProviders {
  /** Fetches what is due first. @returns undefined when nobody of this name is known */
  find(entityId: string): Promise<ServiceProvider | undefined>
  all(): Promise<readonly ServiceProvider[]>
  register(xml: string): ServiceProvider
}

/** Milliseconds after which an address is asked again: a bridge that was set up anew is understood soon. */
const FETCH_AGAIN = 10_000

/**
 * @param sources metadata as text, or the address where it is published; an address is asked at the first request and
 *   not at the start, so that bridge and IdP may start in either order
 */
export function serviceProviders(sources: readonly (string | URL)[], clock: Clock): ServiceProviders {
  const known = new Map<string, ServiceProvider>()
  const asked = new Map<string, Instant>()
  const register = (xml: string): ServiceProvider => {
    const provider = readServiceProvider(xml)
    known.set(provider.entityId, provider)
    return provider
  }
  /** What is published may be broken for a moment; then the last good copy stays. */
  const registered = (xml: string): boolean => {
    try {
      return register(xml).entityId !== ''
    } catch {
      return false
    }
  }
  for (const source of sources) if (typeof source === 'string') register(source)

  const refresh = async (): Promise<void> => {
    for (const source of sources) {
      const last = asked.get(String(source))
      if (typeof source === 'string' || (last !== undefined && clock.now() - last < FETCH_AGAIN)) continue
      const text = await fetchText(source)
      if (text === undefined || !registered(text)) continue // asked again at the next request
      asked.set(source.href, clock.now())
    }
  }
  return {
    register,
    async find(entityId) {
      await refresh()
      return known.get(entityId)
    },
    async all() {
      await refresh()
      return [...known.values()]
    },
  }
}

async function fetchText(address: URL): Promise<string | undefined> {
  try {
    const answer = await fetch(address, { signal: AbortSignal.timeout(5_000) })
    return answer.ok ? await answer.text() : undefined
  } catch {
    return undefined
  }
}
