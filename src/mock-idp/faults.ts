/** The attack table: every way an answer may lie that we know of, and the refusal that each must earn (style, habit 5). */
import type { Fault } from './fault.js'
import { contentFaults } from './faults/content.js'
import { documentFaults } from './faults/document.js'
import { encryptionFaults } from './faults/encryption.js'
import { signatureFaults } from './faults/signature.js'
import { wrappingFaults } from './faults/wrapping.js'

export type { Fault } from './fault.js'

export const faults: readonly Fault[] = [
  ...contentFaults,
  ...signatureFaults,
  ...wrappingFaults,
  ...encryptionFaults,
  ...documentFaults,
]

export const isFault = (name: string): boolean => faults.some(fault => fault.name === name)

/** @throws RangeError when there is no such row */
export function findFault(name: string): Fault {
  const found = faults.find(fault => fault.name === name)
  if (!found) throw new RangeError(`no fault is called ${name}; --list names them all`)
  return found
}
