/**
 * `npm run bench -- http`: the whole `POST /saml/acs` of an encrypted answer, from the socket to the 303, under load from
 * another process; and node-saml under Express with the very same answers, in turns.
 */
import { readServiceProvider } from '../../src/mock-idp/service-provider.js'
import { startMeasured, type Measured } from './child.js'
import { post, prepare, type Prepared } from './load.js'
import { median, print, verdict } from './measure.js'
import { peers } from './peers.js'

const MOST_CPU = 2
const LEAST_RATIO = 5
const MOST_DELAY = 20
const IN_PARALLEL = 16

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

function show(name: string, rounds: readonly Round[]): number {
  const cpu = median(rounds.map(round => round.cpu))
  const taken = rounds.flatMap(round => round.taken)
  const times = `p50 ${percentile(taken, 0.5).toFixed(1)} ms, p99 ${percentile(taken, 0.99).toFixed(1)} ms`
  const late = median(rounds.map(round => round.loopDelay))
  print(`${name.padEnd(26)} ${cpu.toFixed(2)} ms CPU a login   ${times}   event loop p99 ${late.toFixed(1)} ms late`)
  return cpu
}

export async function benchHttp(quick: boolean): Promise<void> {
  const [warm, rounds, logins] = quick ? [5, 3, 100] : [10, 9, 300]
  const bridge = await startMeasured('bridge-server.js')
  const { entityId } = readServiceProvider(bridge.ready.metadata)
  const rival = peers({ response: true, assertion: true }).has('node-saml')
    ? await startMeasured('peer-server.js', { ...bridge.ready, entityId })
    : undefined
  const ours: Round[] = []
  const theirs: Round[] = []
  for (let round = -warm; round < rounds; round++) {
    const prepared = await prepare(bridge.ready, logins, { sign: 'both', encrypt: true })
    const ourRound = await measure(bridge, prepared)
    const theirRound = rival && (await measure(rival, prepared))
    if (round < 0) continue // both are still being compiled
    ours.push(ourRound)
    if (theirRound) theirs.push(theirRound)
  }
  await Promise.all([bridge.stop(), rival?.stop()])
  print(`POST /saml/acs, both signed and encrypted, ${IN_PARALLEL} in parallel, ${rounds} rounds of ${logins}`)
  const cpu = show('the bridge, SQLite', ours)
  print(`  budget: at most ${MOST_CPU.toFixed(1)} ms: ${verdict(cpu, MOST_CPU)}`)
  const late = median(ours.map(round => round.loopDelay))
  print(`  budget: event loop p99 below ${MOST_DELAY} ms, fsync included here: ${verdict(late, MOST_DELAY)}`)
  if (!rival) return
  const ratio = show('node-saml under Express', theirs) / cpu
  print(`  budget: at least ${LEAST_RATIO} x ours: ${ratio.toFixed(1)} x: ${verdict(ratio, LEAST_RATIO, true)}`)
}
