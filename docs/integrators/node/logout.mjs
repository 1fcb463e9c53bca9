// Выход, о котором сообщает мост: Node.js 16+, без библиотек. / The bridge says that a session has ended: Node.js 16+, no packages.
//
//   const leaving = createLeaving({
//     bridge: 'https://vhod.school.example', audience: 'sgo', alg: 'HS256', key: process.env.SGO_KEY, // как у receiver.mjs
//     signOut(sid) {},   // закройте все сессии, которые открыты с этим sid (его получил signIn)
//   })
//   signIn(account, …) { if (leaving.isOver(account.sid)) … }   // выход обогнал вход: не открывайте сессию
//   POST /sso-logout -> await leaving(request, response); этот адрес стоит у моста в connector.logoutUrl
import { createHmac, createPublicKey, timingSafeEqual, verify } from 'node:crypto'

const SKEW_S = 30 // the clocks of two servers differ
const EVENT = 'http://schemas.openid.net/event/backchannel-logout'

export function createLeaving({ bridge, audience, alg, key, signOut, now = () => Date.now() }) {
  const publicKey = alg === 'HS256' ? undefined : createPublicKey(key.kty ? { key, format: 'jwk' } : key)
  const over = new Map() // sid -> seconds; a hand-off that was under way is valid for 60 s, with both clocks for 120
  const used = new Map() // one process; several need a table with a unique key instead

  function signed(body, signature) {
    if (alg !== 'HS256') return verify('sha256', Buffer.from(body), { key: publicKey, dsaEncoding: 'ieee-p1363' }, signature)
    const right = createHmac('sha256', key).update(body).digest()
    return right.length === signature.length && timingSafeEqual(right, signature)
  }

  /** @returns the sid of a token that is right in everything */
  function check(token) {
    const parts = /^([\w-]+)\.([\w-]+)\.([\w-]+)$/.exec(token)
    const [header, claims] = parts ? [read(parts[1]), read(parts[2])] : []
    if (!header || !claims || header.alg !== alg || header.typ !== 'logout+jwt') return undefined
    if (!signed(`${parts[1]}.${parts[2]}`, Buffer.from(parts[3], 'base64url'))) return undefined
    const { iss, aud, iat, exp, jti, sid, events, nonce } = claims
    const whole = [jti, sid].every(text => text && typeof text === 'string') && Number.isInteger(iat) && Number.isInteger(exp)
    if (!whole || iss !== bridge || aud !== audience || !events?.[EVENT] || nonce !== undefined) return undefined
    const seconds = Math.floor(now() / 1000)
    if (iat > seconds + SKEW_S || exp + SKEW_S <= seconds) return undefined
    for (const [id, end] of used) if (end <= seconds) used.delete(id)
    if (used.has(jti)) return undefined
    used.set(jti, exp + SKEW_S)
    return sid
  }

  const leaving = async (request, response) => {
    let body = ''
    for await (const part of request) if ((body += part).length > 16384) break
    const sid = check(new URLSearchParams(body).get('logout_token') ?? '')
    if (sid !== undefined) over.set(sid, Math.floor(now() / 1000) + 120)
    if (sid !== undefined) await signOut(sid)
    response.writeHead(sid === undefined ? 400 : 200, { 'Cache-Control': 'no-store' }).end()
  }
  return Object.assign(leaving, {
    isOver(sid) {
      for (const [old, end] of over) if (end <= now() / 1000) over.delete(old)
      return over.has(sid)
    },
  })
}

function read(part) {
  try { return Object(JSON.parse(Buffer.from(part, 'base64url').toString())) } catch { return undefined }
}
