/** What becomes of one IdP's copies when its source says something, or a person decides. Pure: reads copies, gives a revision. */
import type { AuditEvent, EventKind } from '../audit/audit.js'
import type { Instant } from '../base/clock.js'
import type { Facts } from '../base/refusal.js'
import type { PublishedEntity } from '../saml/metadata-document.js'
import type { TrustedIdp } from '../saml/trust.js'
import { differenceOf, essenceOf, factsOf, onlyAdds, onlyAddsKeys, type Difference } from './difference.js'
import type { Copy, Revision, Source } from './ports.js'

/** Copies that were retired or rejected and are still kept, of one IdP. */
const HISTORY = 5

export interface Fresh {
  readonly entity: PublishedEntity
  readonly signedBy?: string
  /** For a new record. */
  readonly id: string
  readonly now: Instant
}

type Read = (xml: string) => TrustedIdp

/** The source says this about the IdP. What decides nothing is taken at once; the rest waits, unless it is the first word. */
export function takeIn(
  copies: readonly Copy[],
  fresh: Fresh,
  { source, read }: { readonly source: Source; readonly read: Read },
): Revision {
  const idp = read(fresh.entity.xml)
  const seen: Copy = {
    id: fresh.id,
    source: source.name,
    entityId: fresh.entity.entityId,
    state: 'active',
    essence: essenceOf(idp),
    ...contentOf(fresh),
    firstSeen: fresh.now,
    lastSeen: fresh.now,
  }
  const active = standing(copies, source)
  const event = (what: EventKind, facts: Facts) => eventOf(what, fresh.now, seen, facts)
  if (!active) return { ...replaced(copies, seen), event: event('metadata.taken', { first: true }) }
  if (active.essence === seen.essence) return { ...again(active, fresh), remove: idsOf(copies, 'pending') }
  const change = differenceOf(
    { idp: read(active.xml), ...validityOf(active) },
    { idp, ...(fresh.entity.validUntil !== undefined && { validUntil: fresh.entity.validUntil }) },
  )
  // what was only added to says of the old keys and addresses, too, that they are good for longer
  const kept = onlyAdds(change) && fresh.entity.validUntil !== undefined ? [longer(active, fresh)] : []
  const known = copies.find(copy => copy.essence === seen.essence && ['pending', 'rejected'].includes(copy.state))
  if (known) {
    const outdated = idsOf(copies, 'pending').filter(id => id !== known.id)
    return { write: [...again(known, fresh).write, ...kept], remove: outdated }
  }
  if (source.newSigningKeys === 'accept' && onlyAddsKeys(change))
    return { ...replaced(copies, seen), event: event('metadata.taken', factsOf(change)) }
  return {
    write: [{ ...seen, state: 'pending' }, ...kept],
    remove: idsOf(copies, 'pending'),
    event: event('metadata.held', factsOf(change)),
  }
}

/** The copy that may be gone by: one that nobody signed, or a key signed that is pinned no more, is none. */
export const standing = (copies: readonly Copy[], { signers }: Pick<Source, 'signers'>): Copy | undefined =>
  copies.find(copy => copy.state === 'active' && isVouchedFor(copy, signers))

/** A person says yes, perhaps after having said no. */
export function approve(copies: readonly Copy[], id: string, now: Instant, change: Difference | undefined): Revision {
  const chosen = copies.find(copy => copy.id === id && (copy.state === 'pending' || copy.state === 'rejected'))
  if (!chosen) return NOTHING
  const facts = change ? factsOf(change) : {}
  return {
    ...replaced(copies, { ...chosen, state: 'active' }),
    event: eventOf('metadata.approved', now, chosen, facts),
  }
}

/** A person says no; the same keys and addresses will not be asked about again. */
export function reject(copies: readonly Copy[], id: string, now: Instant): Revision {
  const chosen = copies.find(copy => copy.id === id && copy.state === 'pending')
  if (!chosen) return NOTHING
  return { write: [{ ...chosen, state: 'rejected' }], remove: [], event: eventOf('metadata.rejected', now, chosen, {}) }
}

/** Back to what we went by before; what we leave counts as rejected, or the next fetch would bring it back. */
export function rollBack(copies: readonly Copy[], now: Instant, source: Pick<Source, 'signers'>): Revision {
  const active = copies.find(({ state }) => state === 'active')
  const before = earlier(copies, source)
  if (!active || !before) return NOTHING
  return {
    write: [
      { ...active, state: 'rejected' },
      { ...before, state: 'active' },
    ],
    remove: [],
    event: eventOf('metadata.rolled-back', now, before, {}),
  }
}

/** The newest of those that were active before. */
export const earlier = (copies: readonly Copy[], { signers }: Pick<Source, 'signers'>): Copy | undefined =>
  copies
    .filter(copy => copy.state === 'retired' && isVouchedFor(copy, signers))
    .sort((one, other) => other.lastSeen - one.lastSeen)[0]

const isVouchedFor = ({ signedBy }: Copy, signers: Source['signers']): boolean =>
  signers.length === 0 || signers.some(({ fingerprint }) => fingerprint === signedBy)

const NOTHING: Revision = { write: [], remove: [] }

const contentOf = ({ entity, signedBy }: Fresh) => ({
  xml: entity.xml,
  ...(entity.validUntil !== undefined && { validUntil: entity.validUntil }),
  ...(signedBy !== undefined && { signedBy }),
})

const validityOf = ({ validUntil }: Copy) => (validUntil === undefined ? {} : { validUntil })

/** The same decision with fresh dates around it. */
function again(copy: Copy, fresh: Fresh): { readonly write: readonly Copy[] } {
  const { id, source, entityId, state, essence, firstSeen } = copy
  return { write: [{ id, source, entityId, state, essence, firstSeen, lastSeen: fresh.now, ...contentOf(fresh) }] }
}

const longer = (active: Copy, { entity, now }: Fresh): Copy => ({
  ...active,
  lastSeen: now,
  ...(entity.validUntil !== undefined && { validUntil: entity.validUntil }),
})

/** Makes one copy the active one: the old one retires, what waited is settled, and of the past a few are kept. */
function replaced(copies: readonly Copy[], next: Copy): Revision {
  const retired = copies.filter(({ state }) => state === 'active').map(copy => ({ ...copy, state: 'retired' as const }))
  const past = [...copies.filter(({ state }) => state === 'retired' || state === 'rejected'), ...retired]
  const forgotten = past.sort((one, other) => other.lastSeen - one.lastSeen).slice(HISTORY)
  const gone = new Set([...forgotten.map(({ id }) => id), ...idsOf(copies, 'pending')])
  gone.delete(next.id)
  return { write: [...retired.filter(({ id }) => !gone.has(id)), next], remove: [...gone] }
}

const idsOf = (copies: readonly Copy[], state: Copy['state']): readonly string[] =>
  copies.filter(copy => copy.state === state).map(({ id }) => id)

const eventOf = (what: EventKind, at: Instant, { entityId, id }: Copy, facts: Facts): AuditEvent => ({
  at,
  what,
  result: 'ok',
  idp: entityId,
  facts: { copy: id, ...facts },
})
