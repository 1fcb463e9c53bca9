/** Who asks too often waits. Before anything costly: the network is asked about before the session is read, or a body. */
import type { RequestHandler } from 'express'
import { Refusal } from '../base/refusal.js'
import { networkOf } from '../login/failed-calls.js'
import type { LimitKind } from '../login/rate-limits.js'
import { openSession } from './session.js'
import type { Web } from './setup.js'

/** @throws Refusal `request.limit`, through Express */
export function limitNetwork(web: Web, counts: LimitKind | 'nothing'): RequestHandler[] {
  if (counts === 'nothing') return []
  return [
    (request, _response, next) => {
      check(web, counts, networkOf(request.ip ?? ''), 'network')
      next()
    },
  ]
}

/** @throws Refusal `request.limit`, through Express */
export const limitPerson =
  (web: Web): RequestHandler =>
  (request, _response, next) => {
    const session = openSession(request)
    if (session) check(web, 'person', web.ports.pseudonyms.forAudit(session.person), 'person')
    next()
  }

function check(web: Web, kind: LimitKind, who: string, whose: 'network' | 'person'): void {
  const seconds = web.ports.rateLimits.take(kind, who)
  if (seconds > 0) throw new Refusal('request.limit', { seconds, whose, kind })
}
