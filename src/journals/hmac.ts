/** Messages that old journals sign by themselves: an HMAC-SHA256 over a text that both sides can write down again. */
import { createHmac } from 'node:crypto'
import { z } from 'zod'
import { randomId } from '../base/chance.js'
import type { Journal } from '../words/journal.js'
import { audienceSetting } from './claims.js'
import type { DoorTools } from './connector.js'
import { logoutUrlSetting } from './logout-token.js'
import { sharedKeys, type SharedKey } from './shared-key.js'
import { templateSettingWith, type OwnValues, type Templates } from './template.js'

/** In the order in which they are sent. */
export type Pairs = readonly (readonly [string, string])[]

export const digests = ['hex', 'base64url'] as const

export const macOf = (
  { octets }: SharedKey,
  signed: string | Buffer,
  digest: (typeof digests)[number] = 'hex',
): string => createHmac('sha256', octets).update(signed).digest(digest)

/**
 * `name=value` lines in the order of the names' octets, with a line feed between them. One text for one set of pairs, as long
 * as no value holds a line feed and no name an equals sign.
 */
export const sortedLines = (pairs: Pairs): string =>
  [...pairs]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(pair => pair.join('='))
    .join('\n')

/** What these kinds have to say beside the person. */
const own = ['ts', 'nonce', 'audience', 'keyId'] as const
export const ownNames: readonly string[] = own

export const ownValues = (
  audience: string,
  key: SharedKey,
  { clock, chance }: Pick<DoorTools, 'clock' | 'chance'>,
): OwnValues & Record<(typeof own)[number], string | undefined> => ({
  ts: String(Math.floor(clock.now() / 1000)),
  nonce: randomId(chance),
  audience,
  keyId: key.id,
})

/** For the block of a kind that signs with what it shares with its journal. */
export const signedSettings = {
  key: sharedKeys.meta({
    description:
      'Where the key shared with this one journal lies. Text of at least 32 characters, used as it stands. While it is being changed a list, `[{ id: k2, env: … }, { id: k1, env: … }]`: the first signs, and `{keyId}` tells its id.',
    example: { env: 'SGO_KEY' },
  }),
  audience: audienceSetting.meta({
    description: 'What `{audience}` stands for; without it, the id of the journal.',
    example: 'sgo',
  }),
  logoutUrl: logoutUrlSetting,
}

/** No octet that a form, a query or PHP's `$_POST` would write in another way. */
export const pairName = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/, 'a letter, then at most 63 letters, digits, _ or -')

export const pairTemplates = z
  .record(pairName, templateSettingWith(ownNames))
  .refine(pairs => Object.keys(pairs).length <= 40, 'at most 40')

/** What both kinds send unless the settings say it themselves, and only what the journal may get of it. */
export const usualPairs = {
  ...{ account: '{account}', login: '{login}', role: '{role}', school: '{school}', child: '{child}' },
  ...{ sub: '{subject}', sid: '{sid}', return_to: '{returnTo}', state: '{state}' },
  ...{ aud: '{audience}', kid: '{keyId}', ts: '{ts}', nonce: '{nonce}' },
} as const

/**
 * A message without time or nonce could be sent again; one without state cannot be tied to the journal's own browser.
 *
 * @throws RangeError naming what must be added
 */
export function checkGuards(
  setting: string,
  templates: Templates,
  { requireState }: Pick<Journal, 'requireState'>,
): void {
  const named = new Set(Object.values(templates).flatMap(({ names }) => names))
  for (const name of ['ts', 'nonce', ...(requireState ? ['state'] : [])]) {
    if (!named.has(name)) throw new RangeError(`${setting}: one of them must be {${name}}, e.g. ${name}: "{${name}}"`)
  }
}
