/** Notices to people: made here, written by whoever writes what they tell of, sent afterwards, and again until they were taken. */
import { randomId } from '../base/chance.js'
import { readEmail } from '../confirm/contacts.js'
import type { NoticeText, Told } from '../confirm/notice.js'
import { deviceName } from '../words/device-name.js'
import type { Person } from '../words/person.js'
import type { SchoolCode } from '../words/school.js'
import type { NewMessage, WaitingMessage } from './message-ports.js'
import type { Visitor } from './outcome.js'
import type { Ports } from './ports.js'

type Needed = Pick<Ports, 'chance' | 'clock' | 'noticesOffered' | 'postman' | 'publicUrl' | 'schools'>

/**
 * @param write what it says
 * @returns nothing where the settings want no such notice, or no e-mail address came in the assertion
 */
export function noticeTo(
  ports: Needed,
  { device, number }: Pick<Visitor, 'device' | 'number'>,
  person: Person,
  write: (told: Told) => NoticeText,
  school?: SchoolCode,
): { readonly message?: NewMessage } {
  const to = readEmail(person.email ?? '')
  const at = ports.clock.now()
  if (to === undefined || !ports.postman.ways.includes('email')) return {}
  const help = helpOf(ports, school)
  const { kind, subject, text } = write({
    at,
    publicUrl: ports.publicUrl,
    device: deviceName(device),
    ...(help && { help }),
  })
  if (!ports.noticesOffered.includes(kind)) return {}
  return { message: { id: randomId(ports.chance), kind, person, number, to, subject, text, at } }
}

function helpOf({ schools }: Needed, code?: SchoolCode): Told['help'] {
  const school = code === undefined ? undefined : schools.get(code)
  return school ?? (schools.size === 1 ? [...schools.values()][0] : undefined)
}

/** Longer than a message may take: nobody sends the same meanwhile. */
const SENT_WITHIN = 60_000
/** At the same moment; codes, for which people wait, must find room beside them. */
const AT_ONCE = 5
/** News of yesterday help nobody. */
const GIVE_UP_AFTER = 24 * 3_600_000

const MINUTE = 60_000
/** Until the next attempt, after the first, the second, …; the last one from then on. */
const PAUSES = [MINUTE, 5 * MINUTE, 15 * MINUTE, 60 * MINUTE] as const

type Sending = Pick<Ports, 'clock' | 'outbox' | 'postman' | 'audit'>

/** What an errand of the bridge does: everything that is due. @returns how many were taken */
export async function sendDue(ports: Sending): Promise<number> {
  const now = ports.clock.now()
  const due = await ports.outbox.due(now, now + SENT_WITHIN, AT_ONCE)
  const sent = await Promise.all(due.map(message => send(ports, message)))
  const more = due.length === AT_ONCE ? await sendDue(ports) : 0
  return sent.filter(Boolean).length + more
}

async function send(ports: Sending, message: WaitingMessage): Promise<boolean> {
  const { id, kind, number, to, subject, text, since, attempts } = message
  const why = await ports.postman.send({ way: 'email', id, to, subject, text })
  const now = ports.clock.now()
  const hopeless = now - since >= GIVE_UP_AFTER
  if (why === undefined || hopeless) await ports.outbox.forget(id)
  else await ports.outbox.putOff(id, now + PAUSES[Math.min(attempts, PAUSES.length - 1)]!)
  // of many attempts that failed, the first and the last one are news
  if (why === undefined || hopeless || attempts === 0)
    await ports.audit.record({
      ...{ at: now, what: 'message.sent', result: why === undefined ? 'ok' : 'failed', number },
      facts: { kind, attempt: attempts + 1, ...(why !== undefined && { why, again: !hopeless }) },
    })
  return why === undefined
}
