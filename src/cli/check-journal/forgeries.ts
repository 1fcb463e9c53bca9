/** Hand-offs that nobody but an attacker makes, or that were meant for somebody else, or for another time. */
import { createPublicKey } from 'node:crypto'
import type { HandOff } from '../../journals/connector.js'
import { intruding, type Attack } from './attack.js'
import { reworded, withoutSignature } from './answers.js'
import { fieldsOf, withField } from './fields.js'
import type { Order } from './forge.js'
import * as jwt from './jwt.js'
import type { Scene } from './scene.js'

type Make = (token: jwt.Jwt, scene: Scene) => readonly string[] | undefined

type MakeAnswer = (honest: HandOff) => readonly HandOff[]

/** For kinds whose hand-off is a token: an honest one, spoilt. Where it makes sense, the same to an answer of DiscourseConnect. */
const spoilt = (id: string, sent: string, fix: string, make: Make, answer?: MakeAnswer): Attack =>
  intruding({ id, sent, fix }, (scene, state) => {
    const honest = scene.forge.handOff({ state })
    if (scene.forge.door.asks) return answer?.(honest)
    const token = jwt.tokenIn(honest)
    return token && make(jwt.read(token[1]), scene)?.map(each => jwt.withToken(honest, each))
  })

/** All is as it should be, except one thing, if this kind says such a thing. */
const ordered = (id: string, sent: string, fix: string, order: Order): Attack =>
  intruding({ id, sent, fix }, ({ forge }, state): readonly HandOff[] | undefined =>
    forge.manner.tells(order) ? [forge.handOff({ ...order, state })] : undefined,
  )

const MINUTES = 60_000

const VERIFY = 'Verify the signature of every hand-off before you read a word of it.'
const PIN = 'Take the algorithm from your settings and never from the token.'

export const forgeries: readonly Attack[] = [
  spoilt('broken-signature', 'an honest token, one bit of its signature turned', VERIFY, token => [
    jwt.brokenSignature(token),
  ]),
  spoilt(
    'no-signature',
    'an honest token without its signature',
    VERIFY,
    token => [jwt.unsigned(token)],
    withoutSignature,
  ),
  spoilt('alg-none', 'alg: none in three spellings, with and without a signature', PIN, jwt.algNone),
  ordered('other-key', 'signed with a key of our own', VERIFY, { key: 'other' }),
  spoilt('public-key', 'HS256 with the public key as the secret', PIN, (token, { forge }) => {
    return forge.tokenKey && jwt.publicKeyAsSecret(token, createPublicKey(forge.tokenKey))
  }),
  spoilt(
    'own-key',
    'ES256 with a key that the token brings along (jwk)',
    `${PIN} Take keys from your settings only.`,
    token => [jwt.ownKeyInHeader(token)],
  ),
  spoilt(
    'other-account',
    'another account in an honest token',
    VERIFY,
    token => otherAccounts(token),
    honest => [reworded(honest, { username: 'check-journal' }), reworded(honest, { external_id: 'check-journal' })],
  ),
  intruding(
    {
      id: 'changed-field',
      sent: 'one field of the form or of the address changed, each in its turn',
      fix: 'Let every field that you read be under the signature, and compare the signature first.',
    },
    changedFields,
  ),
  ordered('expired', 'made ten minutes ago', 'Refuse what is over (exp), 30 seconds of grace at most.', {
    ahead: -10 * MINUTES,
  }),
  ordered('too-early', 'made in ten minutes', 'Refuse what comes from the future (iat), 30 seconds of grace at most.', {
    ahead: 10 * MINUTES,
  }),
  ordered(
    'other-audience',
    'made for another journal',
    'Compare the audience with your own: another journal may be under somebody else.',
    { audience: 'check-journal-other' },
  ),
  ordered('other-issuer', 'made by another bridge', 'Compare the issuer with the address of your bridge.', {
    issuer: 'https://bridge.invalid',
  }),
  spoilt(
    'logout-as-entry',
    'the message of a logout in place of an entry',
    'Look at `typ`: JWT lets in, logout+jwt ends a session.',
    logoutAsEntry,
  ),
]

/** For kinds that sign fields: each of them in its turn, so that one that is not signed shows itself. */
function changedFields({ forge }: Scene, state: string | undefined): readonly HandOff[] | undefined {
  const honest = forge.handOff({ state })
  if (forge.manner.fetched || jwt.tokenIn(honest)) return undefined
  return fieldsOf(honest).map(([name, value]) => withField(honest, name, changed(value)))
}

function changed(value: string): string {
  if (value === 'teacher' || value === 'parent') return value === 'teacher' ? 'parent' : 'teacher'
  return `${value.startsWith('0') ? '1' : '0'}${value.slice(1)}`
}

/** The words that name somebody, each in its turn: whoever reads claims that were not signed lets one of them in. */
function otherAccounts(token: jwt.Jwt): readonly string[] {
  const { role, jti, exp } = token.claims
  const longer = { exp: Number(exp) + 1 }
  return [
    jwt.reworded(token, { role: role === 'teacher' ? 'parent' : 'teacher' }),
    jwt.reworded(token, { jti: `${String(jti)}0`, ...longer }),
  ]
}

function logoutAsEntry({ claims }: jwt.Jwt, { forge }: Scene): readonly string[] | undefined {
  const call = forge.leave(String(claims['sid']))
  const events = { 'http://schemas.openid.net/event/backchannel-logout': {} }
  return forge.sign && [...Object.values(call?.fields ?? {}), forge.sign({ ...claims, events }, 'logout+jwt')]
}
