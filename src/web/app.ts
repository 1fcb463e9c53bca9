import express, { type Express, type RequestHandler } from 'express'
import { Refusal } from '../base/refusal.js'
import { crowd } from './crowd.js'
import { failures } from './failures.js'
import { headers } from './headers.js'
import { limitNetwork, limitPerson } from './limits.js'
import { requestLog } from './request-log.js'
import { serveAssets } from './routes/assets.js'
import { routes } from './routes.js'
import type { Handler } from './route.js'
import { sessions } from './session.js'
import type { Web } from './setup.js'
import { isSecure } from './cookies.js'

/** Octets of a posted form: base64 of 256 KiB, percent-encoded, and some fields. */
const BODY_LIMIT = '1mb'
const FORM_TYPE = 'application/x-www-form-urlencoded'

/** SOAP 1.1, section 6; a little more than the judge takes, so that its own refusal is the one that is seen. */
const SOAP_TYPE = 'text/xml'
const SOAP_LIMIT = '300kb'

export function createApp(web: Web): Express {
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.set('query parser', false)
  app.set('trust proxy', web.trustProxy)
  believeSettings(app, web)

  app.use(requestLog(web))
  app.use(...headers(web.ports.publicUrl))
  app.use(serveAssets)
  addRoutes(app, web)
  app.use(() => {
    throw new Refusal('request.not-found')
  })
  app.use(failures(web))
  return app
}

/** Whether browsers see us over https is what `publicUrl` says; a proxy that forgets a header must not lose the cookie. */
function believeSettings(app: Express, web: Web): void {
  Object.defineProperty(app.request, 'secure', { configurable: true, get: () => isSecure(web.ports.publicUrl) })
}

function addRoutes(app: Express, web: Web): void {
  const cookie = sessions(web)
  const { atTheDoor, inside } = crowd(web)
  const parsers = {
    form: [only(FORM_TYPE), express.urlencoded({ extended: false, limit: BODY_LIMIT, parameterLimit: 50 })],
    soap: [only(SOAP_TYPE), express.raw({ type: SOAP_TYPE, limit: SOAP_LIMIT })],
    own: [],
  }
  for (const { path, session, acts, get, post, body, counts } of routes) {
    const known = session === 'cookie' ? [cookie, limitPerson(web)] : []
    const door = counts === 'nothing' ? [] : [atTheDoor]
    const before = [...door, ...limitNetwork(web, counts ?? 'pages'), ...known]
    const served = counts === 'nothing' ? [] : [inside]
    if (acts) app.get(path, onlyVisits)
    if (get) app.get(path, ...before, ...served, handle(web, get))
    if (post) app.post(path, ...before, ...parsers[body ?? 'form'], ...served, handle(web, post))
    app.all(path, (_request, response) => {
      response.setHeader('Allow', [get && 'GET, HEAD', post && 'POST'].filter(Boolean).join(', '))
      throw new Refusal('request.method')
    })
  }
}

const handle =
  (web: Web, handler: Handler): RequestHandler =>
  async (request, response) => {
    await handler(web, request, response)
  }

/** Whoever only looks ahead (HEAD of a link checker, prefetch of a browser) starts no login and gets no token. */
const onlyVisits: RequestHandler = (request, response, next) => {
  const purpose = [request.headers['sec-purpose'], request.headers['purpose']].join()
  if (request.method !== 'HEAD' && !purpose.includes('prefetch')) next()
  else response.status(204).end()
}

/** A body of another type would be read as an empty form, and the person told that a field is missing. */
const only =
  (type: string): RequestHandler =>
  (request, _response, next) => {
    if (request.is(type) === false) throw new Refusal('request.body', { why: 'type' })
    next()
  }
