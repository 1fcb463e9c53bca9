/** What every answer of ours says about itself: framed by nobody, scripted by nobody, remembered by nobody. */
import type { RequestHandler, Response } from 'express'
import helmet from 'helmet'
import { isSecure } from './cookies.js'

/**
 * @param formTargets origins to which a form of the page may lead, redirects included: a browser that enforces
 *   `form-action` follows the whole chain after a POST
 * @param scripts whether a script of ours, from a file, may run on this page
 */
export function contentPolicy(response: Response, formTargets: readonly string[] = [], scripts = false): void {
  const targets = ["'self'", ...new Set(formTargets)].join(' ')
  response.setHeader(
    'Content-Security-Policy',
    `default-src 'none'; style-src 'self'; img-src 'self'; ${scripts ? "script-src 'self'; " : ''}base-uri 'none'; frame-ancestors 'none'; form-action ${targets}`,
  )
}

export function headers(publicUrl: string): readonly RequestHandler[] {
  return [
    helmet({
      contentSecurityPolicy: false,
      referrerPolicy: { policy: 'same-origin' },
      frameguard: { action: 'deny' },
      crossOriginResourcePolicy: { policy: 'same-origin' },
      strictTransportSecurity: isSecure(publicUrl) ? { maxAge: 31_536_000, includeSubDomains: false } : false,
    }),
    (_request, response, next) => {
      contentPolicy(response)
      response.setHeader('Cache-Control', 'no-store')
      response.setHeader('X-Robots-Tag', 'noindex')
      next()
    },
  ]
}

/**
 * 303: the next request is a GET, whatever this one was; nobody remembers it, nobody is told where it came from. Without the
 * body that Express would write, in a type that it would first have to ask for.
 */
export function seeOther(response: Response, to: string): void {
  response.setHeader('Referrer-Policy', 'no-referrer')
  response.status(303).location(to).end()
}
