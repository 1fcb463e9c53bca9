/** The bridge that benchmarks measure: the demo's settings, keys and people in a folder of their own, and as many schools more as asked for. */
import { mkdtemp, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { projectFile } from '../../src/base/project-file.js'
import { prepareDemo, type Prepared } from '../../src/demo/prepare.js'
import { demoJournal, type Town } from '../../src/demo/settings.js'
import { importRoster } from '../../src/identity/roster-import.js'
import { limitKinds } from '../../src/login/rate-limits.js'
import { idpMetadata, path } from '../../src/mock-idp/metadata.js'
import type { openStoreOf } from '../../src/compose.js'
import { freePort } from '../support/free-ports.js'

export const idpUrl = 'http://127.0.0.1:9'

export interface BenchTown {
  readonly folder: string
  readonly town: Town
  readonly prepared: Prepared
}

export interface Wanted {
  /** Where its folder is made. */
  readonly below: string
  /** The section `storage` of its settings; its own SQLite file when nothing is said. */
  readonly storage?: object | undefined
  /** Beside the demo's two. */
  readonly schools?: number
}

export async function prepareTown({ below, storage, schools = 0 }: Wanted): Promise<BenchTown> {
  const folder = await mkdtemp(join(below, 'bench-bridge-'))
  const port = await freePort()
  const at = { bridge: `http://127.0.0.1:${port}`, idp: idpUrl, journals: idpUrl, listen: { host: '127.0.0.1', port } }
  const more = {
    // one address asks for everybody
    limits: Object.fromEntries(limitKinds.map(kind => [kind, 1_000_000])),
    ...(storage && { storage }),
    ...(schools > 0 && manySchools(at, schools)),
  }
  const metadata = (certificatePem: string) =>
    idpMetadata(idpUrl + path.metadata, idpUrl, [{ privateKeyPem: '', certificatePem }])
  const prepared = await prepareDemo(folder, { ...at, more }, Date.now() - 86_400_000, metadata, 'rsa-2048')
  return { folder, town: at, prepared }
}

export const schoolCode = (i: number): string => `big-${i}`

function manySchools(at: Town, count: number) {
  const codes = Array.from({ length: count }, (_, i) => schoolCode(i))
  const support = () => ({ phone: '+7 000 000-00-01', hours: 'пн–пт 9:00–17:00' })
  const demo = ['school-1', 'school-2'].map((code, i) => ({ code, title: `Школа № ${i + 1}`, support: support() }))
  const journal = demoJournal(at, 'sgo', 'Сетевой журнал')
  return {
    schools: [
      ...demo,
      ...codes.map((code, i) => ({ code, title: `Школа № ${i} города ${cityOf(i)}`, support: support() })),
    ],
    journals: [{ ...journal, schools: [...journal.schools, ...codes] }],
  }
}

const cityOf = (i: number) => `${'АБВГДЕЖЗИК'[i % 10]!}${'аеиоуыэюя'[i % 9]!}${'нлртвск'[i % 7]!}ск`

/** The people who sign in: the demo's list of the first school. */
export async function importDemoPeople(store: Awaited<ReturnType<typeof openStoreOf>>): Promise<void> {
  const csv = await readFile(projectFile('docs/examples/roster-school-1.csv'))
  await importRoster(store.roster, csv, { journal: 'sgo', school: 'school-1', dryRun: false, now: Date.now() })
}
