/** Whether one refusal comes more often than it is used to: compared with its own days, not only with a number. */
import type { Instant } from '../base/clock.js'
import type { Mark } from './ports.js'

const DAY = 24 * 3_600_000
/** Days that are looked back upon. */
export const DAYS = 7
/** So many times the busiest part of an ordinary day. */
const TIMES = 3
/** Networks that must have met it: one person with a script is no spike. */
export const FROM_NETWORKS = 5

/** Length of the parts of a day that are compared. */
export const PART = 10 * 60_000

/** What is kept of a code to compare with: how often in which part of which day. */
export const partOf = (at: Instant): string => String(Math.floor(at / PART))

/**
 * The middle one of the busiest parts of seven days, the last 24 hours left out: the busy hour of every morning is an
 * ordinary one, and one day of trouble does not make the next an ordinary one, too.
 */
export function usual(parts: readonly Mark[], now: Instant): number {
  const peaks = Array.from({ length: DAYS }, (_, i) => {
    const [from, to] = [now - (i + 2) * DAY, now - (i + 1) * DAY]
    const ofDay = parts.filter(({ mark }) => Number(mark) * PART >= from && Number(mark) * PART < to)
    return Math.max(0, ...ofDay.map(({ count }) => count))
  })
  return peaks.sort((one, other) => one - other)[Math.floor(DAYS / 2)]!
}

/** @param within milliseconds in which `count` was counted */
export const isSpike = (
  { count, networks, usually }: { readonly count: number; readonly networks: number; readonly usually: number },
  { most, within }: { readonly most: number; readonly within: number },
): boolean => count >= most && networks >= FROM_NETWORKS && count > TIMES * usually * (within / PART)
