/**
 * The old login: a person proves an account by the login and password that the journal itself gave them. The journal's own
 * server says whether they fit; the bridge asks in a signed message, and keeps neither of them.
 */
import { z } from 'zod'
import type { SchoolCode } from '../words/school.js'
import type { DoorTools, ServerCall } from './connector.js'
import { openQuestion, questionSettings, readJson, wrongQuestion } from './question.js'
import { wholeBlock } from './whole-block.js'

const fields = z.strictObject({
  ...questionSettings({
    description: 'Address of the journal that says whether login and password fit. Only the bridge asks there.',
    example: 'https://sgo.school.example/sso-check',
  }),
})
export type OldLoginBlock = z.output<typeof fields>

export const oldLoginSchema = wholeBlock(fields, (value, wrong) => {
  const { url, key } = wrongQuestion(value)
  wrong('url', url)
  wrong('key', key)
})

/** What a person typed. It goes to the journal and nowhere else. */
export interface TypedLogin {
  readonly login: string
  readonly password: string
  /** Whose account it is said to be: one login may stand in the lists of two schools. */
  readonly school: SchoolCode
}

/** The journal's answer: the login under which it knows the account, no, or nothing that can be understood. */
export type LoginAnswer = { readonly valid: true; readonly login: string } | { readonly valid: false } | undefined

export interface OldLogin {
  /** For our server to send, at once and once. */
  ask(typed: TypedLogin): ServerCall
  /** @param body JSON, of an answer with status 200 */
  read(body: Uint8Array): LoginAnswer
}

/** @throws RangeError naming the key that is missing or too weak */
export function openOldLogin(block: OldLoginBlock, tools: DoorTools): OldLogin {
  return {
    ask: openQuestion(block, tools, 'login_check', 'login-check+jwt'),
    read: body => {
      const { data } = answer.safeParse(readJson(body))
      return data?.valid === true ? { valid: true, login: data.login } : data
    },
  }
}

const answer = z.union([
  z.object({ valid: z.literal(true), login: z.string().min(1).max(255) }),
  z.object({ valid: z.literal(false) }),
])
