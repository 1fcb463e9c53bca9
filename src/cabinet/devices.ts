/** Devices that a person had remembered, and takes back. */
import type { Visitor } from '../login/outcome.js'
import type { Ports } from '../login/ports.js'
import { eventOf } from '../login/witness.js'
import type { Session } from '../sessions/sessions.js'

/** One that is none of the person's (any more) is forgotten already: the button may be pressed again. */
export async function forgetDevice(ports: Ports, visitor: Visitor, session: Session, id: string): Promise<void> {
  const known = { number: visitor.number, idp: session.person.idp, session }
  const event = eventOf(ports, visitor, known, { what: 'device.forgotten', result: 'ok' })
  await ports.devices.forget(session.person, id, event)
}
