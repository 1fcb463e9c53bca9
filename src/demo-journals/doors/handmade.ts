/** What journals that sign by hand have in common: an HMAC, a time, and values that became claims. */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { Denial } from '../denials.js'
import type { House } from '../options.js'
import { SKEW_S, type Claims } from '../token.js'

/** Seconds after its time for which a message counts. */
const LIFETIME_S = 60

/** @throws Denial `token-signature` */
export function checkMac({ journal }: House, signed: string | Buffer, signature: string | undefined): void {
  if (!journal.key) throw new Error(`journal ${journal.id} has no shared key`)
  const right = createHmac('sha256', journal.key).update(signed).digest()
  const brought = Buffer.from(signature ?? '', 'hex')
  if (right.length !== brought.length || !timingSafeEqual(right, brought)) throw new Denial('token-signature')
}

export interface Brought {
  readonly time: string | undefined
  readonly id: string | undefined
  readonly login: string | undefined
  readonly role: string | undefined
  readonly school: string | undefined
  readonly child: string | undefined
  readonly sid: string | undefined
  readonly returnTo: string | undefined
  readonly state: string | undefined
}

/** @throws Denial `token-form`, `token-early`, `token-expired` */
export function claimsFrom({ clock }: House, brought: Brought): Claims {
  const { time, id, login, role, school, child, sid, returnTo, state } = brought
  if (!id || !login || !role || !school || !/^[0-9]{1,12}$/.test(time ?? '')) throw new Denial('token-form')
  const [now, at] = [Math.floor(clock.now() / 1000), Number(time)]
  if (at > now + SKEW_S) throw new Denial('token-early')
  if (at + LIFETIME_S + SKEW_S <= now) throw new Denial('token-expired')
  return {
    ...{ id, expires: at + LIFETIME_S, account: login, login, role, school },
    ...(child && { child }),
    ...(sid !== undefined && { sid }),
    ...(returnTo && { returnTo }),
    ...(state && { state }),
  }
}
