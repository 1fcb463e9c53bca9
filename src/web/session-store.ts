/**
 * express-session over our sessions. It never opens one (only Logins.claim does) and never closes one (only logout does):
 * it reads and touches. So no bug of a middleware can sign anybody in.
 */
import session, { type SessionData } from 'express-session'
import type { Clock } from '../base/clock.js'
import { Unavailable } from '../base/unavailable.js'
import { sessionKey } from '../sessions/session-key.js'
import type { Session as BridgeSession, Sessions } from '../sessions/sessions.js'

declare module 'express-session' {
  interface SessionData {
    /** The open session of this browser. */
    bridge?: BridgeSession
  }
}

/** The cookie ends with the browser; how long the session lives is decided by Sessions. */
const BROWSER_SESSION = new session.Cookie()

type Done<T> = (error: unknown, value?: T) => void

export class SessionStore extends session.Store {
  private readonly sessions: Sessions
  private readonly clock: Clock

  constructor(sessions: Sessions, clock: Clock) {
    super()
    this.sessions = sessions
    this.clock = clock
  }

  override get(secret: string, done: Done<SessionData | null>): void {
    this.sessions.find(sessionKey(secret), this.clock.now()).then(
      found => done(null, found ? { cookie: BROWSER_SESSION, bridge: found } : null),
      (error: unknown) => done(error),
    )
  }

  /** After the answer: what it told has happened, and an outage now only lets the session become idle a little sooner. */
  override touch(secret: string, _data: SessionData, done: Done<never> = () => undefined): void {
    this.sessions.touch(sessionKey(secret), this.clock.now()).then(
      () => done(null),
      (error: unknown) => done(error instanceof Unavailable ? null : error),
    )
  }

  override set(_secret: string, _data: SessionData, done: Done<never> = () => undefined): void {
    done(null)
  }

  override destroy(_secret: string, done: Done<never> = () => undefined): void {
    done(null)
  }
}
