/**
 * DiscourseConnect: the journal sends the browser here with a nonce that it signed, and takes back who came, signed with the
 * same key. Forums and what was built after them; all of it stands in addresses, so it names an account and no person.
 */
import { createHmac } from 'node:crypto'
import { z } from 'zod'
import { Refusal } from '../base/refusal.js'
import { withQuery, wrongAddress, wrongTarget } from './address.js'
import { byLoginAlone } from './by-login-alone.js'
import type { Connector, DoorTools, Entry, SignedAsk } from './connector.js'
import { keyOf, readAsked, sameText, signMessage } from './discourse-message.js'
import { macOf, type Pairs } from './hmac.js'
import { leaveByToken, logoutUrlSetting } from './logout-token.js'
import { checkReturnAddress, returnPattern } from './return-address.js'
import { openSharedKeys, sharedKeys, type SharedKey } from './shared-key.js'
import { checkTemplates, fillAll, readTemplates, templateSetting, type Templates } from './template.js'
import { sharedKeySigner } from './token.js'
import { wholeBlock } from './whole-block.js'

/** What the message says itself, and rights that a forum gives in its own settings. */
const taken = ['nonce', 'ts', 'return_sso_url', 'failed', 'logout', 'admin', 'moderator']

const fieldName = z
  .string()
  .regex(/^(?:custom\.)?[a-z][a-z0-9_]{0,63}$/, 'small letters, digits and _, after `custom.` or alone')
  .refine(name => !taken.includes(name), `must not be one of ${taken.join(', ')}`)

const block = z.strictObject({
  key: sharedKeys.meta({
    description:
      'Where the key shared with this one journal lies (`discourse_connect_secret`). Text of at least 32 characters, used as it stands. While it is being changed a list of two: either may sign the question, and the same signs the answer.',
    example: { env: 'FORUM_KEY' },
  }),
  url: z.string().meta({
    description: 'Address of the journal that takes the answer, where its question names none; on the list `returnTo`.',
    example: 'https://forum.school.example/session/sso_login',
  }),
  startUrl: z.string().meta({
    description: 'Address of the journal that begins a login: where our start page leads.',
    example: 'https://forum.school.example/session/sso',
  }),
  fields: z
    .record(fieldName, templateSetting)
    .optional()
    .meta({
      description:
        'Fields of the answer by template, in place of the usual ones; external_id and email must be there. What stands in braces must be on the list `release` and tell nobody who the person is.',
      example: { external_id: '{account}', username: '{login}', email: '{account}@school.invalid' },
    }),
  logoutUrl: logoutUrlSetting,
})
type Block = z.output<typeof block>

/** What this kind sends unless the settings say it themselves. */
const usual = {
  ...{ external_id: '{account}', username: '{login}', email: '{account}@school.invalid' },
  ...{ sid: '{sid}' },
} as const

export const discourseConnect: Connector<Block> = {
  kind: 'discourse-connect',

  schema: wholeBlock(block, (value, wrong) => {
    wrong('url', wrongTarget(value.url, ANSWER))
    wrong('startUrl', wrongAddress(value.startUrl))
    wrong('logoutUrl', value.logoutUrl === undefined ? undefined : wrongAddress(value.logoutUrl))
    wrong('fields', value.fields && wrongFields(value.fields))
  }),

  open({ key, url, startUrl, fields, logoutUrl }, tools) {
    const keys = openSharedKeys(key, tools)
    const { journal } = tools
    const templates = readTemplates(fields ?? usual)
    checkTemplates('fields', templates, journal, 'address')
    const asks = signedAsk(keys, { url, startUrl }, journal)
    return {
      asks,
      ...byLoginAlone(templates['external_id'] ? [templates['external_id']] : [], journal),
      origins: [new URL(url).origin, ...journal.returnTo.map(line => returnPattern(line).origin)],
      handOff(entry) {
        const question = openState(entry, keys, journal.id)
        if (!question) throw new Refusal('journal.state-missing', { journal: journal.id })
        const { sso, sig } = signMessage(answerTo(question.nonce, templates, entry, tools), question.key)
        const to = withQuery(question.returnTo, [
          ['sso', sso],
          ['sig', sig],
        ])
        return { handOff: { how: 'redirect', to } }
      },
      ...leaveByToken(logoutUrl, journal.id, sharedKeySigner(keys[0].octets, keys[0].id), tools),
    }
  },
}

const ANSWER = ['sso', 'sig'] as const

/**
 * An address of the real world may be somebody's, whom a forum would then take for this person (unless it asks them first).
 * RFC 2606 keeps `.invalid` free.
 */
function wrongFields(fields: Readonly<Record<string, string>>): string | undefined {
  const missing = ['external_id', 'email'].find(name => !(name in fields))
  if (missing !== undefined) return `${missing} is missing`
  if (!fields['external_id']!.includes('{')) return 'external_id must name a value in braces: it tells people apart'
  const askedFirst = fields['require_activation'] === 'true'
  if (!askedFirst && !/@[A-Za-z0-9.-]+\.invalid$/.test(fields['email']!))
    return 'email must end with a domain of .invalid, or require_activation must be "true"'
  return undefined
}

/** The journal's question, read and made into what a login carries: its `state` holds the nonce, and which key signed it. */
function signedAsk(
  keys: readonly SharedKey[],
  { url, startUrl }: Pick<Block, 'url' | 'startUrl'>,
  journal: DoorTools['journal'],
): SignedAsk {
  if (!isListed(url, journal))
    throw new RangeError(`url: ${url} is not on the list \`returnTo\` of this journal; add it`)
  return {
    start: new URL(startUrl),
    read(message) {
      const key = keyOf(message, keys)
      if (!key) throw new Refusal('journal.wrong-signature', { journal: journal.id })
      const { nonce, returnTo = url } = readAsked(message.sso)
      checkReturnAddress(returnTo, journal)
      if (wrongTarget(returnTo, ANSWER) !== undefined)
        throw new Refusal('request.malformed', { parameter: 'return_sso_url', why: 'holds sso or sig' })
      return { returnTo, state: `${nonce}.${markOf(key, journal.id, nonce, returnTo)}` }
    },
    made: target => openState(target, keys, journal.id) !== undefined,
  }
}

function isListed(url: string, journal: DoorTools['journal']): boolean {
  try {
    checkReturnAddress(url, journal)
    return true
  } catch (error) {
    if (error instanceof Refusal) return false
    throw error
  }
}

/**
 * By a key of its own, made from the shared one: everybody may read the mark in an address of ours, and part of the address
 * that it covers may be the visitor's words. By the shared key it would sign a message for journals whose decoder passes over
 * what is no base64 (PHP, Ruby).
 */
function markOf({ octets }: SharedKey, journal: string, nonce: string, returnTo: string): string {
  const ofMarks = { octets: createHmac('sha256', octets).update('mark of a question').digest() }
  return macOf(ofMarks, JSON.stringify([journal, nonce, returnTo]), 'base64url')
}

/** @returns the question, when `read` made this state for this very address */
function openState(
  { state, returnTo }: { readonly state?: string; readonly returnTo?: URL | string },
  keys: readonly SharedKey[],
  journal: string,
): { readonly nonce: string; readonly returnTo: string; readonly key: SharedKey } | undefined {
  if (state === undefined || returnTo === undefined) return undefined
  const at = state.lastIndexOf('.')
  const [nonce, mark, to] = [state.slice(0, at), state.slice(at + 1), String(returnTo)]
  const key = keys.find(each => sameText(markOf(each, journal, nonce, to), mark))
  return key && { nonce, returnTo: to, key }
}

/** What Discourse takes for nobody. */
const nobody = ['', 'none', 'nil', 'blank', 'null']

/**
 * `ts` is ours, seconds since 1970: Discourse passes over it, a journal of your own counts 60 seconds from it.
 *
 * @throws Refusal `journal.value-unfit`
 */
function answerTo(nonce: string, templates: Templates, entry: Entry, { clock }: Pick<DoorTools, 'clock'>): Pairs {
  const fields = fillAll(templates, entry)
  if (nobody.includes((fields['external_id'] ?? '').trim().toLowerCase()))
    throw new Refusal('journal.value-unfit', { parameter: 'external_id', why: 'means nobody' })
  return [['nonce', nonce], ...Object.entries(fields), ['ts', String(Math.floor(clock.now() / 1000))]]
}
