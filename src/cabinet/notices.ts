/** What the person wants to be told by e-mail. */
import { switchedOff } from '../confirm/notice.js'
import { readEmail } from '../confirm/contacts.js'
import { noticeTo } from '../login/notifying.js'
import type { Visitor } from '../login/outcome.js'
import type { Ports } from '../login/ports.js'
import { eventOf } from '../login/witness.js'
import type { Session } from '../sessions/sessions.js'
import type { NoticeKind } from '../words/notice.js'

export interface OwnNotices {
  /** What the settings offer. */
  readonly offered: readonly NoticeKind[]
  readonly off: readonly NoticeKind[]
  /** Whether an address came in the assertion to which they could go. */
  readonly reachable: boolean
}

export async function ownNotices(ports: Ports, { person }: Session): Promise<OwnNotices> {
  return {
    offered: ports.noticesOffered,
    off: await ports.noticeChoices.off(person),
    reachable: readEmail(person.email ?? '') !== undefined && ports.postman.ways.includes('email'),
  }
}

/** Who switches notices of new devices off is told so, once: it may not have been the person. */
export async function chooseNotices(
  ports: Ports,
  visitor: Visitor,
  session: Session,
  wanted: readonly NoticeKind[],
): Promise<void> {
  const before = await ports.noticeChoices.off(session.person)
  const off = ports.noticesOffered.filter(kind => !wanted.includes(kind))
  const known = { number: visitor.number, idp: session.person.idp, session }
  const event = eventOf(ports, visitor, known, { what: 'notices.chosen', result: 'ok', facts: { off: off.join(' ') } })
  const last = off.includes('devices') && !before.includes('devices')
  const { message } = last ? noticeTo(ports, visitor, session.person, switchedOff) : {}
  await ports.noticeChoices.choose(session.person, off, event, message)
}
