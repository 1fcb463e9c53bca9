/** `npm run bench -- rotate`: 50,000 accounts moved to new keys, with the pauses that leave room for logins. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { importRoster } from '../../src/identity/roster-import.js'
import { keyStates, rotate } from '../../src/login/rotating.js'
import { openStore } from '../../src/store/open.js'
import { list } from './import.js'

const ROWS = 50_000
const DAY = 86_400_000
const key = (id: string, byte: number) => ({ id, key: Buffer.alloc(32, byte) })
const limits = { idle: 900_000, absolute: 28_800_000 }

export async function benchRotate(quick: boolean): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'bridge-bench-'))
  const database = `sqlite:${join(folder, 'bench.db')}`
  try {
    const before = await openStore({ database, dataKeys: [key('d1', 1)], lookupKeys: [key('l1', 2)], limits })
    const rows = quick ? ROWS / 10 : ROWS
    await importRoster(before.roster, list(rows), {
      journal: 'sgo',
      school: 'school-1',
      dryRun: false,
      now: Date.now(),
    })
    await before.close()
    await measure(database)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function measure(database: string): Promise<void> {
  const [dataKeys, lookupKeys] = [
    [key('d2', 3), key('d1', 1)],
    [key('l2', 4), key('l1', 2)],
  ]
  const store = await openStore({ database, dataKeys, lookupKeys, limits })
  const { rotation } = store
  const clock = { now: () => Date.now() }
  const steps: number[] = []
  const pause = async (ms: number) => {
    steps.push(ms)
    await wait(Math.max(2, ms))
  }
  const [start, cpu] = [performance.now(), process.cpuUsage()]
  const { moved } = await rotate({ rotation, clock, pause })
  const seconds = (performance.now() - start) / 1000
  const { user, system } = process.cpuUsage(cpu)
  steps.sort((one, other) => one - other)
  const at = (share: number) => steps[Math.min(steps.length - 1, Math.floor(steps.length * share))]!.toFixed(1)
  process.stdout.write(
    `${moved} rows moved in ${seconds.toFixed(1)} s (${((user + system) / 1e6).toFixed(1)} s of CPU), ${Math.round(moved / seconds)} a second\n` +
      `a step of 50 rows: half below ${at(0.5)} ms, 99 % below ${at(0.99)} ms, longest ${at(1)} ms\n`,
  )
  const counting = performance.now()
  await keyStates({ rotation, clock }, { loginAudit: 365 * DAY, securityAudit: 1096 * DAY })
  process.stdout.write(`counting what stands under which key: ${(performance.now() - counting).toFixed(0)} ms\n`)
  await store.close()
}
