/** The second confirmation before the door of an account, and before an account becomes the person's. */
import { askedAtDoor } from '../confirm/terms.js'
import type { Session } from '../sessions/sessions.js'
import type { Account } from '../words/account.js'
import type { Passer } from './conditions.js'
import { askedFor, isConfirmed, type Asked } from './confirming.js'
import type { Outcome, Visitor } from './outcome.js'
import type { Ports } from './ports.js'

/** @throws Refusal `confirm.no-address` */
export async function personConfirmed(
  ports: Ports,
  { visitor, at, session, target, open, choice, linking }: Passer,
): Promise<Extract<Outcome, { at: 'confirm' }> | undefined> {
  const asked = await unconfirmed(ports, visitor, session, choice.account, linking)
  if (!asked) return undefined
  const { journal, door } = open
  return { at: 'confirm', login: at.id, number: at.number, session, journal, target, origins: door.origins, asked }
}

/**
 * A device that is remembered spares its own person the question.
 *
 * @param linking the account would become theirs
 * @returns what is still to be confirmed
 * @throws Refusal `confirm.no-address`
 */
export async function unconfirmed(
  ports: Ports,
  visitor: Visitor,
  session: Session,
  account: Pick<Account, 'id' | 'school'> & Partial<Pick<Account, 'role'>>,
  linking: boolean,
): Promise<Asked | undefined> {
  const moment = ports.confirmTerms && askedAtDoor(ports.confirmTerms, account, linking)
  if (!moment) return undefined
  const link = { what: 'link', about: account.id } as const
  const entry = { what: 'entry' } as const
  if (await isConfirmed(ports, session, link)) return undefined
  if (moment === 'entry' && (await isConfirmed(ports, session, entry))) return undefined
  if (await ports.devices.trusts(visitor.devices, session.person, ports.clock.now())) return undefined
  return askedFor(ports, session, moment === 'link' ? link : entry)
}
