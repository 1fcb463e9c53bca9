import type { Request, Response } from 'express'
import { Refusal } from '../../base/refusal.js'
import { startLogin, startSelfTest } from '../../login/start.js'
import { isSecure, rememberIdp } from '../cookies.js'
import { askFrom, roundTo } from '../../login/loop.js'
import type { Outcome } from '../../login/outcome.js'
import type { Wish } from '../../login/target.js'
import { isNavigation } from '../navigation.js'
import { keepRounds } from '../rounds.js'
import type { Web } from '../setup.js'
import { queryValue } from '../params.js'
import { show } from '../show.js'
import type { Handler } from '../route.js'
import { visitor } from '../visitor.js'

/** `state` is opaque to us; the limit itself is the corridor's. */
const STATE_TEXT_LIMIT = 1024

/**
 * A login begins where a person goes, not where a page loads a picture or a frame: a stranger's page could start so many
 * that the cookies of the person's own login are pushed out.
 */
export function checkNavigation(request: Request): void {
  if (!isNavigation(request)) throw new Refusal('request.malformed', { why: 'not a navigation of the whole window' })
}

export const getLogin: Handler = async (web, request, response) => {
  checkNavigation(request)
  const wish = withoutUndefined({
    journal: queryValue(request, 'journal', 64),
    returnTo: queryValue(request, 'return'),
    state: queryValue(request, 'state', STATE_TEXT_LIMIT),
    school: queryValue(request, 'school', 64),
    child: queryValue(request, 'child', 64),
    page: queryValue(request, 'page', 16),
    me: queryValue(request, 'me', 20),
    id: queryValue(request, 'id', 64),
    idp: queryValue(request, 'idp', 1024),
    force: queryValue(request, 'force', 1) === '1',
  })
  const outcome = await startLogin(web.ports, visitor(web, request), wish)
  if (wish.journal !== undefined) countRound(web, request, response, outcome, wish)
  if (outcome.at === 'idp' && wish.idp !== undefined) rememberIdp(response, wish.idp, isSecure(web.ports.publicUrl))
  await show(web, request, response, outcome)
}

export function countRound(web: Web, request: Request, response: Response, outcome: Outcome, wish: Wish): void {
  const now = web.ports.clock.now()
  if (outcome.at === 'done') keepRounds(web, request, response, roundTo(wish, now))
  if (outcome.at === 'back') keepRounds(web, request, response, askFrom(wish, now))
  if (outcome.at === 'idp' || outcome.at === 'hop')
    keepRounds(web, request, response, roundTo(wish, now, outcome.login))
  if (outcome.at === 'refused' && outcome.refusal.code === 'login.loop') keepRounds(web, request, response)
}

export const getSelfTest: Handler = async (web, request, response) => {
  checkNavigation(request)
  const idp = queryValue(request, 'idp', 1024)
  await show(web, request, response, await startSelfTest(web.ports, visitor(web, request), idp))
}

type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> }

const withoutUndefined = <T extends object>(values: T): Present<T> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Present<T>
