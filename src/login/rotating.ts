/**
 * Change of the keys for data at rest, while people go on signing in: a row at a time to the first keys, then what the older ones are
 * still needed for. Everything is found under every key that the settings list; docs/decisions/0018 says what cannot be moved, and why.
 */
import type { Instant } from '../base/clock.js'
import type { Ports } from './ports.js'
import type { RetentionLimits } from './retention-ports.js'
import type { KeyUse, Rotation, Straggler } from './rotation-ports.js'

/** Rows written in one transaction: a login waits for no more than these. */
const BATCH = 50
/** Of rows that somebody else wrote meanwhile. */
const PASSES = 5
/** A program that has not been seen for so long is not running any more; it tells of itself every minute. */
const SEEN_WITHIN = 3 * 60_000

export interface Rotating {
  readonly rotation: Rotation
  readonly clock: Ports['clock']
  /** Lets the others write for as long as the last step took, in milliseconds. */
  readonly pause: (ms: number) => Promise<void>
  /** After every step: rows that were moved, of so many. */
  readonly told?: (moved: number, of: number) => void
}

export interface Rotated {
  readonly moved: number
  readonly unreadable: number
}

/** @returns programs beside which nothing may be moved: they could not read it, or would write under the old keys again */
export const stragglersNow = ({
  rotation,
  clock,
}: Pick<Rotating, 'rotation' | 'clock'>): Promise<readonly Straggler[]> =>
  rotation.stragglers(clock.now() - SEEN_WITHIN)

/** May be stopped anywhere and begun again. */
export async function rotate(ports: Rotating): Promise<Rotated> {
  const { rotation } = ports
  const waiting = await total(rotation)
  let [moved, unreadable] = [0, 0]
  for (const table of rotation.tables) {
    for (let pass = 0; pass < PASSES; pass += 1) {
      const done = await through(ports, table, some => {
        moved += some
        ports.told?.(moved, waiting)
      })
      unreadable += pass === 0 ? done.unreadable : 0
      if (done.missed === 0) break
    }
  }
  return { moved, unreadable }
}

export async function total(rotation: Rotation): Promise<number> {
  let rows = 0
  for (const table of rotation.tables) rows += await rotation.waiting(table)
  return rows
}

async function through({ rotation, pause }: Rotating, table: string, moved: (rows: number) => void) {
  let [missed, unreadable] = [0, 0]
  for (let after: string | undefined = ''; after !== undefined;) {
    const begun = performance.now()
    const step = await rotation.move(table, after, BATCH)
    after = step.next
    missed += step.missed
    unreadable += step.unreadable
    if (step.moved > 0) moved(step.moved)
    await pause(performance.now() - begun)
  }
  return { missed, unreadable }
}

/** What an older key is still good for. */
export interface KeyState extends KeyUse {
  /**
   * `in-use`: the first of its list. `rows`: rows stand under it that must be moved, or that end at `until`. `audit`: only events before
   * `until` name people by it. `free`: nothing needs it.
   */
  readonly state: 'in-use' | 'rows' | 'audit' | 'free'
  readonly until?: Instant
}

export async function keyStates(
  { rotation, clock }: Pick<Rotating, 'rotation' | 'clock'>,
  { loginAudit, securityAudit }: Pick<RetentionLimits, 'loginAudit' | 'securityAudit'>,
): Promise<readonly KeyState[]> {
  const now = clock.now()
  const since = (await rotation.lookupSince()) ?? now
  const audit = since + Math.max(loginAudit, securityAudit)
  return (await rotation.use()).map(use => stateOf(use, audit, now))
}

function stateOf(use: KeyUse, audit: Instant, now: Instant): KeyState {
  if (use.first) return { ...use, state: 'in-use' }
  if (use.kept.length > 0) {
    const ends = use.kept.map(({ ends }) => ends ?? Infinity)
    const until = Math.max(...ends)
    return { ...use, state: 'rows', ...(until !== Infinity && { until }) }
  }
  const named = use.secret === 'lookup' && audit > now
  return { ...use, state: named ? 'audit' : 'free', ...(named && { until: audit }) }
}

/**
 * Writes down that it was done, and lets the keys go under which no row stands: from then on the settings need not list them.
 *
 * @returns the keys that went
 */
export async function finishRotation(
  { rotation, clock }: Pick<Rotating, 'rotation' | 'clock'>,
  states: readonly KeyState[],
  moved: number,
): Promise<readonly KeyState[]> {
  const gone = states.filter(({ state }) => state === 'audit' || state === 'free')
  for (const { secret, id } of gone) await rotation.release(secret, id)
  const first = (secret: KeyUse['secret']) => states.find(use => use.secret === secret && use.first)?.id ?? ''
  const facts = { data: first('data'), lookup: first('lookup'), moved, free: gone.map(({ id }) => id).join() }
  await rotation.record({ at: clock.now(), what: 'keys.rotated', result: 'ok', facts })
  return gone
}
