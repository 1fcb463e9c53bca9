/** What the journal remembers while it runs: links that were used, and who is signed in. */
import { randomId, type Chance } from '../base/chance.js'
import type { Clock, Instant } from '../base/clock.js'

/** Remembers ids until they cannot come back anyway. */
export class UsedOnce {
  readonly #until = new Map<string, Instant>()

  /** @returns whether the id is new; from now on it is not */
  take(id: string, until: Instant, now: Instant): boolean {
    for (const [old, end] of this.#until) if (end <= now) this.#until.delete(old)
    if (this.#until.has(id)) return false
    this.#until.set(id, until)
    return true
  }
}

/** The account that is signed in at the journal. */
export interface Visit {
  readonly login: string
  readonly role: string
  readonly school: string
  readonly child?: string
  /** The bridge's name of the session behind it: what a logout names. */
  readonly sid?: string
}

/** Milliseconds without a click after which a visit ends. */
const IDLE = 30 * 60_000
/** A hand-off that was under way when its session ended is valid no longer than that. */
const ENDED_KNOWN = 2 * 60_000
/** More open visits than any demo has: the oldest gives way. */
const MOST = 10_000

export class Visits {
  readonly #open = new Map<string, { visit: Visit; idleEnds: Instant }>()
  readonly #ended = new Map<string, Instant>()
  readonly #clock: Clock
  readonly #chance: Chance

  constructor(clock: Clock, chance: Chance) {
    this.#clock = clock
    this.#chance = chance
  }

  /** @returns the value of the cookie */
  open(visit: Visit): string {
    const [oldest] = this.#open.keys()
    if (this.#open.size >= MOST && oldest !== undefined) this.#open.delete(oldest)
    const id = randomId(this.#chance)
    this.#open.set(id, { visit, idleEnds: this.#clock.now() + IDLE })
    return id
  }

  find(id: string | undefined): Visit | undefined {
    const found = id === undefined ? undefined : this.#open.get(id)
    if (id === undefined || !found) return undefined
    this.#open.delete(id)
    if (found.idleEnds <= this.#clock.now()) return undefined
    this.#open.set(id, { ...found, idleEnds: this.#clock.now() + IDLE })
    return found.visit
  }

  /** The parent turns to another child of theirs; whose session it is stays. */
  turnTo(id: string | undefined, child: string): void {
    const found = id === undefined ? undefined : this.#open.get(id)
    if (id !== undefined && found) this.#open.set(id, { ...found, visit: { ...found.visit, child } })
  }

  close(id: string | undefined): void {
    if (id !== undefined) this.#open.delete(id)
  }

  /** @returns how many ended; a link of this session that comes later opens none */
  closeAllOf(sid: string): number {
    const now = this.#clock.now()
    for (const [old, until] of this.#ended) if (until <= now) this.#ended.delete(old)
    this.#ended.set(sid, now + ENDED_KNOWN)
    const theirs = [...this.#open].filter(([, { visit }]) => visit.sid === sid)
    for (const [id] of theirs) this.#open.delete(id)
    return theirs.length
  }

  hasEnded(sid: string | undefined): boolean {
    return sid !== undefined && (this.#ended.get(sid) ?? 0) > this.#clock.now()
  }
}
