import type { Ports } from '../login/ports.js'
import type { Session } from '../sessions/sessions.js'

/** So long a sign-in speaks for the person before a step that cannot be made lightly. */
const FRESH_FOR = 5 * 60_000

/** Whether the person signed in just now, here and at the IdP, whose clock may differ from ours. */
export function signedInJustNow(
  { clock, serviceProvider: { skew } }: Pick<Ports, 'clock' | 'serviceProvider'>,
  { openedAt, person }: Pick<Session, 'openedAt' | 'person'>,
): boolean {
  const now = clock.now()
  return now - openedAt < FRESH_FOR && now - person.authenticatedAt < FRESH_FOR + skew
}
