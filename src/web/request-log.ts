import type { RequestHandler } from 'express'
import type { Web } from './setup.js'
import { requestNumber } from './visitor.js'

/** Asked for every picture of a journal; only what goes wrong with it is news. */
const ASKED_ALL_DAY = new Set(['/auth/check', '/auth/:journal/check'])

/**
 * One line a request: what was asked and how it ended. Never the query, a body or a cookie, since those carry people; of
 * `/continue/LOGIN` and `/s/SCHOOL` only the shape.
 */
export const requestLog =
  (web: Web): RequestHandler =>
  (request, response, next) => {
    const started = process.hrtime.bigint()
    response.on('finish', () => {
      const ms = Number(process.hrtime.bigint() - started) / 1e6
      const path = (request.route as { path?: string } | undefined)?.path ?? '(none)'
      const level = ASKED_ALL_DAY.has(path) && response.statusCode < 404 ? 'debug' : 'info'
      web.log[level](
        {
          number: requestNumber(web, request),
          method: request.method,
          path,
          status: response.statusCode,
          ms: Math.round(ms * 10) / 10,
        },
        'request',
      )
      web.answered?.({ path, method: request.method, status: response.statusCode, seconds: ms / 1000 })
    })
    next()
  }
