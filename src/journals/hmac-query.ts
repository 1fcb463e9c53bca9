/**
 * HMAC query: the browser arrives with an account, a time and a nonce in the address, and a signature over them, in the
 * shapes that sites have made up for themselves. Nothing that tells who somebody is may stand in it.
 */
import { z } from 'zod'
import { Refusal } from '../base/refusal.js'
import { wrongAddress, wrongTarget } from './address.js'
import { byLoginAlone } from './by-login-alone.js'
import type { Connector, Entry } from './connector.js'
import * as hmac from './hmac.js'
import type { Pairs } from './hmac.js'
import { leaveByToken } from './logout-token.js'
import { openSharedKeys } from './shared-key.js'
import { checkTemplates, readTemplates, type OwnValues, type Templates } from './template.js'
import { sharedKeySigner } from './token.js'
import { wholeBlock } from './whole-block.js'

const fields = z.strictObject({
  url: z.string().meta({
    description: 'Address of the journal that takes the parameters.',
    example: 'https://sgo.school.example/autologin.php',
  }),
  parameters: hmac.pairTemplates.optional().meta({
    description:
      'Parameters by template, in the order in which they stand in the address, in place of the usual ones. What stands in braces must be on the list `release` and tell nobody who the person is, or is one of {subject}, {sid}, {returnTo}, {state}, {audience}, {keyId}, {ts} and {nonce}; the last two must be there.',
    example: { uid: '{login}', school: '{school}', ts: '{ts}', nonce: '{nonce}' },
  }),
  sign: z.enum(['query', 'values', 'lines']).default('query').meta({
    description:
      'What is signed. `query`: the query as it stands in the address, up to the signature. `values`: the values, in their order, joined by `separator`. `lines`: `name=value` lines in the order of their names.',
    example: 'query',
  }),
  separator: z
    .string()
    .regex(/^[\x21-\x7e]$/, 'one sign of ASCII; without one, `1` and `23` would sign like `12` and `3`')
    .default('|')
    .meta({ description: 'With `sign: values`: what stands between two values.', example: '|' }),
  digest: z.enum(hmac.digests).default('hex').meta({
    description: 'How the signature is written: `hex` in lower case, or `base64url` without padding.',
    example: 'hex',
  }),
  signatureParameter: hmac.pairName.default('sig').meta({
    description: 'Name of the parameter that carries the signature; it is the last one.',
    example: 'sig',
  }),
  ...hmac.signedSettings,
})
type Block = z.output<typeof fields>

export const hmacQuery: Connector<Block> = {
  kind: 'hmac-query',

  schema: wholeBlock(fields, (value, wrong) => {
    const names = Object.keys(value.parameters ?? hmac.usualPairs)
    wrong('url', wrongTarget(value.url, [...names, value.signatureParameter]))
    wrong('logoutUrl', value.logoutUrl === undefined ? undefined : wrongAddress(value.logoutUrl))
    const taken = names.includes(value.signatureParameter)
    wrong('signatureParameter', taken ? 'is the name of another parameter already' : undefined)
  }),

  open(block, tools) {
    const { url, digest, logoutUrl } = block
    const [key] = openSharedKeys(block.key, tools)
    const audience = block.audience ?? tools.journal.id
    const templates = readTemplates(block.parameters ?? hmac.usualPairs, hmac.ownNames)
    hmac.checkGuards('parameters', templates, tools.journal)
    if (block.parameters) checkTemplates('parameters', templates, tools.journal, 'address')
    return {
      origins: [new URL(url).origin],
      ...byLoginAlone(Object.values(templates), tools.journal),
      handOff(entry) {
        const sent = pairsSent(block, templates, entry, hmac.ownValues(audience, key, tools))
        const to = new URL(url)
        to.search = `${to.search === '' ? '?' : `${to.search}&`}${written(sent)}`
        const signature = hmac.macOf(key, textToSign(block, sent, to), digest)
        to.search += `&${block.signatureParameter}=${signature}`
        return { handOff: { how: 'redirect', to } }
      },
      ...leaveByToken(logoutUrl, audience, sharedKeySigner(key.octets, key.id), tools),
    }
  },
}

/** Where values are told apart by their places, what is not known keeps its place. */
function pairsSent({ sign }: Block, templates: Templates, entry: Entry, own: OwnValues): Pairs {
  return Object.entries(templates).flatMap(([name, template]) => {
    const value = template.fill(entry, own) ?? (sign === 'values' ? '' : undefined)
    return value === undefined ? [] : [[name, value] as const]
  })
}

/** @throws Refusal `journal.value-unfit` when a value could be taken for two, or two for one */
function textToSign({ sign, separator }: Block, pairs: Pairs, { search }: URL): string {
  if (sign === 'query') return search.slice(1)
  const between = sign === 'lines' ? '\n' : separator
  const unfit = pairs.find(([, value]) => value.includes(between))
  if (unfit) throw new Refusal('journal.value-unfit', { parameter: unfit[0], why: 'holds the separator' })
  return sign === 'lines' ? hmac.sortedLines(pairs) : pairs.map(([, value]) => value).join(separator)
}

/** RFC 3986 to the letter, so that no URL parser between us and the journal writes a sign in another way. */
const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, sign => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)

const written = (pairs: Pairs): string => pairs.map(([name, value]) => `${name}=${encode(value)}`).join('&')
