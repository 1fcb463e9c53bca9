// Приём входа через Госуслуги: Node.js 16+, без библиотек. / Receiver of the bridge's signed link: Node.js 16+, no packages.
//
//   const receiver = createReceiver({
//     bridge: 'https://vhod.school.example',      // адрес моста без косой черты в конце = iss
//     journal: 'sgo', audience: 'sgo',            // id журнала в bridge.yaml; aud
//     alg: 'HS256',                               // HS256, ES256 или RS256, как в connector.alg
//     key: process.env.SGO_KEY,                   // HS256: общий ключ, как есть; иначе открытый ключ моста (PEM или JWK)
//     home: 'https://sgo.school.example/diary/',  // сюда ведёт вход; return_to берётся только ниже этого адреса
//     requireState: true,                         // пускать лишь тех, кто нажал «Войти» в журнале
//     post: false,                                // true, если connector.method: post (нужен https)
//     signIn(account, request, response) {},      // откройте здесь свою сессию: account = { account, login, role, school, child, sid }
//   })
//   GET /login -> receiver.login(request, response)      GET /sso?token=… или POST /sso -> await receiver.sso(request, response)
import { createHmac, createPublicKey, randomBytes, timingSafeEqual, verify } from 'node:crypto'

const SKEW_S = 30 // the clocks of two servers differ
export function createReceiver(settings) {
  const { bridge, journal, audience, alg, home, requireState, post, signIn, now = () => Date.now() } = settings
  const publicKey = alg === 'HS256' ? undefined : createPublicKey(settings.key.kty ? { key: settings.key, format: 'jwk' } : settings.key)
  const used = new Map() // one process; several need a table with a unique key instead

  const statesOf = request =>
    (/(?:^|; )bridge_states=([\w.-]*)/.exec(request.headers.cookie ?? '') ?? ['', ''])[1].split('.').filter(Boolean)
  const remember = (response, states) => {
    const cookie = `bridge_states=${states.slice(-5).join('.')}; Path=/; HttpOnly; SameSite=${post ? 'None' : 'Lax'}${home.startsWith('https:') ? '; Secure' : ''}`
    response.setHeader('Set-Cookie', [response.getHeader('Set-Cookie') ?? [], cookie].flat())
  }
  const redirect = (response, to) =>
    response.writeHead(303, { Location: to, 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer' }).end()

  function signed(body, signature) {
    if (alg !== 'HS256') return verify('sha256', Buffer.from(body), { key: publicKey, dsaEncoding: 'ieee-p1363' }, signature)
    const right = createHmac('sha256', settings.key).update(body).digest()
    return right.length === signature.length && timingSafeEqual(right, signature)
  }

  /** @returns the claims, or the code of what is wrong */
  function check(token, states) {
    const parts = /^([\w-]+)\.([\w-]+)\.([\w-]+)$/.exec(token)
    const [header, claims] = parts ? [read(parts[1]), read(parts[2])] : []
    if (!header || !claims || token.length > 8192) return 'token-form'
    if (header.alg !== alg) return 'token-algorithm'
    if (!signed(`${parts[1]}.${parts[2]}`, Buffer.from(parts[3], 'base64url'))) return 'token-signature'
    const texts = ['jti', 'account', 'login', 'role', 'school'].every(name => claims[name] && typeof claims[name] === 'string')
    if (header.typ !== 'JWT' || !texts || !Number.isInteger(claims.iat) || !Number.isInteger(claims.exp)) return 'token-form'
    if (claims.iss !== bridge) return 'token-issuer'
    if (claims.aud !== audience) return 'token-audience'
    const seconds = Math.floor(now() / 1000)
    if (claims.iat > seconds + SKEW_S) return 'token-early'
    if (claims.exp + SKEW_S <= seconds) return 'token-expired'
    if (claims.state === undefined ? requireState : !states.includes(claims.state)) return 'state-foreign'
    for (const [id, end] of used) if (end <= seconds) used.delete(id)
    if (used.has(claims.jti)) return 'token-used'
    used.set(claims.jti, claims.exp + SKEW_S)
    return claims
  }

  return {
    login(request, response) {
      const state = randomBytes(16).toString('hex')
      remember(response, [...statesOf(request), state])
      redirect(response, `${bridge}/login?${new URLSearchParams({ journal, return: home, state })}`)
    },
    async sso(request, response) {
      const states = statesOf(request)
      const fields = request.method === 'POST' ? new URLSearchParams(await bodyOf(request)) : new URL(request.url, 'http://x').searchParams
      const claims = check(fields.get('token') ?? '', states)
      if (typeof claims === 'string') {
        response.writeHead(claims === 'token-form' ? 400 : 403, { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store' })
        return response.end(`<!doctype html><html lang="ru"><title>Вход не удался</title><h1>Вход не удался</h1><p>Вернитесь на страницу журнала и войдите ещё раз.</p><p>Для школы: ${claims}</p></html>`)
      }
      const { account, login, role, school, child, sid } = claims
      remember(response, states.filter(state => state !== claims.state))
      await signIn({ account, login, role, school, child, sid }, request, response)
      redirect(response, claims.return_to?.startsWith(home) ? claims.return_to : home) // clean: the token stays in no history
    },
  }
}

function read(part) {
  try {
    const text = Buffer.from(part, 'base64url').toString()
    let names = -1 // JSON.parse asks about the whole, too
    const value = JSON.parse(text, function (_, inner) { if (!Array.isArray(this)) names++; return inner })
    // As many names as colons outside of strings: one that stands twice is read differently by others.
    return names === text.replace(/"(?:[^"\\]|\\.)*"/g, '').split(':').length - 1 ? Object(value) : undefined
  } catch { return undefined }
}

async function bodyOf(request) {
  let body = ''
  for await (const part of request) if ((body += part).length > 16384) return ''
  return body
}
