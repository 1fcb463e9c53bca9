/**
 * Cookies of a journal's own host, which reach us through the journal's proxy. One host may have several journals, and over
 * plain http also the bridge: so the journal's id stands in the name.
 */
import type { Request, Response } from 'express'
import type { Gated } from '../login/visit.js'
import { cookiesOf, isSecure } from './cookies.js'

/** `way`: this browser began a login here. `visit`: it is inside. */
type Purpose = 'way' | 'visit'

const SECRET = /^[\w-]{27}$/

const nameOf = ({ journal, gate }: Gated, purpose: Purpose): string =>
  `${isSecure(gate.origin) ? '__Host-' : ''}vhod-${purpose}-${journal.id}`

/** @returns the secret, or undefined when there is none that could be ours */
export function gateCookie(request: Request, gated: Gated, purpose: Purpose): string | undefined {
  const name = nameOf(gated, purpose)
  const value = cookiesOf(request).find(([each]) => each === name)?.[1]
  return value !== undefined && SECRET.test(value) ? value : undefined
}

/** @param lives milliseconds; without it the cookie ends with the browser */
export function setGateCookie(
  response: Response,
  gated: Gated,
  purpose: Purpose,
  secret: string,
  lives?: number,
): void {
  response.cookie(nameOf(gated, purpose), secret, {
    httpOnly: true,
    path: '/',
    sameSite: 'lax',
    secure: isSecure(gated.gate.origin),
    ...(lives !== undefined && { maxAge: lives }),
  })
}
