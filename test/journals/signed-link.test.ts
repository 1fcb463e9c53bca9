import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { expect } from 'chai'
import { createLocalJWKSet, jwtVerify, type JSONWebKeySet, type JWTPayload } from 'jose'
import { systemChance } from '../../src/base/chance.js'
import type { DoorTools, Passage, SecretRef, TokenKey } from '../../src/journals/connector.js'
import { publicKeys } from '../../src/journals/jwks.js'
import { kinds } from '../../src/journals/kinds.js'
import { LIFETIME_S } from '../../src/journals/claims.js'
import type { Journal } from '../../src/words/journal.js'
import type { Released } from '../../src/words/released.js'
import { AT, connectorContract, entryOf, HOME, journalOf } from '../contract/connector.js'

const SECRET = 'k5n2v8Qx0rLwYb7TzJ3hGd9sUe4aPm6C'
const OTHER = 'another-key-of-thirty-two-letters'

const ec = (): KeyObject => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
const rsa = (): KeyObject => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
const tokenKeys: readonly TokenKey[] = [
  { id: 'e1', privateKey: ec() },
  { id: 'r1', privateKey: rsa() },
  { id: 'e0', privateKey: ec() },
]

const tools = (at = AT, secret = SECRET, journal = journalOf()): DoorTools => ({
  journal,
  issuer: 'https://vhod.school.example',
  clock: { now: () => at },
  chance: systemChance,
  tokenKeys,
  secret: () => Buffer.from(secret),
})
const connector = kinds.get('signed-link')!
const open = (block: object, given = tools()) => connector.open(connector.schema.parse(block), given)
const tokenOf = ({ handOff }: Passage, parameter = 'token'): string =>
  handOff.how === 'post' ? handOff.fields[parameter]! : handOff.to.searchParams.get(parameter)!
const url = `${HOME}/sso`
const logoutUrl = `${HOME}/sso-logout`

interface Claims extends JWTPayload {
  readonly sid?: string
  readonly return_to?: string
  readonly state?: string
}

for (const [alg, key] of [
  ['HS256', { env: 'SGO_KEY' }],
  ['ES256', undefined],
  ['RS256', undefined],
] as const) {
  const verifier = (keys: readonly TokenKey[], secret: string, audience: string) => {
    return async (token: string, at: number, typ = 'JWT'): Promise<Claims> => {
      const options = { issuer: tools().issuer, audience, algorithms: [alg], currentDate: new Date(at), typ }
      const { payload } =
        alg === 'HS256'
          ? await jwtVerify(token, Buffer.from(secret), options)
          : await jwtVerify(token, createLocalJWKSet(publicKeys(keys) as JSONWebKeySet), options)
      return payload
    }
  }
  const strangers = tokenKeys.map(({ id, privateKey }) => ({
    id,
    privateKey: privateKey.asymmetricKeyType === 'ec' ? ec() : rsa(),
  }))
  const [own, otherKey, otherJournal] = [
    verifier(tokenKeys, SECRET, 'sgo'),
    verifier(strangers, OTHER, 'sgo'),
    verifier(tokenKeys, SECRET, 'eljur'),
  ]
  for (const method of ['get', 'post'] as const) {
    const claims = (journal: Journal) =>
      method === 'post' && { claims: Object.fromEntries(journal.release.map(name => [name, `{${name}}`])) }
    connectorContract({
      name: `signed-link, ${alg}, ${method}`,
      carriesNames: method === 'post',
      logoutUrl,
      side: () =>
        Promise.resolve({
          open: (at, journal, tellable) =>
            open(
              { alg, url, method, ...(key && { key }), ...(tellable && { logoutUrl }), ...claims(journal) },
              tools(at, SECRET, journal),
            ),
          async receive(passage, at) {
            const { sub, sid, jti, return_to, state, iss, aud, iat, exp, ...given } = await own(tokenOf(passage), at)
            expect([iss, aud, exp! - iat!]).to.deep.equal([tools().issuer, 'sgo', LIFETIME_S])
            return {
              id: jti!,
              given: given as Released,
              ...(sub !== undefined && { subject: sub }),
              ...(sid !== undefined && { sid }),
              ...(return_to !== undefined && { returnTo: return_to }),
              ...(state !== undefined && { state }),
              all: { iss, aud },
            }
          },
          async receiveLeave({ fields }, at) {
            const { sub, sid, iss, iat, exp, ...more } = await own(fields['logout_token']!, at, 'logout+jwt')
            expect(more['events']).to.deep.equal({ 'http://schemas.openid.net/event/backchannel-logout': {} })
            expect([iss, exp! - iat! <= 120, Object.keys(more)]).to.deep.equal([
              tools().issuer,
              true,
              ['aud', 'jti', 'events'],
            ])
            return { subject: sub!, sid: sid! }
          },
          receiveAsStranger: (passage, at, stranger) =>
            (stranger === 'key' ? otherKey : otherJournal)(tokenOf(passage), at),
        }),
    })
  }
}

describe('signed link', () => {
  const claimsOf = (token: string) => JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as object
  const headerOf = (token: string) => JSON.parse(Buffer.from(token.split('.')[0]!, 'base64url').toString()) as object

  it('lives 60 seconds from the second in which it was made', () => {
    const { iat, exp } = claimsOf(tokenOf(open({ alg: 'ES256', url }).handOff(entryOf()))) as {
      iat: number
      exp: number
    }
    expect(iat).to.equal(Math.floor(AT / 1000))
    expect(exp - iat)
      .to.equal(LIFETIME_S)
      .and.to.equal(60)
  })

  it('takes the first token key that fits, and names it', () => {
    expect(headerOf(tokenOf(open({ alg: 'ES256', url }).handOff(entryOf())))).to.deep.equal({
      alg: 'ES256',
      typ: 'JWT',
      kid: 'e1',
    })
    expect(headerOf(tokenOf(open({ alg: 'RS256', url }).handOff(entryOf())))).to.include({
      alg: 'RS256',
      kid: 'r1',
    })
  })

  it("keeps the journal's own query as it is written and takes another parameter name", () => {
    const door = open({
      alg: 'ES256',
      url: 'https://sgo.school.example/sso?m=a%20b',
      parameter: 'jwt',
      audience: 'СГО',
    })
    const handOff = door.handOff(entryOf())
    expect(handOff.handOff.to.href).to.match(
      /^https:\/\/sgo\.school\.example\/sso\?m=a%20b&jwt=[\w-]+\.[\w-]+\.[\w-]+$/,
    )
    expect(claimsOf(tokenOf(handOff, 'jwt'))).to.include({ aud: 'СГО' })
  })

  it('sends claims by template, and leaves out those of which nothing is known', () => {
    const claims = { uid: '{login}', who: '{{{role}}} {school}', pupil: '{child}', fixed: 'school', kid: '{childName}' }
    const journal = journalOf(['login', 'role', 'school', 'child', 'childName'])
    const given = { login: 'p-1', role: 'parent', school: 'school-1' }
    const door = open({ alg: 'ES256', url, method: 'post', claims }, tools(AT, SECRET, journal))
    const got = claimsOf(tokenOf(door.handOff(entryOf({ person: { subject: 's', given } }))))
    expect(got).to.include({ uid: 'p-1', who: '{parent} school-1', fixed: 'school' })
    expect(got).not.to.have.any.keys('pupil', 'kid', 'login', 'account')
  })

  it('signs with the first of two keys and says which', async () => {
    const secret = (ref: SecretRef) => Buffer.from('env' in ref && ref.env === 'NEW' ? OTHER : SECRET)
    const key = [
      { id: 'k2', env: 'NEW' },
      { id: 'k1', env: 'OLD' },
    ]
    const token = tokenOf(open({ alg: 'HS256', url, key }, { ...tools(), secret }).handOff(entryOf()))
    expect(headerOf(token)).to.deep.equal({ alg: 'HS256', typ: 'JWT', kid: 'k2' })
    await jwtVerify(token, Buffer.from(OTHER), { currentDate: new Date(AT) })
  })

  it('uses the shared key as it stands, without the line end of an editor', () => {
    const block = { alg: 'HS256', url, key: { env: 'SGO_KEY' } }
    const given = { ...tools(), chance: { bytes: (count: number) => Buffer.alloc(count, 7) } }
    const [plain, withLineEnd] = ['', '\r\n'].map(end =>
      tokenOf(open(block, { ...given, secret: () => Buffer.from(SECRET + end) }).handOff(entryOf())),
    )
    expect(withLineEnd).to.equal(plain)
  })

  const unusable: readonly [string, () => unknown, RegExp][] = [
    [
      'a short shared key',
      () => open({ alg: 'HS256', url, key: { env: 'K' } }, tools(AT, 'x'.repeat(31))),
      /at least 32/,
    ],
    [
      'a binary shared key',
      () => open({ alg: 'HS256', url, key: { env: 'K' } }, tools(AT, '\u0001'.repeat(40))),
      /ASCII/,
    ],
    [
      'a claim that the journal may not get',
      () => open({ alg: 'ES256', url, claims: { mail: '{email}' }, method: 'post' }),
      /claims\.mail: \{email\} is not on the list/,
    ],
    [
      'a name in an address',
      () => open({ alg: 'ES256', url, claims: { fio: '{lastName}' } }, tools(AT, SECRET, journalOf(['lastName']))),
      /claims\.fio: \{lastName\} would stand in an address/,
    ],
    ['no fitting token key', () => open({ alg: 'RS256', url }, { ...tools(), tokenKeys: [tokenKeys[0]!] }), /RS256/],
  ]
  for (const [what, act, message] of unusable) {
    it(`${what} is an error when the door is opened`, () => expect(act).to.throw(RangeError, message))
  }

  const refused: readonly [string, object, RegExp][] = [
    ['HS256 without a key', { alg: 'HS256', url }, /HS256 needs the key/],
    ['ES256 with a shared key', { alg: 'ES256', url, key: { env: 'K' } }, /remove this line/],
    ['a claim that says what the token is', { alg: 'ES256', url, claims: { exp: '1' } }, /must not be one of/],
    [
      'a template with an unknown name',
      { alg: 'ES256', url, claims: { a: '{surname}' } },
      /names \{surname\}; allowed/,
    ],
    ['a template with a lonely brace', { alg: 'ES256', url, claims: { a: '{login' } }, /single \{/],
    ['two keys of one name', { alg: 'HS256', url, key: [0, 0].map(() => ({ id: 'k', env: 'K' })) }, /id of its own/],
    ['alg none', { alg: 'none', url }, /HS256/],
    ['a secret inside the settings', { alg: 'HS256', url, key: SECRET }, /key/],
    ['a misspelt setting', { alg: 'ES256', url, parametr: 'jwt' }, /parametr/],
    ['no address', { alg: 'ES256', url: 'sgo' }, /must be an address/],
    ['plain http', { alg: 'ES256', url: 'http://sgo.school.example/sso' }, /must be https/],
    ['a fragment', { alg: 'ES256', url: `${url}#x` }, /fragment/],
    ['a user name', { alg: 'ES256', url: 'https://u@sgo.school.example/' }, /user name/],
    ['an address that holds the parameter', { alg: 'ES256', url: `${url}?token=1` }, /which the hand-off adds/],
    ['a logout address over plain http', { alg: 'ES256', url, logoutUrl: 'http://sgo.example/x' }, /must be https/],
    ['a parameter that must be encoded', { alg: 'ES256', url, parameter: 'a b' }, /a letter/],
  ]
  for (const [what, block, message] of refused) {
    it(`settings: ${what} is refused`, () => {
      const { success, error } = connector.schema.safeParse(block)
      expect(success).to.equal(false)
      expect(JSON.stringify(error?.issues)).to.match(message)
    })
  }
})

describe('public keys of our tokens', () => {
  it('lists every key with its use, and no private half', () => {
    const { keys } = publicKeys(tokenKeys)
    expect(keys.map(({ kid, use, alg, kty }) => [kid, use, alg, kty])).to.deep.equal([
      ['e1', 'sig', 'ES256', 'EC'],
      ['r1', 'sig', 'RS256', 'RSA'],
      ['e0', 'sig', 'ES256', 'EC'],
    ])
    for (const key of keys) expect(key).not.to.have.any.keys('d', 'p', 'q', 'dp', 'dq', 'qi', 'k')
  })

  it('complains of a key that signs nothing', () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' })
    expect(() => publicKeys([{ id: 'x', privateKey }])).to.throw(RangeError, /token key x/)
  })
})
