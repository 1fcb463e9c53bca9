/**
 * Journals that ask the bridge who has come, or are told in a message of DiscourseConnect, written for check-journal: each
 * `lets` leaves one precaution out.
 */
import { createHmac, randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { WeakJournal } from './weak-journal.js'

export type AskerKind = 'handle' | 'cas' | 'forum' | 'headers'

export type Carelessness =
  | 'any-answer' | 'ailing' | 'cached' | 'state-missing' | 'state-invented' | 'state-foreign' | 'clean-address'
  | 'return-any' | 'return-start' | 'service' | 'logout-any' | 'logout-login' | 'logout-deaf' | 'signature'
  | 'signature-absent' | 'nonce' | 'nonce-kept' | 'spelling' | 'header' | 'unasked' | 'struck' // prettier-ignore

interface Options {
  readonly kind: AskerKind
  /** As browsers see the bridge, and where it answers our server. */
  readonly bridge: string
  readonly answers: string
  readonly key: string
  readonly lets?: Carelessness
}

interface Guest {
  readonly login: string
  readonly sid: string
}

/** Who comes, as the bridge or its message says. */
interface Told extends Guest {
  readonly state?: string
  readonly returnTo?: string
}

const newId = (): string => randomBytes(16).toString('hex')

export async function openWeakAsker(options: Options): Promise<WeakJournal> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const journal = options.kind === 'headers' ? new Proxied(options) : new Asker(options, origin)
  server.on('request', (request: IncomingMessage, response: ServerResponse) => void journal.answer(request, response))
  return { origin, close: () => server.close().closeAllConnections() }
}

/** Keeps sessions of its own. */
class Asker {
  private readonly options: Options
  private readonly origin: string
  private readonly sessions = new Map<string, Guest>()
  /** Browser -> what it began with. */
  private readonly begun = new Map<string, string[]>()
  private readonly wanted = new Map<string, string>()
  private readonly cache = new Map<string, Told>()
  private readonly over = new Set<string>()

  constructor(options: Options, origin: string) {
    this.options = options
    this.origin = origin
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.origin)
    const [, visit = ''] = /visit=(\w+)/.exec(request.headers.cookie ?? '') ?? []
    if (url.pathname === '/login') return this.login(url, visit, response)
    if (request.method === 'POST') return this.logout(await text(request), response)
    if (url.pathname === '/enter') return this.enter(url, visit, response)
    const guest = this.sessions.get(visit)
    if (guest) response.end(`<h1>Дневник</h1><p>${guest.login}</p>`)
    else response.writeHead(303, { Location: '/login' }).end()
  }

  private login(url: URL, visit: string, response: ServerResponse): void {
    const { kind, bridge, key } = this.options
    const [id, state] = [visit === '' ? newId() : visit, newId()]
    this.begun.set(id, [...(this.begun.get(id) ?? []), state])
    const next = url.searchParams.get('next')
    if (next !== null) this.wanted.set(id, next)
    const service = encodeURIComponent(`${this.origin}/enter?state=${state}`)
    const sso = Buffer.from(`nonce=${state}&return_sso_url=${encodeURIComponent(`${this.origin}/enter`)}`).toString(
      'base64',
    )
    const sig = createHmac('sha256', key).update(sso).digest('hex')
    const to = {
      handle: `/login?journal=handle&state=${state}`,
      cas: `/cas/cas/login?service=${service}`,
      forum: `/discourse-connect/forum?sso=${encodeURIComponent(sso)}&sig=${sig}`,
      headers: '',
    }[kind]
    response.setHeader('Set-Cookie', `visit=${id}`)
    response.writeHead(303, { Location: bridge + to }).end()
  }

  private async enter(url: URL, visit: string, response: ServerResponse): Promise<void> {
    const { lets } = this.options
    const told = await this.ask(url)
    if (!told || !this.isBound(told, visit) || this.over.has(told.sid)) return void response.writeHead(403).end('no')
    const fresh = newId()
    this.sessions.set(fresh, told)
    if (lets !== 'nonce-kept' && lets !== 'cached') this.begun.delete(visit)
    response.setHeader('Set-Cookie', `visit=${fresh}; HttpOnly`)
    if (lets === 'clean-address') return void response.end('<p>come in</p>')
    const start = lets === 'return-start' ? this.wanted.get(visit) : undefined
    const there = lets === 'return-any' ? told.returnTo : undefined
    response.writeHead(303, { Location: start ?? there ?? `${this.origin}/diary/` }).end()
  }

  private isBound({ login, state }: Told, visit: string): boolean {
    const { lets, kind } = this.options
    if (lets === 'any-answer' || lets === 'nonce') return true
    if (lets === 'ailing' && login === 'somebody') return true
    if (kind === 'cas') return this.begun.get(visit)?.includes(state ?? '') === true
    if (state === undefined) return lets === 'state-missing'
    if (lets === 'state-invented') return true
    const known = lets === 'state-foreign' ? [...this.begun.values()].flat() : (this.begun.get(visit) ?? [])
    return known.includes(state)
  }

  private async ask(url: URL): Promise<Told | undefined> {
    const { kind, lets } = this.options
    const proof = url.searchParams.get(kind === 'cas' ? 'ticket' : 'handle') ?? ''
    const cached = lets === 'cached' ? this.cache.get(proof) : undefined
    if (cached) return cached
    const told =
      kind === 'forum' ? this.readAnswer(url) : await (kind === 'cas' ? this.validate(url, proof) : this.redeem(proof))
    if (told) this.cache.set(proof, told)
    return told
  }

  private async redeem(handle: string): Promise<Told | undefined> {
    const { answers, key, lets } = this.options
    const authorization = `Basic ${Buffer.from(`handle:${key}`).toString('base64')}`
    const body = new URLSearchParams({ handle })
    const answer = await fetch(`${answers}/hand-off/redeem`, { method: 'POST', headers: { authorization }, body })
    const said = (await answer.json().catch(() => ({}))) as Record<string, string>
    if (lets === 'any-answer' || (lets === 'ailing' && answer.status === 503))
      return { login: 'somebody', sid: '', ...said }
    if (!answer.ok) return undefined
    return {
      login: said['login']!,
      sid: said['sid']!,
      ...pick(said, 'state', 'state'),
      ...pick(said, 'return_to', 'returnTo'),
    }
  }

  private async validate(url: URL, ticket: string): Promise<Told | undefined> {
    const { answers, lets } = this.options
    const state = url.searchParams.get('state') ?? ''
    const own = `${this.origin}/enter?state=${state}`
    const service = lets === 'service' ? (url.searchParams.get('service') ?? own) : own
    const query = new URLSearchParams({ service, ticket, format: 'JSON' })
    const answer = await fetch(`${answers}/cas/cas/p3/serviceValidate?${query.toString()}`)
    const said = (await answer.json()) as {
      serviceResponse: { authenticationSuccess?: { user: string }; authenticationFailure?: { code: string } }
    }
    const { authenticationSuccess: success, authenticationFailure: failure } = said.serviceResponse
    if (lets === 'any-answer') return { login: 'somebody', sid: ticket, state }
    if (lets === 'ailing' && failure?.code === 'INTERNAL_ERROR') return { login: 'somebody', sid: ticket, state }
    return success && { login: success.user, sid: ticket, state }
  }

  private readAnswer(url: URL): Told | undefined {
    const { key, lets } = this.options
    const [sso, sig] = [url.searchParams.get('sso') ?? '', url.searchParams.get('sig') ?? '']
    const right = createHmac('sha256', key).update(sso).digest('hex') === sig
    if (!right && lets !== 'signature' && !(lets === 'signature-absent' && sig === '')) return undefined
    const said = Object.fromEntries(new URLSearchParams(Buffer.from(sso, 'base64').toString()))
    return { login: said['username'] ?? '', sid: said['sid'] ?? '', ...pick(said, 'nonce', 'state') }
  }

  private logout(body: string, response: ServerResponse): void {
    const { kind, lets, key } = this.options
    const form = new URLSearchParams(body)
    const request = form.get('logoutRequest') ?? ''
    const [, ticket = ''] = /SessionIndex>([^<]*)</.exec(request) ?? []
    const [, name = ''] = /NameID>([^<]*)</.exec(request) ?? []
    const sid = kind === 'cas' ? ticket : sidOf(form.get('logout_token') ?? '', key)
    if (sid === undefined) return void response.writeHead(400).end()
    this.over.add(sid)
    for (const [id, guest] of this.sessions) {
      const meant = guest.sid === sid || lets === 'logout-any' || (lets === 'logout-login' && guest.login === name)
      if (meant && lets !== 'logout-deaf') this.sessions.delete(id)
    }
    response.writeHead(200).end()
  }
}

const pick = (from: Record<string, string>, name: string, as: string): Record<string, string> =>
  from[name] === undefined ? {} : { [as]: from[name] }

/** Careful: what is tried here is the asking. */
function sidOf(token: string, key: string): string | undefined {
  const [head = '', claims = '', signature = ''] = token.split('.')
  if (createHmac('sha256', key).update(`${head}.${claims}`).digest('base64url') !== signature) return undefined
  const said = JSON.parse(Buffer.from(claims, 'base64url').toString()) as { sid: string; aud: string; exp: number }
  return said.exp > Date.now() / 1000 && ['handle', 'forum'].includes(said.aud) ? said.sid : undefined
}

/** A journal that believes its header, and the proxy before it, in one program. */
class Proxied {
  private readonly options: Options
  private readonly cache = new Map<string, string>()

  constructor(options: Options) {
    this.options = options
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { answers, lets } = this.options
    const path = request.url ?? '/'
    if (path.startsWith('/headers/.bridge/'))
      return this.pass(path.replace('/headers/.bridge/', '/auth/headers/'), request, response)
    const claimed = lets === 'unasked' ? this.claimed(request) : undefined
    const cookie = request.headers.cookie ?? ''
    const asked = claimed ?? this.cache.get(cookie) ?? (await this.check(`${answers}/auth/headers/check`, cookie))
    if (asked === undefined)
      return void response.writeHead(303, { Location: '/headers/.bridge/start?to=/headers/' }).end()
    if (lets === 'cached') this.cache.set(cookie, asked)
    const struck = lets === 'struck' && /x-remote-user/i.test(request.headers.connection ?? '')
    const user = struck ? '' : (this.claimed(request) ?? asked)
    response.end(user === '' ? '<p>Гость</p>' : `<h1>Дневник</h1><p>${user}</p>`)
  }

  /** What the journal would read although somebody else wrote it. */
  private claimed({ headers }: IncomingMessage): string | undefined {
    const { lets } = this.options
    const [plain, spelt] = [headers['x-remote-user'], headers['x_remote_user']]
    const found = lets === 'header' || lets === 'unasked' ? plain : lets === 'spelling' ? spelt : undefined
    return found === undefined ? undefined : String(found)
  }

  private async check(at: string, cookie: string): Promise<string | undefined> {
    const answer = await fetch(at, { headers: { cookie } })
    return answer.status === 200 ? (answer.headers.get('x-remote-user') ?? '') : undefined
  }

  private async pass(path: string, { headers }: IncomingMessage, response: ServerResponse): Promise<void> {
    const sent = { cookie: headers.cookie ?? '', accept: headers.accept ?? '*/*' }
    const answer = await fetch(this.options.answers + path, { redirect: 'manual', headers: sent })
    response.setHeader('Set-Cookie', answer.headers.getSetCookie())
    response.writeHead(answer.status, { Location: answer.headers.get('location') ?? '/' }).end()
  }
}
