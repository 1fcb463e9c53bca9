/**
 * `npm run bench -- scale [postgres://USER@HOST/SERVER]`: what the same login, the same pages and the same school's list cost when
 * the database holds ten and a hundred times as many schools and accounts. The real bridge in a process of its own for each size.
 */
import { statSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStoreOf } from '../../src/compose.js'
import { importRoster } from '../../src/identity/roster-import.js'
import { loadConfiguration } from '../../src/settings/configuration.js'
import { startMeasured, type Measured } from './child.js'
import { list } from './import.js'
import { look, post, prepare } from './load.js'
import { median, print } from './measure.js'
import { importDemoPeople, prepareTown, schoolCode, type BenchTown } from './town.js'

/** Of one school. */
const ACCOUNTS = 100
const LOGINS = 100
const LOOKS = 40

interface Size {
  readonly schools: number
  readonly made: BenchTown
  readonly server: Measured
  /** CPU milliseconds by what was measured. */
  readonly costs: Map<string, number[]>
}

type OpenStore = Awaited<ReturnType<typeof openStoreOf>>

const openOf = (made: BenchTown): Promise<OpenStore> =>
  openStoreOf(loadConfiguration(made.prepared.configFile, process.env))

const importOne = (store: OpenStore, school: number, change = '') =>
  importRoster(store.roster, list(ACCOUNTS, change, school * ACCOUNTS), {
    ...{ journal: 'sgo', school: schoolCode(school), dryRun: false, now: Date.now() },
  })

async function fill(schools: number): Promise<Size> {
  const made = await prepareTown({ below: tmpdir(), schools })
  const store = await openOf(made)
  await importDemoPeople(store)
  for (let school = 0; school < schools; school++) {
    await importOne(store, school)
    if (school % 500 === 499) print(`  ${school + 1} of ${schools} schools are in`)
  }
  await store.close()
  return { schools, made, server: await startMeasured('bridge-server.js', { made }), costs: new Map() }
}

async function inServer({ server }: Size, times: number, work: () => Promise<unknown>): Promise<number> {
  await server.begin()
  await work()
  return (await server.figures()).cpu / times
}

async function here(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1_000
}

/** One round of everything. */
async function measure(size: Size, round: number): Promise<[string, number][]> {
  const { url } = size.server.ready
  const school = schoolCode(size.schools - 1)
  const logins = await prepare(size.server.ready, LOGINS, { sign: 'both', encrypt: true })
  const page = (path: string) => inServer(size, LOOKS, () => look(url + path, LOOKS))
  const store = await openOf(size.made)
  const lists: [string, number][] = [
    ["a school's list again", await here(() => importOne(store, 0))],
    ["a school's list changed", await here(() => importOne(store, 1, 'а'.repeat(round + 2)))],
  ]
  await store.close()
  return [
    ['POST /saml/acs', await inServer(size, LOGINS, () => post(url, logins, 1))],
    ['GET /', await page('/')],
    ['GET /?q=', await page(`/?q=${encodeURIComponent('школа 7')}`)],
    ['GET /s/SCHOOL', await page(`/s/${school}`)],
    ['GET /login', await page(`/login?journal=sgo&school=${school}`)],
    ...lists,
  ]
}

const startOf = (size: Size): Promise<number> =>
  here(() => Promise.resolve(loadConfiguration(size.made.prepared.configFile, process.env)))

export async function benchScale(quick: boolean): Promise<void> {
  const [sizes, rounds] = quick ? [[10, 100, 1_000], 3] : [[100, 1_000, 10_000], 7]
  const all: Size[] = []
  for (const schools of sizes) all.push(await fill(schools))
  try {
    for (let round = -2; round < rounds; round++)
      for (const size of all)
        for (const [what, cost] of await measure(size, round))
          if (round >= 0) size.costs.set(what, [...(size.costs.get(what) ?? []), cost])
    await show(all)
  } finally {
    await Promise.all(all.map(({ server }) => server.stop()))
    await Promise.all(all.map(({ made }) => rm(made.folder, { recursive: true })))
  }
}

async function show(all: readonly Size[]): Promise<void> {
  const row = (what: string, values: readonly string[]) =>
    print(what.padEnd(28) + values.map(v => v.padStart(12)).join(''))
  const [least] = all as [Size]
  row(
    'schools',
    all.map(({ schools }) => String(schools)),
  )
  row(
    'accounts',
    all.map(({ schools }) => String(schools * ACCOUNTS)),
  )
  for (const what of least.costs.keys()) {
    const costs = all.map(({ costs }) => median(costs.get(what)!))
    row(
      `${what}, CPU ms`,
      costs.map(cost => cost.toFixed(2)),
    )
    row(
      '  times the smallest',
      costs.map(cost => (cost / costs[0]!).toFixed(2)),
    )
  }
  const starts: number[] = []
  for (const size of all) starts.push(await startOf(size))
  row(
    'settings read, CPU ms',
    starts.map(ms => ms.toFixed(0)),
  )
  row(
    'database, MB',
    all.map(({ made }) => (statSync(join(made.folder, 'bridge.db')).size / 1e6).toFixed(0)),
  )
}
