/** The same answer twice: a double click, a reload, a proxy that tries again. */
import { createHash } from 'node:crypto'
import type { Clock } from '../base/clock.js'
import type { Step } from './outcome.js'

/** How long a browser whose first response got lost may ask for it again: a double click takes less. */
const REMEMBERED = 10_000

interface Running {
  readonly step: Promise<Step>
  readonly until: number
}

/**
 * Answers that are being judged or just opened a session, by login and content. A refusal or an outage is no result to be
 * shared later: whoever asks again is judged again. Whoever brings the same one again, from the same browser
 * (the caller has checked that), waits for the first and shares what it opened. Memory of this process only: another node
 * finds the login finished and leads to our own page of it.
 */
export class SameAnswers {
  private readonly running = new Map<string, Running>()
  private readonly clock: Clock

  constructor(clock: Clock) {
    this.clock = clock
  }

  /** The first caller makes; the others get the session it opened, and a way in of their own. */
  async share(login: string, response: string, make: () => Promise<Step>): Promise<Step> {
    this.forget()
    const id = createHash('sha256').update(`${login}\n${response}`).digest('base64')
    const first = this.running.get(id)
    if (first) return again(login, await first.step)
    const step = make()
    this.running.set(id, { step, until: this.clock.now() + REMEMBERED })
    step.then(
      ({ opened }) => opened ?? this.running.delete(id),
      () => this.running.delete(id),
    )
    return step
  }

  /** In order of arrival, so the oldest come first. */
  private forget(): void {
    const now = this.clock.now()
    for (const [id, { until }] of this.running) {
      if (until > now) return
      this.running.delete(id)
    }
  }
}

/** A token of a hand-off works once: the second response needs one of its own, from our page of the login. */
const again = (login: string, step: Step): Step =>
  step.opened === undefined ? step : { outcome: { at: 'hop', login }, opened: step.opened }
