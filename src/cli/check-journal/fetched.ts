/** Attacks on journals that ask the bridge who has come: handles and tickets that nobody gave, or that were meant for something else. */
import { randomBytes } from 'node:crypto'
import type { HandOff } from '../../journals/connector.js'
import { intruding, type Attack, type Came } from './attack.js'
import { fieldsOf } from './fields.js'
import type { Forge } from './forge.js'
import { deliver, shownAnswer, type Scene } from './scene.js'

const ASK = "Let in nobody before the bridge's own answer says yes: status, then content."

export const fetched: readonly Attack[] = [
  intruding(
    { id: 'invented', sent: 'a handle or ticket that nobody gave out', fix: ASK, blind: true },
    ({ forge }, state) => forge.manner.fetched && [withHandle(forge.handOff({ state }), made)],
  ),
  {
    id: 'bridge-ailing',
    sent: 'an honest hand-off, while the bridge answers 503',
    expected: 'not let in',
    fix: ASK,
    run: ailing,
  },
  intruding(
    {
      id: 'other-service',
      sent: 'a ticket for another service, alone and with that service named in the address',
      fix: 'Name the service yourself when you ask whose ticket it is; take it from nobody.',
    },
    otherService,
  ),
]

/** The handle stands last. */
const handleOf = (handOff: HandOff): string => fieldsOf(handOff).at(-1)![1]

/** By text, so that the journal's own query stays as it is written. */
const withHandle = (handOff: HandOff, make: (handle: string) => string): HandOff => {
  const handle = handleOf(handOff)
  const href = handOff.to.href
  const at = href.lastIndexOf(handle)
  return { ...handOff, to: new URL(href.slice(0, at) + make(handle) + href.slice(at + handle.length)) }
}

/** Looks like the honest one. */
const made = (handle: string): string => handle.slice(0, 3) + randomBytes(40).toString('hex').slice(3, handle.length)

async function ailing({ forge, begin, isIn }: Scene): Promise<Came | undefined> {
  const { standIn } = forge
  if (!standIn || forge.kind === 'trusted-headers') return undefined
  const { browser, state } = await begin()
  const delivered = await standIn.ailing(() => deliver(browser, forge.handOff({ state })))
  const open = await isIn(browser)
  return { open, came: `${shownAnswer(delivered)}, ${open ? 'and is in' : 'not let in'}` }
}

function otherService({ forge }: Scene, state: string | undefined): readonly HandOff[] | undefined {
  if (forge.kind !== 'cas') return undefined
  const elsewhere = new URL('/check-journal-other', state ?? forge.handOff().to).href
  const foreign = (): string => handleOf(ticketFor(forge, elsewhere))
  const honest = forge.handOff({ state })
  const beside = withHandle(honest, foreign)
  beside.to.searchParams.append('service', elsewhere)
  return [withHandle(honest, foreign), beside]
}

const ticketFor = (forge: Forge, service: string): HandOff => forge.handOff({ state: service })
