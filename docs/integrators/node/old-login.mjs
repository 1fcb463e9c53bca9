// Мост спрашивает, подходят ли логин и пароль журнала: Node.js 16+, без библиотек.
// The bridge asks whether a login and a password of the journal fit: Node.js 16+, no packages.
//
//   const oldLogin = createOldLogin({
//     bridge: 'https://vhod.school.example', audience: 'sgo', alg: 'HS256', key: process.env.SGO_KEY, // как в oldLogin у моста
//     async login({ login, password, school }) {},   // логин, как он записан в списке школы, или undefined
//   })
//   POST /sso-check -> await oldLogin(request, response); этот адрес стоит у моста в oldLogin.url
//   Неверные пароли считайте так же, как на своей странице входа; пароль не записывайте никуда.
import { createHmac, createPublicKey, timingSafeEqual, verify } from 'node:crypto'

const SKEW_S = 30 // the clocks of two servers differ

export function createOldLogin({ bridge, audience, alg, key, login: find, now = () => Date.now() }) {
  const publicKey = alg === 'HS256' ? undefined : createPublicKey(key.kty ? { key, format: 'jwk' } : key)
  const used = new Map() // one process; several need a table with a unique key instead

  function signed(body, signature) {
    if (alg !== 'HS256') return verify('sha256', Buffer.from(body), { key: publicKey, dsaEncoding: 'ieee-p1363' }, signature)
    const right = createHmac('sha256', key).update(body).digest()
    return right.length === signature.length && timingSafeEqual(right, signature)
  }

  /** @returns what a message says that is right in everything */
  function check(token) {
    const parts = token.length > 8192 ? null : /^([\w-]+)\.([\w-]+)\.([\w-]+)$/.exec(token)
    const [header, claims] = parts ? [read(parts[1]), read(parts[2])] : []
    if (!header || !claims || header.alg !== alg || header.typ !== 'login-check+jwt') return undefined
    if (!signed(`${parts[1]}.${parts[2]}`, Buffer.from(parts[3], 'base64url'))) return undefined
    const { iss, aud, iat, exp, jti, login, password, school } = claims
    const whole = [jti, login, password, school].every(text => typeof text === 'string') && Number.isInteger(iat) && Number.isInteger(exp)
    if (!whole || iss !== bridge || aud !== audience) return undefined
    const seconds = Math.floor(now() / 1000)
    if (iat > seconds + SKEW_S || exp + SKEW_S <= seconds) return undefined
    for (const [id, end] of used) if (end <= seconds) used.delete(id)
    if (used.has(jti)) return undefined
    used.set(jti, exp + SKEW_S)
    return { login, password, school }
  }

  return async (request, response) => {
    let body = ''
    for await (const part of request) if ((body += part).length > 16384) break
    const asked = check(new URLSearchParams(body).get('login_check') ?? '')
    const login = asked && (await find(asked))
    const answer = !asked ? { error: 'message' } : login === undefined ? { valid: false } : { valid: true, login }
    response.writeHead(asked ? 200 : 400, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' }).end(JSON.stringify(answer))
  }
}

function read(part) {
  try { return Object(JSON.parse(Buffer.from(part, 'base64url').toString())) } catch { return undefined }
}
