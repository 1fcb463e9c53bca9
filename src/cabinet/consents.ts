/** The person takes a consent back (login/withdrawing.ts): only one of their own, and only while it stands. */
import { Refusal } from '../base/refusal.js'
import type { Consent } from '../consent/consent.js'
import type { Visitor } from '../login/outcome.js'
import type { Ports } from '../login/ports.js'
import { withdrawConsents } from '../login/withdrawing.js'
import type { Session } from '../sessions/sessions.js'

/** @throws Refusal `cabinet.unknown` when no such consent of the person stands */
export async function standingConsent(
  { consents }: Pick<Ports, 'consents'>,
  { person }: Session,
  id: string,
): Promise<Consent> {
  const consent = (await consents.ofPerson(person)).find(each => each.id === id && !each.ended)
  if (!consent) throw new Refusal('cabinet.unknown', { what: 'consent' })
  return consent
}

/** Every session of the person ends, this one included. @throws Refusal `cabinet.unknown` */
export async function withdrawOwn(ports: Ports, visitor: Visitor, session: Session, id: string): Promise<void> {
  const consent = await standingConsent(ports, session, id)
  const { consents } = await withdrawConsents(ports, [consent], visitor, visitor.number)
  if (consents.length === 0) throw new Refusal('cabinet.unknown', { what: 'consent' })
}
