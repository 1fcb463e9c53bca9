/** A journal's server that checks old logins or makes accounts, written for check-journal: each `lets` leaves one precaution out. */
import { createHmac } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export type CreateWeakness = CheckWeakness | 'keys'
export type CheckWeakness = 'deaf' | 'signature' | 'alg' | 'times' | 'aud' | 'typ' | 'replay'

type Fields = Readonly<Record<string, unknown>>

export async function openWeakChecker(bridge: string, key: string, lets?: CreateWeakness) {
  const made = new Map<unknown, string>()
  const used = new Set<unknown>()
  const json = (part = ''): Fields => JSON.parse(Buffer.from(part, 'base64url').toString()) as Fields
  function isRight(token: string, typ: string): boolean {
    const [head, body, signature] = token.split('.')
    const [header, claims] = [json(head), json(body)]
    const signed = createHmac('sha256', key).update(`${head}.${body}`).digest('base64url') === signature
    const none = lets === 'alg' && String(header['alg']).toLowerCase() === 'none'
    if (lets !== 'signature' && !none && !signed) return false
    if (lets !== 'typ' && header['typ'] !== typ) return false
    if (lets !== 'aud' && (claims['iss'] !== bridge || claims['aud'] !== 'sgo')) return false
    const now = Date.now() / 1000
    if (lets !== 'times' && (Number(claims['iat']) > now + 30 || Number(claims['exp']) + 30 <= now)) return false
    if (lets !== 'replay' && used.has(claims['jti'])) return false
    used.add(claims['jti'])
    return true
  }
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', part => (body += String(part)))
    request.on('end', () => {
      const fields = new URLSearchParams(body)
      const wish = fields.get('new_account')
      const right =
        wish === null ? isRight(fields.get('login_check') ?? '', 'login-check+jwt') : isRight(wish, 'new-account+jwt')
      if (!right || lets === 'deaf') return void response.writeHead(400).end()
      if (wish === null) return void response.end('{"valid":false}')
      const key = lets === 'keys' ? made.size : json(wish.split('.')[1])['key']
      made.set(key, made.get(key) ?? `new-${made.size}`)
      response.end(JSON.stringify({ created: true, login: made.get(key) }))
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/check`,
    close: () => server.close().closeAllConnections(),
  }
}
