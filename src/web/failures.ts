/** Where a request ends that did not end well: refusals outside a login, bodies nobody can read, outages, bugs. */
import type { ErrorRequestHandler, Request, Response } from 'express'
import { Refusal } from '../base/refusal.js'
import type { RefusalCode } from '../base/refusals.js'
import { Unavailable } from '../base/unavailable.js'
import { lastWish } from '../login/recent.js'
import type { Known } from '../login/witness.js'
import { contentPolicy } from './headers.js'
import { failurePage, unavailablePage } from './pages/refusal.js'
import type { Web } from './setup.js'
import { showRefusal } from './show.js'
import { prefersEnglish, requestNumber, visitor } from './visitor.js'

/** What scanners ask for all day, and what is asked too often. */
const NOISE: readonly RefusalCode[] = ['request.not-found', 'request.method', 'request.limit']
/** So many of them a minute are written down, and can be explained; of the others only the line of the log tells. */
const NOISE_RECORDED = 30

export function failures(web: Web): ErrorRequestHandler {
  const isRecorded = recording(web)
  // eslint-disable-next-line @typescript-eslint/no-unused-vars -- by its four parameters Express knows it
  return async (error: unknown, request, response, _next) => {
    if (response.headersSent) {
      note(web, request, error)
      // half an answer must not look like a whole one
      request.socket.destroy()
      return
    }
    const cause = error instanceof Error ? (asRefusal(error) ?? error) : error
    if (cause instanceof Refusal) await refuse(web, request, response, cause, isRecorded(cause.code))
    else fail(web, request, response, cause)
  }
}

/** @returns a question to be asked of each refusal: is it to be written down? */
function recording(web: Web): (code: RefusalCode) => boolean {
  let minute = 0
  let count = 0
  return code => {
    if (!NOISE.includes(code)) return true
    const now = Math.floor(web.ports.clock.now() / 60_000)
    if (now !== minute) {
      minute = now
      count = 0
    }
    count += 1
    return count <= NOISE_RECORDED
  }
}

/** What Express and its body parser throw at requests that are not honest, in our words. */
export function asRefusal(error: Error & { type?: unknown; status?: unknown }): Refusal | undefined {
  if (error instanceof Refusal) return error
  if (error.type === 'entity.too.large') return new Refusal('request.too-large')
  if (error instanceof URIError) return new Refusal('request.malformed', { why: 'address' })
  // a body that does not unpack has a status of the parser and no type
  if (typeof error.status === 'number' && error.status >= 400 && error.status < 500)
    return new Refusal('request.body', { why: typeof error.type === 'string' ? error.type : 'unreadable' })
  return undefined
}

async function refuse(
  web: Web,
  request: Request,
  response: Response,
  refusal: Refusal,
  recorded: boolean,
): Promise<void> {
  let wish: Omit<Known, 'number'> = {}
  try {
    if (recorded) await recordRefusal(web, request, refusal)
    // a bookmark of the address that takes the IdP's answers: the browser may still know where it wanted to go
    if (refusal.code === 'request.method') wish = await lastWish(web.ports, visitor(web, request))
  } catch (error) {
    fail(web, request, response, error)
    return
  }
  if (refusal.code === 'request.limit') response.setHeader('Retry-After', String(refusal.facts['seconds']))
  showRefusal(web, request, response, { refusal, number: requestNumber(web, request), ...wish })
}

/** A refusal outside a login, written down under the number of this request. */
export async function recordRefusal(web: Web, request: Request, { code, facts }: Refusal): Promise<void> {
  const { number, address, device } = visitor(web, request)
  const at = web.ports.clock.now()
  await web.ports.audit.record({ at, what: 'request.refused', result: 'refused', code, facts, number, address, device })
}

/** Only the kind and place of an error are logged: its text may quote what somebody sent. */
function note(web: Web, request: Request, error: unknown): void {
  const number = requestNumber(web, request)
  const place = error instanceof Error ? (error.stack ?? '').split('\n').filter(line => /^\s+at /.test(line)) : []
  web.log.error({ number, kind: error instanceof Error ? error.name : typeof error, place }, 'request failed')
}

function fail(web: Web, request: Request, response: Response, error: unknown): void {
  const number = requestNumber(web, request)
  const unavailable = error instanceof Unavailable
  note(web, request, error)
  response.status(unavailable ? 503 : 500)
  if (unavailable) response.setHeader('Retry-After', '30')
  if (request.accepts(['html', 'json']) === 'json') {
    response.json({ failed: unavailable ? 'unavailable' : 'unexpected', number })
    return
  }
  contentPolicy(response)
  const page = unavailable ? unavailablePage : failurePage
  response.send(page({ number, at: web.ports.clock.now(), support: web.support, english: prefersEnglish(request) }))
}
