/** Through which IdPs a target may be entered: a journal may name its own, everything else takes any that we trust. */
import { isoTime } from '../base/clock.js'
import { Refusal } from '../base/refusal.js'
import { findJournal } from '../journals/journals.js'
import type { Trust, TrustedIdp } from '../saml/trust.js'
import type { Journal } from '../words/journal.js'
import type { Target } from '../words/target.js'
import type { Ports } from './ports.js'

/** @throws Refusal `idp.unknown` */
export function pickIdp(ports: Ports, entityId: string): TrustedIdp {
  const idp = ports.trust.find(entityId)
  if (!idp) throw new Refusal('idp.unknown')
  return idp
}

export const isFresh = ({ clock, serviceProvider }: Ports, { usableUntil }: TrustedIdp): boolean =>
  usableUntil === undefined || clock.now() < usableUntil + serviceProvider.skew

/**
 * Past validUntil its keys may have been taken back: whoever publishes one wants nobody to rely on them any longer.
 *
 * @throws Refusal `idp.metadata-expired`
 */
export function checkFresh(ports: Ports, idp: TrustedIdp): TrustedIdp {
  if (isFresh(ports, idp)) return idp
  throw new Refusal('idp.metadata-expired', { validUntil: isoTime(idp.usableUntil ?? 0) })
}

/** For whoever looks a sender up by its name: keys that are not fresh prove nothing, of logouts as little as of logins. */
export const freshTrust = (ports: Ports): Pick<Trust, 'find'> => ({
  find: entityId => {
    const idp = ports.trust.find(entityId)
    return idp && checkFresh(ports, idp)
  },
})

export const admits = ({ identityProviders }: Pick<Journal, 'identityProviders'>, idp: string): boolean =>
  identityProviders?.includes(idp) ?? true

const limitsOf = (ports: Ports, target: Target): Pick<Journal, 'identityProviders'> =>
  target.kind === 'journal' ? findJournal(ports.journals, target.journal).journal : {}

/** Whether somebody for whom this IdP vouches may go there. */
export const mayEnter = (ports: Ports, target: Target, idp: string): boolean => admits(limitsOf(ports, target), idp)

/** @throws Refusal `idp.unknown`, `idp.not-for-journal` */
export function pickAdmitted(ports: Ports, target: Target, entityId: string): TrustedIdp {
  const idp = pickIdp(ports, entityId)
  if (!mayEnter(ports, target, entityId)) throw new Refusal('idp.not-for-journal')
  return idp
}

/** @throws Refusal `idp.unknown` when there is none: metadata of a journal's only IdP may be gone */
export function admittedIdps(ports: Ports, target: Target): readonly [TrustedIdp, ...TrustedIdp[]] {
  const limits = limitsOf(ports, target)
  const [first, ...others] = ports.trust.idps.filter(({ entityId }) => admits(limits, entityId))
  if (!first) throw new Refusal('idp.unknown')
  return [first, ...others]
}
