/** The person takes a consent back (login/withdrawing.ts): only one of their own, and only while it stands. */
import { Refusal } from '../base/refusal.js'
import { consentWithdrawn } from '../confirm/notice.js'
import type { Consent } from '../consent/consent.js'
import { noticeTo } from '../login/notifying.js'
import type { Visitor } from '../login/outcome.js'
import type { Ports } from '../login/ports.js'
import { endSessionsOf, withdrawConsents } from '../login/withdrawing.js'
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

/**
 * The same, or one that was withdrawn in this very session: who pressed the button and never saw the answer asks again.
 *
 * @throws Refusal `cabinet.unknown`
 */
export async function consentToWithdraw(
  ports: Pick<Ports, 'consents'>,
  session: Session,
  id: string,
): Promise<Consent> {
  const consent = await withdrawnConsent(ports, session, id)
  return consent?.ended && consent.ended.at >= session.openedAt ? consent : standingConsent(ports, session, id)
}

/** @returns undefined when the person has taken back no such consent */
export const withdrawnConsent = async (
  { consents }: Pick<Ports, 'consents'>,
  { person }: Session,
  id: string,
): Promise<Consent | undefined> =>
  (await consents.ofPerson(person)).find(each => each.id === id && each.ended?.how === 'withdrawn')

/** Every session of the person ends, this one included. @throws Refusal `cabinet.unknown` */
export async function withdrawOwn(ports: Ports, visitor: Visitor, session: Session, id: string): Promise<void> {
  const consent = await consentToWithdraw(ports, session, id)
  if (consent.ended) {
    await endSessionsOf(ports, [consent], session.key)
    return
  }
  const { message } = noticeTo(ports, visitor, session.person, consentWithdrawn, consent.school)
  const { consents } = await withdrawConsents(ports, [consent], visitor, visitor.number, message)
  if (consents.length === 0) throw new Refusal('cabinet.unknown', { what: 'consent' })
}
