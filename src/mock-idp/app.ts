/**
 * The mock government IdP: a separate program that speaks SAML as ESIA spoke it, for demonstration and tests.
 * Owns: test people, its own sessions, the attack table. Does not touch: anything of the bridge; it knows base and words.
 * Called by: main.ts, make-assertion.ts, the demo, tests.
 */
import express, { type Express, type NextFunction } from 'express'
import helmet from 'helmet'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Chance } from '../base/chance.js'
import type { Clock } from '../base/clock.js'
import { projectFile } from '../base/project-file.js'
import type { Handler, Request, Response } from './http.js'
import { findSession, type Idp } from './idp.js'
import { logoutForm } from './logout-pages.js'
import { idpMetadata, path } from './metadata.js'
import { cataloguePage, problemPage } from './pages.js'
import { defaultPeople, type People } from './people.js'
import { BadMessage } from './redirect-binding.js'
import type { IdpKey } from './respond.js'
import { serviceProviders } from './service-provider.js'
import { enter, singleSignOn, unsolicited } from './handlers.js'
import { beginLogout, logoutByPost, logoutByRedirect, logoutBySoap } from './logout-handlers.js'
import { sessionKey, widenForms } from './visits.js'

export interface MockIdpOptions {
  /** As browsers see it, without a slash at the end; also the beginning of the entityID. */
  readonly baseUrl: string
  /** The first signs, all are published. */
  readonly keys: readonly [IdpKey, ...IdpKey[]]
  readonly people?: People
  /** Metadata as text, or the address where it is published. */
  readonly serviceProviders: readonly (string | URL)[]
  /** Speaks and accepts rsa-sha1, sha1, aes128-cbc and requests signed inside, as ESIA did in 2014. */
  readonly legacy?: boolean
  /** Where the catalogue's first tile leads: the bridge's `/login?journal=…`. */
  readonly journalLogin?: string
  readonly clock: Clock
  readonly chance: Chance
}

export interface MockIdp {
  readonly app: Express
  readonly entityId: string
  readonly metadataXml: string
  registerServiceProvider(xml: string): void
}

export function createMockIdp(options: MockIdpOptions): MockIdp {
  const { baseUrl, keys, clock, chance } = options
  const entityId = baseUrl + path.metadata
  const providers = serviceProviders(options.serviceProviders, clock)
  const idp: Idp = {
    entityId,
    baseUrl,
    keys,
    people: options.people ?? defaultPeople(),
    providers,
    legacy: options.legacy ?? false,
    clock,
    chance,
    journalLogin: options.journalLogin,
    logins: new Map(),
    sessions: new Map(),
  }
  const metadataXml = idpMetadata(entityId, baseUrl, keys)
  return {
    app: application(idp, metadataXml),
    entityId,
    metadataXml,
    registerServiceProvider: xml => void providers.register(xml),
  }
}

function application(idp: Idp, metadataXml: string): Express {
  const app = express()
  app.disable('x-powered-by')
  app.use(headers)
  app.use('/idp/static', express.static(projectFile('src/mock-idp/static')))
  app.use(express.urlencoded({ extended: false, limit: '16kb', parameterLimit: 20 }))
  app.get([path.metadata, path.metadataSaml], published(metadataXml))
  app.get('/', catalogue(idp))
  app.get(path.singleSignOn, singleSignOn(idp))
  app.get(path.singleLogout, logoutByRedirect(idp))
  app.post(path.singleLogoutPost, logoutByPost(idp))
  app.post(path.singleLogoutSoap, express.text({ type: 'text/xml', limit: '64kb' }), logoutBySoap(idp))
  app.post('/idp/logout', beginLogout(idp))
  app.get(path.unsolicited, unsolicited(idp))
  app.use('/idp/login', enter(idp))
  app.use(nothingHere)
  app.use(problem)
  return app
}

const published =
  (metadataXml: string): Handler =>
  (_request, response) => {
    response.type('application/samlmetadata+xml').send(metadataXml)
  }

const catalogue =
  (idp: Idp): Handler =>
  async (request, response) => {
    const signedIn = findSession(idp, sessionKey(request)) !== undefined
    if (signedIn) widenForms(response) // the form of the logout is answered by a redirect to the service provider
    response.send(cataloguePage(idp, await idp.providers.all(), signedIn ? logoutForm() : undefined))
  }

const nothingHere: Handler = (_request, response) => {
  response.status(404).send(problemPage('Такой страницы нет', 'Проверьте адрес или начните со списка услуг.'))
}

/** Forms lead home only; the page that posts the answer widens this for itself. */
const POLICY =
  "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; base-uri 'none'; frame-ancestors 'none'"

const guard = helmet({
  contentSecurityPolicy: false,
  strictTransportSecurity: false,
  referrerPolicy: { policy: 'strict-origin-when-cross-origin' },
})

function headers(request: Request, response: Response, next: NextFunction): void {
  response.set('Content-Security-Policy', `${POLICY}; form-action 'self'`)
  response.set('Cache-Control', 'no-store')
  guard(request, response, next)
}

/** The status that express and its body parser give to what they refuse. */
const statusOf = (error: unknown): number => {
  const status = error instanceof Error && 'status' in error ? error.status : undefined
  return typeof status === 'number' && status >= 400 && status < 500 ? status : 500
}

function problem(error: unknown, _request: Request, response: Response, next: NextFunction): void {
  if (response.headersSent) {
    next(error)
    return
  }
  if (error instanceof BadMessage) {
    response.status(400).send(problemPage('Запрос не принят', error.message))
    return
  }
  const status = statusOf(error)
  const text = status === 500 ? 'На стенде случилась ошибка.' : 'Запрос не удалось прочитать.'
  response.status(status).send(problemPage('Не получилось', text))
}

export interface StartOptions extends Omit<MockIdpOptions, 'baseUrl'> {
  readonly host: string
  readonly port: number
  /** Only when browsers see another address than host and port. */
  readonly baseUrl?: string
}

export interface RunningMockIdp extends Omit<MockIdp, 'app'> {
  readonly url: string
  close(): Promise<void>
}

/** @throws Error when the port is taken */
export async function startMockIdp(options: StartOptions): Promise<RunningMockIdp> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, options.host, resolve)
  })
  const { port } = server.address() as AddressInfo
  const url = options.baseUrl ?? `http://${options.host}:${port}`
  const { app, ...idp } = createMockIdp({ ...options, baseUrl: url })
  server.on('request', (request, response) => void app(request, response))
  const close = (): Promise<void> =>
    new Promise(resolve => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  return { ...idp, url, close }
}
