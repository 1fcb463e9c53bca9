import type { RequestHandler } from 'express'
import { traced } from '../base/trace.js'
import type { Web } from './setup.js'
import { traceOf } from './trace.js'
import { loginNumber, requestNumber } from './visitor.js'

/** Asked for every picture of a journal; only what goes wrong with it is news. */
const ASKED_ALL_DAY = new Set(['/auth/check', '/auth/:journal/check'])

/**
 * One line a request: what was asked and how it ended. Never the query, a body or a cookie, since those carry people; of
 * `/continue/LOGIN` and `/s/SCHOOL` only the shape. `number` is what a page of this request shows, `login` the number under which
 * its login runs over all requests, `trace` what a proxy in front calls it.
 */
export const requestLog =
  (web: Web): RequestHandler =>
  (request, response, next) => {
    const started = process.hrtime.bigint()
    const trace = traceOf(request.headers['traceparent'])
    response.on('finish', () => {
      const ms = Number(process.hrtime.bigint() - started) / 1e6
      const path = (request.route as { path?: string } | undefined)?.path ?? '(none)'
      const login = loginNumber(request)
      const level = ASKED_ALL_DAY.has(path) && response.statusCode < 404 ? 'debug' : 'info'
      web.log[level](
        {
          number: requestNumber(web, request),
          ...(login !== undefined && { login }),
          ...(trace && { trace: trace.id }),
          method: request.method,
          path,
          status: response.statusCode,
          ms: Math.round(ms * 10) / 10,
        },
        'request',
      )
      web.answered?.({ path, method: request.method, status: response.statusCode, seconds: ms / 1000 })
    })
    if (trace) traced(trace, next)
    else next()
  }
