/** Finding a login again, also one that ended a short while ago: who comes late is told so, and keeps the way. */
import type { Instant } from '../base/clock.js'
import { Refusal } from '../base/refusal.js'
import { owns } from './browser.js'
import type { Visitor } from './outcome.js'
import type { Ports, Started, Waiting } from './ports.js'
import type { Known } from './witness.js'

/** Milliseconds for which a login is still known after its end; the store keeps it as long. */
export const KNOWN_LONGER = 3_600_000

export type Found = Started | Waiting

/** @returns the login, living or ended within the last hour */
export const findRecent = (ports: Ports, id: string): Promise<Found | undefined> =>
  ports.logins.find(id, ports.clock.now() - KNOWN_LONGER)

export const findRecentByRequest = (ports: Ports, requestId: string): Promise<Found | undefined> =>
  ports.logins.findByRequest(requestId, ports.clock.now() - KNOWN_LONGER)

export const isFinished = (login: Found): login is Waiting => 'finishedAt' in login

export const isOver = (login: Found, now: Instant): boolean => login.expiresAt <= now

export const about = ({ number, idp, target, forced }: Started): Known => ({ number, idp, target, forced })

/** The other logins that this browser proves to have begun. */
export async function ownLogins(ports: Ports, visitor: Visitor, except?: string): Promise<readonly Found[]> {
  const ids = [...visitor.logins.keys()].filter(id => id !== except)
  if (ids.length === 0) return []
  const found = await ports.logins.findAll(ids, ports.clock.now() - KNOWN_LONGER)
  return found.filter(login => owns(visitor, login))
}

/** Whoever has the cookie of a login began it: then it is we who forgot. */
export const unknownLogin = ({ logins }: Visitor, id: string | undefined): Refusal =>
  new Refusal(id !== undefined && logins.has(id) ? 'login.forgotten' : 'login.unknown')

/** Where this browser wanted to go last, when the request at hand does not say. */
export async function lastWish(ports: Ports, visitor: Visitor): Promise<Omit<Known, 'number'>> {
  const [youngest] = visitor.logins.keys()
  const login = youngest === undefined ? undefined : await findRecent(ports, youngest)
  return login && owns(visitor, login) ? { idp: login.idp, target: login.target, forced: login.forced } : {}
}
