/** The kinds of value that bridge.yaml knows, each reading its text and saying what is allowed. */
import { isIP } from 'node:net'
import * as z from 'zod'

/** One line of text without control characters or spaces at its ends. */
export const line = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(/^[^\p{Cc}\p{Zl}\p{Zp}]*$/u)
    .regex(/^\S(.*\S)?$/u)

export const EMAIL = /^[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+$/

const UNITS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/** @returns milliseconds, or undefined when the text does not look like `90s`, `10m`, `8h` or `7d` */
export function milliseconds(text: string): number | undefined {
  const [, count, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? []
  return count === undefined ? undefined : Number(count) * UNITS[unit as keyof typeof UNITS]
}

/** Reads `90s`, `10m`, `8h` or `7d`; both ends of the range are allowed. @returns a schema that gives milliseconds */
export const duration = (least: string, most: string) =>
  z.string().transform((text, context) => {
    const value = milliseconds(text)
    if (value !== undefined && value >= milliseconds(least)! && value <= milliseconds(most)!) return value
    context.addIssue({ code: 'custom' })
    return z.NEVER
  })

/** What stands in place of `must be …` for a duration. */
export const durationAllowed = (least: string, most: string): string =>
  `a duration like 90s, 10m, 8h or 7d, from ${least} to ${most}`

/** `https://host` or, for demonstrations on one machine, `http://localhost:8080`. No path, not even a last slash. */
export const isOrigin = (text: string): boolean =>
  (URL.canParse(text) && new URL(text).origin === text && text.startsWith('https://')) || isLocalHttp(text)

export const isLocalHttp = (text: string): boolean => /^http:\/\/(localhost|127\.0\.0\.1)(:\d{1,5})?$/.test(text)

export const isWebAddress = (text: string): boolean =>
  /^https?:\/\//.test(text) && URL.canParse(text) && new URL(text).username === ''

/** Where metadata comes from, when it is no file: only the settings ever name such an address. */
export const isRemote = (text: string): boolean => /^https?:/i.test(text)

/** The path of a file, or an https address (http on this machine; the demonstration alone may use it). */
export const isMetadataSource = (text: string): boolean =>
  !/^[a-z][a-z0-9+.-]+:/i.test(text) || (isWebAddress(text) && new URL(text).hash === '')

/** An IP address or a network like `10.0.0.0/8`; not `0.0.0.0/0`, which would trust everybody. */
export function isProxyAddress(text: string): boolean {
  const [address, bits, ...rest] = text.split('/')
  const family = isIP(address ?? '')
  if (family === 0 || rest.length > 0) return false
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) > 0 && Number(bits) <= (family === 4 ? 32 : 128))
}
