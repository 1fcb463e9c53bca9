/** How far the clock of each IdP is from ours, measured from the IssueInstant of answers whose signature was verified. */
import type { Clock, Instant } from '../base/clock.js'

/** Answers that count. An odd number: the middle one is a measurement and no mean. */
const RECENT = 15
/** Fewer say nothing: a single answer may have lain in a browser for minutes. */
const ENOUGH = 3
/** Seconds from which the operator is told. */
const WORTH_A_WARNING = 30
const WARN_EVERY = 3_600_000

export interface Drift {
  /** Whole seconds, the median. Positive: the IdP's clock is ahead of ours. Whose clock is wrong cannot be seen from here. */
  readonly seconds: number
  /** How many answers it was measured from. */
  readonly answers: number
}

/** One signed answer: its assertion's ID and IssueInstant. */
export interface Issued {
  readonly id: string
  readonly issuedAt: Instant
}

/** Whole seconds by which the IdP's clock was ahead when it made this answer, the way to us included. */
export const driftOf = (issuedAt: Instant, now: Instant): number => Math.round((issuedAt - now) / 1_000)

interface Measured {
  readonly id: string
  readonly seconds: number
}

/** Memory of this process only: every node measures the same clocks. */
export class Drifts {
  private readonly recent = new Map<string, Measured[]>()
  private readonly warned = new Map<string, Instant>()
  private readonly clock: Clock
  private readonly warn: (idp: string, drift: Drift) => void

  /** @param warn told when the clocks are half a minute apart, at most once an hour for each IdP */
  constructor(clock: Clock, warn: (idp: string, drift: Drift) => void) {
    this.clock = clock
    this.warn = warn
  }

  /** The same answer counts once, however often it is posted: nobody shifts the median with one old answer. */
  measure(idp: string, { id, issuedAt }: Issued, now: Instant): void {
    const before = this.recent.get(idp) ?? []
    if (before.some(other => other.id === id)) return
    this.recent.set(idp, [...before.slice(1 - RECENT), { id, seconds: driftOf(issuedAt, now) }])
    const drift = this.of(idp)
    if (drift && Math.abs(drift.seconds) >= WORTH_A_WARNING) this.warnSometimes(idp, drift)
  }

  /** @returns undefined while too few answers have come since the start */
  of(idp: string): Drift | undefined {
    const measured = this.recent.get(idp) ?? []
    if (measured.length < ENOUGH) return undefined
    const sorted = measured.map(({ seconds }) => seconds).sort((a, b) => a - b)
    return { seconds: sorted[Math.floor(sorted.length / 2)]!, answers: measured.length }
  }

  private warnSometimes(idp: string, drift: Drift): void {
    const now = this.clock.now()
    const last = this.warned.get(idp)
    if (last !== undefined && now < last + WARN_EVERY) return
    this.warned.set(idp, now)
    this.warn(idp, drift)
  }
}
