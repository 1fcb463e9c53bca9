/** The session cookie: reading it, setting it at sign-in, clearing it at logout. */
import { randomBytes } from 'node:crypto'
import type { Request, RequestHandler, Response } from 'express'
import session from 'express-session'
import { sessionKey } from '../sessions/session-key.js'
import type { Session, SessionKey } from '../sessions/sessions.js'
import { clearLoginCookie, cookiesOf, isSecure, loginSecrets, sessionCookieName } from './cookies.js'
import { SessionStore } from './session-store.js'
import type { Web } from './setup.js'

/** Sessions whose cookie came with the request, and that are not open. */
const over = new WeakMap<object, SessionKey>()

/** Secrets of sessions that were opened by the request at hand, for express-session's cookie. */
const opened = new WeakMap<object, string>()

export function sessions(web: Web): RequestHandler {
  const secure = isSecure(web.ports.publicUrl)
  return session({
    name: sessionCookieName(secure),
    secret: [...web.sessionSecrets],
    store: new SessionStore(web.ports.sessions, web.ports.clock),
    genid: request => {
      // until now it is what the signed cookie says
      const brought = request.sessionID as string | undefined | false
      if (brought) over.set(request, sessionKey(brought))
      return opened.get(request) ?? randomBytes(20).toString('base64url')
    },
    cookie: { httpOnly: true, path: '/', sameSite: 'lax', secure },
    resave: false,
    saveUninitialized: false,
    rolling: false,
  })
}

/** The open session of the browser behind this request. */
export const openSession = (request: Request): Session | undefined => request.session.bridge

/** The session of this browser that has ended, while it still has its cookie. */
export const endedSession = (request: Request): SessionKey | undefined =>
  openSession(request) ? undefined : over.get(request)

/** Gives the browser the cookie of the session that was just opened; whatever it had before is replaced. */
export function giveSession(request: Request, secret: string): Promise<void> {
  opened.set(request, secret)
  return new Promise((resolve, reject) => {
    request.session.regenerate((error: unknown) => {
      if (error instanceof Error) reject(error)
      else resolve()
    })
  })
}

/**
 * The session was closed: the browser forgets it, and so does the rest of this request. Only what the browser brought is
 * taken back: a stranger's form, with which no Lax cookie comes, must not end a session.
 */
export function takeSessionCookie(web: Web, request: Request, response: Response): void {
  delete request.session.bridge
  const secure = isSecure(web.ports.publicUrl)
  if (!cookiesOf(request).some(([name]) => name === sessionCookieName(secure))) return
  // else the answer of a finished login, brought back by the next person at this computer, would lead on to the IdP
  for (const login of loginSecrets(request, secure).keys()) clearLoginCookie(response, login, secure)
  response.clearCookie(sessionCookieName(secure), { httpOnly: true, path: '/', sameSite: 'lax', secure })
}
