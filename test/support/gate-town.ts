/** A town with journals behind proxies of their own; called inside `describe`. */
import { expect } from 'chai'
import type { RequestNumber } from '../../src/base/request-number.js'
import type { Town } from '../../src/demo/settings.js'
import { Browser } from './browser.js'
import { walk } from './sign-in.js'
import { startTestTown, type TestTown } from './town.js'

export const FATHER = 'father@mail.example'
export const HTTPS_SITE = 'https://dnevnik.school.example'

/** Two more journals of this kind: one over https, whose proxy nobody started, and one at the demo's own door. */
const more = (id: string, site: string) => ({
  id,
  title: `Журнал ${id}`,
  schools: ['school-1'],
  connector: { kind: 'trusted-headers', site },
  returnTo: [`${site}/*`],
  roles: ['parent'],
})
const withHttps = (town: Town) => ({ journals: [...demoJournals(town), more('dnevnik', HTTPS_SITE)] })

/** As the demo has it. */
const demoJournals = ({ journals: site }: Town) => [
  {
    ...more('headers', site),
    schools: ['school-1', 'school-2'],
    connector: {
      kind: 'trusted-headers',
      site,
      path: '/headers/.bridge',
      home: '/headers/',
      headers: { 'X-Remote-User': '{login}', 'X-Remote-Role': '{role}', 'X-Remote-Name': '{lastName} {firstName}' },
    },
    returnTo: [`${site}/headers/*`],
    release: ['login', 'role', 'lastName', 'firstName'],
  },
  more('neighbour', site),
]

export interface GateTown {
  readonly town: TestTown
  /** Where the journal `headers` stands. */
  readonly site: string
  /** The proxy's question about a request with these cookies. */
  readonly check: (
    cookie: string,
    headers?: Readonly<Record<string, string>>,
    query?: string,
    id?: string,
  ) => Promise<Response>
  /** The cookie by which this browser is inside. */
  readonly visitOf: (browser: Browser) => string
  readonly signedIn: () => Promise<Browser>
  /** Where the hand-off leads, without going there. */
  readonly handleOf: (browser: Browser, state: string) => Promise<URL>
  /** What the audit says about the last login that a journal or a page of ours began. */
  readonly refusedAt: () => Promise<readonly (string | undefined)[]>
}

/** The cookies of a browser: on one machine those of the bridge and of the journals lie together. */
export const jar = (browser: Browser) => browser.cookies.get('localhost')!

export function useGateTown(): GateTown {
  let town: TestTown
  let site: string
  before(async () => {
    town = await startTestTown({ more: withHttps })
    site = `${town.town.journals}/headers`
  })
  after(() => town.close())
  return {
    get town() {
      return town
    },
    get site() {
      return site
    },
    check: (cookie, headers = {}, query = '', id = 'headers') =>
      fetch(`${town.town.bridge}/auth/${id}/check${query}`, { redirect: 'manual', headers: { cookie, ...headers } }),
    visitOf: browser => `vhod-visit-headers=${browser.cookie(site, 'vhod-visit-headers')!}`,
    async signedIn() {
      const browser = new Browser()
      expect((await walk(browser, `${site}/diary`, FATHER)).text).to.include('p-1002')
      return browser
    },
    async handleOf(browser, state) {
      const query = new URLSearchParams({ journal: 'headers', state }).toString()
      const { location } = await browser.request('GET', new URL(`${town.town.bridge}/login?${query}`))
      expect(location?.pathname).to.equal('/headers/.bridge/enter')
      return location!
    },
    refusedAt: () => refusedIn(town),
  }
}

async function refusedIn({ logs, bridge }: TestTown): Promise<readonly (string | undefined)[]> {
  const numbers = logs.flatMap(line => /"number":"([^"]+)"[^\n]*"path":"\/login"/.exec(line)?.[1] ?? [])
  const events = await Promise.all(
    numbers.slice(-2).map(number => bridge.store.audit.byNumber(number as RequestNumber)),
  )
  return events.flat().flatMap(({ what, code }) => (what === 'login.refused' ? [code] : []))
}
