/** What people decide about anomalies: it is known, it is over, somebody is locked or let in again. Each is one transaction with its line in the audit. */
import type { AuditEvent } from '../audit/audit.js'
import type { Clock } from '../base/clock.js'
import type { Lock, Subject } from '../words/watched.js'
import type { Anomaly, Deciding, Watching } from './ports.js'
import { rules } from './rules.js'

interface Needed {
  readonly clock: Clock
  readonly watching: Watching
}

/** Who decides, for the audit. */
export interface Decider {
  readonly by: string
  readonly event: Pick<AuditEvent, 'address' | 'device' | 'idp' | 'number' | 'person'>
}

function deciding(
  { clock }: Needed,
  { by, event }: Decider,
  reason: string,
  what: AuditEvent['what'],
  subject: Subject,
  facts: AuditEvent['facts'] = {},
): Deciding {
  const now = clock.now()
  // the person of the row is who acted; whom it is about stands in the facts
  const told = { [subject.kind]: subject.name, ...facts, by, reasonLength: reason.length }
  return { by, reason, now, event: { ...event, at: now, what, result: 'ok', facts: told } }
}

/** Nobody is told of it again while it goes on. */
export const acknowledge = (ports: Needed, { id, subject, rule }: Anomaly, by: Decider, reason: string) =>
  ports.watching.acknowledge(id, deciding(ports, by, reason, 'anomaly.acknowledged', subject, { rule }))

/** The lock ends, and everything that was counted of the subject begins anew. @returns false when nothing was locked */
export const unlock = (ports: Needed, subject: Subject, by: Decider, reason: string): Promise<boolean> =>
  ports.watching.unlock(subject, deciding(ports, by, reason, 'lock.lifted', subject))

/** By hand, and in the place of a lock that a rule has set. @returns false when one by hand stands already */
export function lockByHand(
  ports: Needed,
  subject: Lock['subject'],
  until: number,
  by: Decider,
  reason: string,
): Promise<boolean> {
  const decision = deciding(ports, by, reason, 'lock.set', subject, {
    rule: 'by-hand',
    until: new Date(until).toISOString(),
  })
  return ports.watching.lock({ subject, rule: 'by-hand', since: decision.now, until }, decision)
}

/** Whether a code to their own address is enough to lift it. */
export const liftedByPerson = ({ rule }: { readonly rule: string }): boolean =>
  rules.some(({ name, liftedByPerson }) => name === rule && liftedByPerson)
