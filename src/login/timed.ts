/** Where the time of a login goes: told to whoever counts, and to nobody when nobody does. */
import type { Ports } from './ports.js'

/** The judgement of an answer; what the person may enter; the one transaction that makes it so. */
export type LoginStep = 'judge' | 'decide' | 'write'

type Counting = Pick<Ports, 'took'>

export function timed<T>({ took }: Counting, step: LoginStep, act: () => T): T {
  if (!took) return act()
  const began = process.hrtime.bigint()
  try {
    return act()
  } finally {
    took(step, secondsSince(began))
  }
}

export async function timedAsync<T>({ took }: Counting, step: LoginStep, act: () => Promise<T>): Promise<T> {
  if (!took) return act()
  const began = process.hrtime.bigint()
  try {
    return await act()
  } finally {
    took(step, secondsSince(began))
  }
}

const secondsSince = (began: bigint): number => Number(process.hrtime.bigint() - began) / 1e9
