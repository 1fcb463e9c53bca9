/** Both sides of a conversation, for the judge's tests. */
import { createHash } from 'node:crypto'
import type { Asked } from '../../src/saml/response.js'
import type { ServiceProvider, TrustedIdp, TrustedKey } from '../../src/saml/trust.js'
import type { KeyPair } from './foreign.js'

export const NOW = Date.parse('2026-09-01T08:00:00Z')
export const IDP = 'https://idp.example/idp/shibboleth'
export const SP = 'https://vhod.school.example/saml/metadata'
export const ACS = 'https://vhod.school.example/saml/acs'
export const REQUEST = '_request'
export const WORDING = { idp: IDP, audience: SP, acs: ACS, inResponseTo: REQUEST, now: NOW }

export function trustedKey({ publicKey }: Pick<KeyPair, 'publicKey'>): TrustedKey {
  const der = publicKey.export({ type: 'spki', format: 'der' })
  return { key: publicKey, fingerprint: createHash('sha256').update(der).digest('hex') }
}

export function trustedIdp(
  signing: readonly Pick<KeyPair, 'publicKey'>[],
  changes: Partial<TrustedIdp> = {},
): TrustedIdp {
  return {
    entityId: IDP,
    title: 'Mock',
    signingKeys: signing.map(trustedKey),
    singleSignOn: [],
    singleLogout: [],
    metadataXml: '',
    legacyAlgorithms: false,
    cbc: 'never',
    acceptUnsolicited: false,
    ...changes,
  }
}

export function serviceProvider(decryption: readonly Pick<KeyPair, 'privateKey'>[]): ServiceProvider {
  const keys = decryption.map(({ privateKey }) => ({ privateKey, certificatePem: '' }))
  return { entityId: SP, acsUrl: ACS, sloUrl: ACS, signing: [], decryption: keys, skew: 180_000 }
}

export const asked = (idp: TrustedIdp, sp: ServiceProvider, changes: Partial<Asked> = {}): Asked => ({
  idp,
  sp,
  request: { id: REQUEST, at: NOW - 60_000, forced: false },
  now: NOW,
  ...changes,
})

export const posted = (xml: string): string => Buffer.from(xml).toString('base64')
