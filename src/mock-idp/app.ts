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
import { Accounts } from './accounts/account.js'
import { Inbox } from './accounts/inbox.js'
import { Locks } from './accounts/locks.js'
import { strongCost, type PasswordCost } from './accounts/passwords.js'
import { cabinet } from './cabinet/handlers.js'
import { cataloguePage } from './catalogue.js'
import { findSession, type Idp } from './idp.js'
import { problemPage } from './layout.js'
import { idpMetadata, path } from './metadata.js'
import { defaultPeople, type People } from './people.js'
import { BadMessage } from './redirect-binding.js'
import type { IdpKey } from './respond.js'
import { serviceProviders } from './service-provider.js'
import { singleSignOn, unsolicited } from './handlers.js'
import { recovery, registration } from './registration/handlers.js'
import { enter } from './sign-in-handlers.js'
import { messagesPage } from './sign-in-pages.js'
import { makeTroubles, meetTrouble, setTroubles, showTroubles, type Pause, type Troubles } from './trouble.js'
import { beginLogout, logoutByPost, logoutByRedirect, logoutBySoap } from './logout-handlers.js'
import { deviceOf, sessionKey, widenForms } from './visits.js'
import { dayText } from './wrong-input.js'

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
  /** How much work a hash of a password is; `strongCost` unless a test is in a hurry. */
  readonly passwordCost?: PasswordCost
  /** Instead of waiting when an answer is to be slow. */
  readonly pause?: Pause
  readonly clock: Clock
  readonly chance: Chance
}

export interface MockIdp {
  readonly app: Express
  readonly entityId: string
  readonly metadataXml: string
  readonly troubles: Troubles
  registerServiceProvider(xml: string): void
}

export function createMockIdp(options: MockIdpOptions): MockIdp {
  const { baseUrl, keys, clock, chance, passwordCost = strongCost, people = defaultPeople(), pause = wait } = options
  const entityId = baseUrl + path.metadata
  const providers = serviceProviders(options.serviceProviders, clock)
  const idp: Idp = {
    entityId,
    baseUrl,
    keys,
    people,
    accounts: new Accounts(people, { cost: passwordCost, chance }),
    inbox: new Inbox(),
    locks: new Locks(clock),
    passwordCost,
    providers,
    legacy: options.legacy ?? false,
    clock,
    chance,
    journalLogin: options.journalLogin,
    logins: new Map(),
    sessions: new Map(),
  }
  const metadataXml = idpMetadata(entityId, baseUrl, keys)
  const troubles = makeTroubles()
  return {
    app: application(idp, metadataXml, troubles, pause),
    troubles,
    entityId,
    metadataXml,
    registerServiceProvider: xml => void providers.register(xml),
  }
}

const wait: Pause = ms => new Promise(resolve => setTimeout(resolve, ms).unref())

function application(idp: Idp, metadataXml: string, troubles: Troubles, pause: Pause): Express {
  const app = express()
  app.disable('x-powered-by')
  app.use(headers)
  app.use('/idp/static', express.static(projectFile('src/mock-idp/static')))
  app.get('/idp/trouble', showTroubles(troubles))
  app.use(meetTrouble(troubles, pause))
  app.use(express.urlencoded({ extended: false, limit: '16kb', parameterLimit: 20 }))
  app.get([path.metadata, path.metadataSaml], published(metadataXml))
  app.get('/', catalogue(idp))
  app.get(path.singleSignOn, singleSignOn(idp))
  app.get(path.singleLogout, logoutByRedirect(idp))
  app.post(path.singleLogoutPost, logoutByPost(idp))
  app.post(path.singleLogoutSoap, express.text({ type: 'text/xml', limit: '64kb' }), logoutBySoap(idp))
  app.use(ownForms(idp.baseUrl))
  app.post('/idp/trouble', setTroubles(troubles))
  app.post('/idp/logout', beginLogout(idp))
  app.get('/idp/messages', messages(idp))
  app.get(path.unsolicited, unsolicited(idp))
  app.use('/idp/login', enter(idp))
  app.use('/idp/cabinet', cabinet(idp))
  app.use('/idp/registration', registration(idp))
  app.use('/idp/recovery', recovery(idp))
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
    const session = findSession(idp, sessionKey(request))
    if (session) widenForms(response) // the form of the logout is answered by a redirect to the service provider
    response.send(cataloguePage(idp, await idp.providers.all(), session))
  }

const messages =
  (idp: Idp): Handler =>
  (request, response) => {
    response.send(messagesPage(idp.inbox.of(deviceOf(idp, request, response)), dayText))
  }

/** A form of ours is posted from a page of ours: browsers say from where, and no other program has our cookies. */
const ownForms =
  (baseUrl: string) =>
  (request: Request, response: Response, next: NextFunction): void => {
    const { origin } = request.headers
    if (request.method !== 'POST' || origin === undefined || origin === new URL(baseUrl).origin) next()
    else response.status(403).send(problemPage('Форма не отсюда', 'Откройте страницу стенда и повторите на ней.'))
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
