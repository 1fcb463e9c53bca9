/** What a person must confirm before a step in the cabinet that cannot be made lightly. */
import { askedForChanges } from '../confirm/terms.js'
import { isConfirmed } from '../login/confirming.js'
import type { Ports } from '../login/ports.js'
import type { Session } from '../sessions/sessions.js'
import type { Purpose } from '../words/confirming.js'
import type { CabinetQuestion } from '../words/target.js'

/** So long an answer speaks for the person, as a fresh sign-in does. */
const GOOD_FOR = 5 * 60_000

/** @returns undefined for questions that need no confirmation of their own */
export const purposeOf = ({ about, id }: CabinetQuestion): Purpose | undefined =>
  about === 'code' || about === 'old-login' || about === 'child' || about === 'create'
    ? undefined
    : { what: about, ...(id !== undefined && { about: id }) }

/** Whether nothing is left to be confirmed. A lock asks whether it is they: that is never taken for granted. */
export async function confirmedForChange(ports: Ports, session: Session, question: CabinetQuestion): Promise<boolean> {
  const { about } = question
  const purpose = purposeOf(question)
  if (!purpose) return true
  const asked = about === 'unlock' || (ports.confirmTerms && askedForChanges(ports.confirmTerms))
  if (!asked) return true
  return isConfirmed(ports, session, purpose, GOOD_FOR)
}
