/** A browser of few words: it keeps cookies by host, and goes where it is sent only when told to. */
import { formOctets } from '../form-octets.js'
import { ask, type Answer, type Headers, type Network } from '../network.js'

export interface Browser {
  /** @param more headers that no browser would send by itself */
  readonly get: (url: URL, more?: Headers) => Promise<Answer>
  /** @param charset as a HandOff has it */
  readonly post: (url: URL, fields: Readonly<Record<string, string>>, charset?: 'windows-1251') => Promise<Answer>
  /** The same cookies in a browser of its own. */
  readonly twin: () => Browser
}

type Jar = Map<string, Map<string, string>>

/** So that the journal's people know in their log who was there. */
const NAME = 'esia-school-bridge check-journal'

export function openBrowser(network: Network, jar: Jar = new Map()): Browser {
  const go = async (url: URL, body?: string, more: Headers = {}): Promise<Answer> => {
    const cookies = [...(jar.get(url.hostname) ?? [])].map(([name, value]) => `${name}=${value}`).join('; ')
    const headers = {
      'User-Agent': NAME,
      Accept: 'text/html,*/*',
      ...(cookies !== '' && { Cookie: cookies }),
      ...(body !== undefined && { 'Content-Type': 'application/x-www-form-urlencoded' }),
    }
    const length = body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(body)) }
    const answer = await ask(network, url, {
      headers: { ...headers, ...length, ...more },
      ...(body !== undefined && { method: 'POST' as const, body }),
    })
    keep(jar, url.hostname, answer.headers['set-cookie'] ?? [])
    return answer
  }
  return {
    get: (url, more) => go(url, undefined, more),
    post: (url, fields, charset) => go(url, formOctets(fields, charset)),
    twin: () => openBrowser(network, new Map([...jar].map(([host, cookies]) => [host, new Map(cookies)]))),
  }
}

function keep(jar: Jar, host: string, lines: readonly string[]): void {
  const cookies = jar.get(host) ?? new Map<string, string>()
  for (const line of lines) {
    const [, name, value] = /^\s*([^=;]+)=([^;]*)/.exec(line) ?? []
    if (name === undefined || value === undefined) continue
    if (isOver(line)) cookies.delete(name)
    else cookies.set(name, value)
  }
  jar.set(host, cookies)
}

function isOver(line: string): boolean {
  const [, age] = /;\s*max-age=(-?\d+)/i.exec(line) ?? []
  if (age !== undefined) return Number(age) <= 0
  const [, date] = /;\s*expires=([^;]+)/i.exec(line) ?? []
  return date !== undefined && Date.parse(date) < Date.now()
}

/** @returns where an answer leads, or undefined */
export function leadsTo({ status, headers }: Answer, from: URL): URL | undefined {
  const { location } = headers
  if (status < 300 || status > 399 || location === undefined || !URL.canParse(location, from)) return undefined
  return new URL(location, from)
}

const FEW = 6

/** Follows redirects as long as `mayGo` says so. @returns the last answer, and where it came from */
export async function follow(
  browser: Browser,
  answer: Answer,
  from: URL,
  mayGo: (to: URL) => boolean,
): Promise<{ readonly answer: Answer; readonly at: URL }> {
  let here = { answer, at: from }
  for (let i = 0; i < FEW; i++) {
    const to = leadsTo(here.answer, here.at)
    if (!to || !mayGo(to)) break
    here = { answer: await browser.get(to), at: to }
  }
  return here
}
