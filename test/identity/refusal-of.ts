import { Refusal } from '../../src/base/refusal.js'

/** @returns the refusal that the act earns; any other error is a bug and goes on */
export function refusalOf(act: () => unknown): Refusal {
  try {
    act()
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
  throw new Error('nothing was refused')
}
