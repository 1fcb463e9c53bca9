import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { expect } from 'chai'
import { createLocalJWKSet, jwtVerify, type JSONWebKeySet } from 'jose'
import { systemChance } from '../../src/base/chance.js'
import type { DoorTools, HandOff, ServerCall, TokenKey } from '../../src/journals/connector.js'
import { publicKeys } from '../../src/journals/jwks.js'
import { kinds } from '../../src/journals/kinds.js'
import { LIFETIME_S } from '../../src/journals/signed-link.js'
import { connectorContract } from '../contract/connector.js'

const SECRET = 'k5n2v8Qx0rLwYb7TzJ3hGd9sUe4aPm6C'
const OTHER = 'another-key-of-thirty-two-letters'
const AT = Date.parse('2026-11-24T08:00:00.700Z')

const ec = (): KeyObject => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
const rsa = (): KeyObject => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
const tokenKeys: readonly TokenKey[] = [
  { id: 'e1', privateKey: ec() },
  { id: 'r1', privateKey: rsa() },
  { id: 'e0', privateKey: ec() },
]

const tools = (at = AT, secret = SECRET): DoorTools => ({
  journal: { id: 'sgo', title: 'СГО', schools: ['school-1'], roles: ['parent'], returnTo: [], requireState: false },
  issuer: 'https://vhod.school.example',
  clock: { now: () => at },
  chance: systemChance,
  tokenKeys,
  secret: () => Buffer.from(secret),
})
const connector = kinds.get('signed-link')!
const open = (block: object, given = tools()) => connector.open(connector.schema.parse(block), given)
const tokenOf = ({ to }: HandOff, parameter = 'token'): string => to.searchParams.get(parameter)!
const person = { subject: 's', account: { id: 'a', login: 'p-1', role: 'parent', school: 'school-1' } } as const

const sid = 'sid-in-sgo'

const released = [
  ...['iss', 'aud', 'iat', 'exp', 'jti'],
  ...['sub', 'sid', 'account', 'login', 'role', 'school', 'child', 'return_to', 'state'],
]
const url = 'https://sgo.school.example/sso'

for (const [alg, key] of [
  ['HS256', { env: 'SGO_KEY' }],
  ['ES256', undefined],
  ['RS256', undefined],
] as const) {
  const logoutUrl = 'https://sgo.school.example/sso-logout'
  const verifyText = async (
    token: string,
    at: number,
    keys: readonly TokenKey[],
    secret: string,
    audience: string,
    typ = 'JWT',
  ) => {
    const options = { issuer: tools().issuer, audience, algorithms: [alg], currentDate: new Date(at), typ }
    const { payload } =
      alg === 'HS256'
        ? await jwtVerify(token, Buffer.from(secret), options)
        : await jwtVerify(token, createLocalJWKSet(publicKeys(keys) as JSONWebKeySet), options)
    return payload as Readonly<Record<string, unknown>>
  }
  const verify = (handOff: HandOff, at: number, keys: readonly TokenKey[], secret: string, audience: string) =>
    verifyText(tokenOf(handOff), at, keys, secret, audience)
  const leaving = ({ fields }: ServerCall): string => fields['logout_token']!
  const strangers = tokenKeys.map(({ id, privateKey }) => ({
    id,
    privateKey: privateKey.asymmetricKeyType === 'ec' ? ec() : rsa(),
  }))
  connectorContract(`signed-link, ${alg}`, released, () =>
    Promise.resolve({
      open: (at, tellable = true) => open({ alg, url, ...(key && { key }), ...(tellable && { logoutUrl }) }, tools(at)),
      receiveLeave: (call, at) => verifyText(leaving(call), at, tokenKeys, SECRET, 'sgo', 'logout+jwt'),
      receive: (handOff, at) => verify(handOff, at, tokenKeys, SECRET, 'sgo'),
      receiveAsStranger: (handOff, at, stranger) =>
        stranger === 'key'
          ? verify(handOff, at, strangers, OTHER, 'sgo')
          : verify(handOff, at, tokenKeys, SECRET, 'eljur'),
    }),
  )
}

describe('signed link', () => {
  const claimsOf = (token: string) => JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as object
  const headerOf = (token: string) => JSON.parse(Buffer.from(token.split('.')[0]!, 'base64url').toString()) as object

  it('lives 60 seconds from the second in which it was made', () => {
    const { iat, exp } = claimsOf(tokenOf(open({ alg: 'ES256', url }).handOff({ person, sid }))) as {
      iat: number
      exp: number
    }
    expect(iat).to.equal(Math.floor(AT / 1000))
    expect(exp - iat)
      .to.equal(LIFETIME_S)
      .and.to.equal(60)
  })

  it('takes the first token key that fits, and names it', () => {
    expect(headerOf(tokenOf(open({ alg: 'ES256', url }).handOff({ person, sid })))).to.deep.equal({
      alg: 'ES256',
      typ: 'JWT',
      kid: 'e1',
    })
    expect(headerOf(tokenOf(open({ alg: 'RS256', url }).handOff({ person, sid })))).to.include({
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
    const handOff = door.handOff({ person, sid })
    expect(handOff.to.href).to.match(/^https:\/\/sgo\.school\.example\/sso\?m=a%20b&jwt=[\w-]+\.[\w-]+\.[\w-]+$/)
    expect(claimsOf(tokenOf(handOff, 'jwt'))).to.include({ aud: 'СГО' })
  })

  it('uses the shared key as it stands, without the line end of an editor', () => {
    const block = { alg: 'HS256', url, key: { env: 'SGO_KEY' } }
    const given = { ...tools(), chance: { bytes: (count: number) => Buffer.alloc(count, 7) } }
    const [plain, withLineEnd] = ['', '\r\n'].map(end =>
      tokenOf(open(block, { ...given, secret: () => Buffer.from(SECRET + end) }).handOff({ person, sid })),
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
    ['no fitting token key', () => open({ alg: 'RS256', url }, { ...tools(), tokenKeys: [tokenKeys[0]!] }), /RS256/],
  ]
  for (const [what, act, message] of unusable) {
    it(`${what} is an error when the door is opened`, () => expect(act).to.throw(RangeError, message))
  }

  const refused: readonly [string, object, RegExp][] = [
    ['HS256 without a key', { alg: 'HS256', url }, /HS256 needs the key/],
    ['ES256 with a shared key', { alg: 'ES256', url, key: { env: 'K' } }, /remove this line/],
    ['alg none', { alg: 'none', url }, /HS256/],
    ['a secret inside the settings', { alg: 'HS256', url, key: SECRET }, /key/],
    ['a misspelt setting', { alg: 'ES256', url, parametr: 'jwt' }, /parametr/],
    ['no address', { alg: 'ES256', url: 'sgo' }, /must be an address/],
    ['plain http', { alg: 'ES256', url: 'http://sgo.school.example/sso' }, /must be https/],
    ['a fragment', { alg: 'ES256', url: `${url}#x` }, /fragment/],
    ['a user name', { alg: 'ES256', url: 'https://u@sgo.school.example/' }, /user name/],
    ['an address that holds the parameter', { alg: 'ES256', url: `${url}?token=1` }, /which carries the token/],
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
