/** A journal that takes signed links, written for check-journal: each `lets` leaves one precaution out. */
import { createHmac, randomBytes, timingSafeEqual, verify, createPublicKey, type KeyObject } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Weakness =
  | 'signature' | 'alg' | 'typ' | 'iss' | 'aud' | 'iat' | 'exp' | 'replay' | 'race' | 'state-missing' | 'state-invented'
  | 'state-foreign' | 'clean-address' | 'return-prefix' | 'return-beside' | 'fixation' | 'logout-signature' | 'logout-typ'
  | 'logout-deaf' | 'overtaken' | 'jwk' | 'logout-times' | 'logout-aud' | 'return-any' | 'return-slashes' | 'return-start' // prettier-ignore

export interface WeakJournal {
  readonly origin: string
  close(): void
}

interface Options {
  readonly bridge: string
  readonly key: string | KeyObject
  readonly audience?: string
  readonly requireState?: boolean
  readonly lets?: Weakness
  /** Everybody is turned away, or after so many requests everybody. */
  readonly closesAfter?: number
}

type Fields = Record<string, unknown>
const EVENT = 'http://schemas.openid.net/event/backchannel-logout'

export async function openWeakJournal({
  bridge,
  key,
  audience = 'sgo',
  requireState = false,
  lets,
  closesAfter = Infinity,
}: Options): Promise<WeakJournal> {
  const sessions = new Map<string, { sid?: unknown }>()
  const states = new Map<string, string[]>()
  const [used, ended] = [new Set<unknown>(), new Set<unknown>()]
  /** Of a journal with a race: written down only when something else than an entry is asked for. */
  const late = new Set<unknown>()
  const wanted = new Map<string, string>()
  let origin = ''
  let asked = 0

  const parts = (token: string): { header: Fields; claims: Fields; body: string; signature: Buffer } | undefined => {
    const [head = '', claims = '', signature = ''] = token.split('.')
    const json = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString()) as Fields
    try {
      return {
        header: json(head),
        claims: json(claims),
        body: `${head}.${claims}`,
        signature: Buffer.from(signature, 'base64url'),
      }
    } catch {
      return undefined
    }
  }
  const hmac = (secret: string, body: string, signature: Buffer): boolean => {
    const right = createHmac('sha256', secret).update(body).digest()
    return right.length === signature.length && timingSafeEqual(right, signature)
  }
  const isSigned = ({ header, body, signature }: NonNullable<ReturnType<typeof parts>>): boolean => {
    const own = typeof key === 'string' ? 'HS256' : 'ES256'
    if (lets === 'alg' && /^none$/i.test(String(header['alg']))) return true
    if (lets === 'jwk' && header['jwk'] !== undefined)
      return verify(
        'sha256',
        Buffer.from(body),
        { key: createPublicKey({ key: header['jwk'] as never, format: 'jwk' }), dsaEncoding: 'ieee-p1363' },
        signature,
      )
    if (lets === 'alg' && header['alg'] === 'HS256' && typeof key !== 'string')
      return hmac(key.export({ type: 'spki', format: 'pem' }) as string, body, signature)
    if (header['alg'] !== own) return false
    if (typeof key === 'string') return hmac(key, body, signature)
    return verify('sha256', Buffer.from(body), { key, dsaEncoding: 'ieee-p1363' }, signature)
  }
  const seconds = () => Math.floor(Date.now() / 1000)

  function entering(token: string, mine: string[]): Fields | undefined {
    const read = parts(token)
    if (!read) return undefined
    const { header, claims } = read
    if (lets !== 'signature' && !isSigned(read)) return undefined
    if (lets !== 'typ' && header['typ'] !== 'JWT') return undefined
    if (lets !== 'iss' && claims['iss'] !== bridge) return undefined
    if (lets !== 'aud' && claims['aud'] !== audience) return undefined
    if (lets !== 'iat' && Number(claims['iat']) > seconds() + 30) return undefined
    if (lets !== 'exp' && Number(claims['exp']) + 30 <= seconds()) return undefined
    const { state } = claims
    if (state === undefined && requireState && lets !== 'state-missing') return undefined
    const known = lets === 'state-foreign' ? [...states.values()].flat() : mine
    if (state !== undefined && lets !== 'state-invented' && !(known as unknown[]).includes(state)) return undefined
    if (lets !== 'overtaken' && ended.has(claims['sid'])) return undefined
    return claims
  }

  function isOurs(to: unknown): to is string {
    if (typeof to !== 'string') return false
    if (lets === 'return-any') return true
    if (lets === 'return-prefix') return to.startsWith('http://127.0.0.1')
    if (lets === 'return-slashes') return to.startsWith('/')
    return to.startsWith(`${origin}/diary/`)
  }

  function sso(url: URL, cookie: string, response: ServerResponse): void {
    const claims = entering(url.searchParams.get('token') ?? '', states.get(cookie) ?? [])
    if (!claims || (lets !== 'replay' && used.has(claims['jti']))) return void response.writeHead(403).end('no')
    if (lets === 'race') late.add(claims['jti'])
    else used.add(claims['jti'])
    const fresh = lets === 'fixation' && cookie !== '' ? cookie : randomBytes(8).toString('hex')
    states.delete(cookie)
    sessions.set(fresh, { sid: claims['sid'] })
    const beside = lets === 'return-start' ? (wanted.get(cookie) ?? null) : url.searchParams.get('next')
    const to =
      (lets === 'return-beside' || lets === 'return-start') && beside !== null
        ? beside
        : isOurs(claims['return_to'])
          ? claims['return_to']
          : `${origin}/diary/`
    response.setHeader('Set-Cookie', `visit=${fresh}; HttpOnly`)
    if (lets === 'clean-address') response.end('<p>come in</p>')
    else response.writeHead(303, { Location: to }).end()
  }

  function logout(body: string, response: ServerResponse): void {
    const read = parts(new URLSearchParams(body).get('logout_token') ?? '')
    const { header = {}, claims = {} } = read ?? {}
    const typed = header['typ'] === 'logout+jwt' && (claims['events'] as Fields | undefined)?.[EVENT] !== undefined
    const timely = Number(claims['exp']) + 30 > seconds()
    const right =
      read !== undefined &&
      (lets === 'logout-signature' || isSigned(read)) &&
      (lets === 'logout-typ' || typed) &&
      (lets === 'logout-times' || timely) &&
      (lets === 'logout-aud' || claims['aud'] === audience)
    if (!right) return void response.writeHead(400).end()
    ended.add(claims['sid'])
    if (lets !== 'logout-deaf') for (const [id, { sid }] of sessions) if (sid === claims['sid']) sessions.delete(id)
    response.writeHead(200).end()
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (++asked > closesAfter) return void response.writeHead(429).end()
    const url = new URL(request.url ?? '/', origin)
    const [, cookie = ''] = /visit=(\w+)/.exec(request.headers.cookie ?? '') ?? []
    if (url.pathname !== '/sso') for (const jti of late) used.add(jti)
    if (url.pathname === '/login') {
      const [id, state] = [cookie === '' ? randomBytes(8).toString('hex') : cookie, randomBytes(8).toString('hex')]
      states.set(id, [...(states.get(id) ?? []), state])
      if (url.searchParams.has('next')) wanted.set(id, url.searchParams.get('next')!)
      response.setHeader('Set-Cookie', `visit=${id}`)
      response.writeHead(302, { Location: `${bridge}/login?journal=sgo&state=${state}` }).end()
    } else if (url.pathname === '/sso') sso(url, cookie, response)
    else if (url.pathname === '/logout') {
      let body = ''
      for await (const part of request) body += String(part)
      logout(body, response)
    } else if (url.pathname === '/public') response.end('<h1>Журнал</h1><p>Войти</p>')
    else if (sessions.has(cookie))
      response.end(`<h1>Дневник</h1>\n<p>${randomBytes(4).toString('hex')}</p><p>Выйти</p>`)
    else response.writeHead(303, { Location: '/public' }).end()
  }

  const server = createServer((request, response) => void answer(request, response))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { origin, close: () => server.close().closeAllConnections() }
}
