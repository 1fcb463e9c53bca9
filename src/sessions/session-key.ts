import { createHash } from 'node:crypto'
import type { SessionKey } from './sessions.js'

/** @param secret what the cookie carries; only its hash is ever stored, so a stolen database opens no session */
export const sessionKey = (secret: string): SessionKey =>
  createHash('sha256').update(secret).digest('base64url') as SessionKey
