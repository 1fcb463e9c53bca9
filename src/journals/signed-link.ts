/**
 * Signed link: the browser arrives at the journal with a short-lived token (JWT) in the query or in a form, and the journal
 * opens a session of its own. In a query the token names an account and no person: neither names nor СНИЛС stand in an
 * address.
 */
import { z } from 'zod'
import { withQuery, wrongAddress, wrongTarget } from './address.js'
import { byLoginAlone } from './by-login-alone.js'
import { audienceSetting, claimsSetting, personTemplates, protocolClaims } from './claims.js'
import type { Connector } from './connector.js'
import { leaveByToken, logoutUrlSetting } from './logout-token.js'
import { openSigner, signerSettings, wrongKey } from './signer.js'
import { fillAll } from './template.js'
import { wholeBlock } from './whole-block.js'

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
  claims: claimsSetting,
  audience: audienceSetting,
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

  schema: wholeBlock(fields, (value, wrong) => {
    wrong('url', wrongTarget(value.url, [value.parameter]))
    wrong('logoutUrl', value.logoutUrl === undefined ? undefined : wrongAddress(value.logoutUrl))
    wrong('key', wrongKey(value))
  }),

  open(block, tools) {
    const { url, method, parameter, logoutUrl } = block
    const signer = openSigner(block, tools)
    const audience = block.audience ?? tools.journal.id
    const templates = personTemplates(block.claims, tools, method === 'get' ? 'address' : 'body')
    return {
      origins: [new URL(url).origin],
      ...byLoginAlone(Object.values(templates), tools.journal),
      handOff(entry) {
        const token = signer({ ...protocolClaims(entry, audience, tools), ...fillAll(templates, entry) })
        if (method === 'post') return { handOff: { how: 'post', to: new URL(url), fields: { [parameter]: token } } }
        return { handOff: { how: 'redirect', to: withQuery(url, [[parameter, token]]) } }
      },
      ...leaveByToken(logoutUrl, audience, signer, tools),
    }
  },
}
