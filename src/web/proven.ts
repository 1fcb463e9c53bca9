/** What the page «Чья это запись?» carries: the account that the journal vouched for, to this session, for ten minutes. */
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Instant } from '../base/clock.js'
import type { SessionKey } from '../sessions/sessions.js'
import type { Web } from './setup.js'

const seal = (secret: string, key: SessionKey, what: string): string =>
  createHmac('sha256', secret).update(`proven:${key}:${what}`).digest('base64url')

/** `ACCOUNT.UNTIL.SEAL`; worth nothing in another session. */
export function sealProven(web: Web, key: SessionKey, accountId: string, until: Instant): string {
  const what = `${accountId}.${until}`
  return `${what}.${seal(web.sessionSecrets[0]!, key, what)}`
}

/** @returns the account, or undefined when the proof is too old, of another session, or nobody's */
export function readProven(web: Web, key: SessionKey, text: string): string | undefined {
  const [, what, accountId, until, came] = /^(([\w-]{1,64})\.(\d{1,15}))\.([\w-]{43})$/.exec(text) ?? []
  if (what === undefined || came === undefined || Number(until) <= web.ports.clock.now()) return undefined
  const right = web.sessionSecrets.some(secret =>
    timingSafeEqual(Buffer.from(seal(secret, key, what)), Buffer.from(came)),
  )
  return right ? accountId : undefined
}
