/** The calendar of a running bridge: what nobody sees when it is missing, until much later. */
import { expect } from 'chai'
import { pino } from 'pino'
import { systemChance } from '../src/base/chance.js'
import { compose } from '../src/compose.js'
import { errandsOf, type Errand } from '../src/errands.js'
import { serve, type Listening } from '../src/serve.js'
import { loadConfiguration } from '../src/settings/configuration.js'
import { startTestTown, type TestTown } from './support/town.js'

const [SECOND, MINUTE, HOUR] = [1_000, 60_000, 3_600_000]

describe('errands', () => {
  let town: TestTown
  before(async () => (town = await startTestTown()))
  after(() => town.close())

  it('are all there, none later than what depends on it allows', () => {
    const latest: Readonly<Record<string, number>> = {
      sweep: 5 * MINUTE,
      'following withdrawals': MINUTE,
      retention: 6 * HOUR,
      'chaining the audit': 10 * SECOND,
      'telling which keys are held': MINUTE,
      'sharing counts of requests': SECOND,
      'round of trust': MINUTE,
      'looking what stands': 2 * SECOND,
      'sending notices': 5 * SECOND,
      'telling journals of a logout': 30 * SECOND,
      watching: 10 * SECOND,
      'sending alerts': 5 * SECOND,
    }
    const errands = errandsOf(town.bridge)
    expect(errands.map(({ what }) => what)).to.have.members(Object.keys(latest))
    for (const { what, every } of errands) expect(every, what).to.be.within(SECOND, latest[what]!)
  })

  it('each run on a bridge with nothing to do, and again', async () => {
    for (const { run } of [...errandsOf(town.bridge), ...errandsOf(town.bridge)]) await run()
    expect(town.logs.filter(line => / failed/.test(line))).to.deep.equal([])
  })

  describe('of a running bridge', () => {
    let said: { level: number; kind?: string; msg: string }[]
    const log = pino({ base: null }, { write: line => void said.push(JSON.parse(line) as (typeof said)[number]) })
    beforeEach(() => (said = []))

    async function running(errands?: readonly Errand[]) {
      const nature = { clock: town.clock, chance: systemChance }
      const bridge = await compose(loadConfiguration(town.prepared.configFile, {}), log, nature)
      const server: Listening = await serve(bridge, { host: 'localhost', port: 0 }, undefined, errands)
      return { bridge, server }
    }
    const turn = () => new Promise(resolve => setImmediate(resolve))

    it('run by their clocks: it sees by itself what another process has locked', async () => {
      const { bridge, server } = await running()
      const now = town.clock.now()
      const lock = {
        subject: { kind: 'network', name: '192.0.2.7' },
        rule: 'by-hand',
        since: now,
        until: now + HOUR,
      } as const
      const event = { at: now, what: 'lock.set', result: 'ok' } as const
      await town.bridge.store.watching.lock(lock, { by: 'os:test', reason: 'stolen', now, event })
      const isSeen = () => {
        try {
          bridge.web.ports.standing.checkNetwork('192.0.2.7')
          return false
        } catch {
          return true
        }
      }
      while (!isSeen()) await turn()
      await server.close()
    })

    it('one that fails is told of by its kind, and begun again; one that still runs is not', async () => {
      let [failed, begun] = [0, 0]
      const fails = () => Promise.reject(new TypeError(`secret ${++failed}`))
      const runsOn = () => {
        begun += 1
        return new Promise<void>(resolve => (finish = resolve))
      }
      let finish = (): void => undefined
      const { server } = await running([
        { what: 'failing', every: 1, run: fails },
        { what: 'running on', every: 1, run: runsOn },
      ])
      while (failed < 5 || begun < 1) await turn()
      expect(begun).to.equal(1)
      finish()
      while (begun < 2) await turn()
      let isClosed = false
      const closed = server.close().then(() => (isClosed = true))
      const listens = () =>
        fetch(`http://localhost:${server.port}/healthz`).then(
          () => true,
          () => false,
        )
      while (await listens());
      expect(isClosed, 'what is under way is waited for').to.equal(false)
      finish()
      await closed
      const told = said.filter(({ msg }) => msg === 'failing failed')
      expect(told.length).to.be.at.least(5)
      expect(told.every(({ kind }) => kind === 'TypeError')).to.equal(true)
      expect(JSON.stringify(said)).not.to.include('secret')
    })
  })
})
