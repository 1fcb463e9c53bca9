/** The server of a journal, honest or not: posts exactly what it is told to, and gets a fresh handle when it needs one. */
import { request as send } from 'node:http'
import { Browser } from './browser.js'
import { walk } from './sign-in.js'
import type { TestTown } from './town.js'

export interface Sent {
  readonly headers?: Readonly<Record<string, string | readonly string[]>>
  readonly query?: string
  readonly body?: string | Buffer
}

export interface Redeemed {
  readonly status: number
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly json: Readonly<Record<string, unknown>>
}

export const FORM = 'application/x-www-form-urlencoded'

export const basic = (id: string, secret: string): string =>
  `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`

/** No client of ours puts anything right on the way. */
export function post(town: TestTown, { headers = {}, query = '', body = '' }: Sent): Promise<Redeemed> {
  const { hostname, port } = new URL(town.town.bridge)
  return new Promise((resolve, reject) => {
    const all = { 'content-type': FORM, ...headers } as Record<string, string>
    const request = send({ hostname, port, method: 'POST', path: `/hand-off/redeem${query}`, headers: all }, answer => {
      const parts: Buffer[] = []
      answer.on('data', (part: Buffer) => parts.push(part))
      answer.on('error', reject)
      answer.on('end', () => {
        const json = JSON.parse(Buffer.concat(parts).toString()) as Redeemed['json']
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, json })
      })
    })
    request.setTimeout(60_000, () => request.destroy(new Error('no answer')))
    request.on('error', reject)
    request.end(body)
  })
}

/** Somebody is signed in, and walks into journals as often as a test needs a handle. */
export async function somebody(town: TestTown, login = 'father@mail.example') {
  const browser = new Browser()
  await walk(browser, `${town.town.bridge}/login`, login)
  return {
    browser,
    /** The handle that the browser carries to the journal; nobody has fetched anything for it yet. */
    async handle(journal: string, query = ''): Promise<string> {
      browser.cookies.get('localhost')!.delete('vhod-rounds')
      const page = await browser.request('GET', new URL(`/login?journal=${journal}${query}`, town.town.bridge))
      const handle = page.location?.searchParams.get('handle')
      if (typeof handle !== 'string') throw new Error(`no handle, but ${page.status}: ${page.text}`)
      return handle
    },
  }
}
