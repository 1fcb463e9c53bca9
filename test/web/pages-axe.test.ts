import { AxeBuilder } from '@axe-core/playwright'
import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core'
import { projectFile } from '../../src/base/project-file.js'
import { assets } from '../../src/web/assets/assets.js'
import { has } from '../support/require.js'
import { samples } from './page-samples.js'

const CHROMIUM = '/usr/bin/chromium'
const HOST = 'http://pages.example'
const present = has(CHROMIUM, 'chromium')

/** What the bridge's answers carry; a page that needs more would break in people's browsers. */
const csp =
  "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
/** Of pages with a script of ours; test/web/pages.test.ts says which those are. */
const scripted = `${csp}; script-src 'self'`

const tags = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice']
/** Samples whose markup differs from all others, not only their words. */
const sameMarkup =
  /^(landing-(two|few|many|empty)|school-|signed-in-no|logout-a|farewell(-partial)?$|unavailable|refusal-s|old-login-(english|one|bound|whose-)|child-(english|asked)|create-(choose|done))/
const differing = [...samples.keys()].filter(name => !sameMarkup.test(name))
/** Between them they show every colour. */
const colourful = new Set(['landing-found', 'choose', 'self-test', 'refusal-level'])

/** Legacy mode: axe need not look into frames of other hosts, since no page has any. */
async function findings(page: Page, runOnly: { type: 'tag' | 'rule'; values: string[] }): Promise<readonly string[]> {
  const axe = new AxeBuilder({ page }).setLegacyMode().options({ runOnly, resultTypes: ['violations'] })
  const { violations } = await axe.analyze()
  return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`)
}

/** Answers from memory: no server, and whatever asks for another address fails. */
async function open(context: BrowserContext): Promise<Page> {
  await context.route('**/*', route => {
    const { pathname } = new URL(route.request().url())
    const asset = assets.find(({ path }) => path === pathname)
    // the page that posts itself stands still, to be looked at: test/browser/logout.test.ts sees it go
    const body = asset?.type.includes('javascript') === true ? '' : (asset?.body ?? samples.get(pathname.slice(1)))
    if (body === undefined) return route.abort()
    return route.fulfill({
      body,
      contentType: asset?.type ?? 'text/html; charset=utf-8',
      headers: { 'content-security-policy': body.includes('<script') ? scripted : csp },
    })
  })
  return context.newPage()
}

;(present ? describe : describe.skip)('pages in Chromium', function () {
  this.timeout(300_000)
  let browser: Browser
  before(async () => {
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] })
  })
  after(() => browser.close())

  it('axe finds nothing at 390 px, and no weak contrast in the dark', async () => {
    const context = await browser.newContext({ viewport: { width: 390, height: 844 }, bypassCSP: true })
    const page = await open(context)
    for (const name of differing) {
      await page.emulateMedia({ colorScheme: 'light' })
      await page.goto(`${HOST}/${name}`)
      expect(await findings(page, { type: 'tag', values: tags }), name).to.deep.equal([])
      await page.emulateMedia({ colorScheme: 'dark' })
      if (colourful.has(name))
        expect(await findings(page, { type: 'rule', values: ['color-contrast'] }), `${name}, dark`).to.deep.equal([])
    }
    await context.close()
  })

  it('axe finds nothing in the page that stands in for the bridge, which fits a phone', async () => {
    const page = await browser.newPage({ viewport: { width: 320, height: 640 } })
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      await page.setContent(readFileSync(projectFile('deploy/pause.html'), 'utf8'))
      expect(await findings(page, { type: 'tag', values: tags }), colorScheme).to.deep.equal([])
      expect(await page.evaluate('document.documentElement.scrollWidth')).to.equal(320)
    }
    await page.close()
  })

  it('nothing is blocked by the policy, and no page scrolls sideways at 320 px (1280 px at 400 %)', async () => {
    const context = await browser.newContext({ viewport: { width: 320, height: 640 } })
    const page = await open(context)
    const complaints: string[] = []
    page.on('console', message => complaints.push(message.text()))
    for (const name of samples.keys()) {
      await page.goto(`${HOST}/${name}`)
      expect(await page.evaluate('getComputedStyle(document.body).display'), name).to.equal('flex')
      const wide = await page.evaluate('document.documentElement.scrollWidth')
      expect(wide, name).to.be.at.most(320)
    }
    expect(complaints).to.deep.equal([])
    await context.close()
  })

  it('the chooser is answered by keyboard: past the skip link to the first card', async () => {
    const context = await browser.newContext({ viewport: { width: 390, height: 844 } })
    const page = await open(context)
    await page.goto(`${HOST}/choose`)
    await page.keyboard.press('Tab')
    expect(await page.locator(':focus').innerText()).to.equal('Перейти к содержанию')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Tab')
    const posted = page.waitForRequest(request => request.method() === 'POST')
    await page.keyboard.press('Enter')
    expect((await posted).postData()).to.equal('token=T-0&choice=c1')
    await context.close()
  })
})
