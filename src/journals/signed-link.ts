/**
 * Signed link: the browser arrives at the journal with a short-lived token (JWT) in the query or in a form, and the journal
 * opens a session of its own. In a query the token names an account and no person: neither names nor СНИЛС stand in an
 * address.
 */
import { z } from 'zod'
import { randomId } from '../base/chance.js'
import { withQuery, wrongAddress, wrongTarget } from './address.js'
import type { Connector, DoorTools, Entry } from './connector.js'
import { leaveByToken, logoutUrlSetting } from './logout-token.js'
import { openSigner, signerSettings, wrongKey } from './signer.js'
import { checkTemplates, fillAll, readTemplates, templateSetting } from './template.js'

/** Seconds a link stays valid: long enough for a slow redirect, too short to be passed around. */
export const LIFETIME_S = 60

/** Names that the token needs for itself (RFC 7519, 4.1, and our own). */
const taken = ['iss', 'aud', 'iat', 'nbf', 'exp', 'jti', 'sub', 'sid', 'return_to', 'state', 'events', 'nonce']

const claimName = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_.:/-]{0,63}$/, 'a letter, then at most 63 letters, digits, _ . : / or -')
  .refine(name => !taken.includes(name), `must not be one of ${taken.join(', ')}, which say what the token is`)

const fields = z.strictObject({
  ...signerSettings,
  url: z.string().meta({
    description: 'Address of the journal that takes the token.',
    example: 'https://sgo.school.example/sso',
  }),
  method: z.enum(['get', 'post']).default('get').meta({
    description: '`get`: the token stands in the address. `post`: a form of ours brings it, so that it may hold names.',
    example: 'get',
  }),
  claims: z
    .record(claimName, templateSetting)
    .optional()
    .meta({
      description:
        'Claims by template, in place of account, login, role, school and child. What stands in braces must be on the list `release`.',
      example: { uid: '{login}', role: '{role}' },
    }),
  audience: z.string().min(1).max(255).optional().meta({
    description: 'What the journal expects as `aud`; without it, the id of the journal.',
    example: 'sgo',
  }),
  parameter: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9_-]{0,31}$/, 'a letter, then at most 31 letters, digits, - or _')
    .default('token')
    .meta({ description: 'Name of the query parameter or form field that carries the token.', example: 'token' }),
  logoutUrl: logoutUrlSetting,
})
type Block = z.output<typeof fields>

export const signedLink: Connector<Block> = {
  kind: 'signed-link',

  schema: fields.check(({ value, issues }) => {
    const wrong = (path: string, message: string | undefined) => {
      if (message !== undefined) issues.push({ code: 'custom', path: [path], message, input: value })
    }
    wrong('url', wrongTarget(value.url, [value.parameter]))
    wrong('logoutUrl', value.logoutUrl === undefined ? undefined : wrongAddress(value.logoutUrl))
    wrong('key', wrongKey(value))
  }),

  open(block, tools) {
    const { url, method, parameter, logoutUrl } = block
    const signer = openSigner(block, tools)
    const audience = block.audience ?? tools.journal.id
    const templates = personTemplates(block, tools)
    return {
      origins: [new URL(url).origin],
      handOff(entry) {
        const token = signer({ ...protocolClaims(entry, audience, tools), ...fillAll(templates, entry) })
        if (method === 'post') return { handOff: { how: 'post', to: new URL(url), fields: { [parameter]: token } } }
        return { handOff: { how: 'redirect', to: withQuery(url, [[parameter, token]]) } }
      },
      ...leaveByToken(logoutUrl, audience, signer, tools),
    }
  },
}

/** Claims that say what the token is, never who the person is. */
function protocolClaims(
  { person, sid, returnTo, state }: Entry,
  audience: string,
  { issuer, clock, chance }: DoorTools,
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

/** What this kind sends unless the settings name the claims themselves, and only what the journal may get of it. */
const usual = { account: '{account}', login: '{login}', role: '{role}', school: '{school}', child: '{child}' } as const

/** @throws RangeError naming the claim that the journal may not get */
function personTemplates({ claims, method }: Block, { journal }: DoorTools) {
  const templates = readTemplates(claims ?? usual)
  if (claims) checkTemplates('claims', templates, journal, method === 'get' ? 'address' : 'body')
  return templates
}
