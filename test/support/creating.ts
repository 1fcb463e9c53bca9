/** A town whose second journal makes accounts as a test wants it, and people who ask for one. */
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { journalsOf, type Town } from '../../src/demo/settings.js'
import type { Browser, Page } from './browser.js'
import { claimsOf, walk } from './sign-in.js'
import type { TestTown } from './town.js'

export const NOBODY = 'nobody@mail.example'

/** What the bridge's server asked for. */
export interface Wish {
  readonly claims: Readonly<Record<string, unknown>>
  readonly headers: IncomingHttpHeaders
}

export type Answer = (response: ServerResponse, wish: Wish) => void

export const says =
  (body: unknown, status = 200): Answer =>
  response =>
    void response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body))

export interface StrangeJournal {
  readonly wishes: Wish[]
  /** From now on. */
  answer: Answer
  /** Further keys of bridge.yaml: the second journal asks here. */
  more(change?: object): (town: Town) => { readonly journals: readonly unknown[] }
  close(): void
}

export async function openStrangeJournal(): Promise<StrangeJournal> {
  const wishes: Wish[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', part => (body += String(part)))
    request.on('end', () => {
      const wish = { claims: claimsOf(new URLSearchParams(body).get('new_account')!), headers: request.headers }
      wishes.push(wish)
      journal.answer(response, wish)
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/new`
  const journal: StrangeJournal = {
    wishes,
    answer: says({ created: true, login: 'made-1' }),
    more:
      (change = {}) =>
      place => ({
        journals: journalsOf(place).map(each =>
          each.id === 'eljur' ? { ...each, createAccounts: { ...makes(each), url, ...change } } : each,
        ),
      }),
    close: () => server.close().closeAllConnections(),
  }
  return journal
}

const makes = (journal: object): object => (journal as { readonly createAccounts: object }).createAccounts

export const createAt = ({ town }: TestTown, more = '', journal = 'eljur'): URL =>
  new URL(`/me/create?journal=${journal}${more}`, town.bridge)

export const PARENT = '&of=school-1&as=parent'

/** In the first school, as a parent unless said otherwise. */
export async function openForm(
  town: TestTown,
  browser: Browser,
  who = NOBODY,
  more = PARENT,
  journal = 'eljur',
): Promise<Page> {
  await walk(browser, createAt(town, '', journal), who)
  return browser.get(createAt(town, more, journal))
}

/** Ticks the box and presses «Создать запись». */
export const agree = (browser: Browser, page: Page, change: Readonly<Record<string, string>> = {}): Promise<Page> =>
  browser.submit(page, { agree: 'yes', ...change }, '/me/create')
