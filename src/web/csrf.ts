/** Every form of ours carries a token that only this session's pages know, and comes from our own origin. */
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Request } from 'express'
import { Refusal } from '../base/refusal.js'
import type { SessionKey } from '../sessions/sessions.js'
import { formValue } from './params.js'
import type { Web } from './setup.js'

const make = (secret: string, key: SessionKey): string =>
  createHmac('sha256', secret).update(`form:${key}`).digest('base64url')

export const formToken = (web: Web, key: SessionKey): string => make(web.sessionSecrets[0]!, key)

/**
 * @throws Refusal `request.forged`
 */
export function checkForm(web: Web, request: Request, key: SessionKey): void {
  checkOrigin(web, request)
  if (!carriesToken(web, request, key)) throw new Refusal('request.forged', { why: 'token' })
}

/** Whether the form was made for this session. */
export function carriesToken(web: Web, request: Request, key: SessionKey): boolean {
  const came = Buffer.from(formValue(request, 'token') ?? '')
  return web.sessionSecrets.some(secret => {
    const wanted = Buffer.from(make(secret, key))
    return wanted.length === came.length && timingSafeEqual(wanted, came)
  })
}

/** Browsers name the origin of every POST; `null` and silence are as bad as a stranger's. */
export function checkOrigin(web: Web, request: Request): void {
  if (request.headers.origin !== new URL(web.ports.publicUrl).origin)
    throw new Refusal('request.forged', { why: 'origin' })
}
