/** Every way a hand-off may lie to a journal. Each row spoils one thing in a token that is otherwise accepted. */
import { generateKeyPairSync } from 'node:crypto'
import { expect } from 'chai'
import { denials, type DenialCode } from '../../src/demo-journals/denials.js'
import { BRIDGE, openSchool, type Order, type School } from './school.js'

const NOW = Math.floor(Date.parse('2026-11-24T08:00:00Z') / 1000)
const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
const changed = (token: string, index: number, change: (fields: object) => object): string =>
  token
    .split('.')
    .map((text, i) =>
      i === index ? part(change(JSON.parse(Buffer.from(text, 'base64url').toString()) as object)) : text,
    )
    .join('.')

interface Attack {
  readonly attack: string
  readonly order?: Order
  readonly spoil?: (token: string) => string
  readonly denied: DenialCode
}

const attacks: readonly Attack[] = [
  { attack: 'no token', spoil: () => '', denied: 'token-missing' },
  { attack: 'not a token', spoil: () => 'abc', denied: 'token-form' },
  { attack: 'cut off', spoil: token => token.slice(0, -30), denied: 'token-signature' },
  { attack: 'four parts', spoil: token => `${token}.x`, denied: 'token-form' },
  { attack: 'padded base64', spoil: token => `${token}=`, denied: 'token-form' },
  { attack: '9,000 signs', spoil: token => token + 'A'.repeat(9000), denied: 'token-form' },
  { attack: 'header is no JSON', spoil: token => token.replace(/^[^.]+/, 'AAAA'), denied: 'token-form' },
  { attack: 'header is a list', spoil: token => token.replace(/^[^.]+/, part([])), denied: 'token-form' },
  { attack: 'signature removed', spoil: token => token.replace(/[^.]+$/, ''), denied: 'token-form' },
  { attack: 'alg none', spoil: token => changed(token, 0, () => ({ alg: 'none' })), denied: 'token-algorithm' },
  { attack: 'alg in lower case', spoil: token => changed(token, 0, () => ({ alg: 'hs256' })), denied: 'token-algorithm' },
  { attack: 'crit', order: { header: { alg: 'HS256', crit: ['b64'], b64: true } }, denied: 'token-algorithm' },
  { attack: 'another algorithm', order: { alg: 'ES256', claims: { aud: 'sgo' } }, denied: 'token-algorithm' },
  { attack: 'a key of their own', order: { key: Buffer.from('x'.repeat(32)) }, denied: 'token-signature' },
  { attack: 'another login', spoil: token => changed(token, 1, claims => ({ ...claims, login: 'a-1' })), denied: 'token-signature' },
  { attack: 'one bit of the signature', spoil: token => token.replace(/.(.)$/, '$1$1'), denied: 'token-signature' },
  { attack: 'another issuer', order: { claims: { iss: `${BRIDGE}/` } }, denied: 'token-issuer' },
  { attack: 'another audience', order: { claims: { aud: 'eljur' } }, denied: 'token-audience' },
  { attack: 'a list of audiences', order: { claims: { aud: ['sgo', 'eljur'] } }, denied: 'token-audience' },
  { attack: 'expired', order: { claims: { iat: NOW - 90, exp: NOW - 30 } }, denied: 'token-expired' },
  { attack: 'from the future', order: { claims: { iat: NOW + 31, exp: NOW + 91 } }, denied: 'token-early' },
  { attack: 'valid for an hour', order: { claims: { exp: NOW + 3600 } }, denied: 'token-form' },
  { attack: 'times as text', order: { claims: { exp: undefined } }, denied: 'token-form' },
  { attack: 'no id', order: { claims: { jti: undefined } }, denied: 'token-form' },
  { attack: 'no login', order: { claims: { login: '' } }, denied: 'token-form' },
  { attack: 'a state of another browser', order: { claims: { state: 'x' } }, denied: 'state-foreign' },
  { attack: 'an empty state', order: { claims: { state: '' } }, denied: 'state-foreign' },
  { attack: 'return to a stranger', order: { claims: { return_to: 'https://evil.example/sgo/' } }, denied: 'return-denied' },
  { attack: 'return to another journal', order: { claims: { return_to: '/eljur/' } }, denied: 'return-denied' },
] // prettier-ignore

describe('arriving at a demo journal', () => {
  let school: School
  beforeEach(async () => (school = await openSchool()))
  afterEach(() => school.close())

  it('control: a good token opens a visit, and the address is clean', async () => {
    const jar = new Map<string, string>()
    const door = await school.get(`/sgo/sso?token=${await school.token()}`, jar)
    expect([door.status, door.to]).to.deep.equal([303, `${school.origin}/sgo/`])
    expect(door.headers.get('referrer-policy')).to.equal('no-referrer')
    expect(door.headers.get('cache-control')).to.equal('no-store')
    const page = await school.get('/sgo/', jar)
    expect(page.text).to.contain('Ёжикова &quot;Анна&quot;').and.to.contain('10Б').and.to.contain('Школа № 1')
    expect(page.text).to.contain('&lt;b&gt;Мария').and.not.to.contain('<b>Мария')
  })

  for (const { attack, order, spoil = (text: string) => text, denied } of attacks) {
    it(`${attack} -> ${denied}`, async () => {
      const [good, bad] = [await school.token(), spoil(await school.token(order))]
      expect(bad).not.to.equal(good)
      const jar = new Map<string, string>()
      const answer = await school.get(`/sgo/sso?token=${bad}`, jar)
      expect(answer.text).to.contain(`Для школы: ${denied}<`)
      expect(answer.status).to.equal(denials[denied].status)
      expect([...jar.keys()]).to.deep.equal([])
    })
  }

  it('the same link twice -> token-used, and a refused link uses nothing up', async () => {
    const token = await school.token()
    const broken = await school.get(`/sgo/sso?token=${token.slice(0, -2)}`)
    expect(broken.status).to.equal(403)
    expect((await school.get(`/sgo/sso?token=${token}`)).status).to.equal(303)
    const again = await school.get(`/sgo/sso?token=${token}`)
    expect([again.status, again.text.includes('token-used')]).to.deep.equal([403, true])
    school.later(60_000)
    expect((await school.get(`/sgo/sso?token=${token}`)).text).to.contain('token-used')
    school.later(30_000)
    expect((await school.get(`/sgo/sso?token=${token}`)).text).to.contain('token-expired')
  })

  it('fifty who bring the same link at once: one comes in', async () => {
    const token = await school.token()
    const answers = await Promise.all(Array.from({ length: 50 }, () => school.get(`/sgo/sso?token=${token}`)))
    expect(answers.filter(({ status }) => status === 303).length).to.equal(1)
  })

  it('two tokens in one address are none', async () => {
    const token = await school.token()
    expect((await school.get(`/sgo/sso?token=${token}&token=${token}`)).text).to.contain('token-missing')
  })

  it('a login that starts here comes back to its section, by ES256, once a state', async () => {
    const jar = new Map<string, string>()
    const first = await school.get('/eljur/login?to=marks', jar)
    const second = await school.get('/eljur/login?to=https://evil.example/', jar)
    const [one, two] = [first, second].map(({ to }) => new URL(to!))
    expect([one!.origin, one!.pathname]).to.deep.equal([BRIDGE, '/login'])
    expect(one!.searchParams.get('journal')).to.equal('eljur')
    expect(one!.searchParams.get('return')).to.equal(`${school.origin}/eljur/marks`)
    expect(two!.searchParams.get('return')).to.equal(`${school.origin}/eljur/`)

    const arrive = async (from: URL, other: object = {}) => {
      const claims = {
        ...other,
        state: from.searchParams.get('state'),
        return_to: `${from.searchParams.get('return')!}?week=next`,
      }
      return school.get(`/eljur/sso?token=${await school.token({ alg: 'ES256', claims })}`, jar)
    }
    expect((await arrive(one!)).to).to.equal(`${school.origin}/eljur/marks?week=next`)
    expect((await arrive(one!, { login: 'p-9999' })).text, 'used up').to.contain('state-foreign')
    expect((await arrive(one!)).to, 'the back button').to.equal(`${school.origin}/eljur/marks?week=next`)
    expect((await arrive(two!)).status).to.equal(303)
  })

  it('a journal that demands a state takes no login from elsewhere', async () => {
    const answer = await school.get(`/eljur/sso?token=${await school.token({ alg: 'ES256' })}`)
    expect([answer.status, answer.text.includes('state-missing')]).to.deep.equal([403, true])
  })

  it('asks for the keys once, and not for every invented key id', async () => {
    const jar = new Map<string, string>()
    const state = new URL((await school.get('/eljur/login', jar)).to!).searchParams.get('state')
    const bring = async (order: Order) =>
      school.get(`/eljur/sso?token=${await school.token({ alg: 'ES256', ...order })}`, jar)
    for (const kid of ['x1', 'x2', 'x3']) {
      expect((await bring({ header: { kid } })).text).to.contain('token-signature')
    }
    expect((await bring({ key: stranger.privateKey })).text).to.contain('token-signature')
    expect((await bring({ claims: { state } })).status).to.equal(303)
    expect(school.asked()).to.equal(1)
    school.later(11 * 60_000)
    expect((await bring({ header: { kid: 'x4' } })).text).to.contain('token-signature')
    expect(school.asked()).to.equal(2)
  })

  it('an HS256 token made with the public key is refused', async () => {
    const key = Buffer.from(stranger.publicKey.export({ type: 'spki', format: 'pem' }))
    const answer = await school.get(`/eljur/sso?token=${await school.token({ key, claims: { aud: 'eljur' } })}`)
    expect(answer.text).to.contain('token-algorithm')
  })

  it('says so when the keys cannot be fetched', async () => {
    await school.stopKeys()
    const answer = await school.get(`/eljur/sso?token=${await school.token({ alg: 'ES256' })}`)
    expect([answer.status, answer.text.includes('keys-unreachable')]).to.deep.equal([503, true])
  })
})
