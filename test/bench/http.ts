/**
 * `npm run bench -- http [postgres://USER@HOST/EMPTY-DATABASE]`: the whole `POST /saml/acs` of an encrypted answer, from the socket to the 303, under load from
 * another process; and node-saml under Express with the very same answers, in turns.
 */
import { existsSync } from 'node:fs'
import { readServiceProvider } from '../../src/mock-idp/service-provider.js'
import { startMeasured, type Measured } from './child.js'
import { post, prepare, type Prepared } from './load.js'
import { median, print, verdict } from './measure.js'
import { peers } from './peers.js'

const MOST_CPU = 2
const LEAST_RATIO = 5
const MOST_DELAY = 20
const IN_PARALLEL = 16

/** A file system in memory: the same program and the same statements, but nobody waits for a disk. */
const IN_MEMORY = '/dev/shm'

interface Round {
  readonly cpu: number
  readonly loopDelay: number
  readonly taken: readonly number[]
}

async function measure(server: Measured, prepared: readonly Prepared[]): Promise<Round> {
  await server.begin()
  const taken = await post(server.ready.url, prepared, IN_PARALLEL)
  const { cpu, loopDelay } = await server.figures()
  return { cpu: cpu / prepared.length, loopDelay, taken }
}

const percentile = (values: readonly number[], share: number): number =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))]!

function show({ name, rounds }: Side): number {
  const cpu = median(rounds.map(round => round.cpu))
  const taken = rounds.flatMap(round => round.taken)
  const times = `p50 ${percentile(taken, 0.5).toFixed(1)} ms, p99 ${percentile(taken, 0.99).toFixed(1)} ms`
  const late = median(rounds.map(round => round.loopDelay))
  print(`${name.padEnd(26)} ${cpu.toFixed(2)} ms CPU a login   ${times}   event loop p99 ${late.toFixed(1)} ms late`)
  return cpu
}

interface Side {
  readonly name: string
  readonly server: Measured
  /** The server at which its logins are begun. */
  readonly begunAt: Measured
  readonly rounds: Round[]
}

async function sides(postgres?: string): Promise<{ ours: Side; withoutDisk?: Side; onPostgres?: Side; rival?: Side }> {
  const bridge = await startMeasured('bridge-server.js')
  const { entityId } = readServiceProvider(bridge.ready.metadata)
  const inMemory = existsSync(IN_MEMORY) && (await startMeasured('bridge-server.js', { below: IN_MEMORY }))
  const onPostgres = postgres !== undefined && (await startMeasured('bridge-server.js', { postgres }))
  const rival =
    peers({ response: true, assertion: true }).has('node-saml') &&
    (await startMeasured('peer-server.js', { ...bridge.ready, entityId }))
  const side = (name: string, server: Measured, begunAt = server): Side => ({ name, server, begunAt, rounds: [] })
  return {
    ours: side('the bridge, SQLite', bridge),
    ...(inMemory && { withoutDisk: side('the same on tmpfs', inMemory) }),
    ...(onPostgres && { onPostgres: side('the same on PostgreSQL', onPostgres) }),
    ...(rival && { rival: side('node-saml under Express', rival, bridge) }),
  }
}

/** In turns; the first rounds are not counted, since all are still being compiled. */
async function run(all: readonly Side[], warm: number, rounds: number, logins: number): Promise<void> {
  for (let round = -warm; round < rounds; round++)
    for (const { server, begunAt, rounds: kept } of all) {
      const prepared = await prepare(begunAt.ready, logins, { sign: 'both', encrypt: true })
      const measured = await measure(server, prepared)
      if (round >= 0) kept.push(measured)
    }
}

export async function benchHttp(quick: boolean, postgres?: string): Promise<void> {
  const [warm, rounds, logins] = quick ? [5, 3, 100] : [10, 9, 300]
  const { ours, withoutDisk, onPostgres, rival } = await sides(postgres)
  const all = [ours, withoutDisk, onPostgres, rival].filter(side => side !== undefined)
  await run(all, warm, rounds, logins)
  await Promise.all(all.map(({ server }) => server.stop()))
  print(`POST /saml/acs, both signed and encrypted, ${IN_PARALLEL} in parallel, ${rounds} rounds of ${logins}`)
  const cpu = show(ours)
  print(`  budget: at most ${MOST_CPU.toFixed(1)} ms: ${verdict(cpu, MOST_CPU)}`)
  if (withoutDisk) {
    show(withoutDisk)
    const late = median(withoutDisk.rounds.map(({ loopDelay }) => loopDelay))
    print(`  budget: event loop p99 below ${MOST_DELAY} ms, fsync excluded: ${verdict(late, MOST_DELAY)}`)
  } else print(`  event loop without fsync: not measured, for there is no ${IN_MEMORY} here`)
  if (onPostgres) show(onPostgres)
  if (!rival) return
  const ratio = show(rival) / cpu
  print(`  budget: at least ${LEAST_RATIO} x ours: ${ratio.toFixed(1)} x: ${verdict(ratio, LEAST_RATIO, true)}`)
}
