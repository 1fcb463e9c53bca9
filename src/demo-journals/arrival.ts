/** From «Войти через Госуслуги» to an open visit: the two ends of a login, as a journal sees it. */
import { timingSafeEqual } from 'node:crypto'
import type { Request, Response } from 'express'
import { randomId } from '../base/chance.js'
import { setStartedLogins, setVisit, startedLogins, visitCookie } from './cookies.js'
import { Denial } from './denials.js'
import type { UsedOnce, Visit, Visits } from './memory.js'
import type { House } from './options.js'
import { isSection } from './sections.js'
import { SKEW_S, verifyToken, type Claims, type FindKey } from './token.js'

export interface Desk {
  readonly house: House
  /** Where this program's own requests reach the bridge. */
  readonly bridgeInternal: string
  readonly findKey: FindKey
  readonly used: UsedOnce
  readonly visits: Visits
}

/** Ties the login to this browser by a state, and sends it to the bridge. */
export function startLogin({ house }: Desk, request: Request, response: Response): void {
  const wanted = request.query.to
  const section = typeof wanted === 'string' && isSection(wanted) ? wanted : ''
  const state = randomId(house.chance)
  setStartedLogins(response, house, [...startedLogins(request, house), state])
  const bridge = new URL('/login', house.bridgeUrl)
  bridge.searchParams.set('journal', house.journal.id)
  bridge.searchParams.set('return', house.origin + house.base + section)
  bridge.searchParams.set('state', state)
  response.redirect(303, bridge.href)
}

/** The browser has come with a token in the address. */
export async function finishLogin(desk: Desk, request: Request, response: Response): Promise<void> {
  const { house } = desk
  const { token } = request.query
  if (typeof token !== 'string' || token === '') throw new Denial('token-missing')
  letIn(
    desk,
    request,
    response,
    await verifyToken(token, house.journal, house.bridgeUrl, desk.findKey, house.clock.now()),
  )
}

/**
 * Everything is checked first; only then is the hand-off used up, so that a wrong link costs nobody a right one. The answer
 * leads to a clean address: the token stays in no history and no Referer.
 *
 * @param claims verified, by whichever door they came
 */
export function letIn({ house, used, visits }: Desk, request: Request, response: Response, claims: Claims): void {
  const now = house.clock.now()
  const started = startedLogins(request, house)
  const visit = visitFrom(claims)
  if (visits.hasEnded(visit.sid)) throw new Denial('session-over')
  const before = visits.find(visitCookie(request, house))
  const sameVisit = isSame(visit, before)
  if (!sameVisit) checkState(claims, started, house)
  const to = returnAddress(claims, house)
  if (!used.take(claims.id, (claims.expires + SKEW_S) * 1000, now)) throw new Denial('token-used')

  // of another session of the bridge: a logout will name that one
  if (!sameVisit || visit.sid !== before?.sid) {
    visits.close(visitCookie(request, house))
    setVisit(response, house, visits.open(visit))
  }
  setStartedLogins(
    response,
    house,
    started.filter(state => state !== claims.state),
  )
  response.redirect(303, to)
}

const visitFrom = ({ login, role, school, child, sid }: Claims): Visit => ({
  login,
  role,
  school,
  ...(child !== undefined && { child }),
  ...(sid !== undefined && { sid }),
})

/**
 * The back button leads to the bridge, which brings the person here again with a state that is used up. Who is signed in
 * with this very account stays so, and no stranger's login takes their place.
 */
const isSame = (one: Visit, other: Visit | undefined): boolean =>
  other !== undefined && (['login', 'role', 'school', 'child'] as const).every(name => one[name] === other[name])

function checkState({ state }: Claims, started: readonly string[], { journal }: House): void {
  if (state === undefined) {
    if (journal.requireState) throw new Denial('state-missing')
    return
  }
  if (!started.some(own => sameText(own, state))) throw new Denial('state-foreign')
}

/** The journal's own list: its sections, with any query. What the bridge has checked is checked again. */
function returnAddress({ returnTo }: Claims, { origin, base }: House): string {
  if (returnTo === undefined) return origin + base
  const url = URL.canParse(returnTo) ? new URL(returnTo) : undefined
  const inside = url?.origin === origin && url.pathname.startsWith(base) && isSection(url.pathname.slice(base.length))
  if (!inside) throw new Denial('return-denied')
  return origin + url.pathname + url.search
}

function sameText(a: string, b: string): boolean {
  const [one, other] = [Buffer.from(a), Buffer.from(b)]
  return one.length === other.length && timingSafeEqual(one, other)
}
