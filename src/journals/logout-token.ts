/** The signed message by which our server tells a journal that a session has ended: POST logoutUrl, field `logout_token`. */
import { z } from 'zod'
import { randomId } from '../base/chance.js'
import type { Door, DoorTools } from './connector.js'
import type { Signer } from './token.js'

export const logoutUrlSetting = z.string().optional().meta({
  description:
    'Address of the journal that our server tells when a person signs out; without it the farewell page says that the journal is still open.',
  example: 'https://sgo.school.example/sso-logout',
})

/** Seconds a logout token stays valid (OpenID Connect Back-Channel Logout 1.0, 2.4: at most two minutes). */
const LIFETIME_S = 120

/** The same, 2.4: what tells a logout token from every other one. */
const EVENT = 'http://schemas.openid.net/event/backchannel-logout'

/** @returns nothing when no address is set: then the journal cannot be told */
export function leaveByToken(
  logoutUrl: string | undefined,
  audience: string,
  signer: Signer,
  { issuer, clock, chance }: Pick<DoorTools, 'issuer' | 'clock' | 'chance'>,
): Pick<Door, 'leave'> {
  if (logoutUrl === undefined) return {}
  return {
    leave({ subject, sid }) {
      const now = Math.floor(clock.now() / 1000)
      const claims = {
        iss: issuer,
        aud: audience,
        iat: now,
        exp: now + LIFETIME_S,
        jti: randomId(chance),
        sub: subject,
        sid,
        events: { [EVENT]: {} },
      }
      return { to: new URL(logoutUrl), fields: { logout_token: signer(claims, 'logout+jwt') } }
    },
  }
}
