/**
 * A question that only `doctor` can ask, and an answer that only the bridge of the same settings can give: both are signed
 * with the session secret, which both know. Proves that the public address leads to us and not to some other program.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Instant } from './clock.js'

export const QUESTION_HEADER = 'x-bridge-doctor'

/** How long a question may be on its way; it comes from a program on the same machine. */
const FRESH = 60_000

const sign = (secret: string, purpose: 'question' | 'answer', text: string): string =>
  createHmac('sha256', secret).update(`doctor ${purpose}\n${text}`).digest('base64url')

/** @param nonce anything that does not come twice, without dots */
export function doctorsQuestion(secret: string, nonce: string, now: Instant): string {
  const text = `${now}.${nonce}`
  return `${text}.${sign(secret, 'question', text)}`
}

/** @returns the proof that goes back, or undefined when the question is none, is not ours or is stale */
export function proofFor(secrets: readonly string[], question: string, now: Instant): string | undefined {
  const [, text = '', at = '', signature = ''] = /^((\d{1,16})\.[\w-]{1,64})\.([\w-]{43})$/.exec(question) ?? []
  if (text === '' || Math.abs(Number(at) - now) > FRESH) return undefined
  const secret = secrets.find(each => same(sign(each, 'question', text), signature))
  return secret === undefined ? undefined : sign(secret, 'answer', text)
}

export function isProof(secret: string, question: string, proof: unknown): boolean {
  const text = question.slice(0, question.lastIndexOf('.'))
  return typeof proof === 'string' && same(sign(secret, 'answer', text), proof)
}

function same(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)]
  return left.length === right.length && timingSafeEqual(left, right)
}
