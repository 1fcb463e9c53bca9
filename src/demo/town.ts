import { readFile } from 'node:fs/promises'
import type { ServerOptions } from 'node:https'
import type { Logger } from 'pino'
import { projectFile } from '../base/project-file.js'
import { compose, type openStoreOf, type Bridge, type Nature } from '../compose.js'
import { startDemoJournals } from '../demo-journals/app.js'
import type { DemoJournal } from '../demo-journals/options.js'
import { importRoster } from '../identity/roster-import.js'
import { startMockIdp, type MockIdpOptions, type RunningMockIdp } from '../mock-idp/app.js'
import type { People } from '../mock-idp/people.js'
import type { Errand } from '../errands.js'
import { serve, type Listening } from '../serve.js'
import { loadConfiguration } from '../settings/configuration.js'
import { demoDoors, doors } from './doors.js'
import type { Prepared } from './prepare.js'
import type { Town } from './settings.js'

export interface Running {
  readonly bridge: Bridge
  readonly idp: RunningMockIdp
  readonly server: Listening
  /** Of the first demo journal. */
  readonly journalUrl: string
  close(): Promise<void>
}

export interface TownOptions {
  readonly town: Town
  readonly prepared: Prepared
  readonly log: Logger
  readonly nature: Nature
  /** Instead of the demo's people, and of the lists of its schools. */
  readonly people?: People
  readonly rosters?: readonly SchoolList[]
  /** Settings of the mock IdP that only tests change. */
  readonly idp?: Pick<MockIdpOptions, 'passwordCost' | 'pause'>
  /** The mock IdP speaks ESIA's old dialect. */
  readonly legacy?: boolean
  /** The bridge's memory, when it is not what the settings say. */
  readonly openStore?: typeof openStoreOf
  /** What the bridge does by itself, when it is not all that a running one does. */
  readonly errands?: readonly Errand[]
  /** Certificates when the bridge itself speaks https. */
  readonly tls?: ServerOptions
}

export interface SchoolList {
  readonly school: string
  readonly title: string
  readonly csv: string
}

const SCHOOLS = [
  ['school-1', 'Школа № 1'],
  ['school-2', 'Лицей № 2'],
] as const

/** Starts the bridge, the mock IdP and the demo journals, and imports the schools' lists into the bridge. */
export async function startTown(options: TownOptions): Promise<Running> {
  const { town, prepared, log, nature } = options
  const bridge = await compose(loadConfiguration(prepared.configFile, {}), log, nature, options.openStore)
  const lists = options.rosters ?? (await demoLists())
  for (const { school, csv } of lists)
    for (const journal of bridge.web.ports.journals.keys())
      await importRoster(bridge.store.roster, Buffer.from(csv), {
        journal,
        school,
        dryRun: false,
        now: nature.clock.now(),
      })

  const idpAt = new URL(town.idp)
  const idp = await startMockIdp({
    host: idpAt.hostname,
    port: Number(idpAt.port),
    baseUrl: town.idp,
    keys: [prepared.idp],
    serviceProviders: [bridge.web.metadata()],
    journalLogin: `${town.bridge}/login?journal=sgo`,
    ...(options.people && { people: options.people }),
    legacy: options.legacy ?? false,
    ...options.idp,
    ...nature,
  })
  const journalsAt = new URL(town.journals)
  const journals = await startDemoJournals({
    host: journalsAt.hostname,
    port: Number(journalsAt.port),
    publicUrl: town.journals,
    bridgeUrl: town.bridge,
    journals: demoJournals(prepared),
    rosters: lists,
    ...nature,
  })
  const server = await serve(bridge, town.listen, options.tls, options.errands)
  return {
    bridge,
    server,
    idp,
    journalUrl: journals.url,
    async close() {
      await Promise.all([server.close(), idp.close(), journals.close()])
    },
  }
}

const demoJournals = ({ journalSecrets }: Prepared): readonly DemoJournal[] => [
  { id: 'sgo', title: 'Сетевой журнал', alg: 'HS256', key: journalSecrets.sgo, audience: 'sgo' },
  { id: 'eljur', title: 'ЭлЖурнал', alg: 'ES256', audience: 'eljur' },
  {
    id: 'handle',
    title: 'Дневник по одноразовому ключу',
    door: 'handle',
    alg: 'HS256',
    key: journalSecrets.handle,
    audience: 'handle',
  },
  { id: 'cas', title: 'Журнал с CAS', door: 'cas', alg: 'ES256', audience: 'cas' },
  ...doors.map(id => ({
    ...demoDoors[id],
    id,
    alg: 'HS256' as const,
    key: journalSecrets[id],
    audience: id,
  })),
]

const demoLists = (): Promise<SchoolList[]> =>
  Promise.all(
    SCHOOLS.map(async ([school, title]) => ({
      school,
      title,
      csv: await readFile(projectFile(`docs/examples/roster-${school}.csv`), 'utf8'),
    })),
  )
