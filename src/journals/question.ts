/** What the bridge asks a journal's own server in a signed message, while a person waits: where, under which key, and what it reads. */
import { z } from 'zod'
import { randomId } from '../base/chance.js'
import { wrongAddress } from './address.js'
import { audienceSetting, LIFETIME_S } from './claims.js'
import type { DoorTools, ServerCall } from './connector.js'
import { openSigner, signerSettings, wrongKey } from './signer.js'
import type { TokenType } from './token.js'

/** Settings that every question has. @param url what its address is for, and an example */
export const questionSettings = (url: { readonly description: string; readonly example: string }) => ({
  url: z.string().meta({ ...url, allowed: 'an https address' }),
  ...signerSettings,
  audience: audienceSetting,
})
type QuestionBlock = z.output<z.ZodObject<ReturnType<typeof questionSettings>>>

/** @returns what is wrong, by setting */
export const wrongQuestion = (block: QuestionBlock): Readonly<Record<'url' | 'key', string | undefined>> => ({
  url: wrongAddress(block.url),
  key: wrongKey(block),
})

/**
 * @param field of the form in which the message goes
 * @param type of the message, its `typ`
 * @throws RangeError naming the key that is missing or too weak
 */
export function openQuestion(
  block: QuestionBlock,
  tools: DoorTools,
  field: string,
  type: TokenType,
): (claims: object) => ServerCall {
  const signer = openSigner(block, tools)
  const { journal, issuer, clock, chance } = tools
  const to = new URL(block.url)
  return claims => {
    const now = Math.floor(clock.now() / 1000)
    const message = { iss: issuer, aud: block.audience ?? journal.id, iat: now, exp: now + LIFETIME_S }
    return { to, fields: { [field]: signer({ ...message, jti: randomId(chance), ...claims }, type) } }
  }
}

/** @returns undefined when it is no JSON in UTF-8 */
export function readJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch {
    return undefined
  }
}
