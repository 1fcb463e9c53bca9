/** Doors that close after too many wrong passwords, by what was typed as login: known or not, all doors close alike. */
import type { Clock, Instant } from '../../base/clock.js'

export const MOST_WRONG = 5
/** Milliseconds for which a door stays closed; also for which wrong tries are counted. */
export const LOCKED_FOR = 15 * 60_000
const MOST_DOORS = 10_000

interface Door {
  wrong: number
  forgottenAt: Instant
  lockedUntil?: Instant
}

export class Locks {
  readonly #doors = new Map<string, Door>()
  readonly #clock: Clock

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** @returns until when it is closed, or undefined */
  until(key: string): Instant | undefined {
    const until = this.#doors.get(key)?.lockedUntil
    return until !== undefined && until > this.#clock.now() ? until : undefined
  }

  /** @returns tries that are left; none closes the door */
  wrong(key: string): number {
    const now = this.#clock.now()
    for (const [old, { forgottenAt }] of this.#doors) if (forgottenAt <= now) this.#doors.delete(old)
    const door = this.#doors.get(key) ?? { wrong: 0, forgottenAt: 0 }
    door.wrong += 1
    door.forgottenAt = now + LOCKED_FOR
    if (door.wrong >= MOST_WRONG) door.lockedUntil = now + LOCKED_FOR
    this.#doors.delete(key)
    this.#doors.set(key, door)
    const [oldest] = this.#doors.keys()
    if (this.#doors.size > MOST_DOORS && oldest !== undefined) this.#doors.delete(oldest)
    return Math.max(0, MOST_WRONG - door.wrong)
  }

  close(key: string): void {
    while (this.wrong(key) > 0);
  }

  open(key: string): void {
    this.#doors.delete(key)
  }
}
