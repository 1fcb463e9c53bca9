/**
 * A browser without scripts: keeps cookies, follows redirects one by one, fills forms in. Coarse where tests need no more:
 * a site is a host name, paths of cookies are ignored.
 */
import { cp1251 } from '../identity/cp1251.js'

export interface Form {
  readonly action: string
  readonly method: 'get' | 'post'
  /** What the form holds already: hidden inputs, values typed before, the chosen options. */
  readonly fields: Readonly<Record<string, string>>
  /** As accept-charset names it, in small letters. */
  readonly charset: string
  /** Named buttons, as name and value. */
  readonly buttons: readonly { readonly name: string; readonly value: string }[]
}

export class Page {
  readonly url: URL
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly forms: readonly Form[]

  constructor(url: URL, status: number, headers: Headers, text: string) {
    this.url = url
    this.status = status
    this.headers = headers
    this.text = text
    this.forms = readForms(text)
  }

  /** The address a redirect leads to. */
  get location(): URL | undefined {
    const location = this.headers.get('location')
    return location === null ? undefined : new URL(location, this.url)
  }

  /** @throws Error with the page's text when no form's address contains the words */
  form(words = ''): Form {
    const found = this.forms.find(form => form.action.includes(words))
    if (!found) throw new Error(`no form for "${words}" on ${this.url.href} (${this.status}):\n${this.text}`)
    return found
  }

  /** The address of the first link whose text or address contains the words. */
  link(words: string): URL {
    for (const [, tag = '', inner = ''] of this.text.matchAll(/<a\s([^>]*)>([\s\S]*?)<\/a\s*>/g)) {
      const href = attribute(tag, 'href') ?? ''
      if (inner.includes(words) || href.includes(words)) return new URL(href, this.url)
    }
    throw new Error(`no link "${words}" on ${this.url.href} (${this.status})`)
  }
}

interface Cookie {
  readonly value: string
  readonly secure: boolean
  readonly sameSite: string
}

const MOST_REDIRECTS = 20

export class Browser {
  /** Host name (cookies ignore ports), then the cookie's name. */
  readonly cookies = new Map<string, Map<string, Cookie>>()
  /** Every address that was asked for, in order: what history and referrers could tell. */
  readonly visited: string[] = []
  readonly headers: Readonly<Record<string, string>>
  private readonly fetch: typeof fetch

  /**
   * @param headers sent with every request, e.g. `{ accept: 'application/json' }`
   * @param ask another one where a test has certificates of its own
   */
  constructor(headers: Readonly<Record<string, string>> = {}, ask: typeof fetch = fetch) {
    this.headers = headers
    this.fetch = ask
  }

  /** Goes to the address and follows redirects. */
  async get(url: string | URL): Promise<Page> {
    return this.follow(await this.request('GET', new URL(url)))
  }

  /** Fills a form of the page in and follows where it leads. */
  async submit(page: Page, fields: Readonly<Record<string, string>> = {}, words = ''): Promise<Page> {
    const form = page.form(words)
    const to = new URL(form.action, page.url)
    const values = new URLSearchParams({ ...form.fields, ...fields })
    if (form.method === 'get') {
      to.search = values.toString()
      return this.follow(await this.request('GET', to, undefined, page.url))
    }
    const body = form.charset === 'windows-1251' ? inWindows1251(values) : values
    return this.follow(await this.request('POST', to, body, page.url))
  }

  async follow(page: Page): Promise<Page> {
    let here = page
    for (let count = 0; here.location && here.status >= 300 && here.status < 400; count += 1) {
      if (count === MOST_REDIRECTS) throw new Error(`redirected in a circle: ${this.visited.slice(-4).join(' ')}`)
      here = await this.request('GET', here.location, undefined, page.url)
    }
    return here
  }

  /** One request, no redirect followed. @param from the page the browser is on: its site and Origin */
  async request(method: 'GET' | 'POST', url: URL, body?: URLSearchParams | string, from?: URL): Promise<Page> {
    this.visited.push(url.href)
    const cookie = this.cookieHeader(method, url, from)
    const response = await this.ask(url, {
      method,
      redirect: 'manual',
      headers: {
        accept: 'text/html',
        ...this.headers,
        ...(cookie !== '' && { cookie }),
        ...(method === 'POST' && from && { origin: from.origin }),
        ...(typeof body === 'string' && { 'content-type': 'application/x-www-form-urlencoded' }),
      },
      ...(body !== undefined && { body }),
    })
    this.keepCookies(url, response.headers.getSetCookie())
    return new Page(url, response.status, response.headers, await response.text())
  }

  /** A kept connection may turn out closed, e.g. by a restart: a GET is asked once more (RFC 9110, 9.2.2), as browsers do. */
  private async ask(url: URL, request: RequestInit): Promise<Response> {
    try {
      return await this.fetch(url, request)
    } catch (error) {
      if (request.method !== 'GET' || !isClosedConnection(error)) throw error
      return this.fetch(url, request)
    }
  }

  cookie(url: string | URL, name: string): string | undefined {
    return this.cookies.get(new URL(url).hostname)?.get(name)?.value
  }

  /** Lax cookies do not travel with a post from another site; Secure ones travel over https, and to this very machine. */
  private cookieHeader(method: string, url: URL, from: URL | undefined): string {
    const crossSite = from !== undefined && from.hostname !== url.hostname
    const trusted = url.protocol === 'https:' || url.hostname === 'localhost' || url.hostname === '127.0.0.1'
    return [...(this.cookies.get(url.hostname) ?? [])]
      .filter(([, cookie]) => !cookie.secure || trusted)
      .filter(
        ([, cookie]) => !crossSite || cookie.sameSite === 'none' || (cookie.sameSite === 'lax' && method === 'GET'),
      )
      .map(([name, cookie]) => `${name}=${cookie.value}`)
      .join('; ')
  }

  private keepCookies(url: URL, lines: readonly string[]): void {
    const jar = this.cookies.get(url.hostname) ?? new Map<string, Cookie>()
    this.cookies.set(url.hostname, jar)
    for (const line of lines) {
      const [pair = '', ...rest] = line.split(';').map(part => part.trim())
      const name = pair.slice(0, pair.indexOf('='))
      const rules = new Map(rest.map(rule => [rule.split('=')[0]!.toLowerCase(), rule.split('=')[1] ?? '']))
      const ended = rules.get('max-age') === '0' || Date.parse(rules.get('expires') ?? '') <= Date.now()
      if (ended) jar.delete(name)
      else {
        jar.set(name, {
          value: pair.slice(pair.indexOf('=') + 1),
          secure: rules.has('secure'),
          sameSite: (rules.get('samesite') ?? 'lax').toLowerCase(),
        })
      }
    }
  }
}

/** @throws where a browser would put in a character reference */
const inWindows1251 = (values: URLSearchParams): string =>
  [...values]
    .map(pair => pair.map(text => Buffer.from(cp1251(text)).toString('hex').replace(/../g, '%$&')).join('='))
    .join('&')

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", '#x27': "'" }
const unescape = (text: string): string =>
  text.replace(/&(amp|lt|gt|quot|#39|#x27);/g, (_, name: string) => ENTITIES[name]!)

function attribute(tag: string, name: string): string | undefined {
  const found = new RegExp(`(?:^|\\s)${name}="([^"]*)"`).exec(tag)
  return found ? unescape(found[1]!) : undefined
}

function readForms(text: string): readonly Form[] {
  return [...text.matchAll(/<form\s([^>]*)>([\s\S]*?)<\/form\s*>/g)].map(([, tag = '', inner = '']) => ({
    action: attribute(tag, 'action') ?? '',
    method: attribute(tag, 'method') === 'post' ? 'post' : 'get',
    fields: readFields(inner),
    charset: (attribute(tag, 'accept-charset') ?? 'utf-8').toLowerCase(),
    buttons: [...inner.matchAll(/<button\s([^>]*)>/g)].flatMap(([, button = '']) => {
      const name = attribute(button, 'name')
      return name === undefined ? [] : [{ name, value: attribute(button, 'value') ?? '' }]
    }),
  }))
}

function readFields(inner: string): Record<string, string> {
  const fields: Record<string, string> = {}
  for (const [, tag = ''] of inner.matchAll(/<input\s([^>]*?)\/?>/g)) {
    const name = attribute(tag, 'name')
    const chosen = !/type="(?:checkbox|radio)"/.test(tag) || /\schecked/.test(tag)
    if (name !== undefined && chosen) fields[name] = attribute(tag, 'value') ?? ''
  }
  for (const [, tag = '', options = ''] of inner.matchAll(/<select\s([^>]*)>([\s\S]*?)<\/select\s*>/g)) {
    const all = [...options.matchAll(/<option\s([^>]*)>/g)].map(([, option = '']) => option)
    const chosen = all.find(option => /\sselected/.test(option)) ?? all[0] ?? ''
    const name = attribute(tag, 'name')
    if (name !== undefined) fields[name] = attribute(chosen, 'value') ?? ''
  }
  return fields
}

const isClosedConnection = (error: unknown) =>
  error instanceof TypeError &&
  error.cause instanceof Error &&
  'code' in error.cause &&
  error.cause.code === 'UND_ERR_SOCKET'
