/** Tries of whoever is in front of us, counted on the disk before anybody is asked: right ones count as well. */
import { Refusal } from '../base/refusal.js'
import type { RefusalCode } from '../base/refusals.js'
import type { Limit } from './people-ports.js'
import type { Ports } from './ports.js'

/** @param counted under which names, the first word of which says whose limit it is @throws Refusal `code` */
export async function countTry(
  { attempts, clock }: Pick<Ports, 'attempts' | 'clock'>,
  purpose: string,
  code: RefusalCode,
  counted: readonly (readonly [string, readonly Limit[]])[],
): Promise<void> {
  const now = clock.now()
  for (const [who, limits] of counted) {
    const wait = await attempts.take(purpose, who, limits, now)
    if (wait > 0) throw new Refusal(code, { whose: who.split(' ')[0]!, seconds: Math.ceil(wait / 1000) })
  }
}
