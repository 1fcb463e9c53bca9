import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { expect } from 'chai'
import type { Audit, AuditEvent } from '../../src/audit/audit.js'
import { projectFile } from '../../src/base/project-file.js'
import { refusals } from '../../src/base/refusals.js'
import type { Consents, Giving, Withdrawal } from '../../src/login/consent-ports.js'
import type { Creations, Made } from '../../src/login/creation-ports.js'
import type { Confirmations, Devices } from '../../src/login/confirm-ports.js'
import type { Logouts } from '../../src/login/logout-ports.js'
import type { Codes, Links, Requests } from '../../src/login/people-ports.js'
import type { Claim, Entering, Logins } from '../../src/login/ports.js'
import { counting } from '../../src/metrics/counting.js'
import { metricsServer } from '../../src/metrics/listener.js'
import { createMetrics, type Source } from '../../src/metrics/metrics.js'
import { defaultPeople, personOfKey } from '../../src/mock-idp/people.js'
import { Browser } from '../support/browser.js'
import { walk } from '../support/sign-in.js'
import { startTestTown, type TestTown } from '../support/town.js'

const known = { idp: (id: string) => id === 'https://idp.example', journal: (id: string) => id === 'sgo' }
const event: AuditEvent = { at: 0, what: 'login.started', result: 'ok', idp: 'https://idp.example', journal: 'sgo' }
const line = (text: string, start: string): string | undefined => text.split('\n').find(row => row.startsWith(start))

describe('metrics', () => {
  it('every refusal code of the table is a label value from the start, with who must act', async () => {
    const text = await createMetrics(known, []).text()
    const codes = Object.entries(refusals)
    expect(codes).to.have.length.above(60)
    const missing = codes.filter(
      ([code, { fault }]) =>
        !text.includes(`bridge_refusals_total{code="${code}",must_act="${fault}",idp="",journal=""} 0`),
    )
    expect(missing.map(([code]) => code)).to.deep.equal([])
  })

  it('whom it does not know it counts as other: a stranger makes no series', async () => {
    const metrics = createMetrics(known, [])
    metrics.happened(event)
    for (const name of ['evil-1', 'evil-2\n"} 1', 'evil-3']) metrics.happened({ ...event, idp: name, journal: name })
    metrics.answered({ path: '/login', method: 'PROPFIND', status: 405, seconds: 0.001 })
    const text = await metrics.text()
    expect(line(text, 'bridge_events_total{what="login.started",result="ok",idp="https://idp.example"')).to.match(/ 1$/)
    expect(line(text, 'bridge_events_total{what="login.started",result="ok",idp="other",journal="other"}')).to.match(
      / 3$/,
    )
    expect(text).not.to.include('evil').and.not.to.include('PROPFIND')
  })

  it('a figure that cannot be read is left out and counted; the others are answered', async () => {
    const source = (name: string, read: Source['read']): Source => ({ name, help: 'x', labels: ['of'], read })
    const broken = source('bridge_broken', () => Promise.reject(new Error('database away: Ёжикова')))
    const whole = source('bridge_whole', () => [{ of: ['a'], value: 7 }])
    const text = await createMetrics(known, [broken, whole]).text()
    expect(text)
      .to.include('bridge_whole{of="a"} 7')
      .and.not.to.match(/^bridge_broken/m)
    expect(text).not.to.include('Ёжикова')
    expect(await createMetrics(known, [broken]).text()).to.match(
      /bridge_figure_failures_total\{figure="bridge_broken"\} [01]/,
    )
  })

  it('a figure that is gone is not shown any more', async () => {
    const samples = [{ of: ['a'], value: 1 }]
    const metrics = createMetrics(known, [{ name: 'bridge_x', help: 'x', labels: ['of'], read: () => samples }])
    expect(await metrics.text()).to.include('bridge_x{of="a"} 1')
    samples.pop()
    expect(await metrics.text()).not.to.include('of="a"')
  })

  it('counts what was written, and nothing that was not', async () => {
    const happened: string[] = []
    const answers: (() => ReturnType<Logins['claim']>)[] = [
      () => Promise.resolve('claimed'),
      () => Promise.resolve('replayed'),
      () => Promise.resolve('finished-before'),
      () => Promise.reject(new Error('disk full')),
    ]
    const entered = ['over', 'held', 'entered'] as const
    let i = 0
    const logins = {
      start: () => Promise.reject(new Error('disk full')),
      claim: () => answers.shift()!(),
      enter: () => Promise.resolve(entered[i++]!),
    } as unknown as Logins
    const audit: Audit = {
      record: () => Promise.reject(new Error('disk full')),
      byNumber: () => Promise.resolve([]),
      between: async function* () {},
      ofPerson: () => Promise.resolve([]),
      allOfPerson: async function* () {},
    }
    const logouts = {
      end: (...[, , , write]: Parameters<Logouts['end']>) => (write({} as never), Promise.resolve(false)),
      obey: (...[, , , write]: Parameters<Logouts['obey']>) => (write([]), Promise.resolve('obeyed' as const)),
    } as unknown as Logouts
    const links = {
      make: () => Promise.resolve('held' as const),
      end: () => Promise.resolve(true),
      resume: () => Promise.resolve('gone' as const),
    } as unknown as Links
    const requests = {
      file: () => Promise.resolve([]),
      decide: () => Promise.resolve('unknown' as const),
    } as unknown as Requests
    const [giving, ended] = [
      [false, true],
      [[], [{}]],
    ]
    const consents = {
      give: () => Promise.resolve(giving.shift()!),
      withdraw: () => Promise.resolve(ended.shift()!),
    } as unknown as Consents
    const codes = {
      look: () => Promise.resolve({ at: 'found', accountId: 'a' }),
      use: () => Promise.resolve({ at: 'held' }),
    } as unknown as Codes
    const given = ['confirmed', 'confirmed-before', 'wrong'] as const
    let asked = 0
    const confirmations = {
      start: () => Promise.resolve(),
      answer: () => Promise.resolve(given[asked++]!),
    } as unknown as Confirmations
    const devices = { forget: () => Promise.resolve(false) } as unknown as Devices
    const made = ['taken', 'made'] as const
    let begun = 0
    const creations = {
      begin: () => Promise.resolve({ at: 'listed' }),
      finish: () => Promise.resolve({ at: made[begun++]! }),
      drop: () => Promise.resolve(),
    } as unknown as Creations
    const writers = { creations, logins, audit, logouts, links, requests, consents, codes, confirmations, devices }
    const ports = counting(writers, ({ what }) => happened.push(what))
    for (let i = 0; i < 4; i++) await ports.logins.claim({ events: [event] } as unknown as Claim).catch(() => undefined)
    const entering = { event: { ...event, what: 'journal.entered' } } as Entering
    for (const answer of entered) expect(await ports.logins.enter(entering)).to.equal(answer)
    await ports.logins.start({} as never, event).catch(() => undefined)
    await ports.audit.record(event).catch(() => undefined)
    const ending = { ...event, what: 'session.closed' } as const
    const written = { notices: [], events: [ending], ends: [] }
    await ports.logouts.end('' as never, 0, 0, () => written)
    expect(happened).to.deep.equal(['login.started', 'journal.entered'])
    await ports.logouts.obey({} as never, 0, 0, () => written)
    expect(happened).to.deep.equal(['login.started', 'journal.entered', 'session.closed'])
    await ports.links.make({} as never, event)
    await ports.links.resume({} as never, '', 0, event)
    await ports.requests.decide('', {} as never, event)
    expect(happened).to.have.length(3)
    await ports.links.end({} as never, '', 0, { ...event, what: 'link.ended' })
    await ports.requests.file([], { ...event, what: 'login.refused' })
    expect(happened.slice(3)).to.deep.equal(['link.ended', 'login.refused'])
    for (let i = 0; i < 2; i++) await ports.consents.give({ event: { ...event, what: 'consent.given' } } as Giving)
    const withdrawal = { event: { ...event, what: 'consent.withdrawn' } } as Withdrawal
    for (let i = 0; i < 2; i++) await ports.consents.withdraw([], withdrawal)
    expect(happened.slice(5)).to.deep.equal(['consent.given', 'consent.withdrawn'])
    await ports.codes.look({} as never, () => ({ ...event, what: 'code.shown' }))
    await ports.codes.use({} as never, {} as never, { ...event, what: 'code.used' })
    expect(happened.slice(7)).to.deep.equal(['code.shown'])
    await ports.confirmations.start({} as never, { ...event, what: 'confirmation.started' })
    for (let i = 0; i < 3; i++) await ports.confirmations.answer({} as never, { ...event, what: 'confirmation.given' })
    await ports.devices.forget({} as never, '', { ...event, what: 'device.forgotten' })
    expect(happened.slice(8)).to.deep.equal(['confirmation.started', 'confirmation.given'])
    await ports.creations.begin({} as never, { ...event, what: 'account.asked' })
    for (let i = 0; i < 2; i++)
      await ports.creations.finish({ event: { ...event, what: 'account.created' } } as Made, () => 'new')
    await ports.creations.drop('', { ...event, what: 'login.refused' })
    expect(happened.slice(10)).to.deep.equal(['account.created', 'login.refused'])
  })
})

describe('the listener of the figures', () => {
  const server = metricsServer(createMetrics(known, []))
  let origin: string
  before(done => void server.listen(0, '127.0.0.1', done))
  before(() => (origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`))
  after(done => void server.close(done))

  it('answers GET /metrics and nothing else', async () => {
    const asked = async (path: string, method = 'GET') => (await fetch(origin + path, { method })).status
    expect(await asked('/metrics')).to.equal(200)
    expect(await asked('/metrics?x=1')).to.equal(200)
    for (const path of ['/', '/metrics/', '/session', '/healthz']) expect(await asked(path), path).to.equal(404)
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'HEAD'])
      expect(await asked('/metrics', method), method).to.equal(405)
  })
})

describe('metrics of a running bridge', () => {
  let town: TestTown
  before(async () => (town = await startTestTown({ more: { metrics: { port: 0 } } })))
  after(() => town.close())
  const figures = async () => (await fetch(`http://127.0.0.1:${town.server.metricsPort}/metrics`)).text()

  it('tell what happened in a login and in a refused one, and name nobody', async () => {
    const person = personOfKey(defaultPeople(), 'mother')!
    const start = `${town.town.bridge}/login?journal=sgo`
    await walk(new Browser(), start, person.email!)
    await walk(new Browser(), start, person.email!, { fault: 'wrong-audience' })
    await new Browser().get(`${town.town.bridge}/continue/Ёжикова-11223344595`)
    const text = await figures()
    const idp = town.bridge.web.ports.trust.idps[0]!.entityId
    const count = (start: string) => Number(line(text, start)?.split(' ').at(-1))
    expect(count(`bridge_events_total{what="login.started",result="ok",idp="${idp}",journal="sgo"}`)).to.equal(2)
    expect(count(`bridge_events_total{what="login.verified",result="ok",idp="${idp}",journal="sgo"}`)).to.equal(1)
    expect(count(`bridge_refusals_total{code="saml.audience",must_act="idp",idp="${idp}",journal="sgo"}`)).to.equal(1)
    expect(text).to.match(/bridge_http_request_seconds_count\{path="\/continue\/:login",method="GET",status="\d+"\} \d/)
    expect(count(`bridge_expiry_timestamp_seconds{kind="sp-signing"`)).to.be.above(Date.now() / 1000)
    expect(count(`bridge_expiry_timestamp_seconds{kind="idp-signing",idp="${idp}"`)).to.be.above(Date.now() / 1000)
    expect(count('bridge_standing_warning{setting="demo"}')).to.equal(1)
    expect(text).to.include('nodejs_eventloop_lag_p99_seconds')
    const documented = [...readFileSync(projectFile('docs/metrics.md'), 'utf8').matchAll(/^\| `(bridge_\w+)` \|/gm)]
    const told = [...text.matchAll(/^# HELP (bridge_\w+) /gm)].map(([, name]) => name)
    expect(documented.map(([, name]) => name)).to.have.members(told)
    for (const secret of [person.lastName, person.snils!, person.email!, 'Ёжикова', '11223344595'])
      expect(text).not.to.include(secret)
  })

  it('are not at the address that the public reaches', async () => {
    expect((await fetch(`${town.town.bridge}/metrics`)).status).to.equal(404)
  })
})
