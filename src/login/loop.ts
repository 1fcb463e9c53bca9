/** A journal that sends the browser back again and again: its session does not stick, and nobody would ever see a page. */
import { createHash } from 'node:crypto'
import type { Instant } from '../base/clock.js'
import { Refusal } from '../base/refusal.js'
import type { Visitor } from './outcome.js'
import type { Ports } from './ports.js'
import { findRecent, isFinished } from './recent.js'
import type { Wish } from './target.js'

/** One start of a login, as the browser remembers it. Marks, so that its cookie says nothing about the person. */
export interface Round {
  readonly journal: string
  /** Journal and return address together. */
  readonly place: string
  readonly at: Instant
  /** The login that was started; without it an open session led straight into the journal. */
  readonly login?: string
}

/** Milliseconds for which a round counts. */
export const ROUND_COUNTS = 60_000
/** Rounds to the same place. */
const MOST = 3
/**
 * Rounds to any place of the journal. More, since tabs that wake up together go to different places; and below seven, since
 * a browser gives up after twenty redirects, of which a round needs three.
 */
const MOST_ANYWHERE = 6

const mark = (...parts: readonly string[]): string =>
  createHash('sha256').update(parts.join('\n')).digest('base64url').slice(0, 8)

export const roundTo = ({ journal = '', returnTo = '' }: Wish, at: Instant, login?: string): Round => ({
  journal: mark(journal),
  place: mark(journal, returnTo),
  at,
  ...(login !== undefined && { login }),
})

/**
 * Only rounds that led into the journal count: who turns back at the IdP and presses the button again is in no loop.
 *
 * @throws Refusal `login.loop`
 */
export async function checkLoop(ports: Ports, visitor: Visitor, wish: Wish): Promise<void> {
  if (wish.journal === undefined) return
  const now = ports.clock.now()
  const { journal, place } = roundTo(wish, now)
  const recent = visitor.rounds.filter(each => each.journal === journal && now - each.at < ROUND_COUNTS)
  if (!isLoop(recent, place)) return
  const entered: Round[] = []
  for (const round of recent) if (await ledIn(ports, round)) entered.push(round)
  if (!isLoop(entered, place)) return
  throw new Refusal('login.loop', {
    rounds: entered.length,
    seconds: Math.round((now - Math.min(...entered.map(({ at }) => at))) / 1_000),
    through: entered.some(({ login }) => login !== undefined) ? 'idp' : 'session',
  })
}

/** A journal that asks without a page (CAS gateway) may do so whenever somebody opens one of its pages anew. */
const ASKS_WITHIN = 10_000
/** Questions to the same place; below ten, since of each a browser that gives up after twenty redirects needs two. */
const MOST_ASKS = 5

/** A question that led back without an answer. Counts apart from the rounds that led in. */
export const askFrom = (wish: Wish, at: Instant): Round =>
  roundTo({ ...wish, journal: `${wish.journal ?? ''} asks` }, at)

/** @throws Refusal `login.loop` */
export function checkAsking({ clock }: Ports, visitor: Visitor, wish: Wish): void {
  const now = clock.now()
  const { place } = askFrom(wish, now)
  const asked = visitor.rounds.filter(each => each.place === place && now - each.at < ASKS_WITHIN)
  if (asked.length < MOST_ASKS) return
  throw new Refusal('login.loop', { rounds: asked.length, seconds: ASKS_WITHIN / 1_000, through: 'gateway' })
}

const isLoop = (rounds: readonly Round[], place: string): boolean =>
  rounds.length >= MOST_ANYWHERE || rounds.filter(each => each.place === place).length >= MOST

/** A chooser at which the person still stands has led nowhere. */
async function ledIn(ports: Ports, { login }: Round): Promise<boolean> {
  if (login === undefined) return true
  const found = await findRecent(ports, login)
  return found !== undefined && isFinished(found) && (found.browser !== '' || found.chosen !== undefined)
}
