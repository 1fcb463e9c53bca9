/** A town with CAS journals whose service takes whatever comes; called inside `describe`. */
import type { Browser } from './browser.js'
import { type Page } from './browser.js'
import { openService, type Service } from './cas-service.js'
import { walk } from './sign-in.js'
import { startTestTown, type TestTown } from './town.js'

export const FATHER = 'father@mail.example'
export const MOTHER = 'mother@mail.example'

export interface CasTown {
  readonly town: TestTown
  readonly service: Service
  /** An address of ours below `/cas/`. */
  readonly at: (path: string, query?: Record<string, string>) => string
  /** An address of the service. */
  readonly here: (path?: string) => string
  /** From the service to the IdP and back; the ticket with which the browser arrives. */
  readonly enter: (browser: Browser, query?: Record<string, string>, login?: string) => Promise<string>
  /** What the journal's server is told about a ticket. */
  readonly ask: (ticket: string, more?: Record<string, string>, path?: string) => Promise<string>
  /** One redirect of a browser that stays where it is. */
  readonly turn: (browser: Browser, query: Record<string, string>) => Promise<Page>
}

/** @param returnTo further return addresses of the journal `moodle`; `wiki` is another of its kind, `plain` of another kind */
export function useCasTown(returnTo: readonly string[] = []): CasTown {
  let town: TestTown
  let service: Service
  before(async () => {
    service = await openService()
    town = await startTestTown({ more: { journals: journalsOf(service, returnTo) } })
  })
  after(async () => {
    await town.close()
    await service.close()
  })
  afterEach(() => town.clock.forward(61_000))

  const at: CasTown['at'] = (path, query = {}) =>
    `${town.town.bridge}/cas/${path}?${new URLSearchParams(query).toString()}`
  const here: CasTown['here'] = (path = 'moodle/') => `${service.origin}/${path}`
  return {
    get town() {
      return town
    },
    get service() {
      return service
    },
    at,
    here,
    enter: async (browser, query = {}, login = FATHER) =>
      ticketIn(await walk(browser, at('moodle/login', { service: here(), ...query }), login)),
    ask: async (ticket, more = {}, path = 'moodle/p3/serviceValidate') =>
      (await fetch(at(path, { ticket, service: here(), ...more }))).text(),
    turn: (browser, query) => browser.request('GET', new URL(at('moodle/login', query))),
  }
}

function journalsOf(service: Service, returnTo: readonly string[]) {
  const journal = (id: string) => ({
    id,
    title: `Журнал ${id}`,
    schools: ['school-1', 'school-2'],
    roles: ['parent', 'teacher'],
    returnTo: [`${service.origin}/${id}/*`, ...(id === 'moodle' ? returnTo : [])],
    release: ['login', 'role', 'lastName', 'firstName'],
    connector: { kind: 'cas', home: `${service.origin}/${id}/home`, attributes: { sn: '{lastName}', who: '{role}' } },
  })
  const link = { kind: 'signed-link', alg: 'ES256', url: `${service.origin}/sso` }
  return [journal('moodle'), journal('wiki'), { ...journal('plain'), connector: link }]
}

export function ticketIn(page: Page): string {
  const ticket = (page.location ?? page.url).searchParams.get('ticket')
  if (ticket === null) throw new Error(`no ticket at ${page.url.href} (${page.status})\n${page.text}`)
  return ticket
}
