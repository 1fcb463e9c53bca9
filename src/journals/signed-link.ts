/**
 * Signed link: the browser arrives at the journal with a short-lived token (JWT) in the query, and the journal opens a
 * session of its own. The token names an account and no person: neither names nor СНИЛС stand in an address.
 */
import { z } from 'zod'
import { randomId } from '../base/chance.js'
import type { Connector, DoorTools, Entry, Leaving } from './connector.js'
import { isSafeOrigin } from './return-address.js'
import { algorithmOf, sharedKeySigner, tokenAlgorithms, tokenKeySigner, type Signer } from './token.js'

/** Seconds a link stays valid: long enough for a slow redirect, too short to be passed around. */
export const LIFETIME_S = 60

/** Seconds a logout token stays valid (OpenID Connect Back-Channel Logout 1.0, 2.4: at most two minutes). */
const LOGOUT_LIFETIME_S = 120

/** The same, 2.4: what tells a logout token from every other one. */
const LOGOUT_EVENT = 'http://schemas.openid.net/event/backchannel-logout'

const secretRef = z.union([z.strictObject({ env: z.string().min(1) }), z.strictObject({ file: z.string().min(1) })])

const fields = z.strictObject({
  alg: z.enum(tokenAlgorithms).meta({
    description:
      'How tokens are signed: HS256 with a key shared with this one journal, ES256 or RS256 with our token key (JWKS).',
    example: 'HS256',
  }),
  key: secretRef.optional().meta({
    description: 'HS256 only: where the shared key lies. Text of at least 32 characters, used as it stands.',
    example: { env: 'SGO_KEY' },
  }),
  url: z.string().meta({
    description: 'Address of the journal that takes the token.',
    example: 'https://sgo.school.example/sso',
  }),
  audience: z.string().min(1).max(255).optional().meta({
    description: 'What the journal expects as `aud`; without it, the id of the journal.',
    example: 'sgo',
  }),
  parameter: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9_-]{0,31}$/, 'a letter, then at most 31 letters, digits, - or _')
    .default('token')
    .meta({ description: 'Name of the query parameter that carries the token.', example: 'token' }),
  logoutUrl: z.string().optional().meta({
    description:
      'Address of the journal that our server tells when a person signs out; without it the farewell page says that the journal is still open.',
    example: 'https://sgo.school.example/sso-logout',
  }),
})
type Block = z.output<typeof fields>

export const signedLink: Connector<Block> = {
  kind: 'signed-link',

  schema: fields.check(({ value, issues }) => {
    const wrong = (path: string, message: string) =>
      issues.push({ code: 'custom', path: [path], message, input: value })
    const about = wrongUrl(value.url, value.parameter)
    if (about !== undefined) wrong('url', about)
    const aboutLogout = value.logoutUrl === undefined ? undefined : wrongAddress(value.logoutUrl)
    if (aboutLogout !== undefined) wrong('logoutUrl', aboutLogout)
    if (value.alg === 'HS256' && !value.key)
      wrong('key', 'HS256 needs the key shared with the journal, e.g. { env: SGO_KEY }')
    if (value.alg !== 'HS256' && value.key) wrong('key', `${value.alg} signs with our token key; remove this line`)
  }),

  open(block, tools) {
    const signer = openSigner(block, tools)
    const audience = block.audience ?? tools.journal.id
    const { logoutUrl } = block
    return {
      origin: new URL(block.url).origin,
      handOff(entry) {
        const to = new URL(block.url)
        // By hand: searchParams.set would write the journal's own query anew.
        to.search = `${to.search === '' ? '?' : `${to.search}&`}${block.parameter}=${signer(claims(entry, audience, tools))}`
        return { how: 'redirect', to }
      },
      ...(logoutUrl !== undefined && {
        leave: leaving => ({
          to: new URL(logoutUrl),
          fields: { logout_token: signer(logoutClaims(leaving, audience, tools), 'logout+jwt') },
        }),
      }),
    }
  },
}

/** The whole release list of this kind. Whatever is added here leaves the house. */
function claims({ person, sid, returnTo, state }: Entry, audience: string, { issuer, clock, chance }: DoorTools) {
  const now = Math.floor(clock.now() / 1000)
  const { id, login, role, school } = person.account
  return {
    iss: issuer,
    aud: audience,
    iat: now,
    exp: now + LIFETIME_S,
    jti: randomId(chance),
    sub: person.subject,
    sid,
    account: id,
    login,
    role,
    school,
    ...(person.childId !== undefined && { child: person.childId }),
    ...(returnTo && { return_to: returnTo.href }),
    ...(state !== undefined && { state }),
  }
}

/** Modelled on OpenID Connect Back-Channel Logout 1.0, 2.4. */
const logoutClaims = ({ subject, sid }: Leaving, audience: string, { issuer, clock, chance }: DoorTools) => {
  const now = Math.floor(clock.now() / 1000)
  return {
    iss: issuer,
    aud: audience,
    iat: now,
    exp: now + LOGOUT_LIFETIME_S,
    jti: randomId(chance),
    sub: subject,
    sid,
    events: { [LOGOUT_EVENT]: {} },
  }
}

function openSigner({ alg, key }: Block, tools: DoorTools): Signer {
  if (alg === 'HS256') {
    if (!key) throw new RangeError('key: HS256 needs the key shared with the journal')
    return sharedKeySigner(sharedKey(tools.secret(key)))
  }
  const fitting = tools.tokenKeys.find(({ privateKey }) => algorithmOf(privateKey) === alg)
  if (!fitting) throw new RangeError(`alg: no token key fits ${alg}; ${NEEDED[alg]}`)
  return tokenKeySigner(alg, fitting)
}

const NEEDED = {
  ES256: 'an EC P-256 key is needed',
  RS256: 'an RSA key of at least 2048 bits is needed',
} as const

/**
 * The journal's people paste the key into settings of their own, so it is text, and its octets are used as they stand: no
 * base64 is decoded on either side. Only the line end that editors add is dropped.
 */
function sharedKey(octets: Buffer): Buffer {
  const text = octets.toString('latin1').replace(/[\r\n]+$/, '')
  if (!/^[\x21-\x7e]*$/.test(text)) {
    throw new RangeError('key: must be one line of ASCII text without spaces, such as `openssl rand -base64 48` prints')
  }
  if (text.length < 32) throw new RangeError(`key: at least 32 characters, got ${text.length} (RFC 7518, 3.2)`)
  return Buffer.from(text)
}

function wrongUrl(text: string, parameter: string): string | undefined {
  const wrong = wrongAddress(text)
  if (wrong !== undefined) return wrong
  if (new URL(text).searchParams.has(parameter))
    return `must not hold the parameter "${parameter}", which carries the token`
  return undefined
}

function wrongAddress(text: string): string | undefined {
  if (!URL.canParse(text)) return 'must be an address such as https://journal.example/sso'
  const url = new URL(text)
  if (!isSafeOrigin(url)) return 'must be https, or http on localhost or 127.0.0.1'
  if (url.username !== '' || url.password !== '') return 'must not hold a user name or password'
  if (url.href.includes('#')) return 'must not hold a fragment'
  return undefined
}
