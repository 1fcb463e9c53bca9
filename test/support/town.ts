/** A whole town for a test: the bridge, the mock IdP and the demo journals over real HTTP, with a clock that the test moves. */
import { mkdtemp, cp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import type { ServerOptions } from 'node:https'
import { pino } from 'pino'
import { systemChance } from '../../src/base/chance.js'
import type { Clock } from '../../src/base/clock.js'
import type { openStoreOf } from '../../src/compose.js'
import { projectFile } from '../../src/base/project-file.js'
import { limitKinds } from '../../src/login/rate-limits.js'
import { prepareDemo, type Prepared } from '../../src/demo/prepare.js'
import { startTown, type Running, type TownOptions } from '../../src/demo/town.js'
import type { Town } from '../../src/demo/settings.js'
import { idpMetadata, path } from '../../src/mock-idp/metadata.js'
import { freePorts } from './free-ports.js'

/** Starts at the real time, since browsers and certificates know no other, and moves when told, too. */
export class TestClock implements Clock {
  private ahead = 0
  private stoppedAt: number | undefined
  now(): number {
    return (this.stoppedAt ?? Date.now()) + this.ahead
  }
  /** From now on it moves only when told: for tests that count seconds, or what is done within a minute. */
  stop(): void {
    this.stoppedAt ??= Date.now()
  }
  forward(ms: number): void {
    this.ahead += ms
  }
}

/** Its bridge does nothing by itself beside the requests: a test runs the errands that it is about. */
export interface TestTown extends Running {
  readonly town: Town
  readonly clock: TestClock
  readonly prepared: Prepared
  readonly folder: string
  /** Every log line so far. */
  readonly logs: string[]
  /** Stops all of it and leaves its folder. */
  stop(): Promise<void>
}

type More = Readonly<Record<string, unknown>>

/** The people of a test are quick. */
const HIGH = Object.fromEntries(limitKinds.map(kind => [kind, 1_000_000]))

export interface TestTownOptions extends Pick<TownOptions, 'people' | 'rosters'> {
  /** Further keys of bridge.yaml; a function when they need to know where the town stands. */
  readonly more?: More | ((town: Town) => More)
  /** Host of the IdP as browsers see it; another one than the bridge's makes its posts cross-site. */
  readonly idpHost?: string
  readonly legacy?: boolean
  /** Instead of waiting when the IdP is told to be slow. */
  readonly pause?: (ms: number) => Promise<void>
  /** How the IdP takes requests for logout. */
  readonly logoutBy?: readonly ('redirect' | 'post' | 'soap')[]
  readonly openStore?: typeof openStoreOf
  /** https for the bridge, as browsers see it. */
  readonly https?: { readonly tls: ServerOptions; readonly host: string }
}

export async function startTestTown(options: TestTownOptions = {}): Promise<TestTown> {
  const clock = new TestClock()
  const folder = await mkdtemp(join(tmpdir(), 'bridge-'))
  await cp(await keysMadeOnce(clock), join(folder, 'certs'), { recursive: true })
  const [bridgePort, idpPort, journalPort] = (await freePorts(3)) as [number, number, number]
  const { https } = options
  const place: Town = {
    bridge: https ? `https://${https.host}:${bridgePort}` : `http://localhost:${bridgePort}`,
    idp: `http://${options.idpHost ?? 'localhost'}:${idpPort}`,
    journals: `http://localhost:${journalPort}`,
    listen: { host: https ? https.host : 'localhost', port: bridgePort },
  }
  const more = typeof options.more === 'function' ? options.more(place) : options.more
  const kept = await storage()
  const town: Town = { ...place, more: { limits: HIGH, ...(kept && { storage: kept }), ...more } }
  const prepared = await prepare(folder, town, clock, options.logoutBy)
  const logs: string[] = []
  const log = pino(
    { level: 'trace' },
    new Writable({
      write(line, _encoding, done) {
        logs.push(String(line))
        done()
      },
    }),
  )
  const running = await startTown({
    town,
    prepared,
    log,
    nature: { clock, chance: systemChance },
    legacy: options.legacy ?? false,
    // by the clock they would run into the middle of what a test does, on a slow machine into every one
    errands: [],
    idp: { passwordCost: { n: 16, r: 1, p: 1 }, ...(options.pause && { pause: options.pause }) },
    ...(options.people && { people: options.people }),
    ...(options.rosters && { rosters: options.rosters }),
    ...(options.openStore && { openStore: options.openStore }),
    ...(https && { tls: https.tls }),
  })
  return {
    ...running,
    town,
    clock,
    prepared,
    folder,
    logs,
    stop: () => running.close(),
    async close() {
      await running.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Where the towns of this run keep their records; without a word, in a file of SQLite. */
let storage: () => Promise<More | undefined> = () => Promise.resolve(undefined)

export const standOn = (elsewhere: typeof storage): void => {
  storage = elsewhere
}

const prepare = (folder: string, town: Town, clock: Clock, logoutBy?: TestTownOptions['logoutBy']): Promise<Prepared> =>
  prepareDemo(
    folder,
    town,
    clock.now(),
    certificatePem =>
      idpMetadata(town.idp + path.metadata, town.idp, [{ privateKeyPem: '', certificatePem }], logoutBy),
    'rsa-2048',
  )

let made: Promise<string> | undefined

/** Keys cost most of a second; one set serves every test of a build. */
export function keysMadeOnce(clock: Clock): Promise<string> {
  made ??= (async () => {
    const folder = projectFile('dist/test-keys')
    const nowhere = 'http://localhost:1'
    await prepare(
      folder,
      { bridge: nowhere, idp: nowhere, journals: nowhere, listen: { host: 'localhost', port: 1 } },
      clock,
    )
    return join(folder, 'certs')
  })()
  return made
}
