/** `npm run bench -- move`: 50,000 accounts from a SQLite file into PostgreSQL as npm brings it, its disk included. */
import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readDatabaseAddress } from '../../src/base/database-address.js'
import { importRoster } from '../../src/identity/roster-import.js'
import { mustBeEmpty, pour, prepareToMove } from '../../src/store/moving.js'
import { openStore, storeKeys } from '../../src/store/open.js'
import { openPostgres, type PostgresAddress } from '../../src/store/postgres.js'
import { PASSWORD, startPostgres, USER } from '../support/postgres-program.js'
import { list } from './import.js'

const ROWS = 50_000
const keys = {
  dataKeys: [{ id: 'd1', key: Buffer.alloc(32, 1) }],
  lookupKeys: [{ id: 'l1', key: Buffer.alloc(32, 2) }],
}

export async function benchMove(quick: boolean): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'bridge-bench-'))
  const server = await startPostgres({})
  try {
    const file = join(folder, 'bench.db')
    await fill(file, quick ? ROWS / 10 : ROWS)
    await move(file, `postgres://${USER}@127.0.0.1:${server.port}/postgres`)
  } finally {
    await server.close()
    await rm(folder, { recursive: true, force: true })
  }
}

async function fill(file: string, rows: number): Promise<void> {
  const limits = { idle: 900_000, absolute: 28_800_000 }
  const store = await openStore({ database: `sqlite:${file}`, ...keys, limits })
  await importRoster(store.roster, list(rows), { journal: 'sgo', school: 'school-1', dryRun: false, now: Date.now() })
  await store.close()
}

/** As the command does it (src/compose-move.ts). */
async function move(file: string, address: string): Promise<void> {
  const into = await openPostgres(readDatabaseAddress(address) as PostgresAddress, { password: PASSWORD })
  const now = Date.now()
  const [start, cpu] = [performance.now(), process.cpuUsage()]
  await mustBeEmpty(into, now)
  await copyFile(file, `${file}.part`)
  await prepareToMove(`${file}.part`, storeKeys(keys), {
    ...{ at: now, what: 'database.moved', result: 'ok', facts: { by: 'bench' } },
  })
  const rows = await pour(`${file}.part`, into, now, () => undefined)
  const seconds = (performance.now() - start) / 1000
  const { user, system } = process.cpuUsage(cpu)
  await into.destroy()
  process.stdout.write(
    `${rows.accounts} accounts moved in ${seconds.toFixed(1)} s (${((user + system) / 1e6).toFixed(1)} s of CPU of the command)\n`,
  )
}
