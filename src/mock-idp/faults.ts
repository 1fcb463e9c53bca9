/** The attack table: every way an answer may lie that we know of, and the refusal that each must earn (style, habit 5). */
import type { Fault } from './fault.js'
import { contentFaults } from './faults/content.js'

export type { Fault } from './fault.js'

export const faults: readonly Fault[] = [...contentFaults]

export const isFault = (name: string): boolean => faults.some(fault => fault.name === name)

/** @throws RangeError when there is no such row */
export function findFault(name: string): Fault {
  const found = faults.find(fault => fault.name === name)
  if (!found) throw new RangeError(`no fault is called ${name}; --list names them all`)
  return found
}
