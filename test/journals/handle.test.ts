import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { expect } from 'chai'
import { exportJWK, jwtVerify } from 'jose'
import { systemChance } from '../../src/base/chance.js'
import type { Door, DoorTools, Passage, SecretRef } from '../../src/journals/connector.js'
import { stranger } from '../../src/journals/client.js'
import { kinds } from '../../src/journals/kinds.js'
import { FailedCalls } from '../../src/login/failed-calls.js'
import type { OpenJournal } from '../../src/login/ports.js'
import { redeem, type RedeemPorts } from '../../src/login/redeem.js'
import { openStore, type Store } from '../../src/store/open.js'
import { AT, connectorContract, entryOf, HOME, journalOf } from '../contract/connector.js'
import { entered, HOUR, key, NUMBER, session, signIn } from '../contract/samples.js'
import { options, temporaryFile } from '../store/databases.js'

const SECRET = 'k5n2v8Qx0rLwYb7TzJ3hGd9sUe4aPm6C'
const OTHER = 'another-key-of-thirty-two-letters'
const issuer = 'https://vhod.school.example'
const token = { id: 'e1', privateKey: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey }

const tools = (more: Partial<DoorTools> = {}): DoorTools => ({
  journal: journalOf(),
  issuer,
  clock: { now: () => AT },
  chance: systemChance,
  tokenKeys: [token],
  secret: () => Buffer.from(SECRET),
  ...more,
})
const connector = kinds.get('handle')!
const url = `${HOME}/enter`
const secret = { env: 'SGO_SECRET' }
const logoutUrl = `${HOME}/sso-logout`
const open = (block: object, given = tools()): Door => connector.open(connector.schema.parse(block), given)

/** The session whose person enters; a store that keeps deposits as the bridge does. */
let store: Store
async function keep({ deposit }: Passage): Promise<void> {
  await store.deposits.take(deposit!.handle, AT) // of an earlier try
  const event = { at: AT, what: 'journal.entered' as const, result: 'ok' as const, number: NUMBER, journal: 'sgo' }
  const note = { session: key('session-1'), entered: entered('a-1', { at: AT }), event, deposit: deposit! }
  expect(await store.logins.enter(note)).to.equal('entered')
}

const portsOf = (doors: Readonly<Record<string, Door>>, at: number): RedeemPorts => ({
  ...store,
  clock: { now: () => at },
  failedCalls: new FailedCalls({ now: () => at }),
  stranger: stranger(issuer, systemChance),
  journals: new Map(
    Object.entries(doors).map(([id, door]): [string, OpenJournal] => [id, { journal: journalOf([], id), door }]),
  ),
})
const caller = { address: '192.0.2.1', device: 'test', number: NUMBER }

describe('fetched by the journal', () => {
  before(async () => {
    store = await openStore(options(`sqlite:${temporaryFile()}`))
    const ends = { idleEndsAt: AT + HOUR, endsAt: AT + HOUR, openedAt: AT - 1_000 }
    await signIn(store, session('session-1', ends))
  })
  after(() => store.close())

  connectorContract({
    name: 'handle',
    carriesNames: true,
    logoutUrl,
    side: () => {
      const doors: Record<string, Door> = {
        eljur: open({ url, secret }, tools({ journal: journalOf([], 'eljur'), secret: () => Buffer.from(OTHER) })),
      }
      const fetchAs = async (journal: string, spelling: string, passage: Passage, at: number) => {
        await keep(passage)
        const value = passage.handOff.to.searchParams.get('handle')!
        const proof = { by: 'secret' as const, spellings: [spelling] }
        return redeem(portsOf(doors, at), caller, { journal, proof, handles: [value] })
      }
      return Promise.resolve({
        open: (at, journal, tellable) => {
          const claims = Object.fromEntries(journal.release.map(name => [name, `{${name}}`]))
          const block = { url, secret, claims, ...(tellable && { logoutUrl }) }
          return (doors['sgo'] = open(block, tools({ journal, clock: { now: () => at } })))
        },
        async receive(passage, at) {
          const content = await fetchAs('sgo', SECRET, passage, at)
          const { sub, sid, jti, return_to, state, iss, aud, iat, exp, ...given } = content as Record<string, string>
          expect([iss, aud, Number(exp) - Number(iat)]).to.deep.equal([issuer, 'sgo', 60])
          expect(jti).not.to.equal(passage.deposit!.handle)
          return {
            id: passage.deposit!.handle,
            given: given,
            ...(sub !== undefined && { subject: sub }),
            ...(sid !== undefined && { sid }),
            ...(return_to !== undefined && { returnTo: return_to }),
            ...(state !== undefined && { state }),
            all: content,
          }
        },
        receiveAsStranger: (passage, at, who) =>
          who === 'key' ? fetchAs('sgo', OTHER, passage, at) : fetchAs('eljur', OTHER, passage, at),
        async receiveLeave({ fields }, at) {
          const checks = {
            issuer,
            audience: 'sgo',
            typ: 'logout+jwt',
            currentDate: new Date(at),
            algorithms: ['HS256'],
          }
          const { payload } = await jwtVerify(fields['logout_token']!, Buffer.from(SECRET), checks)
          return { subject: payload.sub!, sid: payload['sid'] as string }
        },
      })
    },
  })
})

describe('handle', () => {
  it('puts nothing but the handle into the address, under the name of the settings', () => {
    const door = open({ url: `${url}?m=a%20b`, secret, parameter: 'loginState' })
    const { handOff, deposit } = door.handOff(entryOf({ state: 'of-the-journal' }))
    expect(handOff.to.href).to.equal(`${url}?m=a%20b&loginState=${deposit!.handle}`)
    expect(deposit!.handle).to.match(/^[\w-]{27}$/)
    expect(deposit!.expiresAt).to.equal(AT + 60_000)
  })

  it('signs the message about the end of a session with our own key where the journal has no secret', async () => {
    const pem = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' })
    const door = open({ url, keys: { file: 'x' }, logoutUrl }, tools({ secret: () => Buffer.from(pem) }))
    const call = door.leave!({ subject: 's', sid: 'x' })
    await jwtVerify(call.fields['logout_token']!, createPublicKey(token.privateKey), {
      algorithms: ['ES256'],
      currentDate: new Date(AT),
    })
  })

  it('accepts each of two secrets, and no third', () => {
    const twoSecrets = (ref: SecretRef) => Buffer.from('env' in ref && ref.env === 'NEW' ? OTHER : SECRET)
    const list = ['NEW', 'OLD'].map(env => ({ id: env, env }))
    const { client } = open({ url, secret: list }, tools({ secret: twoSecrets }))
    expect([SECRET, OTHER, `${SECRET}x`, ''].map(text => client!.hasSecret([text]))).to.deep.equal([
      true,
      true,
      false,
      false,
    ])
    expect(client!.hasSecret(['', SECRET]), 'any spelling').to.equal(true)
  })

  const pem = (key: KeyObject): string => key.export({ type: 'spki', format: 'pem' }) as string
  const pair = (type: 'ec' | 'rsa' | 'p384' | 'short') =>
    type === 'rsa' || type === 'short'
      ? generateKeyPairSync('rsa', { modulusLength: type === 'rsa' ? 2048 : 1024 })
      : generateKeyPairSync('ec', { namedCurve: type === 'ec' ? 'P-256' : 'P-384' })
  const openWith = (text: string) => open({ url, keys: { file: 'k' } }, tools({ secret: () => Buffer.from(text) }))

  it('takes public keys as PEM, several in a file, and as a JWKS', async () => {
    openWith([pem(pair('ec').publicKey), pem(pair('rsa').publicKey)].join('\n'))
    openWith(JSON.stringify({ keys: [{ ...(await exportJWK(pair('ec').publicKey)), kid: 'k1', use: 'sig' }] }))
  })

  const unusable: readonly [string, () => string | Promise<string>, RegExp][] = [
    ['no key', () => 'nothing', /holds no public key/],
    ['a private key as PEM', () => pair('ec').privateKey.export({ type: 'pkcs8', format: 'pem' }) as string, /private key/],
    ['a private key as JWK', async () => JSON.stringify({ keys: [await exportJWK(pair('ec').privateKey)] }), /private key/],
    ['a shared secret as JWK', () => JSON.stringify({ keys: [{ kty: 'oct', k: 'AAAA' }] }), /private key/],
    ['broken JSON', () => '{"keys":', /no JSON/],
    ['JSON that is no JWKS', () => '{}', /looks like/],
    ['a key for encryption', async () => JSON.stringify({ keys: [{ ...(await exportJWK(pair('ec').publicKey)), use: 'enc' }] }), /use/],
    ['an alg that does not fit', async () => JSON.stringify({ keys: [{ ...(await exportJWK(pair('ec').publicKey)), alg: 'RS256' }] }), /alg/],
    ['another curve', () => pem(pair('p384').publicKey), /neither/],
    ['a short RSA key', () => pem(pair('short').publicKey), /neither/],
    ['a broken key', () => '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----', /cannot be read/],
    ['five keys', () => Array.from({ length: 5 }, () => pem(pair('ec').publicKey)).join('\n'), /at most 4/],
  ] // prettier-ignore
  for (const [what, text, message] of unusable)
    it(`keys: ${what} is an error when the door is opened`, async () => {
      const content = await text()
      expect(() => openWith(content)).to.throw(RangeError, message)
    })

  const refused: readonly [string, object, RegExp][] = [
    ['neither secret nor keys', { url }, /must prove itself/],
    ['plain http', { url: 'http://sgo.school.example/enter', secret }, /must be https/],
    ['an address that holds the parameter', { url: `${url}?handle=1`, secret }, /which the hand-off adds/],
    ['HS256 without a secret', { url, keys: { file: 'k' }, alg: 'HS256' }, /needs `secret`/],
    ['a secret inside the settings', { url, secret: SECRET }, /secret/],
    ['a misspelt setting', { url, secret, parametr: 'x' }, /parametr/],
  ]
  for (const [what, block, message] of refused)
    it(`settings: ${what} is refused`, () => {
      const { success, error } = connector.schema.safeParse(block)
      expect(success).to.equal(false)
      expect(JSON.stringify(error?.issues)).to.match(message)
    })

  it('a short secret is an error when the door is opened', () => {
    expect(() => open({ url, secret }, tools({ secret: () => Buffer.alloc(31, 'x') }))).to.throw(
      RangeError,
      /at least 32/,
    )
  })
})
