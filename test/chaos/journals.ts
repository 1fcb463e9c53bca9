/**
 * Two journals that write down who came in. Their servers are greedy: a handle is redeemed twice at the same moment and once
 * more afterwards, over whatever nodes the balancer picks.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { jwtVerify } from 'jose'
import type { Entered, Redeemed } from './evidence.js'

export interface Journals {
  readonly entered: Entered[]
  readonly redeemed: Redeemed[]
  /** Sessions of which the bridge told them that they ended. */
  readonly ended: Set<string>
  close(): Promise<void>
}

export interface JournalOptions {
  readonly port: number
  readonly bridge: string
  /** Trusts the bridge's certificate. */
  readonly ask: typeof fetch
  /** Shared with the bridge, by journal. */
  readonly secrets: Readonly<Record<'sgo' | 'handle', string>>
}

export const SAYS_IN = 'вошёл '
/** Of the page that asks for one more click: the bridge did not tell who it is. */
export const ONCE_MORE = 'Журнал просит войти ещё раз'

type Claims = Readonly<Record<string, unknown>>

export async function startJournals(options: JournalOptions): Promise<Journals> {
  const kept = { entered: [] as Entered[], redeemed: [] as Redeemed[], ended: new Set<string>() }
  const server = createServer((request, response) => {
    answer(options, kept, request, response).catch((error: unknown) => {
      response.statusCode = 500
      response.end(String(error))
    })
  })
  await new Promise<void>(resolve => server.listen(options.port, 'localhost', resolve))
  const { port } = server.address() as AddressInfo
  if (port !== options.port) throw new Error(`the journals wanted port ${options.port}`)
  return {
    ...kept,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function answer(
  options: JournalOptions,
  kept: Omit<Journals, 'close'>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://localhost')
  const { searchParams: query, pathname } = url
  response.setHeader('Content-Type', 'text/html; charset=utf-8')
  if (pathname === '/sgo/sso') await byToken(options, kept, query.get('token') ?? '', response)
  else if (pathname === '/handle/enter') await byHandle(options, kept, query.get('handle') ?? '', response)
  else if (pathname.endsWith('/sso-logout')) {
    kept.ended.add(await sidOf(options, pathname.split('/')[1] as 'sgo' | 'handle', request))
    response.end()
  } else {
    response.statusCode = 404
    response.end('nothing here')
  }
}

async function byToken(
  options: JournalOptions,
  kept: Omit<Journals, 'close'>,
  token: string,
  response: ServerResponse,
): Promise<void> {
  const claims = await verified(options, token)
  const since = Number(claims['iat']) * 1000
  letIn(kept, 'sgo', { claims, since, until: since + 999 }, response)
}

async function byHandle(
  options: JournalOptions,
  kept: Omit<Journals, 'close'>,
  handle: string,
  response: ServerResponse,
): Promise<void> {
  const since = Date.now()
  const both = await Promise.all([redeem(options, handle), redeem(options, handle)])
  const third = await redeem(options, handle)
  const got = [...both, third].filter(claims => claims !== undefined)
  for (const claims of got) kept.redeemed.push({ handle: `${handle.slice(0, 6)}… ${String(claims['jti'])}` })
  const [claims] = got
  if (claims) letIn(kept, 'handle', { claims, since, until: Date.now() }, response)
  else response.end(`<a href="${options.bridge}/login?journal=handle">${ONCE_MORE}</a>`)
}

function letIn(
  { entered }: Omit<Journals, 'close'>,
  journal: string,
  { claims, ...times }: Pick<Entered, 'since' | 'until'> & { readonly claims: Claims },
  response: ServerResponse,
): void {
  const person = (typeof claims['state'] === 'string' ? claims['state'] : '').split('.')[0]!
  const account = String(claims['login'])
  // who pressed the button of our own page has no state any more
  if (person !== '') entered.push({ journal, person, account, ...times })
  response.end(`<p>${SAYS_IN}${account}</p>`)
}

async function redeem({ ask, bridge, secrets }: JournalOptions, handle: string): Promise<Claims | undefined> {
  const credentials = Buffer.from(`handle:${secrets.handle}`).toString('base64')
  const answered = await ask(`${bridge}/hand-off/redeem`, {
    method: 'POST',
    headers: { authorization: `Basic ${credentials}`, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ handle }).toString(),
  }).catch(() => undefined)
  // the node may die under its answer, too
  return answered?.status === 200 ? ((await answered.json().catch(() => undefined)) as Claims | undefined) : undefined
}

const keyOf = (secret: string): Uint8Array => new TextEncoder().encode(secret)

async function verified({ secrets, bridge }: JournalOptions, token: string): Promise<Claims> {
  const { payload } = await jwtVerify(token, keyOf(secrets.sgo), { issuer: bridge, audience: 'sgo' })
  return payload
}

async function sidOf({ secrets }: JournalOptions, journal: 'sgo' | 'handle', request: IncomingMessage) {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  const token = new URLSearchParams(Buffer.concat(parts).toString()).get('logout_token') ?? ''
  return String((await jwtVerify(token, keyOf(secrets[journal]))).payload['sid'])
}
