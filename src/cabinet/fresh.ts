import type { Ports } from '../login/ports.js'
import { signedInWithin } from '../login/signed-in-within.js'
import type { Session } from '../sessions/sessions.js'

/** So long a sign-in speaks for the person before a step that cannot be made lightly. */
const FRESH_FOR = 5 * 60_000

export const signedInJustNow = (ports: Pick<Ports, 'clock' | 'serviceProvider'>, session: Session): boolean =>
  signedInWithin(ports, session, FRESH_FOR)
