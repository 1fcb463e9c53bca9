/**
 * Form post: a form that posts itself brings the person's fields to the journal, in the charset that the journal reads, with
 * an HMAC-SHA256 over them. For journals that can hash a text and nothing more.
 */
import { z } from 'zod'
import { wrongAddress } from './address.js'
import { byLoginAlone } from './by-login-alone.js'
import type { Connector, Entry } from './connector.js'
import { charsets, formValue, octetsOf } from './form-charset.js'
import {
  checkGuards,
  macOf,
  ownNames,
  ownValues,
  pairName,
  pairTemplates,
  signedSettings,
  sortedLines,
  usualPairs,
} from './hmac.js'
import { leaveByToken } from './logout-token.js'
import { openSharedKeys } from './shared-key.js'
import { checkTemplates, fillAll, readTemplates, type OwnValues, type Templates } from './template.js'
import { sharedKeySigner } from './token.js'
import { wholeBlock } from './whole-block.js'

const fields = z.strictObject({
  url: z.string().meta({
    description: 'Address of the journal that takes the form.',
    example: 'https://sgo.school.example/sso.php',
  }),
  charset: z.enum(charsets).default('utf-8').meta({
    description:
      'What the journal reads its forms in. A letter that Windows-1251 lacks arrives as browsers write it, `&#1240;`.',
    example: 'windows-1251',
  }),
  fields: pairTemplates.optional().meta({
    description:
      'Fields by template, in place of the usual ones. What stands in braces must be on the list `release`, or is one of {subject}, {sid}, {returnTo}, {state}, {audience}, {keyId}, {ts} and {nonce}; the last two must be there.',
    example: { login: '{login}', fio: '{lastName} {firstName}', ts: '{ts}', nonce: '{nonce}' },
  }),
  signatureField: pairName.default('sig').meta({
    description: 'Name of the field that carries the signature, 64 hexadecimal digits in lower case.',
    example: 'sig',
  }),
  ...signedSettings,
})
type Block = z.output<typeof fields>

export const formPost: Connector<Block> = {
  kind: 'form-post',

  schema: wholeBlock(fields, (value, wrong) => {
    wrong('url', wrongAddress(value.url))
    wrong('logoutUrl', value.logoutUrl === undefined ? undefined : wrongAddress(value.logoutUrl))
    const taken = value.fields !== undefined && value.signatureField in value.fields
    wrong('signatureField', taken ? 'is the name of another field already' : undefined)
  }),

  open(block, tools) {
    const { url, charset, signatureField, logoutUrl } = block
    const [key] = openSharedKeys(block.key, tools)
    const audience = block.audience ?? tools.journal.id
    const templates = readTemplates(block.fields ?? usualPairs, ownNames)
    checkGuards('fields', templates, tools.journal)
    if (block.fields) checkTemplates('fields', templates, tools.journal, 'body')
    return {
      origins: [new URL(url).origin],
      ...byLoginAlone(Object.values(templates), tools.journal),
      handOff(entry) {
        const sent = valuesSent(templates, entry, ownValues(audience, key, tools)).map(
          ([name, value]) => [name, formValue(value, charset)] as const,
        )
        const signature = macOf(key, octetsOf(sortedLines(sent), charset))
        return {
          handOff: {
            ...{ how: 'post', to: new URL(url), fields: Object.fromEntries([...sent, [signatureField, signature]]) },
            ...(charset === 'windows-1251' && { charset }),
          },
        }
      },
      ...leaveByToken(logoutUrl, audience, sharedKeySigner(key.octets, key.id), tools),
    }
  },
}

/**
 * What the journal gave us to carry is text of any kind, which no form brings over unchanged in every charset: it travels
 * percent-encoded (RFC 3986, of UTF-8), which leaves letters, digits, - . _ and ~ as they are.
 */
const valuesSent = (templates: Templates, entry: Entry, own: OwnValues) =>
  Object.entries(
    fillAll(templates, entry, {
      ...own,
      ...(entry.state !== undefined && { state: encodeURIComponent(entry.state) }),
    }),
  )
