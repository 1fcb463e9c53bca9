/** What the judge writes down while judging: every check, in order, with its result. */
import { Refusal } from '../base/refusal.js'
import { refusals, type RefusalCode } from '../base/refusals.js'
import type { Check } from '../words/check.js'
import { status } from '../words/saml-names.js'

/** Every question the judge asks, in the order in which it asks. */
export const CHECKS = [
  'size', 'base64', 'utf8', 'xml', 'schema', 'message', 'issuer', 'status', 'assertion-count', 'signature-places',
  'response-signature', 'decryption', 'assertion-signature', 'name-id', 'times', 'version', 'assertion-issuer', 'destination',
  'response-in-response-to', 'subject-confirmation', 'recipient', 'in-response-to', 'confirmation-time', 'address', 'issue-instant',
  'conditions-time', 'conditions', 'audience', 'authentication', 'authn-context', 'session-end', 'reauthentication', 'replay',
] as const // prettier-ignore

export type CheckName = (typeof CHECKS)[number]

/** The answer to one question about the content. `code` is what a failure earns. */
export interface Finding extends Omit<Check, 'check'> {
  readonly check: CheckName
  readonly code: RefusalCode
}

export type Notes = Check[]

type Details = Omit<Check, 'check' | 'result'>

/** Does one step and writes it down; what refuses is written down and refuses on. */
export function step<T>(notes: Notes, check: CheckName, work: () => T, details?: (value: T) => Details): T {
  try {
    const value = work()
    notes.push({ check, result: 'pass', ...details?.(value) })
    return value
  } catch (error) {
    if (error instanceof Refusal) notes.push({ check, result: 'fail', ...explained(check, error) })
    throw error
  }
}

export function skip(notes: Notes, check: CheckName, why: string): void {
  notes.push({ check, result: 'not-checked', why })
}

/** Writes all findings down. @throws Refusal of the first that failed */
export function conclude(notes: Notes, findings: readonly Finding[]): void {
  for (const each of findings) notes.push(withoutCode(each))
  const failed = findings.find(({ result }) => result === 'fail')
  if (failed !== undefined) {
    const { check, expected, found } = failed
    throw new Refusal(failed.code, given({ check, expected, found }))
  }
}

/** Of a check that nobody came to. */
export const EARLIER_FAILED = 'an earlier check failed'

/** @returns all checks in order; those that nobody came to say so */
export function finished(notes: Notes): readonly Check[] {
  const asked = new Map(notes.map(check => [check.check, check]))
  return CHECKS.map(check => asked.get(check) ?? { check, result: 'not-checked', why: EARLIER_FAILED })
}

/**
 * An address, identifier or algorithm of a message, fit to be written down: visible ASCII, at most 200 characters. Anything
 * else is not one of these, and is not repeated.
 */
export function shown(text: string | undefined): string {
  if (text === undefined) return '(absent)'
  return /^[\x21-\x7e]+$/.test(text) ? text.slice(0, 200) : '(not shown)'
}

/** What a step asks for, where its refusal does not say. Findings say it themselves. */
const EXPECTED: Readonly<Partial<Record<CheckName, string>>> = {
  size: 'at most 256 KiB',
  base64: 'base64 (RFC 4648, section 4), and nothing else',
  utf8: 'UTF-8',
  xml: 'well-formed XML 1.0 with namespaces; no DTD, no processing instructions',
  schema: 'what the OASIS schemas allow in this place',
  message: 'Response',
  status: status.success,
  'signature-places': 'signatures in Response and Assertion alone',
  'response-signature': "a signature over this element, by a key of the IdP's metadata and an algorithm that we take",
  decryption: 'encrypted for a key of ours, by an algorithm that we take',
  'assertion-signature': "a signature over this element, by a key of the IdP's metadata and an algorithm that we take",
  'name-id': 'encrypted for a key of ours, by an algorithm that we take',
  times: 'times like 2026-09-01T08:00:00Z',
}

/** Whatever the refusal tells besides is what was found; if it tells nothing, its meaning must do. */
function explained(check: CheckName, { code, facts }: Refusal): Details {
  const { expected = EXPECTED[check], found, ...more } = facts
  const rest = Object.entries(more)
    .map(([name, value]) => (name === 'what' ? String(value) : `${name} ${value}`))
    .join(', ')
  if (found !== undefined) return given({ expected, found, why: rest === '' ? undefined : rest })
  return given({ expected, found: rest === '' ? refusals[code].meaning : rest })
}

function withoutCode({ check, result, expected, found, why }: Finding): Check {
  return {
    check,
    result,
    ...(expected !== undefined && { expected }),
    ...(found !== undefined && { found }),
    ...(why !== undefined && { why }),
  }
}

/** Without what is undefined: an absent property is not the same as one that says nothing. */
function given<K extends string>(
  values: Readonly<Record<K, string | number | boolean | undefined>>,
): Partial<Record<K, string>> {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined)
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value)])) as Partial<Record<K, string>>
}
