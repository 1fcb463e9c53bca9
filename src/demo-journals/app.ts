import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import express, { type ErrorRequestHandler, type Express, type Request, type Router } from 'express'
import helmet from 'helmet'
import { projectFile } from '../base/project-file.js'
import { startLogin, type Desk } from './arrival.js'
import { bridgeKeys } from './bridge-keys.js'
import { setVisit, visitCookie } from './cookies.js'
import { Denial, denials } from './denials.js'
import { doors } from './doors/doors.js'
import { trustedHeadersDoor } from './doors/trusted-headers.js'
import { UsedOnce, Visits } from './memory.js'
import { checkOldLogin, Locks } from './old-login.js'
import { Made, makeAccount } from './new-account.js'
import type { DemoJournal, DemoOptions, House } from './options.js'
import { denialPage, goodbyePage, leavePage, startPage } from './pages.js'
import { readPeople, type People } from './people.js'
import { openBook } from './book/book.js'
import { doDeed, guestOf, showSection, type Inside } from './rooms/rooms.js'
import { endVisits } from './leaving.js'
import { isSection } from './sections.js'

export interface DemoJournals {
  /** Of the first journal: where a person starts. */
  readonly url: string
  /** `http://localhost:8082`, without a slash. */
  readonly origin: string
  close(): Promise<void>
}

/** Opens every journal below its own path on one port. */
export async function startDemoJournals(options: DemoOptions): Promise<DemoJournals> {
  const keyless = options.journals.find(({ alg, key }) => alg === 'HS256' && !key)
  if (keyless) throw new RangeError(`journal ${keyless.id}: HS256 needs a shared key`)
  const people = readPeople(options.rosters ?? []) // before the port is taken: a broken list must leave nothing open
  const server = createServer()
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(options.port, options.host, resolve)
  })
  const { port } = server.address() as AddressInfo
  const origin = new URL(options.publicUrl ?? `http://${options.host}:${port}`).origin
  server.on('request', demoApp(options, people, origin))
  return {
    url: `${origin}/${options.journals[0]?.id ?? ''}/`,
    origin,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function demoApp(options: DemoOptions, people: People, origin: string): Express {
  const app = express()
    .disable('x-powered-by')
    .disable('etag')
    .enable('strict routing')
    .enable('case sensitive routing')
  const https = origin.startsWith('https:')
  app.use(
    helmet({
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          ...{ defaultSrc: ["'none'"], styleSrc: ["'self'"], imgSrc: ["'self'"], formAction: ["'self'"] },
          ...{ baseUri: ["'none'"], frameAncestors: ["'none'"] },
        },
      },
      referrerPolicy: { policy: 'no-referrer' },
      strictTransportSecurity: https,
    }),
  )
  // With a root: sendFile refuses absolute paths that lead through a folder like `.src`.
  const root = projectFile('src/demo-journals')
  for (const file of ['journal.css', 'journal.svg'])
    app.get(`/${file}`, (_, response) => response.sendFile(file, { root }))
  app.use((_, response, next) => {
    response.set('Cache-Control', 'no-store')
    next()
  })
  for (const journal of options.journals) {
    app.get(`/${journal.id}`, (_, response) => response.redirect(303, `/${journal.id}/`))
    app.use(`/${journal.id}`, journalRoutes(openDesk(journal, options, origin), people))
  }
  app.use('/headers', trustedHeadersDoor(new URL(options.bridgeInternalUrl ?? options.bridgeUrl).origin))
  app.get('/', (_, response) => response.redirect(303, `/${options.journals[0]?.id ?? ''}/`))
  app.use((_, response) => {
    response.status(404).type('text').send('Такого журнала здесь нет.')
  })
  app.use(answerFailure)
  return app
}

/** What is wrong with the request says its status (a broken %-sequence); everything else is a bug of this program. */
const answerFailure: ErrorRequestHandler = (error: unknown, _request, response, next) => {
  if (response.headersSent) {
    next(error)
    return
  }
  const status = (error as { status?: unknown }).status
  if (typeof status !== 'number') console.error(error)
  response.status(typeof status === 'number' ? status : 500)
  response.type('text').send('Журнал не смог показать эту страницу. Вернитесь на первую страницу журнала.')
}

function openDesk(journal: DemoJournal, options: DemoOptions, origin: string): Desk {
  const { clock, chance, bridgeUrl, bridgeInternalUrl = bridgeUrl } = options
  return {
    house: {
      journal,
      origin,
      base: `/${journal.id}/`,
      ink: options.journals.indexOf(journal) % 2 === 0 ? 'green' : 'violet',
      bridgeUrl: new URL(bridgeUrl).origin,
      clock,
      chance,
    },
    bridgeInternal: bridgeInternalUrl,
    findKey: bridgeKeys(new URL('/.well-known/jwks.json', bridgeInternalUrl).href, clock),
    used: new UsedOnce(),
    visits: new Visits(clock, chance),
  }
}

function journalRoutes(desk: Desk, people: People): Router {
  const { house, visits } = desk
  const router = express.Router({ strict: true, caseSensitive: true })
  const inside: Inside = { house, people, visits, book: openBook(house.clock) }
  const visitOf = (request: Request) => visits.find(visitCookie(request, house))

  // first, since a door may begin a login in its own way
  doors[house.journal.door ?? 'signed-link'](router, desk)
  router.get('/login', (request, response) => startLogin(desk, request, response))
  router.get('/logout', (request, response) => {
    const visit = visitOf(request)
    response.send(visit ? leavePage({ house, guest: guestOf(visit, people) }) : goodbyePage(house))
  })
  // The Lax cookie does not come with another site's post, so nobody else can end a visit.
  router.post('/logout', (request, response) => {
    visits.close(visitCookie(request, house))
    setVisit(response, house, undefined)
    response.redirect(303, `${house.base}logout`)
  })
  // The bridge's own server comes here: no browser, no cookie.
  router.post('/sso-logout', express.urlencoded({ extended: false, limit: '16kb' }), (request, response) =>
    endVisits(desk, request, response),
  )
  router.post(
    '/old-login',
    express.urlencoded({ extended: false, limit: '16kb' }),
    checkOldLogin(desk, people, new Locks()),
  )
  router.post(
    '/new-account',
    express.urlencoded({ extended: false, limit: '16kb' }),
    makeAccount(desk, people, new Made()),
  )
  router.get('/{:section}', (request, response) => {
    const section = request.params.section ?? ''
    if (!isSection(section)) throw new Denial('not-found')
    const visit = visitOf(request)
    if (visit) showSection(inside, section, visit, request, response)
    else response.send(startPage(house, section))
  })
  // after the doors, some of which take posts of their own
  router.post('/{:section}', express.urlencoded({ extended: false, limit: '16kb' }), (request, response) => {
    const section = request.params.section ?? ''
    const visit = visitOf(request)
    if (!isSection(section) || !visit) throw new Denial(isSection(section) ? 'form-foreign' : 'not-found')
    doDeed(inside, section, visit, request, response)
  })
  router.use(() => {
    throw new Denial('not-found')
  })
  router.use(answerDenial(house, request => guestIfAny(visitOf(request), people)))
  return router
}

const guestIfAny = (visit: ReturnType<Visits['find']>, people: People) => visit && guestOf(visit, people)

const answerDenial =
  (house: House, guest: (request: Request) => ReturnType<typeof guestIfAny>): ErrorRequestHandler =>
  (error: unknown, request, response, next) => {
    if (!(error instanceof Denial)) {
      next(error)
      return
    }
    response.status(denials[error.code].status).send(denialPage(house, error.code, guest(request)))
  }
