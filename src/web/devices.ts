/**
 * Cookies by which a browser is known again, each with a name of its own: one may be set where the others are not seen. They sign
 * nobody in. For the person who had the device remembered, and for nobody else, one leaves out the second confirmation.
 */
import type { Request, Response } from 'express'
import { randomId } from '../base/chance.js'
import { deviceKey } from '../confirm/device-key.js'
import type { DeviceKey } from '../words/confirming.js'
import { cookiesOf, isSecure } from './cookies.js'
import type { Web } from './setup.js'

/** Of a browser that a family shares; older ones go first. */
const MOST = 8
/** Browsers keep no cookie for longer than 400 days. */
const KEPT = 365 * 86_400_000

/** `vhod-device-…` and the beginning of the key: two devices in one browser do not meet. */
const nameOf = (web: Web, key: DeviceKey): string =>
  `${isSecure(web.ports.publicUrl) ? '__Host-' : ''}vhod-device-${key.slice(0, 12)}`

interface Brought {
  readonly key: DeviceKey
  readonly name: string
  readonly since: number
}

/** The youngest first. A value is the day on which it was made, in base 36, and the secret. */
const broughtBy = (web: Web, request: Request): readonly Brought[] =>
  cookiesOf(request)
    .flatMap(([name, value]) => {
      const [, since, secret] = /^([0-9a-z]{1,8})\.([\w-]{27})$/.exec(value) ?? []
      if (since === undefined || secret === undefined) return []
      const key = deviceKey(secret)
      return nameOf(web, key) === name ? [{ key, name, since: parseInt(since, 36) }] : []
    })
    .sort((one, other) => other.since - one.since)

export const deviceKeys = (web: Web, request: Request): readonly DeviceKey[] =>
  broughtBy(web, request)
    .slice(0, MOST)
    .map(({ key }) => key)

export interface FreshDevice {
  readonly key: DeviceKey
  /** Gives the browser the cookie: one that was there before could be known to others. */
  keep(): void
}

export function freshDevice(web: Web, request: Request, response: Response): FreshDevice {
  const secret = randomId(web.ports.chance)
  return { key: deviceKey(secret), keep: () => keepDevice(web, request, response, secret) }
}

export function keepDevice(web: Web, request: Request, response: Response, secret: string): void {
  const shared = { httpOnly: true, path: '/', sameSite: 'lax', secure: isSecure(web.ports.publicUrl) } as const
  for (const { name } of broughtBy(web, request).slice(MOST - 1)) response.clearCookie(name, shared)
  const today = Math.floor(web.ports.clock.now() / 86_400_000).toString(36)
  response.cookie(nameOf(web, deviceKey(secret)), `${today}.${secret}`, { ...shared, maxAge: KEPT })
}
