/**
 * Sheds load. Who comes while as many are being served as can be served within a second or two is sent off at once, and comes
 * again by himself some seconds later: a queue that grows without end would serve nobody in time.
 */
import type { RequestHandler, Response } from 'express'
import type { Chance } from '../base/chance.js'
import { busyPage } from './pages/refusal.js'
import type { Web } from './setup.js'
import { prefersEnglish, requestNumber } from './visitor.js'

/** Requests whose bodies are read and whose answers are not ready; whoever sends slowly does not count. */
const MOST = 300
/** Seconds until a browser comes again: spread, so that not all come at once. */
const [SOONEST, SPREAD] = [5, 11]

export interface Crowd {
  /** Before anything costly. */
  readonly atTheDoor: RequestHandler
  /** When the body has been read. */
  readonly inside: RequestHandler
}

export function crowd(web: Web): Crowd {
  let inside = 0
  return {
    atTheDoor(request, response, next) {
      if (inside < MOST) next()
      else sendOff(web, request, response)
    },
    inside(_request, response, next) {
      inside += 1
      response.once('close', () => (inside -= 1))
      next()
    },
  }
}

const sendOff = (web: Web, request: Parameters<RequestHandler>[0], response: Response): void => {
  const number = requestNumber(web, request)
  const seconds = SOONEST + spread(web.ports.chance)
  response.status(503).setHeader('Retry-After', String(seconds))
  // what was posted would not come again, and a person would be asked whether to send it twice
  if (request.method === 'GET') response.setHeader('Refresh', String(seconds))
  if (request.accepts(['html', 'json']) === 'json') response.json({ failed: 'busy', number })
  else {
    const frame = { number, at: web.ports.clock.now(), support: web.support, english: prefersEnglish(request) }
    response.send(busyPage({ ...frame, again: request.method === 'GET' }))
  }
}

const spread = (chance: Chance): number => chance.bytes(1)[0]! % SPREAD
