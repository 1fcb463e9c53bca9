/** One-time passwords of devices: by counter (HOTP, RFC 4226) and by time (TOTP, RFC 6238), with the defaults of all apps. */
import { createHmac } from 'node:crypto'
import type { Instant } from '../../base/clock.js'

export const DIGITS = 6
/** Milliseconds for which a code by time stands (RFC 6238, 4.1). */
export const TIME_STEP = 30_000
/** Steps that a clock may be behind or ahead (RFC 6238, 5.2 advises one). */
const DRIFT = 1
/** Presses of the button that nobody typed in (RFC 4226, 7.4). */
const LOOK_AHEAD = 5

/** RFC 4226, 5.3. @param counter not negative */
export function hotp(secret: Buffer, counter: number, digits = DIGITS, algorithm = 'sha1'): string {
  const octets = Buffer.alloc(8)
  octets.writeBigUInt64BE(BigInt(counter))
  const mac = createHmac(algorithm, secret).update(octets).digest()
  const number = mac.readUInt32BE(mac.at(-1)! & 0xf) & 0x7fffffff
  return String(number % 10 ** digits).padStart(digits, '0')
}

export const timeStep = (at: Instant): number => Math.floor(at / TIME_STEP)

export const totp = (secret: Buffer, at: Instant): string => hotp(secret, timeStep(at))

/**
 * @param after the last step whose code was accepted: it and all before are used up (RFC 6238, 5.2)
 * @returns the step of the code, or undefined when it is wrong, too old or used
 */
export function acceptTotp(secret: Buffer, code: string, at: Instant, after: number): number | undefined {
  const now = timeStep(at)
  const steps = Array.from({ length: 2 * DRIFT + 1 }, (_, i) => now - DRIFT + i)
  return steps.find(step => step > after && hotp(secret, step) === code)
}

/** @param next the first counter that was not used @returns the counter after the code's, or undefined when it is wrong */
export function acceptHotp(secret: Buffer, code: string, next: number): number | undefined {
  const counters = Array.from({ length: LOOK_AHEAD }, (_, i) => next + i)
  const found = counters.find(counter => hotp(secret, counter) === code)
  return found === undefined ? undefined : found + 1
}

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** RFC 4648, 6, without padding: as apps take it. */
export function base32(octets: Buffer): string {
  const bits = [...octets].map(octet => octet.toString(2).padStart(8, '0')).join('')
  return (bits.match(/.{1,5}/g) ?? []).map(five => BASE32[parseInt(five.padEnd(5, '0'), 2)]).join('')
}
