/** A secret shared with one journal. Two are valid at once while the journal's people change theirs. */
import { z } from 'zod'
import type { DoorTools, SecretRef } from './connector.js'

export const secretRef = z.union([
  z.strictObject({ env: z.string().min(1) }),
  z.strictObject({ file: z.string().min(1) }),
])

const KEY_ID = /^[A-Za-z0-9._-]{1,32}$/
const named = z.string().regex(KEY_ID, '1 to 32 letters, digits, dots, - or _')
const namedRef = z.union([
  z.strictObject({ id: named, env: z.string().min(1) }),
  z.strictObject({ id: named, file: z.string().min(1) }),
])

/** Of one journal, valid at once. */
export const MOST_KEYS = 3

/** One secret, or while it is being changed a list: the first is used, all are accepted. */
export const sharedKeys = z.union([
  secretRef,
  z
    .array(namedRef)
    .min(1)
    .max(MOST_KEYS)
    .refine(list => new Set(list.map(({ id }) => id)).size === list.length, 'each key needs an id of its own'),
])
export type SharedKeys = z.output<typeof sharedKeys>

export interface SharedKey {
  /** As the settings name it: tells the journal which of two keys was taken. */
  readonly id?: string
  readonly octets: Buffer
}

/** @returns at least one; the first is used. @throws RangeError that says which key is wrong and how */
export function openSharedKeys(
  setting: SharedKeys,
  tools: Pick<DoorTools, 'secret'>,
): readonly [SharedKey, ...SharedKey[]] {
  const [first, ...others] = Array.isArray(setting) ? setting : [setting]
  const open = (ref: SecretRef & { readonly id?: string }): SharedKey => ({
    ...(ref.id !== undefined && { id: ref.id }),
    octets: sharedKey(tools.secret('env' in ref ? { env: ref.env } : { file: ref.file })),
  })
  return [open(first), ...others.map(open)]
}

/**
 * The journal's people paste the key into settings of their own, so it is text, and its octets are used as they stand: no
 * base64 is decoded on either side. Only the line end that editors add is dropped.
 */
function sharedKey(octets: Buffer): Buffer {
  const text = octets.toString('latin1').replace(/[\r\n]+$/, '')
  if (!/^[\x21-\x7e]*$/.test(text)) {
    throw new RangeError('key: must be one line of ASCII text without spaces, such as `openssl rand -base64 48` prints')
  }
  if (text.length < 32) throw new RangeError(`key: at least 32 characters, got ${text.length} (RFC 7518, 3.2)`)
  return Buffer.from(text)
}
