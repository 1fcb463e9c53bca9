/** What people do at our page of consent. */
import { expect } from 'chai'
import { demoConsent } from '../../src/demo/consent.js'
import { projectFile } from '../../src/base/project-file.js'
import type { Browser, Page } from './browser.js'
import type { TestTown } from './town.js'

const DAY = 86_400_000
export const dayAfter = (days: number, from = Date.now()): string =>
  new Date(from + days * DAY).toISOString().slice(0, 10)

/** Asks with the demo's text, and with another one from the day after tomorrow on. */
export const asksConsent = (change: Readonly<Record<string, unknown>> = {}) => ({
  consent: {
    ...demoConsent,
    texts: [...demoConsent.texts, { version: 'later', file: projectFile('LICENSE'), from: dayAfter(2) }],
    ...change,
  },
})

export const isConsent = ({ text, status }: Page): boolean => status === 200 && text.includes('Нужно ваше согласие')

export function expectConsent(page: Page): Page {
  expect(isConsent(page), `${page.url.href} ${page.status} ${/<h1>.*<\/h1>/.exec(page.text)?.[0]}`).to.equal(true)
  return page
}

export const agree = (browser: Browser, page: Page, change: Readonly<Record<string, string>> = {}): Promise<Page> =>
  browser.submit(expectConsent(page), { agree: 'yes', consent: 'given', ...change }, '/continue/')

export const decline = (browser: Browser, page: Page): Promise<Page> =>
  browser.submit(expectConsent(page), { consent: 'declined' }, '/continue/')

/** Presses the card of the chooser that shows these words. */
export function choose(browser: Browser, page: Page, words: string): Promise<Page> {
  const card = new RegExp(`name="choice" value="([^"]+)"[^>]*>(?:(?!</button>)[\\s\\S])*${words}`).exec(page.text)
  if (!card) throw new Error(`no card "${words}" at ${page.url.href}`)
  return browser.submit(page, { choice: card[1]! }, '/continue/')
}

/** Accounts that were entered in the sessions of this town, in no order. */
export async function enteredIn({ bridge, clock }: TestTown): Promise<readonly string[]> {
  const found: string[] = []
  for await (const { entered } of bridge.store.sessions.traces(clock.now()))
    found.push(...entered.map(({ journal, login }) => `${journal} ${login}`))
  return found
}
