/** A journal's server fetches what its browser brought the handle for: once, within a minute, while the person is signed in. */
import { expect } from 'chai'
import { systemChance } from '../../src/base/chance.js'
import type { RequestNumber } from '../../src/base/request-number.js'
import { stranger } from '../../src/journals/client.js'
import { FailedCalls } from '../../src/login/failed-calls.js'
import { redeem } from '../../src/login/redeem.js'
import { Browser } from '../support/browser.js'
import { basic, post, somebody, type Sent } from '../support/redeeming.js'
import { walk } from '../support/sign-in.js'
import { startTestTown, type TestTown } from '../support/town.js'

const FATHER = 'father@mail.example'
const JSON_TYPE = { 'content-type': 'application/json' }

describe('flow: a hand-off that the journal fetches', () => {
  let town: TestTown
  let person: Awaited<ReturnType<typeof somebody>>
  before(async () => {
    town = await startTestTown()
    town.clock.stop()
    person = await somebody(town)
  })
  after(() => town.close())
  afterEach(() => town.clock.forward(61_000))

  const secret = (): string => town.prepared.journalSecrets.handle
  const call = (handle: string, more: Sent = {}): Sent => ({
    headers: { authorization: basic('handle', secret()) },
    body: new URLSearchParams({ handle }).toString(),
    ...more,
  })
  const events = (number: unknown) => town.bridge.store.audit.byNumber(number as RequestNumber)

  it('opens the demo journal, and nothing of the person was in an address or a log', async () => {
    const browser = new Browser()
    const page = await walk(browser, `${town.town.journals}/handle/login?to=marks`, FATHER)
    expect([page.status, page.url.pathname]).to.deep.equal([200, '/handle/marks'])
    expect(page.text).to.include('Оценки')
    const door = new URL(browser.visited.find(url => url.includes('/enter?'))!)
    expect([...door.searchParams.keys()]).to.deep.equal(['handle'])
    const handle = door.searchParams.get('handle')!
    expect((await post(town, call(handle))).json['error'], 'the journal has fetched it').to.equal('invalid_grant')
    for (const hidden of [handle, secret(), 'p-1002', 'Соколов']) expect(town.logs.join('')).not.to.include(hidden)
  })

  it('says whom, for whom, how long, where to, and brings state back; under the number of the login', async () => {
    const to = `${town.town.journals}/handle/marks`
    const handle = await person.handle('handle', `&state=s-1&return=${encodeURIComponent(to)}`)
    const { status, json, headers } = await post(town, call(handle))
    expect([status, headers['cache-control'], headers['content-type']]).to.deep.equal([
      200,
      'no-store',
      'application/json; charset=utf-8',
    ])
    const { iss, aud, iat, exp, jti, sub, sid, account, ...rest } = json
    expect([iss, aud, Number(exp) - Number(iat)]).to.deep.equal([town.town.bridge, 'handle', 60])
    for (const name of [jti, sub, sid, account]) expect(name).to.be.a('string').with.length.above(15)
    expect(rest).to.deep.equal({
      login: 'p-1002',
      role: 'parent',
      school: 'school-1',
      child: 'c-501',
      return_to: to,
      state: 's-1',
    })
    const [line] = town.logs.filter(log => log.includes('/hand-off/redeem')).slice(-1)
    const entered = await events(numbers(town).at(-2)) // the last but one request was the login
    expect(entered.map(({ what }) => what)).to.include.members(['journal.entered', 'hand-off.redeemed'])
    expect(entered.at(-1)).to.include({ what: 'hand-off.redeemed', result: 'ok', journal: 'handle' })
    expect(line).not.to.include(handle)
  })

  /** Request numbers in the order in which requests were answered. */
  const numbers = ({ logs }: TestTown): string[] =>
    logs.flatMap(line => {
      const { number, path } = JSON.parse(line) as { number?: string; path?: string }
      return number === undefined || path === undefined ? [] : [number]
    })

  const good: readonly (readonly [string, (handle: string) => Sent])[] = [
    ['Basic as RFC 6749 writes it, percent-encoded', handle => call(handle, { headers: { authorization: basic('handle', percent(secret())) } })],
    ['the secret in the form', handle => ({ body: new URLSearchParams({ handle, client_id: 'handle', client_secret: secret() }).toString() })],
    ['the secret in JSON', handle => ({ headers: JSON_TYPE, body: JSON.stringify({ handle, client_id: 'handle', client_secret: secret() }) })],
    ['the handle in JSON, with spaces and further names', handle => ({ headers: { ...JSON_TYPE, authorization: basic('handle', secret()) }, body: `\n{ "handle" :\t"${handle.replace(/^./, letter => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`)}" , "grant_type" : "x" }\n` })],
    ['Basic with the same client_id in the form', handle => call(handle, { body: new URLSearchParams({ handle, client_id: 'handle' }).toString() })],
  ] // prettier-ignore
  for (const [how, sent] of good)
    it(`takes ${how}`, async () => {
      expect((await post(town, sent(await person.handle('handle')))).json['login']).to.equal('p-1002')
    })

  const percent = (text: string): string => text.replace(/./g, letter => `%${letter.charCodeAt(0).toString(16)}`)

  it('is given once, even to ten who ask at the same moment', async () => {
    const handle = await person.handle('handle')
    const answers = await Promise.all(Array.from({ length: 10 }, () => post(town, call(handle))))
    expect(answers.map(({ status }) => status).sort()).to.deep.equal([200, ...Array.from({ length: 9 }, () => 400)])
  })

  it('is over after sixty seconds', async () => {
    const handle = await person.handle('handle')
    town.clock.forward(60_000)
    expect((await post(town, call(handle))).json['error']).to.equal('invalid_grant')
  })

  it('is over when its person has signed out', async () => {
    const leaver = await somebody(town)
    const handle = await leaver.handle('handle')
    await leaver.browser.submit(await leaver.browser.get(`${town.town.bridge}/logout`))
    expect((await post(town, call(handle))).json['error']).to.equal('invalid_grant')
  })

  it('is refused to whoever fails too often, and given again a minute later', async () => {
    const wrong = (): Sent => ({ headers: { authorization: basic('handle', 'x'.repeat(43)) }, body: 'handle=x' })
    for (let i = 0; i < 20; i++) expect((await post(town, wrong())).status, `failure ${i + 1}`).to.equal(401)
    const handle = await person.handle('handle')
    const shut = await post(town, call(handle))
    expect([shut.status, shut.json['error'], shut.headers['retry-after']]).to.deep.equal([
      429,
      'temporarily_unavailable',
      '60',
    ])
    expect((await events(shut.json['number'])).at(-1)).to.include({ what: 'hand-off.refused', code: 'redeem.limit' })
    const again = await post(town, call(handle))
    expect(again.status).to.equal(429)
    expect(await events(again.json['number']), 'one line a minute').to.deep.equal([])
    town.clock.forward(60_000)
    const later = await person.handle('handle')
    expect((await post(town, call(later))).status).to.equal(200)
  })

  it('counts no handle that is wrong: whoever is known may ask as often as people come', async () => {
    const handle = await person.handle('handle')
    for (let i = 0; i < 25; i++) expect((await post(town, call(`x${i}`))).status).to.equal(400)
    expect((await post(town, call(handle))).status).to.equal(200)
  })

  it('asks the same of a caller whose journal does not exist', async () => {
    const asked: string[] = []
    const nobody = stranger(town.town.bridge, systemChance)
    const clock = town.clock
    const ports = {
      ...{ ...town.bridge.web.ports, failedCalls: new FailedCalls(clock) },
      stranger: {
        ...nobody,
        hasSecret: (spellings: readonly string[]) => (asked.push(...spellings), nobody.hasSecret(spellings)),
      },
    }
    const caller = { address: '192.0.2.7', device: 'x', number: 'D7FW-2NQ9' as RequestNumber }
    for (const journal of ['nobody', 'sgo']) {
      const proof = { by: 'secret' as const, spellings: [secret()] }
      const error = await redeem(ports, caller, { journal, proof, handles: [] }).then(
        () => undefined,
        (no: unknown) => no,
      )
      expect(error).to.include({ code: 'redeem.client' })
    }
    expect(asked).to.deep.equal([secret(), secret()])
  })
})
