/** On which device somebody signed in: one that was seen with this person before, or a new one, of which the person is told. */
import { randomId } from '../base/chance.js'
import { deviceKey } from '../confirm/device-key.js'
import { newDevice } from '../confirm/notice.js'
import type { Session } from '../sessions/sessions.js'
import type { SchoolCode } from '../words/school.js'
import type { Sighting } from './confirm-ports.js'
import { noticeTo } from './notifying.js'
import type { Visitor } from './outcome.js'
import type { Ports, Started } from './ports.js'

/**
 * The cookie of a device is Lax and does not come with the IdP's post: the login knows what the browser brought when it asked.
 *
 * @param entered the school whose account is entered at once: it is the one to call
 * @returns what the claim writes, and for a new device the secret of its cookie; nothing where the settings want no such notice
 */
export async function sightingOf(
  ports: Ports,
  visitor: Visitor,
  { devices: keys = [], target }: Started,
  { person }: Session,
  entered?: SchoolCode,
): Promise<{ readonly sighting: Sighting; readonly secret?: string } | undefined> {
  if (!ports.noticesOffered.includes('devices')) return undefined
  const now = ports.clock.now()
  if (await ports.devices.knows(keys, person)) return { sighting: { at: 'known', keys, person, now } }
  const secret = randomId(ports.chance)
  const device = { id: randomId(ports.chance), key: deviceKey(secret), name: visitor.device }
  const school = entered ?? (target.kind === 'journal' ? target.school : undefined)
  return {
    secret,
    sighting: { at: 'new', device, person, now, ...noticeTo(ports, visitor, person, newDevice, school) },
  }
}
