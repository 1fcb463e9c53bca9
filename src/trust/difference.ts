/** What changed between two states of one IdP's metadata, as far as it decides anything. */
import { createHash } from 'node:crypto'
import type { Instant } from '../base/clock.js'
import type { Facts } from '../base/refusal.js'
import type { Endpoint, TrustedIdp, TrustedKey } from '../saml/trust.js'

export interface Difference {
  readonly keysAdded: readonly TrustedKey[]
  readonly keysRemoved: readonly TrustedKey[]
  readonly addressesAdded: readonly string[]
  readonly addressesRemoved: readonly string[]
  readonly title?: { readonly before: string; readonly after: string }
  readonly validUntil?: { readonly before: Instant | undefined; readonly after: Instant | undefined }
}

interface Side {
  readonly idp: TrustedIdp
  readonly validUntil?: Instant
}

export function differenceOf(before: Side, after: Side): Difference {
  const [oldKeys, newKeys] = [before.idp.signingKeys, after.idp.signingKeys]
  const [oldAddresses, newAddresses] = [addressesOf(before.idp), addressesOf(after.idp)]
  return {
    keysAdded: newKeys.filter(key => !oldKeys.some(old => sameKey(old, key))),
    keysRemoved: oldKeys.filter(key => !newKeys.some(fresh => sameKey(fresh, key))),
    addressesAdded: newAddresses.filter(address => !oldAddresses.includes(address)),
    addressesRemoved: oldAddresses.filter(address => !newAddresses.includes(address)),
    ...(before.idp.title !== after.idp.title && { title: { before: before.idp.title, after: after.idp.title } }),
    ...(before.validUntil !== after.validUntil && {
      validUntil: { before: before.validUntil, after: after.validUntil },
    }),
  }
}

/** A renewed certificate around the same key is no new key: the certificate decides nothing. */
const sameKey = (one: TrustedKey, other: TrustedKey): boolean => publicHalf(one) === publicHalf(other)

const publicHalf = ({ key }: TrustedKey): string => key.export({ type: 'spki', format: 'der' }).toString('base64')

/** `signs in at https://… (HTTP-Redirect)`: the kind, the address and the binding, in the order of the metadata. */
const addressesOf = ({ singleSignOn, singleLogout }: TrustedIdp): readonly string[] => [
  ...singleSignOn.map(endpoint => `signs in at ${shown(endpoint)}`),
  ...singleLogout.map(endpoint => `logs out at ${shown(endpoint)}`),
]

const shown = ({ binding, location, responseLocation }: Endpoint): string =>
  `${location} (${binding.slice(binding.lastIndexOf(':') + 1)}${responseLocation === undefined ? '' : `, answers to ${responseLocation}`})`

/** The same essence is the same decision: keys in any order, addresses in theirs, since the first of a kind is used. */
export function essenceOf(idp: TrustedIdp): string {
  const keys = idp.signingKeys.map(publicHalf).sort()
  return createHash('sha256')
    .update(JSON.stringify([idp.entityId, keys, addressesOf(idp)]))
    .digest('hex')
}

/** Whether whoever trusted the old state loses nothing of it: then the new validUntil speaks for the old state, too. */
export const onlyAdds = ({ keysRemoved, addressesRemoved }: Difference): boolean =>
  keysRemoved.length === 0 && addressesRemoved.length === 0

export const onlyAddsKeys = (change: Difference): boolean =>
  onlyAdds(change) && change.keysAdded.length > 0 && change.addressesAdded.length === 0

/** For people: one line a change, `+` and `-` in front. */
export function describeDifference(change: Difference): readonly string[] {
  const key = ({ fingerprint, notAfter }: TrustedKey): string =>
    `signs with ${fingerprint}${notAfter === undefined ? '' : ` (certificate until ${day(notAfter)})`}`
  return [
    ...change.keysAdded.map(each => `+ ${key(each)}`),
    ...change.keysRemoved.map(each => `- ${key(each)}`),
    ...change.addressesAdded.map(each => `+ ${each}`),
    ...change.addressesRemoved.map(each => `- ${each}`),
    ...(change.title ? [`  called ${change.title.after} (was ${change.title.before})`] : []),
    ...(change.validUntil
      ? [`  valid until ${day(change.validUntil.after)} (was ${day(change.validUntil.before)})`]
      : []),
  ]
}

const day = (at: Instant | undefined): string => (at === undefined ? 'further notice' : isoDay(at))
const isoDay = (at: Instant): string => new Date(at).toISOString().slice(0, 10)

/** For the audit. */
export const factsOf = (change: Difference): Facts => ({
  keysAdded: change.keysAdded.map(({ fingerprint }) => fingerprint.slice(0, 16)).join(' '),
  keysRemoved: change.keysRemoved.map(({ fingerprint }) => fingerprint.slice(0, 16)).join(' '),
  addressesAdded: change.addressesAdded.length,
  addressesRemoved: change.addressesRemoved.length,
})
