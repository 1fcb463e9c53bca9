// Мост просит создать учётную запись для человека, который согласился: Node.js 16+, без библиотек.
// The bridge asks for an account, for a person who agreed: Node.js 16+, no packages.
//
//   const newAccount = createNewAccount({
//     bridge: 'https://vhod.school.example', audience: 'sgo', alg: 'HS256', key: process.env.SGO_KEY, // как в createAccounts у моста
//     async account({ key, sub, school, role, person }) {}, // { created: true, login } или { created: false, why: 'exists' }
//   })
//   POST /sso-create -> await newAccount(request, response); этот адрес стоит у моста в createAccounts.url
//   Один key — одна запись, сколько бы раз он ни пришёл: уникальный индекс на key и на паре (school, sub).
import { createHmac, createPublicKey, timingSafeEqual, verify } from 'node:crypto'

const SKEW_S = 30 // the clocks of two servers differ

export function createNewAccount({ bridge, audience, alg, key: secret, account, now = () => Date.now() }) {
  const publicKey = alg === 'HS256' ? undefined : createPublicKey(secret.kty ? { key: secret, format: 'jwk' } : secret)
  const used = new Map() // one process; several need a table with a unique key instead

  function signed(body, signature) {
    if (alg !== 'HS256') return verify('sha256', Buffer.from(body), { key: publicKey, dsaEncoding: 'ieee-p1363' }, signature)
    const right = createHmac('sha256', secret).update(body).digest()
    return right.length === signature.length && timingSafeEqual(right, signature)
  }

  /** @returns what a message says that is right in everything */
  function check(token) {
    const parts = token.length > 8192 ? null : /^([\w-]+)\.([\w-]+)\.([\w-]+)$/.exec(token)
    const [header, claims] = parts ? [read(parts[1]), read(parts[2])] : []
    if (!header || !claims || header.alg !== alg || header.typ !== 'new-account+jwt') return undefined
    if (!signed(`${parts[1]}.${parts[2]}`, Buffer.from(parts[3], 'base64url'))) return undefined
    const { iss, aud, iat, exp, jti, key, sub, school, role, person } = claims
    const whole = [jti, key, sub, school, role].every(text => typeof text === 'string') && Number.isInteger(iat) && Number.isInteger(exp)
    if (!whole || iss !== bridge || aud !== audience || typeof person !== 'object' || person === null) return undefined
    const seconds = Math.floor(now() / 1000)
    if (iat > seconds + SKEW_S || exp + SKEW_S <= seconds) return undefined
    for (const [id, end] of used) if (end <= seconds) used.delete(id)
    if (used.has(jti)) return undefined
    used.set(jti, exp + SKEW_S)
    return { key, sub, school, role, person }
  }

  return async (request, response) => {
    let body = ''
    for await (const part of request) if ((body += part).length > 16384) break
    const wish = check(new URLSearchParams(body).get('new_account') ?? '')
    const answer = wish ? await account(wish) : { error: 'message' }
    response.writeHead(wish ? 200 : 400, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' }).end(JSON.stringify(answer))
  }
}

function read(part) {
  try { return Object(JSON.parse(Buffer.from(part, 'base64url').toString())) } catch { return undefined }
}
