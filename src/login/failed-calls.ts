/**
 * Failed proofs of journals' servers, counted so that nobody guesses on and on. In the memory of this process: behind several
 * nodes each counts for itself (a count that they share comes with PostgreSQL and Redis).
 */
import { isIP } from 'node:net'
import type { Clock, Instant } from '../base/clock.js'

const WINDOW = 60_000
/** Failures a minute from one address. */
const OF_ADDRESS = 20
/** Failures a minute in the name of one journal, wherever they come from. */
const OF_JOURNAL = 200
/** More addresses than an honest minute has: the oldest count gives way. */
const MOST = 10_000

interface Count {
  failures: number
  /** That it is too many has been told once. */
  told: boolean
  readonly until: Instant
}

export interface TooMany {
  readonly seconds: number
  readonly whose: 'address' | 'journal'
  /** The first one in this minute: worth a line in the audit. */
  readonly first: boolean
}

export class FailedCalls {
  readonly #ofAddress = new Map<string, Count>()
  readonly #ofJournal = new Map<string, Count>()
  /** Where a journal has proved itself from: strangers who fail in its name do not shut it out there. */
  readonly #proven = new Set<string>()
  readonly #clock: Clock

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** @returns how long this caller is not listened to, or undefined */
  tooMany(address: string, journal: string): TooMany | undefined {
    const network = networkOf(address)
    const over = this.#over(this.#ofAddress.get(network), OF_ADDRESS, 'address')
    if (over || this.#proven.has(placeOf(journal, network))) return over
    return this.#over(this.#ofJournal.get(journal), OF_JOURNAL, 'journal')
  }

  failed(address: string, journal: string): void {
    this.#count(this.#ofAddress, networkOf(address))
    this.#count(this.#ofJournal, journal)
  }

  succeeded(address: string, journal: string): void {
    const place = placeOf(journal, networkOf(address))
    this.#proven.delete(place)
    this.#proven.add(place)
    const [oldest] = this.#proven
    if (this.#proven.size > MOST && oldest !== undefined) this.#proven.delete(oldest)
  }

  #over(count: Count | undefined, most: number, whose: TooMany['whose']): TooMany | undefined {
    const left = (count?.until ?? 0) - this.#clock.now()
    if (!count || left <= 0 || count.failures < most) return undefined
    const first = !count.told
    count.told = true
    return { seconds: Math.ceil(left / 1000), whose, first }
  }

  /** Counts stand in the order of their ends, since every minute is as long. */
  #count(counts: Map<string, Count>, key: string): void {
    const now = this.#clock.now()
    for (const [old, { until }] of counts) {
      if (until > now && counts.size < MOST) break
      counts.delete(old)
    }
    const count = counts.get(key)
    if (count) count.failures += 1
    else counts.set(key, { failures: 1, told: false, until: now + WINDOW })
  }
}

const placeOf = (journal: string, network: string): string => `${journal} ${network}`

/** Of IPv6 the /64 that one household gets: it has more addresses than anybody can count. */
export function networkOf(address: string): string {
  if (isIP(address) !== 6 || address.includes('.')) return address
  const [head = '', tail] = address.split('::')
  const groups = head === '' ? [] : head.split(':')
  const behind = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = tail === undefined ? 0 : 8 - groups.length - behind.length
  return [...groups, ...Array.from({ length: zeros }, () => '0'), ...behind].slice(0, 4).join(':')
}
