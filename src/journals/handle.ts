/**
 * Handle: the browser carries a random one-time handle and nothing else; the journal's server exchanges it for what it may
 * know about the person. Names may come this way, since nothing of them stands in an address.
 */
import { z } from 'zod'
import { randomId } from '../base/chance.js'
import { withQuery, wrongAddress, wrongTarget } from './address.js'
import { byLoginAlone } from './by-login-alone.js'
import { audienceSetting, claimsSetting, LIFETIME_S, personTemplates, protocolClaims } from './claims.js'
import { clientSettings, openClient, wrongClient } from './client.js'
import type { Connector, DoorTools } from './connector.js'
import { leaveByToken, logoutUrlSetting } from './logout-token.js'
import { openSigner } from './signer.js'
import { fillAll } from './template.js'
import { algorithmOf, tokenAlgorithms, type Signer } from './token.js'
import { wholeBlock } from './whole-block.js'

const fields = z.strictObject({
  url: z.string().meta({
    description: 'Address of the journal that takes the handle.',
    example: 'https://sgo.school.example/enter',
  }),
  parameter: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9_-]{0,31}$/, 'a letter, then at most 31 letters, digits, - or _')
    .default('handle')
    .meta({ description: 'Name of the query parameter that carries the handle.', example: 'loginState' }),
  ...clientSettings,
  claims: claimsSetting,
  audience: audienceSetting,
  logoutUrl: logoutUrlSetting,
  alg: z.enum(tokenAlgorithms).optional().meta({
    description:
      'How the message to `logoutUrl` is signed: HS256 with `secret`, ES256 or RS256 with our token key (JWKS). Without it, HS256 where there is a secret.',
    example: 'HS256',
  }),
})
type Block = z.output<typeof fields>

export const handle: Connector<Block> = {
  kind: 'handle',

  schema: wholeBlock(fields, (value, wrong) => {
    wrong('url', wrongTarget(value.url, [value.parameter]))
    wrong('secret', wrongClient(value))
    wrong('logoutUrl', value.logoutUrl === undefined ? undefined : wrongAddress(value.logoutUrl))
    wrong('alg', value.alg === 'HS256' && !value.secret ? 'HS256 needs `secret`' : undefined)
  }),

  open(block, tools) {
    const { url, parameter, logoutUrl } = block
    const audience = block.audience ?? tools.journal.id
    const templates = personTemplates(block.claims, tools, 'body')
    return {
      origins: [new URL(url).origin],
      ...byLoginAlone(Object.values(templates), tools.journal),
      client: openClient(block, tools),
      handOff(entry) {
        const value = randomId(tools.chance)
        return {
          handOff: { how: 'redirect', to: withQuery(url, [[parameter, value]]) },
          deposit: {
            handle: value,
            content: { ...protocolClaims(entry, audience, tools), ...fillAll(templates, entry) },
            expiresAt: tools.clock.now() + LIFETIME_S * 1000,
          },
        }
      },
      ...(logoutUrl !== undefined && leaveByToken(logoutUrl, audience, logoutSigner(block, tools), tools)),
    }
  },
}

/** @throws RangeError when no key fits */
function logoutSigner({ alg, secret }: Block, tools: DoorTools): Signer {
  const usual = secret ? 'HS256' : tools.tokenKeys.map(({ privateKey }) => algorithmOf(privateKey)).find(Boolean)
  const taken = alg ?? usual ?? 'ES256'
  return openSigner({ alg: taken, ...(taken === 'HS256' && { key: secret }) }, tools)
}
