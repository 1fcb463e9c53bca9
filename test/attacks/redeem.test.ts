/**
 * Every way in which a call for a hand-off may lie. Each row spoils one thing in a call that is otherwise answered, and names
 * the answer that it must earn, and what the audit must know. After every unproven call the handle is still worth something;
 * after every proven one it is not.
 */
import { createHmac, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect } from 'chai'
import { SignJWT } from 'jose'
import type { RequestNumber } from '../../src/base/request-number.js'
import { demoJournal } from '../../src/demo/settings.js'
import { basic, post, somebody, type Redeemed, type Sent } from '../support/redeeming.js'
import { startTestTown, type TestTown } from '../support/town.js'

const ec = (): ReturnType<typeof generateKeyPairSync> => generateKeyPairSync('ec', { namedCurve: 'P-256' })
const own = ec()
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
const pem = (key: KeyObject): string => key.export({ type: 'spki', format: 'pem' }) as string

describe('attacks: fetching a hand-off', () => {
  const folder = mkdtempSync(join(tmpdir(), 'redeem-'))
  let town: TestTown
  let person: Awaited<ReturnType<typeof somebody>>

  before(async () => {
    const keys = join(folder, 'keys.pem')
    writeFileSync(keys, pem(own.publicKey) + pem(rsa.publicKey))
    town = await startTestTown({
      more: place => {
        const journal = (id: string, connector: object) => ({
          ...{ ...demoJournal(place, 'sgo', id), id },
          connector: { kind: 'handle', url: `${place.journals}/nowhere`, ...connector },
        })
        const sgo = demoJournal(place, 'sgo', 'Сетевой журнал')
        return {
          journals: [
            sgo,
            journal('secret', { secret: { file: 'certs/handle.key' } }),
            journal('other', { secret: { file: 'certs/sgo.key' } }),
            journal('keys', { keys: { file: keys } }),
          ],
          sessions: { idle: '30m', absolute: '24h' },
        }
      },
    })
    person = await somebody(town)
  })
  after(async () => {
    await town.close()
    rmSync(folder, { recursive: true })
  })
  // a minute in which twenty calls fail from one address shuts it out, and here all come from one
  afterEach(() => town.clock.forward(61_000))

  const secret = () => town.prepared.journalSecrets.handle
  const redeemAddress = () => `${town.town.bridge}/hand-off/redeem`
  const form = (fields: Record<string, string>) => new URLSearchParams(fields).toString()

  /** The good call of each kind of journal. */
  const bySecret = (handle: string, more: Sent = {}): Sent => ({
    ...more,
    headers: { authorization: basic('secret', secret()), ...more.headers },
    body: more.body ?? form({ handle }),
  })
  interface Assertion {
    readonly claims?: Readonly<Record<string, unknown>>
    readonly key?: KeyObject
    readonly header?: Readonly<Record<string, string>>
  }
  const assertion = ({ claims = {}, key = own.privateKey, header = {} }: Assertion = {}): Promise<string> => {
    const now = Math.floor(town.clock.now() / 1000)
    const id = { iss: 'keys', sub: 'keys', aud: redeemAddress() }
    return new SignJWT({ ...id, iat: now, exp: now + 60, jti: crypto.randomUUID(), ...claims })
      .setProtectedHeader({ alg: 'ES256', ...header })
      .sign(key)
  }
  const byAssertion = (handle: string, jwt: string, fields: Record<string, string> = {}): Sent => ({
    body: form({ handle, client_assertion_type: TYPE, client_assertion: jwt, ...fields }),
  })
  const seconds = (ahead: number): number => Math.floor(town.clock.now() / 1000) + ahead
  const unsigned = (header: object, jwt: string): string =>
    [Buffer.from(JSON.stringify(header)).toString('base64url'), jwt.split('.')[1]].join('.')

  /** What the audit says about the number of an answer. */
  const written = async ({ json }: Redeemed) =>
    (await town.bridge.store.audit.byNumber(json['number'] as RequestNumber)).at(-1)

  async function expectRefusal(answer: Redeemed, status: number, error: string, why: string): Promise<void> {
    expect([answer.status, answer.json['error']]).to.deep.equal([status, error])
    expect(answer.headers['cache-control']).to.equal('no-store')
    expect(answer.json).to.have.all.keys('error', 'error_description', 'number')
    expect(answer.headers['www-authenticate'] !== undefined).to.equal(status === 401)
    expect((await written(answer))?.facts?.['why']).to.equal(why)
  }

  for (const [kind, journal, good] of [
    ['with a secret', 'secret', (handle: string) => Promise.resolve(bySecret(handle))],
    ['with an assertion', 'keys', async (handle: string) => byAssertion(handle, await assertion())],
  ] as const)
    it(`control: ${kind} the call is answered, once`, async () => {
      const handle = await person.handle(journal)
      const answer = await post(town, await good(handle))
      expect([answer.status, answer.json['aud'], answer.json['login']]).to.deep.equal([200, journal, 'p-1002'])
      await expectRefusal(
        await post(town, await good(handle)),
        400,
        'invalid_grant',
        'unknown, used, too old, or signed out',
      )
    })

  type Row = readonly [attack: string, spoil: (handle: string) => Sent | Promise<Sent>, why: string]

  const unproven: readonly Row[] = [
    ['a wrong secret', handle => bySecret(handle, { headers: { authorization: basic('secret', `${secret()}x`) } }), 'secret'],
    ['an empty secret', handle => bySecret(handle, { headers: { authorization: basic('secret', '') } }), 'secret'],
    ['the beginning of the secret', handle => bySecret(handle, { headers: { authorization: basic('secret', secret().slice(0, -1)) } }), 'secret'],
    ['the secret of another journal', handle => bySecret(handle, { headers: { authorization: basic('secret', town.prepared.journalSecrets.sgo) } }), 'secret'],
    ['no proof', handle => ({ body: form({ handle }) }), 'no journal of this id fetches hand-offs'],
    ['only a name', handle => ({ body: form({ handle, client_id: 'secret' }) }), 'no proof'],
    ['Bearer', handle => ({ headers: { authorization: `Bearer ${secret()}` }, body: form({ handle }) }), 'no journal of this id fetches hand-offs'],
    ['Basic that is no base64', handle => ({ headers: { authorization: 'Basic ???' }, body: form({ handle }) }), 'no journal of this id fetches hand-offs'],
    ['Basic without a colon', handle => ({ headers: { authorization: 'Basic YWJj' }, body: form({ handle }) }), 'no journal of this id fetches hand-offs'],
    ['an unknown journal', handle => bySecret(handle, { headers: { authorization: basic('nobody', secret()) } }), 'no journal of this id fetches hand-offs'],
    ['a journal of another kind, with its own key', handle => bySecret(handle, { headers: { authorization: basic('sgo', town.prepared.journalSecrets.sgo) } }), 'no journal of this id fetches hand-offs'],
    ['a secret for a journal that has keys', handle => bySecret(handle, { headers: { authorization: basic('keys', secret()) } }), 'secret'],
    ['an assertion for a journal that has a secret', async handle => byAssertion(handle, await assertion({ claims: { iss: 'secret', sub: 'secret' } })), 'assertion: signature'],
    ['an assertion of nobody', async handle => byAssertion(handle, await assertion({ claims: { iss: 'nobody', sub: 'nobody' } })), 'no journal of this id fetches hand-offs'],
    ['alg none', async handle => byAssertion(handle, `${unsigned({ alg: 'none' }, await assertion())}.`), 'assertion: alg'],
    ['HS256 with the public key as secret', async handle => {
      const body = unsigned({ alg: 'HS256' }, await assertion())
      return byAssertion(handle, `${body}.${createHmac('sha256', pem(own.publicKey)).update(body).digest('base64url')}`)
    }, 'assertion: alg'],
    ['an algorithm of the list by a key of another', async handle => {
      const [, claims, signature] = (await assertion()).split('.')
      return byAssertion(handle, [Buffer.from('{"alg":"RS256"}').toString('base64url'), claims, signature].join('.'))
    }, 'assertion: signature'],
    ['another key', async handle => byAssertion(handle, await assertion({ key: ec().privateKey })), 'assertion: signature'],
    ['a claim changed after signing', async handle => {
      const [head, , signature] = (await assertion({ claims: { exp: seconds(-90) } })).split('.')
      return byAssertion(handle, [head, (await assertion()).split('.')[1], signature].join('.'))
    }, 'assertion: signature'],
    ['no JWT', handle => byAssertion(handle, 'a.b'), 'no journal of this id fetches hand-offs'],
    ['no JWT, in the name of a journal', handle => byAssertion(handle, 'a.b', { client_id: 'keys' }), 'assertion: no JWT'],
    ['aud of another service', async handle => byAssertion(handle, await assertion({ claims: { aud: 'https://other.example' } })), 'assertion: aud'],
    ['two audiences', async handle => byAssertion(handle, await assertion({ claims: { aud: [redeemAddress(), 'https://other.example'] } })), 'assertion: aud'],
    ['no aud', async handle => byAssertion(handle, await assertion({ claims: { aud: undefined } })), 'assertion: aud'],
    ['another issuer', async handle => byAssertion(handle, await assertion({ claims: { iss: 'secret' } })), 'assertion: iss'],
    ['another subject', async handle => byAssertion(handle, await assertion({ claims: { sub: 'secret' } }), { client_id: 'keys' }), 'assertion: sub'],
    ['expired', async handle => byAssertion(handle, await assertion({ claims: { exp: seconds(-31) } })), 'assertion: exp'],
    ['valid for six minutes', async handle => byAssertion(handle, await assertion({ claims: { exp: seconds(360) } })), 'assertion: exp'],
    ['no exp', async handle => byAssertion(handle, await assertion({ claims: { exp: undefined } })), 'assertion: exp'],
    ['not yet valid', async handle => byAssertion(handle, await assertion({ claims: { nbf: seconds(60) } })), 'assertion: nbf'],
    ['issued in the future', async handle => byAssertion(handle, await assertion({ claims: { iat: seconds(60) } })), 'assertion: iat'],
    ['no jti', async handle => byAssertion(handle, await assertion({ claims: { jti: undefined } })), 'assertion: jti'],
    ['a jti of a thousand signs', async handle => byAssertion(handle, await assertion({ claims: { jti: 'x'.repeat(1_000) } })), 'assertion: jti'],
    ['an assertion again', async handle => {
      const jwt = await assertion()
      expect((await post(town, byAssertion(await person.handle('keys'), jwt))).status).to.equal(200)
      return byAssertion(handle, jwt)
    }, 'assertion: used before'],
  ] // prettier-ignore

  const malformed: readonly (readonly [...Row, status?: number])[] = [
    ['both ways at once: header and form', handle => bySecret(handle, { body: form({ handle, client_id: 'secret', client_secret: secret() }) }), 'two ways to authenticate at once'],
    ['both ways at once: secret and assertion', async handle => byAssertion(handle, await assertion(), { client_secret: secret() }), 'two ways to authenticate at once'],
    ['two Authorization headers', handle => ({ headers: { authorization: [basic('secret', secret()), basic('other', 'x')] }, body: form({ handle }) }), 'two Authorization headers'],
    ['two client ids', handle => bySecret(handle, { body: form({ handle, client_id: 'other' }) }), 'two client ids'],
    ['a name twice', handle => ({ body: `${form({ handle, client_id: 'secret', client_secret: secret() })}&client_id=secret` }), 'repeated'],
    ['a name twice in JSON', handle => ({ headers: { 'content-type': 'application/json', authorization: basic('secret', secret()) }, body: `{"a":"1","a":"2","handle":"${handle}"}` }), 'repeated'],
    ['JSON in JSON', handle => bySecret(handle, { headers: { 'content-type': 'application/json' }, body: `{"handle":{"$gt":"${handle}"}}` }), 'no JSON object of texts'],
    ['a list of handles in JSON', handle => bySecret(handle, { headers: { 'content-type': 'application/json' }, body: `{"handle":["${handle}"]}` }), 'no JSON object of texts'],
    ['broken JSON', handle => bySecret(handle, { headers: { 'content-type': 'application/json' }, body: `{"handle":"${handle}"` }), 'no JSON object of texts'],
    ['another type of body', handle => bySecret(handle, { headers: { 'content-type': 'text/plain' } }), 'type'],
    ['another charset', handle => bySecret(handle, { headers: { 'content-type': 'application/x-www-form-urlencoded; charset=windows-1251' } }), 'type'],
    ['octets that are no UTF-8', handle => bySecret(handle, { body: Buffer.concat([Buffer.from(`handle=${handle}&x=`), Buffer.from([0xff])]) }), 'no UTF-8'],
    ['a packed body', handle => bySecret(handle, { headers: { 'content-encoding': 'gzip' }, body: gzipSync(form({ handle })) }), 'encoding.unsupported'],
    ['another type of assertion', async handle => byAssertion(handle, await assertion(), { client_assertion_type: 'urn:x' }), 'client_assertion_type'],
    ['five handles', handle => bySecret(handle, { body: Array.from({ length: 5 }, () => form({ handle })).join('&') }), 'too many handles'],
  ] // prettier-ignore

  /** The same handle by an honest call of the journal for which it was made. */
  const stillWorth = async (handle: string, journal: string): Promise<void> => {
    const call = journal === 'secret' ? bySecret(handle) : byAssertion(handle, await assertion())
    expect((await post(town, call)).status, 'the handle is still worth something').to.equal(200)
  }

  for (const [attack, spoil, why] of unproven)
    it(`${attack} -> invalid_client (${why})`, async () => {
      const journal = /assertion/.test(why) ? 'keys' : 'secret'
      const handle = await person.handle(journal)
      const answer = await post(town, await spoil(handle))
      await expectRefusal(answer, 401, 'invalid_client', why)
      expect(await written(answer)).to.include({ what: 'hand-off.refused', code: 'redeem.client' })
      expect(JSON.stringify(answer.json), 'why is no business of the caller').not.to.contain(why)
      await stillWorth(handle, journal)
    })

  for (const [attack, spoil, why] of malformed)
    it(`${attack} -> invalid_request (${why}), and nothing is changed`, async () => {
      const handle = await person.handle('secret')
      await expectRefusal(await post(town, await spoil(handle)), 400, 'invalid_request', why)
      await stillWorth(handle, 'secret')
    })

  it('a body of 20 KB -> 413, and nothing is changed', async () => {
    const handle = await person.handle('secret')
    const answer = await post(town, bySecret(handle, { body: form({ handle, x: 'x'.repeat(20_000) }) }))
    expect([answer.status, answer.json['error']]).to.deep.equal([413, 'invalid_request'])
    await stillWorth(handle, 'secret')
  })

  const proven: readonly (readonly [...Row, error: string])[] = [
    ['a handle in the address', handle => bySecret(handle, { query: `?handle=${handle}`, body: '' }), 'parameters belong in the body, never in the address', 'invalid_request'],
    ['a handle in the body, and something in the address', handle => bySecret(handle, { query: '?x=1' }), 'parameters belong in the body, never in the address', 'invalid_request'],
    ['two handles', handle => bySecret(handle, { body: form({ handle }) + '&handle=other' }), 'more than one handle', 'invalid_request'],
    ['the handle of another journal', handle => bySecret(handle, { headers: { authorization: basic('other', town.prepared.journalSecrets.sgo) } }), 'of another journal', 'invalid_grant'],
    ['the same by an assertion', async handle => byAssertion(handle, await assertion()), 'of another journal', 'invalid_grant'],
  ] // prettier-ignore
  for (const [attack, spoil, why, error] of proven)
    it(`${attack}, by a journal that proves itself -> ${error}, and the handle is burnt`, async () => {
      const handle = await person.handle('secret')
      const answer = await post(town, await spoil(handle))
      await expectRefusal(answer, 400, error, why)
      expect((await written(answer))?.code).to.equal(error === 'invalid_grant' ? 'redeem.handle' : 'request.malformed')
      await expectRefusal(
        await post(town, bySecret(handle)),
        400,
        'invalid_grant',
        'unknown, used, too old, or signed out',
      )
    })

  it('a credential in the address is no credential', async () => {
    const handle = await person.handle('secret')
    const query = `?${form({ client_id: 'secret', client_secret: secret() })}`
    const answer = await post(town, { query, body: form({ handle }) })
    expect([answer.status, answer.json['error']]).to.deep.equal([401, 'invalid_client'])
    await stillWorth(handle, 'secret')
  })

  const guesses = (handle: string): readonly string[] => [
    handle.slice(0, -1),
    `${handle}A`,
    handle.toUpperCase(),
    ` ${handle}`,
    `${handle}\0`,
    "' or 1=1 --",
    'A'.repeat(27),
    '%',
  ]
  it('a handle that is guessed, or nearly right -> invalid_grant, and the right one stays', async () => {
    const handle = await person.handle('secret')
    for (const guess of guesses(handle)) {
      const answer = await post(town, bySecret(guess))
      expect([answer.status, answer.json['error']], guess).to.deep.equal([400, 'invalid_grant'])
    }
    await stillWorth(handle, 'secret')
  })
})
