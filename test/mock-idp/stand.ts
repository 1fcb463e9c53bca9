/** A running mock IdP and a service provider that it knows, made once for the tests of this folder. */
import { createHash } from 'node:crypto'
import type { Chance } from '../../src/base/chance.js'
import { systemChance } from '../../src/base/chance.js'
import { makeCertificate } from '../../src/certificates/make.js'
import { startMockIdp, type RunningMockIdp, type StartOptions } from '../../src/mock-idp/app.js'
import type { PasswordCost } from '../../src/mock-idp/accounts/passwords.js'
import type { IdpKey } from '../../src/mock-idp/respond.js'
import { authnRequestUrl } from '../../src/saml/request.js'
import { esiaRequestedAttributes, ourNames, type SpDescription } from '../../src/saml/sp-description.js'
import { spMetadata } from '../../src/saml/sp-metadata.js'
import type { TrustedIdp } from '../../src/saml/trust.js'
import { binding } from '../../src/words/saml-names.js'
import { at, makeServiceProvider, makeSpKey, makeTrustedIdp } from '../support/saml-parties.js'

export { at }

/** A hash that takes no time. */
export const quickCost: PasswordCost = { n: 16, r: 1, p: 1 }

export interface Stand {
  readonly idp: RunningMockIdp
  readonly key: IdpKey
  readonly sp: SpDescription
  readonly spXml: string
  readonly trusted: TrustedIdp
  /** Moves with `clock.time = …`. */
  readonly clock: { time: number; now(): number }
  /** The address of a signed request. */
  request(more?: { forced?: boolean; id?: string; relayState?: string }): URL
}

/** Draws the same octets every time it is made. */
export function countedChance(): Chance {
  let count = 0
  return {
    bytes: length =>
      Buffer.concat(
        Array.from({ length: Math.ceil(length / 32) }, () =>
          createHash('sha256')
            .update(String((count += 1)))
            .digest(),
        ),
      ).subarray(0, length),
  }
}

let parties: Promise<{ key: IdpKey; sp: SpDescription }> | undefined

/** Keys take time to make, so all tests share them. */
export function makeParties(): Promise<{ key: IdpKey; sp: SpDescription }> {
  const make = async (): Promise<{ key: IdpKey; sp: SpDescription }> => ({
    key: await makeCertificate({ commonName: 'mock idp', at, days: 3650, keyType: 'rsa-2048' }),
    sp: {
      ...(await makeServiceProvider()),
      ...ourNames,
      organization: { name: 'Школа № 1', url: 'https://school.example' },
      contacts: { technical: 'it@school.example', support: 'help@school.example' },
      requestedAttributes: esiaRequestedAttributes,
      leastLevel: 'confirmed',
      cbc: false,
      at,
    },
  })
  return (parties ??= make())
}

export async function startStand(more: Partial<StartOptions> = {}): Promise<Stand> {
  const { key, sp } = await makeParties()
  const spXml = spMetadata(sp)
  const clock = { time: at, now: () => clock.time }
  const options = {
    host: '127.0.0.1',
    port: 0,
    keys: [key] as const,
    serviceProviders: [spXml],
    passwordCost: quickCost,
  }
  const idp = await startMockIdp({ ...options, clock, chance: systemChance, ...more })
  const trusted = makeTrustedIdp([], {
    entityId: idp.entityId,
    metadataXml: idp.metadataXml,
    singleSignOn: [{ binding: binding.redirect, location: `${idp.url}/idp/profile/SAML2/Redirect/SSO` }],
    singleLogout: [{ binding: binding.redirect, location: `${idp.url}/idp/profile/SAML2/Redirect/SLO` }],
    legacyAlgorithms: more.legacy ?? false,
  })
  const request: Stand['request'] = ({ forced = false, id = '_request', relayState = 'relay' } = {}) =>
    authnRequestUrl(sp, trusted, { id, relayState, forced, at: clock.time })
  return { idp, key, sp, spXml, trusted, clock, request }
}

/** The same service provider with keys that nobody knows. */
export async function strangerTo(stand: Stand): Promise<URL> {
  const sp = { ...stand.sp, signing: [await makeSpKey('stranger')] }
  return authnRequestUrl(sp, stand.trusted, { id: '_request', relayState: 'relay', forced: false, at })
}
