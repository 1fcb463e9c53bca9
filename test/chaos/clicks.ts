/** A browser whose owner repeats a click that came to nothing: the same address again, or the same form. Nothing cleverer. */
import { setTimeout as wait } from 'node:timers/promises'
import { NUMBER } from '../support/told.js'
import { Browser, type Form, type Page } from '../support/browser.js'

/** Whatever the person meets, another click of theirs cannot mend. */
export class Stuck extends Error {
  override readonly name = 'Stuck'
}

export interface Clicking {
  /** Called between any two requests: here things happen to the town. */
  step(): Promise<void>
  /** A click came to a page that asks for another one, or to nothing. */
  repeated(failed?: FailedClick): void
  /** How often short-lived records were forgotten so far: whoever stands in the middle of a login then begins anew. */
  forgotten?(): Forgotten
}

/** It came to nothing: a node said that it does not work now, or nobody answered it. */
export interface FailedClick {
  /** `HOST:PORT` of the node that said so. */
  readonly by: string | undefined
}

/** Between the two counts it happens just now. */
export interface Forgotten {
  readonly begun: number
  readonly over: number
}

/** @param before as it was when something began that is done now: whether they may have been forgotten meanwhile */
export const wasForgotten = (clicking: Clicking, before: Forgotten | undefined): boolean =>
  clicking.forgotten?.().begun !== before?.over

/** As a person waits before pressing again. */
const PAUSE = 250
/** Milliseconds after which a person would give up: longer than any outage that a run makes, on a slow machine, too. */
const PATIENCE = 150_000

/** nginx found no node, the node died under it, or the bridge says that it does not work now. */
const NOT_NOW = [502, 503, 504]

const MOST_REDIRECTS = 20

export class Clicks {
  readonly browser: Browser
  private readonly clicking: Clicking

  constructor(ask: typeof fetch, clicking: Clicking) {
    this.browser = new Browser({ 'user-agent': 'Mozilla/5.0 (X11) Chrome/1 Safari/1' }, ask)
    this.clicking = clicking
  }

  get(url: string | URL): Promise<Page> {
    return this.follow(() => this.browser.request('GET', new URL(url)), new URL(url))
  }

  /** Presses a button of the page. @param words in the address of its form */
  submit(page: Page, fields: Readonly<Record<string, string>> = {}, words = ''): Promise<Page> {
    const form = page.forms.find(({ action }) => action.includes(words))
    if (!form) throw new Stuck(`no button ${words} on ${describePage(page)}`)
    return this.send(page, form, fields)
  }

  send(page: Page, form: Form, fields: Readonly<Record<string, string>> = {}): Promise<Page> {
    const to = new URL(form.action, page.url)
    const values = new URLSearchParams({ ...form.fields, ...fields })
    if (form.method === 'get') {
      to.search = values.toString()
      return this.follow(() => this.browser.request('GET', to, undefined, page.url), page.url)
    }
    return this.follow(() => this.browser.request('POST', to, values, page.url), page.url)
  }

  /** Where a page that only leads on leads to, which the person does not follow yet. */
  async onward(url: string | URL): Promise<URL | undefined> {
    return (await this.until(() => this.browser.request('GET', new URL(url)))).location
  }

  private async follow(first: () => Promise<Page>, from: URL): Promise<Page> {
    let here = await this.until(first)
    for (let count = 0; here.location && here.status >= 300 && here.status < 400; count += 1) {
      if (count === MOST_REDIRECTS) throw new Stuck(`redirected in a circle: ${here.url.pathname}`)
      const { location } = here
      here = await this.until(() => this.browser.request('GET', location, undefined, from))
    }
    return here
  }

  private async until(ask: () => Promise<Page>): Promise<Page> {
    const end = performance.now() + PATIENCE
    for (;;) {
      await this.clicking.step()
      const page = await ask().catch((error: unknown) =>
        isNetwork(error) ? undefined : Promise.reject(error as Error),
      )
      if (page && !NOT_NOW.includes(page.status)) return page
      if (performance.now() > end)
        throw new Stuck(`nothing but failures for ${PATIENCE / 1000} s, the last: ${told(page)}`)
      this.clicking.repeated({ by: page?.headers.get('x-node')?.split(', ').at(-1) })
      await wait(PAUSE)
    }
  }
}

const told = (page: Page | undefined): string => (page ? `${page.url.pathname} ${page.status}` : 'no answer at all')

/** The connection was refused or closed: what a browser shows as an error of its own. */
const isNetwork = (error: unknown): boolean =>
  error instanceof Error && ('code' in error || (error instanceof TypeError && error.cause !== undefined))

/** For findings: what a page says, without whom it says it to. */
export function describePage(page: Page): string {
  const heading = /<h1[^>]*>([\s\S]*?)<\/h1>/.exec(page.text)?.[1]?.replace(/\s+/g, ' ').trim()
  const number = NUMBER.exec(page.text)?.[0]
  return `${page.url.pathname.replace(/^\/continue\/.*/, '/continue/…')} ${page.status} «${heading ?? page.text.slice(0, 80)}»${number === undefined ? '' : ` ${number}`}`
}
