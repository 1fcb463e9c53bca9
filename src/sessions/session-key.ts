import { createHash } from 'node:crypto'
import type { SessionKey } from './sessions.js'

/** @param secret what the cookie carries; only its hash is ever stored, so a stolen database opens no session */
export const sessionKey = (secret: string): SessionKey =>
  createHash('sha256').update(secret).digest('base64url') as SessionKey

/**
 * What one journal knows a session by: pairwise, so that two journals cannot compare, and found anew from the session alone.
 * The key has 160 bits of chance behind it, so nobody finds it from this.
 */
export const journalSid = (key: SessionKey, journal: string): string =>
  createHash('sha256').update(`sid\0${key}\0${journal}`).digest('base64url').slice(0, 27)
