/** Every refusal of the corridor is written down where it happens, under the number that the person sees. */
import { Refusal } from '../base/refusal.js'
import type { RequestNumber } from '../base/request-number.js'
import type { AuditEvent } from '../audit/audit.js'
import type { Session } from '../sessions/sessions.js'
import type { Check } from '../words/check.js'
import type { Outcome, Visitor } from './outcome.js'
import type { Ports } from './ports.js'
import type { Target } from '../words/target.js'

/** What is known about a login by the time something is written down about it. */
export interface Known {
  readonly number: RequestNumber
  readonly idp?: string
  readonly target?: Target
  readonly forced?: boolean
  readonly session?: Session
  readonly checks?: readonly Check[]
}

type Happening = Pick<AuditEvent, 'what' | 'result'> & Partial<AuditEvent>

export const record = (ports: Ports, visitor: Visitor, known: Known, event: Happening): Promise<void> =>
  ports.audit.record(eventOf(ports, visitor, known, event))

/** The same as a value, for a port that writes it together with what happened. */
export function eventOf(ports: Ports, visitor: Visitor, known: Known, event: Happening): AuditEvent {
  const { session, target } = known
  visitor.about?.(known.number)
  return {
    at: ports.clock.now(),
    number: known.number,
    address: visitor.address,
    device: visitor.device,
    ...(known.idp !== undefined && { idp: known.idp }),
    ...(target?.kind === 'journal' && { journal: target.journal }),
    ...(session && { person: ports.pseudonyms.forAudit(session.person) }),
    ...(session?.person.authnMethod !== undefined && { authnMethod: session.person.authnMethod }),
    ...(known.checks && { checks: known.checks }),
    ...event,
  }
}

/** Writes the refusal down and makes it an outcome. Anything that is no Refusal is a bug and passes through. */
export async function refused(ports: Ports, visitor: Visitor, known: Known, error: unknown): Promise<Outcome> {
  const { outcome, refused: event } = refusedAs(ports, visitor, known, error)
  await ports.audit.record(event)
  return outcome
}

/** The same as values, the event to be written by a port. */
export function refusedAs(
  ports: Ports,
  visitor: Visitor,
  known: Known,
  error: unknown,
): { readonly outcome: Outcome; readonly refused: AuditEvent } {
  if (!(error instanceof Refusal)) throw error
  const { number, target, idp, forced, session } = known
  const { code, facts } = error
  return {
    refused: eventOf(ports, visitor, known, { what: 'login.refused', result: 'refused', code, facts }),
    outcome: {
      at: 'refused',
      refusal: error,
      number,
      ...(target && { target }),
      ...(idp !== undefined && { idp }),
      ...(forced !== undefined && { forced }),
      ...(session && { session }),
    },
  }
}
