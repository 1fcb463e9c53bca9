/**
 * A new account: the journal's own server makes one for a person whom no list of the school names, and who agreed to it. The
 * bridge asks in a signed message, under a key that stays the same however often it has to ask.
 */
import { z } from 'zod'
import type { ReleasedPerson } from '../consent/release.js'
import { creatable, type CreatableRole } from '../words/account.js'
import { readLogin } from '../words/login.js'
import { releasableBefore, type Releasable } from '../words/released.js'
import type { DoorTools, ServerCall } from './connector.js'
import { openQuestion, questionSettings, readJson, wrongQuestion } from './question.js'
import { wholeBlock } from './whole-block.js'

const fields = z.strictObject({
  roles: z
    .array(z.enum(creatable).meta({ allowed: `one of ${creatable.join(', ')}`, example: 'parent' }))
    .min(1)
    .meta({
      description:
        'For whom accounts are made. Parents: grown-ups of the level that the school demands. Pupils and staff: only those of a confirmed account at Госуслуги, and staff only when they signed in as employees of the school.',
      allowed: `a list of at least one of ${creatable.join(', ')}`,
      example: ['parent'],
    }),
  release: z
    .array(z.enum(releasableBefore).meta({ allowed: `one of ${releasableBefore.join(', ')}`, example: 'lastName' }))
    .refine(list => new Set(list).size === list.length, 'must name everything once')
    .meta({
      description:
        'What the journal gets of the person beside school, role and the name by which it alone knows them. It stands on the page on which the person agrees; the `release` of the journal is for entries.',
      allowed: `a list of ${releasableBefore.join(', ')}`,
      example: ['lastName', 'firstName', 'middleName'],
    }),
  ...questionSettings({
    description: 'Address of the journal that makes accounts. Only the bridge asks there.',
    example: 'https://sgo.school.example/sso-create',
  }),
})
export type NewAccountsBlock = z.output<typeof fields>

export const newAccountsSchema = wholeBlock(fields, (value, wrong) => {
  const { url, key } = wrongQuestion(value)
  wrong('url', url)
  wrong('key', key)
})

/** What the journal is asked for, and under which key. */
export interface Wanted {
  /** The same for every time that the bridge asks for this account: 27 characters of base64url. */
  readonly key: string
  readonly person: ReleasedPerson
}

/**
 * The journal's answer: the login of the account that it made, now or when it was asked before; that it knows the person
 * already; no; or nothing that can be understood.
 */
export type CreationAnswer =
  { readonly made: true; readonly login: string } | { readonly made: false; readonly why: 'exists' | 'no' } | undefined

export interface NewAccounts {
  readonly roles: readonly CreatableRole[]
  /** All that it may hear of a person. */
  readonly release: readonly Releasable[]
  /** For our server to send. */
  ask(wanted: Wanted): ServerCall
  /** @param body JSON, of an answer with status 200 */
  read(body: Uint8Array): CreationAnswer
}

/** @throws RangeError naming the key that is missing or too weak, or a role that may not enter */
export function openNewAccounts(block: NewAccountsBlock, tools: DoorTools): NewAccounts {
  const question = openQuestion(block, tools, 'new_account', 'new-account+jwt')
  const { journal } = tools
  const stray = block.roles.find(role => !journal.roles.includes(role))
  if (stray !== undefined) throw new RangeError(`roles: ${stray} may not enter this journal; add it to its \`roles\``)
  return {
    roles: block.roles,
    release: ['school', 'role', ...block.release],
    ask({ key, person: { subject, given } }) {
      const { role, school, ...person } = given
      return question({ key, sub: subject, school, role, person })
    },
    read: body => answerOf(readJson(body)),
  }
}

const answer = z.union([
  // a login as lists write it: nothing invisible, and no blanks around it
  z.object({
    created: z.literal(true),
    login: z
      .string()
      .min(1)
      .max(255)
      .refine(login => readLogin(login) === login),
  }),
  z.object({ created: z.literal(false), why: z.string().optional() }),
])

function answerOf(json: unknown): CreationAnswer {
  const { data } = answer.safeParse(json)
  if (!data) return undefined
  return data.created
    ? { made: true, login: data.login }
    : { made: false, why: data.why === 'exists' ? 'exists' : 'no' }
}
