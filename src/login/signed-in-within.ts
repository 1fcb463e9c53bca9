import type { Session } from '../sessions/sessions.js'
import type { Ports } from './ports.js'

/** Whether the person signed in within the last `ms`, here and at the IdP, whose clock may differ from ours. */
export function signedInWithin(
  { clock, serviceProvider: { skew } }: Pick<Ports, 'clock' | 'serviceProvider'>,
  { openedAt, person }: Pick<Session, 'openedAt' | 'person'>,
  ms: number,
): boolean {
  const now = clock.now()
  return now - openedAt < ms && now - person.authenticatedAt < ms + skew
}
