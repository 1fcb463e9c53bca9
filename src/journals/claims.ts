/** What a message for a journal says, whichever way it travels: what the message is, and who the person is there. */
import { z } from 'zod'
import { randomId } from '../base/chance.js'
import type { DoorTools, Entry } from './connector.js'
import { checkTemplates, readTemplates, templateSetting, type Templates } from './template.js'

/** Seconds a hand-off stays valid: long enough for a slow redirect, too short to be passed around. */
export const LIFETIME_S = 60

/** Names that the message needs for itself (RFC 7519, 4.1, and our own). */
const taken = ['iss', 'aud', 'iat', 'nbf', 'exp', 'jti', 'sub', 'sid', 'return_to', 'state', 'events', 'nonce']

const claimName = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_.:/-]{0,63}$/, 'a letter, then at most 63 letters, digits, _ . : / or -')
  .refine(name => !taken.includes(name), `must not be one of ${taken.join(', ')}, which say what the token is`)

export const claimsSetting = z
  .record(claimName, templateSetting)
  .optional()
  .meta({
    description:
      'Claims by template, in place of account, login, role, school and child. What stands in braces must be on the list `release`.',
    example: { uid: '{login}', role: '{role}' },
  })

export const audienceSetting = z.string().min(1).max(255).optional().meta({
  description: 'What the journal expects as `aud`; without it, the id of the journal.',
  allowed: '1 to 255 characters',
  example: 'sgo',
})

/** Claims that say what the message is, never who the person is. */
export function protocolClaims(
  { person, sid, returnTo, state }: Entry,
  audience: string,
  { issuer, clock, chance }: Pick<DoorTools, 'issuer' | 'clock' | 'chance'>,
) {
  const now = Math.floor(clock.now() / 1000)
  return {
    iss: issuer,
    aud: audience,
    iat: now,
    exp: now + LIFETIME_S,
    jti: randomId(chance),
    sub: person.subject,
    sid,
    ...(returnTo && { return_to: returnTo.href }),
    ...(state !== undefined && { state }),
  }
}

/** What is sent unless the settings name the claims themselves, and only what the journal may get of it. */
const usual = { account: '{account}', login: '{login}', role: '{role}', school: '{school}', child: '{child}' } as const

/**
 * @param where the message ends up: in an address nothing personal may stand
 * @throws RangeError naming the claim that the journal may not get
 */
export function personTemplates(
  claims: z.output<typeof claimsSetting>,
  { journal }: Pick<DoorTools, 'journal'>,
  where: 'address' | 'body',
): Templates {
  const templates = readTemplates(claims ?? usual)
  if (claims) checkTemplates('claims', templates, journal, where)
  return templates
}
