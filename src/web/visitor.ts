import { isIP } from 'node:net'
import type { Request } from 'express'
import { newRequestNumber, type RequestNumber } from '../base/request-number.js'
import type { Visitor } from '../login/outcome.js'
import type { Session } from '../sessions/sessions.js'
import { isSecure, loginSecrets } from './cookies.js'
import { deviceKeys } from './devices.js'
import { roundsOf } from './rounds.js'
import { openSession } from './session.js'
import type { Web } from './setup.js'

const numbers = new WeakMap<Request, RequestNumber>()

const loginNumbers = new WeakMap<Request, RequestNumber>()

/** The number of the login that this request went on with, where it is another one than its own. */
export function loginNumber(request: Request): RequestNumber | undefined {
  const number = loginNumbers.get(request)
  return number === numbers.get(request) ? undefined : number
}

/** One number a request, drawn when it is first needed. */
export function requestNumber(web: Web, request: Request): RequestNumber {
  const known = numbers.get(request) ?? newRequestNumber(web.ports.chance)
  numbers.set(request, known)
  return known
}

/** Errors may come before the session middleware has run; then there is no session property at all. */
export const sessionBehind = (request: Request): Session | undefined =>
  (request.session as Request['session'] | undefined) && openSession(request)

export function visitor(web: Web, request: Request): Visitor {
  const session = sessionBehind(request)
  return {
    address: isIP(request.ip ?? '') ? request.ip! : '',
    device: (request.headers['user-agent'] ?? '').slice(0, 200),
    number: requestNumber(web, request),
    about: number => loginNumbers.set(request, number),
    rounds: roundsOf(web, request),
    devices: deviceKeys(web, request),
    logins: loginSecrets(request, isSecure(web.ports.publicUrl)),
    ...(session && { session: session.key }),
  }
}

/** Russian unless the browser asks for English before it. */
export const prefersEnglish = (request: Request): boolean => request.acceptsLanguages(['ru', 'en']) === 'en'
