/**
 * How often one network or one person may ask. Counted in the memory of this process, and shared through the database once a
 * count is worth it: what honest people ask costs nothing, and who asks too often is stopped on every node and after a restart.
 */
import type { Clock, Instant } from '../base/clock.js'

/**
 * `starts` begins logins, `answers` brings messages of an IdP, `pages` is all else that browsers open, `calls` come from
 * journals' servers; these four of one network. `person`: all that one signed-in person asks, from wherever.
 */
export const limitKinds = ['starts', 'answers', 'pages', 'calls', 'person'] as const
export type LimitKind = (typeof limitKinds)[number]

/** Requests a minute. */
export type RequestLimits = Readonly<Record<LimitKind, number>>

export interface RateCount {
  /** What was counted, and of whom; kept as an HMAC. */
  readonly key: string
  /** Whole minutes since 1970. */
  readonly minute: number
  readonly count: number
}

/** The counts of all nodes together. */
export interface RateCounts {
  /** @returns the totals, in the order of the counts */
  add(counts: readonly RateCount[]): Promise<readonly number[]>
  sweep(now: Instant): Promise<number>
}

interface Count {
  /** Known to all nodes, ours included, when they were asked the last time. */
  shared: number
  /** Ours since then. */
  own: number
}

const MINUTE = 60_000
/** Below this part of the limit a node keeps a count to itself: of so much at most each node is wrong. */
const WORTH_SHARING = 1 / 8
/** Keys a minute. Whoever has more networks than this is no matter for counting them: shedding of load stands behind it. */
const MOST = 50_000

type Minute = { readonly minute: number; readonly counts: Map<string, Count> }

export class RateLimits {
  readonly #clock: Clock
  readonly #limits: RequestLimits
  readonly #shared: RateCounts
  #now: Minute = { minute: 0, counts: new Map() }
  #before: Minute = { minute: 0, counts: new Map() }

  constructor(clock: Clock, limits: RequestLimits, shared: RateCounts) {
    this.#clock = clock
    this.#limits = limits
    this.#shared = shared
  }

  /**
   * Counts one, unless there were too many within the last minute (a sliding window: of the minute before counts what it still
   * overlaps, evenly spread).
   *
   * @returns 0, or the seconds to wait; then nothing was counted
   */
  take(kind: LimitKind, who: string): number {
    const now = this.#clock.now()
    this.#turnTo(Math.floor(now / MINUTE))
    const key = `${kind} ${who}`
    const left = 1 - (now % MINUTE) / MINUTE
    const count = this.#now.counts.get(key)
    const total = sum(this.#before.counts.get(key)) * left + sum(count)
    if (total >= this.#limits[kind]) return Math.max(1, Math.ceil((left * MINUTE) / 1000))
    if (count) count.own += 1
    else if (this.#now.counts.size < MOST) this.#now.counts.set(key, { shared: 0, own: 1 })
    return 0
  }

  /** Tells the other nodes what is worth telling, and hears what they have counted. */
  async share(): Promise<void> {
    const { minute, counts } = this.#now
    const worth = [...counts].filter(([key, count]) => count.own > 0 && sum(count) >= this.#leastOf(key))
    if (worth.length === 0) return
    const sent = worth.map(([key, { own }]) => ({ key, minute, count: own }))
    const totals = await this.#shared.add(sent)
    worth.forEach(([, count], i) => {
      count.own -= sent[i]!.count
      count.shared = totals[i] ?? count.shared
    })
  }

  #leastOf(key: string): number {
    return this.#limits[key.slice(0, key.indexOf(' ')) as LimitKind] * WORTH_SHARING
  }

  #turnTo(minute: number): void {
    if (minute === this.#now.minute) return
    this.#before = minute === this.#now.minute + 1 ? this.#now : { minute: minute - 1, counts: new Map() }
    this.#now = { minute, counts: new Map() }
  }
}

const sum = (count: Count | undefined): number => (count ? count.shared + count.own : 0)
