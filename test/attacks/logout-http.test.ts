/** What anybody can send to the addresses of single logout: a clear no, nobody thrown out, and no word of who is here. */
import { expect } from 'chai'
import { gzipSync } from 'node:zlib'
import type { MadeLogout, Way } from '../../src/mock-idp/logout-request.js'
import { logoutFaults } from '../../src/mock-idp/logout-faults.js'
import type { RefusalCode } from '../../src/base/refusals.js'
import type { Session } from '../../src/sessions/sessions.js'
import { Browser } from '../support/browser.js'
import { bring, logoutOf, sessionOf } from '../support/idp-logout.js'
import { walk } from '../support/sign-in.js'
import { NUMBER } from '../support/told.js'
import { startTestTown, type TestTown } from '../support/town.js'

const FORM = 'application/x-www-form-urlencoded'
const NUMBERS = new RegExp(NUMBER, 'g')

describe('attacks: logout over HTTP', () => {
  let town: TestTown
  let browser: Browser
  let session: Session
  before(async () => {
    town = await startTestTown()
    browser = new Browser()
    await walk(browser, `${town.town.bridge}/login?journal=sgo`, 'father@mail.example')
    session = await sessionOf(town, browser)
  })
  after(() => town.close())

  const signedIn = async (): Promise<boolean> => (await browser.get(`${town.town.bridge}/session`)).status === 200
  async function send(path: string, init: RequestInit & { duplex?: 'half' }, type?: string): Promise<[number, string]> {
    const headers = {
      accept: 'application/json',
      ...(type !== undefined && { 'content-type': type }),
      ...(init.headers as Record<string, string> | undefined),
    }
    const answer = await fetch(town.town.bridge + path, { ...init, headers, redirect: 'manual' })
    const text = await answer.text()
    const code = text.startsWith('{') ? (JSON.parse(text) as { refused: string }).refused : /[a-z]+\.[a-z-]+(?=:)/.exec(text)?.[0] // prettier-ignore
    return [answer.status, code ?? text]
  }
  const query = (by: Way): URLSearchParams => {
    const message = logoutOf(town, session, by)
    return message.by === 'post' ? new URLSearchParams(message.fields) : new URL(message.to).searchParams
  }
  const envelope = (): string => {
    const message = logoutOf(town, session, 'soap')
    return message.by === 'soap' ? message.body : ''
  }
  const post = (body: () => RequestInit['body'], type = FORM, more: RequestInit & { duplex?: 'half' } = {}) =>
    () => send('/saml/slo', { method: 'POST', body: body()!, ...more }, type) // prettier-ignore
  const soap = (body: () => RequestInit['body'], type = 'text/xml', more: RequestInit & { duplex?: 'half' } = {}) =>
    () => send('/saml/slo/soap', { method: 'POST', body: body()!, ...more }, type) // prettier-ignore
  const get = (search: () => string) => () => send(`/saml/slo?${search()}`, {})
  const chunks = (octets: number): ReadableStream =>
    new ReadableStream({
      pull(controller) {
        controller.enqueue(Buffer.alloc(65_536, 'A'))
        if ((octets -= 65_536) <= 0) controller.close()
      },
    })

  const rows: readonly (readonly [what: string, code: RefusalCode, ask: () => Promise<[number, string]>])[] = [
    ['5 MB', 'request.too-large', post(() => `SAMLRequest=${'A'.repeat(5_000_000)}`)],
    ['5 MB that do not say how long they are', 'request.too-large', post(() => chunks(5_000_000), FORM, { duplex: 'half' })],
    ['a bomb of gzip', 'request.too-large', post(() => gzipSync(Buffer.alloc(20_000_000, 'A')), FORM, { headers: { 'content-encoding': 'gzip' } })],
    ['a message as JSON', 'request.body', post(() => JSON.stringify({ SAMLRequest: query('post').get('SAMLRequest') }), 'application/json')],
    ['two requests', 'request.malformed', post(() => `${query('post').toString()}&${query('post').toString()}`)],
    ['the request twice, the second name in percent signs', 'request.malformed', post(() => `${query('post').toString()}&%53AMLRequest=x`)],
    ['a request and an answer', 'request.malformed', post(() => `${query('post').toString()}&SAMLResponse=x`)],
    ['two RelayStates', 'request.malformed', post(() => `${query('post').toString()}&RelayState=x`)],
    ['neither', 'request.malformed', post(() => 'RelayState=x')],
    ['an answer without RelayState', 'logout.unknown', post(() => 'SAMLResponse=x')],
    ['the query of a redirect as a form', 'saml.not-utf8', post(() => query('redirect').toString())],
    ['a form that is more than the judge takes', 'saml.too-large', post(() => `SAMLRequest=${'A'.repeat(360_000)}`)],
    ['a request and an answer in the query', 'request.malformed', get(() => `${query('redirect').toString()}&SAMLResponse=x`)],
    ['two requests in the query', 'request.malformed', get(() => `${query('redirect').toString()}&SAMLRequest=x`)],
    ['a second name in percent signs', 'request.malformed', get(() => `${query('redirect').toString()}&%53AMLRequest=x`)],
    ['a second signature', 'request.malformed', get(() => `Signature=x&${query('redirect').toString()}`)],
    ['another encoding', 'request.malformed', get(() => `${query('redirect').toString()}&SAMLEncoding=urn:x`)],
    ['a posted message in the query', 'saml.unsigned', get(() => query('post').toString())],
    ['an envelope of 5 MB', 'request.too-large', soap(() => 'A'.repeat(5_000_000))],
    ['an envelope that does not say how long it is', 'request.too-large', soap(() => chunks(5_000_000), 'text/xml', { duplex: 'half' })],
    ['an envelope in a bomb of gzip', 'request.too-large', soap(() => gzipSync(Buffer.alloc(20_000_000, 'A')), 'text/xml', { headers: { 'content-encoding': 'gzip' } })],
    ['an envelope as SOAP 1.2', 'request.body', soap(envelope, 'application/soap+xml')],
    ['an envelope as a form', 'request.body', soap(envelope, FORM)],
    ['a form as an envelope', 'saml.not-xml', soap(() => query('post').toString())],
    ['nothing as an envelope', 'saml.not-xml', soap(() => '')],
  ] // prettier-ignore
  for (const [what, code, ask] of rows)
    it(`${what} -> ${code}`, async () => {
      const [status, found] = await ask()
      expect([found, await signedIn()]).to.deep.equal([code, true])
      expect(status).to.be.within(400, 500)
    })

  describe('tells no stranger who is here', () => {
    const stranger = logoutFaults.find(({ refused }) => refused === 'saml.untrusted-key')!
    const unsigned = logoutFaults.find(({ refused }) => refused === 'saml.unsigned')!
    const bare = async (message: MadeLogout): Promise<string> => {
      const page = await bring(message)
      // the number is drawn for each, and its section holds the time as well
      const text = page.text.replace(/<section class="number"[\s\S]*?<\/section>/, '')
      return `${page.status} ${String(page.location)} ${text}`.replaceAll(NUMBERS, '')
    }
    for (const by of ['redirect', 'post', 'soap'] as const)
      it(`by ${by}: whoever cannot sign gets the same answer about somebody and nobody`, async () => {
        for (const fault of [stranger, unsigned]) {
          const [somebody, nobody] = [{ fault }, { fault, nameId: '_nobody' }].map(change => logoutOf(town, session, by, change)) // prettier-ignore
          expect(await bare(somebody!), fault.name).to.equal(await bare(nobody!))
        }
        expect(await signedIn()).to.equal(true)
      })
  })

  // mocha runs the tests of a suite before the suites in it
  describe('control', () => {
    it('what the rows spoil is obeyed', async () => {
      expect((await send(`/saml/slo?${query('redirect').toString()}`, {}))[0]).to.equal(303)
      expect(await signedIn()).to.equal(false)
    })
  })
})
