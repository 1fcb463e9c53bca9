/** The first-party hop: pages between the IdP and the journal, and the way back in for an answer that came twice. */
import { Refusal } from '../base/refusal.js'
import type { Session } from '../sessions/sessions.js'
import { findLiving } from './finish.js'
import { nextStep } from './next-step.js'
import type { Outcome, Visitor } from './outcome.js'
import type { Ports, Waiting } from './ports.js'
import { record, refused, type Known } from './witness.js'

/**
 * `GET /continue/LOGIN`, and `POST` with the person's choice.
 * Only the session that the login opened may go on; from any other browser the login counts as used up.
 */
export async function continueLogin(ports: Ports, visitor: Visitor, id: string, choice?: string): Promise<Outcome> {
  let known: Known = { number: visitor.number }
  try {
    const found = await findLiving(ports, id, ports.clock.now())
    if (!found || !('finishedAt' in found)) throw new Refusal('login.unknown')
    known = { number: found.number, idp: found.idp, target: found.target }
    const session = await ownersSession(ports, visitor, found)
    known = { ...known, session }
    const at = choice === undefined ? found : { ...found, chosen: choice }
    const outcome = await nextStep(ports, visitor, at, session)
    if (choice !== undefined) await remember(ports, visitor, found, session, choice)
    return outcome
  } catch (error) {
    return refused(ports, visitor, known, error)
  }
}

async function ownersSession(ports: Ports, visitor: Visitor, waiting: Waiting): Promise<Session> {
  if (visitor.session === undefined) throw new Refusal('session.none')
  if (visitor.session !== waiting.session) throw new Refusal('login.finished')
  const session = await ports.sessions.find(waiting.session, ports.clock.now())
  if (!session) throw new Refusal('session.none')
  return session
}

/** Written only once it has led somewhere: a choice that was refused must not stand in the way of the next one. */
async function remember(ports: Ports, visitor: Visitor, at: Waiting, session: Session, choice: string): Promise<void> {
  await ports.logins.choose(at.id, choice)
  await record(
    ports,
    visitor,
    { number: at.number, idp: at.idp, target: at.target, session },
    { what: 'account.chosen', result: 'ok' },
  )
}
