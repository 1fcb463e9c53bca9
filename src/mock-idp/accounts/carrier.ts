/** The carrier of an electronic signature's key: it signs when it is told the PIN, and closes after three wrong ones. */
import { createPublicKey, generateKeyPairSync, sign, verify, type KeyObject } from 'node:crypto'
import type { Chance } from '../../base/chance.js'

/** What a chip says its kind is: ESIA passes it on as `urn:esia:deviceType`. */
export const CARRIER_TYPE = 'учебный носитель'

export interface Carrier {
  readonly pin: string
  triesLeft: number
  /** Made when it is first used; it never leaves the carrier. */
  key?: KeyObject
}

/** @throws RangeError when the carrier is closed */
function signBy(carrier: Carrier, pin: string, question: Buffer): Buffer | undefined {
  if (carrier.triesLeft <= 0) throw new RangeError('the carrier is closed')
  if (pin !== carrier.pin) {
    carrier.triesLeft -= 1
    return undefined
  }
  carrier.triesLeft = 3
  carrier.key ??= generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
  return sign('sha256', question, carrier.key)
}

/** A fresh question is signed and the signature verified. @returns whether the person holds the key and knows the PIN */
export function provesKey(carrier: Carrier, pin: string, chance: Chance): boolean {
  const question = chance.bytes(32)
  const signature = signBy(carrier, pin, question)
  if (signature === undefined || !carrier.key) return false
  return verify('sha256', question, createPublicKey(carrier.key), signature)
}
