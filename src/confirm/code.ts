/** Six digits that are good once, for minutes, for one purpose in one session; only a keyed hash of them is kept. */
import type { Chance } from '../base/chance.js'

declare const brand: unique symbol
/** `123456` */
export type ConfirmCode = string & { readonly [brand]: 'ConfirmCode' }

const CODES = 1_000_000
/** The largest multiple of it that four octets hold: beyond, small codes would come more often. */
const FAIR = Math.floor(2 ** 32 / CODES) * CODES

export function newConfirmCode(chance: Chance): ConfirmCode {
  const drawn = chance.bytes(4).readUInt32BE()
  return drawn < FAIR ? (String(drawn % CODES).padStart(6, '0') as ConfirmCode) : newConfirmCode(chance)
}

/** As people type it: with spaces or a hyphen in the middle. */
export function readConfirmCode(typed: string): ConfirmCode | undefined {
  const digits = typed.replace(/[\s-]/g, '')
  return /^\d{6}$/.test(digits) ? (digits as ConfirmCode) : undefined
}
