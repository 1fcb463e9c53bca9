/** A real Chromium for tests: it sees no network beyond this machine, and whatever it complains about is kept. */
import { expect } from 'chai'
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'
import { has } from '../support/require.js'
import type { TestTown } from '../support/town.js'

const CHROMIUM = '/usr/bin/chromium'

/** false means: skip. */
export const present = has(CHROMIUM, 'chromium')

export const PHONE = { width: 390, height: 844 }
export const DESKTOP = { width: 1280, height: 800 }

/** What Chromium says of a picture when the person went on before it came. */
const LEFT = 'net::ERR_ABORTED'

const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1',
]

export const launch = (...more: readonly string[]): Promise<Browser> =>
  chromium.launch({ executablePath: CHROMIUM, args: [...ARGUMENTS, ...more] })

/** One person before one screen: cookies of their own, one tab. */
export interface Visitor {
  readonly page: Page
  readonly scripts: boolean
  /** Console errors and warnings (a breach of the content policy is one), exceptions, failed requests. */
  readonly complaints: string[]
  /** Every address that was asked for, in order. */
  readonly asked: string[]
  leave(): Promise<void>
}

export async function visitor(browser: Browser, options: BrowserContextOptions = {}): Promise<Visitor> {
  const context = await browser.newContext({ viewport: PHONE, locale: 'ru-RU', ...options })
  const page = await context.newPage()
  page.setDefaultTimeout(60_000)
  const complaints: string[] = []
  const asked: string[] = []
  context.on('console', message => {
    if (['error', 'warning'].includes(message.type())) complaints.push(`${page.url()}: ${message.text()}`)
  })
  context.on('weberror', error => complaints.push(`${page.url()}: ${error.error().message}`))
  context.on('request', request => asked.push(request.url()))
  context.on('requestfailed', request => {
    const why = request.failure()?.errorText ?? ''
    if (why !== LEFT) complaints.push(`${request.url()}: ${why}`)
  })
  const scripts = options.javaScriptEnabled ?? true
  return { page, scripts, complaints, asked, leave: () => context.close() }
}

/** Nothing was blocked, nothing failed, and no other host was asked for anything. */
export function expectQuiet({ complaints, asked }: Visitor, { town }: TestTown): void {
  expect(complaints).to.deep.equal([])
  const known = [town.bridge, town.idp, town.journals]
  expect(asked.filter(url => !known.includes(new URL(url).origin))).to.deep.equal([])
}
