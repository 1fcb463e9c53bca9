/** The attack table: every way an answer may lie that we know of, and the refusal that each must earn (style, habit 5). */
import type { Fault } from './fault.js'
import { canonicalFaults } from './faults/canonical.js'
import { contentFaults } from './faults/content.js'
import { disguiseFaults } from './faults/disguise.js'
import { documentFaults } from './faults/document.js'
import { encryptionFaults } from './faults/encryption.js'
import { fetchingFaults } from './faults/fetching.js'
import { partFaults } from './faults/parts.js'
import { sealingFaults } from './faults/sealing.js'
import { spellingFaults } from './faults/spelling.js'
import { writingFaults } from './faults/writing.js'
import { placeFaults } from './faults/places.js'
import { signatureFaults } from './faults/signature.js'
import { wrappingFaults } from './faults/wrapping.js'
import { oddities, type Oddity } from './oddities.js'

export const faults: readonly Fault[] = [
  ...contentFaults,
  ...signatureFaults,
  ...wrappingFaults,
  ...encryptionFaults,
  ...documentFaults,
  ...canonicalFaults,
  ...disguiseFaults,
  ...placeFaults,
  ...writingFaults,
  ...spellingFaults,
  ...sealingFaults,
  ...partFaults,
  ...fetchingFaults,
]

const tricks: readonly (Fault | Oddity)[] = [...faults, ...oddities]

/** Whether a row of the attack table or of the honest oddities has this name. */
export const isTrick = (name: string): boolean => tricks.some(trick => trick.name === name)

/** @throws RangeError when there is no such row */
export function findTrick(name: string): Fault | Oddity {
  const found = tricks.find(trick => trick.name === name)
  if (!found) throw new RangeError(`no fault is called ${name}; --list names them all`)
  return found
}
