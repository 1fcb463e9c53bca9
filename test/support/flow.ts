/** What most flows begin with: a town of their own, the address of a login, and what a browser's session says. */
import type { Browser } from './browser.js'
import { startTestTown, type TestTown, type TestTownOptions } from './town.js'

export interface Flow {
  readonly town: TestTown
  /** @param query of `GET /login` */
  readonly login: (query?: string) => string
  readonly session: (browser: Browser) => Promise<{ readonly status: number; readonly body: Record<string, unknown> }>
}

/** Called inside `describe`: starts the town before its tests and closes it behind them. */
export function useTown(options: TestTownOptions = {}): Flow {
  let town: TestTown | undefined
  before(async () => {
    town = await startTestTown(options)
  })
  after(() => town?.close())
  const here = (): TestTown => {
    if (!town) throw new Error('the town stands only while tests run')
    return town
  }
  return {
    get town() {
      return here()
    },
    login: (query = 'journal=sgo') => `${here().town.bridge}/login?${query}`,
    async session(browser) {
      const page = await browser.get(`${here().town.bridge}/session`)
      return { status: page.status, body: JSON.parse(page.text) as Record<string, unknown> }
    },
  }
}
