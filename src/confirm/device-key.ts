import { createHash } from 'node:crypto'
import type { DeviceKey } from '../words/confirming.js'

/** Only the hash of what a cookie carries goes further: whoever reads the store cannot make the cookie. */
export const deviceKey = (secret: string): DeviceKey =>
  createHash('sha256').update(secret).digest('base64url') as DeviceKey
