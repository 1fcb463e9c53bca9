/** A town of processes: nodes behind nginx over one database, the mock IdP and two journals, and the crowd's lists imported. */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { systemChance } from '../../src/base/chance.js'
import { systemClock } from '../../src/base/clock.js'
import { openStoreOf } from '../../src/compose.js'
import { demoConsent } from '../../src/demo/consent.js'
import { prepareDemo } from '../../src/demo/prepare.js'
import { demoJournal, type Town as Place } from '../../src/demo/settings.js'
import { newCode, type Code } from '../../src/identity/codes.js'
import { importRoster } from '../../src/identity/roster-import.js'
import { limitKinds } from '../../src/login/rate-limits.js'
import { startMockIdp, type RunningMockIdp } from '../../src/mock-idp/app.js'
import { idpMetadata, path } from '../../src/mock-idp/metadata.js'
import { loadConfiguration } from '../../src/settings/configuration.js'
import type { Store } from '../../src/store/open.js'
import { CODE_LIVES } from '../../src/words/code.js'
import { without } from '../contract/samples.js'
import { freePorts } from '../support/free-ports.js'
import { keysMadeOnce } from '../support/town.js'
import { startBalancer, type Balancer } from './balancer.js'
import { BridgeProcess } from './bridge-process.js'
import { openDatabase, type Database, type StoreKind } from './database.js'
import { startJournals, type Journals } from './journals.js'
import { atTheIdp, JOURNAL_TITLES, JOURNALS, PERSONAL, rosterOf, SCHOOLS, type Citizen } from './people.js'

export interface ChaosTown {
  /** As browsers see the bridge. */
  readonly bridge: string
  readonly balancer: Balancer
  readonly nodes: readonly BridgeProcess[]
  readonly database: Database
  readonly journals: Journals
  readonly idp: RunningMockIdp
  readonly folder: string
  /** Settings for commands: those of the first node. */
  readonly configFile: string
  /** Codes of the school for accounts whose СНИЛС it does not know, in the journal `sgo`. */
  readonly codes: ReadonlyMap<string, Code>
  /** Opens the memory from outside. Its caller closes it. */
  openStore(): Promise<Store>
  /** @returns when every node is ready */
  whole(): Promise<void>
  close(): Promise<void>
}

export interface TownWish {
  readonly nodes: number
  readonly store: StoreKind
  readonly people: readonly Citizen[]
  /** Instead of the crowd's usual settings. */
  readonly more?: Readonly<Record<string, unknown>>
}

const HIGH = Object.fromEntries(limitKinds.map(kind => [kind, 1_000_000]))
/** Longer than nginx needs to see that a node takes no connections any more. */
const DRAIN = '1s'

export async function startChaosTown({ nodes: count, store: kind, people, more }: TownWish): Promise<ChaosTown> {
  const folder = await mkdtemp(join(tmpdir(), 'bridge-chaos-'))
  await cp(await keysMadeOnce(systemClock), join(folder, 'certs'), { recursive: true })
  const database = await openDatabase(kind)
  const [https, idpPort, journalPort, ...ports] = (await freePorts(3 + count)) as [number, number, number, ...number[]]
  const place: Place = {
    bridge: `https://localhost:${https}`,
    // another host than the bridge's, so that its posts are cross-site
    idp: `http://127.0.0.1:${idpPort}`,
    journals: `http://localhost:${journalPort}`,
    listen: { host: '127.0.0.1', port: ports[0]! },
  }
  const settings = { ...place, more: { limits: HIGH, consent: demoConsent, storage: database.storage, journals: journalsAt(place), ...more } } // prettier-ignore
  const prepared = await prepareDemo(folder, settings, Date.now(), metadataAt(place), 'rsa-2048')
  const configs = await Promise.all(ports.map(port => configOf(folder, prepared.configFile, port)))
  const configFile = configs[0]!
  const openStore = () => openStoreOf(loadConfiguration(configFile, {}))
  const codes = await importFirst(await openStore(), people)

  const balancer = await startBalancer(folder, https, ports)
  const { journalSecrets: secrets } = prepared
  const journals = await startJournals({ port: journalPort, bridge: place.bridge, ask: balancer.ask, secrets })
  const nodes = ports.map((port, i) => new BridgeProcess(`node ${i + 1}`, port, configs[i]!, PERSONAL))
  await Promise.all(nodes.map(node => node.start()))
  const metadata = await (await balancer.ask(`${place.bridge}/saml/metadata`)).text()
  const idp = await startMockIdp({
    ...{ host: '127.0.0.1', port: idpPort, baseUrl: place.idp, keys: [prepared.idp], people: atTheIdp(people) },
    ...{ serviceProviders: [metadata], passwordCost: { n: 16, r: 1, p: 1 } },
    ...{ clock: systemClock, chance: systemChance },
  })
  const whole = async (): Promise<void> => {
    await Promise.all(nodes.map(node => node.ready()))
  }
  return {
    ...{ bridge: place.bridge, balancer, nodes, database, journals, idp, folder, configFile, codes, openStore, whole },
    async close() {
      await Promise.all(nodes.map(node => node.close()))
      await Promise.all([balancer.close(), journals.close(), idp.close()])
      await database.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

const metadataAt =
  ({ idp }: Place) =>
  (certificatePem: string) =>
    idpMetadata(idp + path.metadata, idp, [{ privateKeyPem: '', certificatePem }])

function journalsAt(place: Place) {
  const at = `${place.journals}/handle`
  const secret = { file: 'certs/handle.key' }
  return [
    demoJournal(place, 'sgo', JOURNAL_TITLES.sgo),
    {
      ...demoJournal(place, 'sgo', JOURNAL_TITLES.handle),
      id: 'handle',
      connector: { kind: 'handle', url: `${at}/enter`, secret, logoutUrl: `${at}/sso-logout` },
      returnTo: [`${at}/*`],
    },
  ]
}

/** The same settings on every node but for its own place; nginx stands in front of all. */
async function configOf(folder: string, like: string, port: number): Promise<string> {
  const text = await readFile(like, 'utf8')
  const listen = `listen:\n  host: 127.0.0.1\n  port: ${port}\n  trustProxy: loopback\n  drain: ${DRAIN}\n`
  const config = join(folder, `bridge-${port}.yaml`)
  await writeFile(config, text.replace(/^listen:\n(?: +.*\n)+/m, listen))
  return config
}

async function importFirst(store: Store, people: readonly Citizen[]): Promise<ReadonlyMap<string, Code>> {
  try {
    for (const journal of JOURNALS)
      for (const school of SCHOOLS) {
        const csv = Buffer.from(rosterOf(people, school, 0))
        const { written, reading } = await importRoster(store.roster, csv, { journal, school, dryRun: false, now: Date.now() }) // prettier-ignore
        if (!written) throw new Error(`the list was not imported: ${JSON.stringify(reading.refused.slice(0, 3))}`)
      }
    return await codesFor(store, people)
  } finally {
    await store.close()
  }
}

async function codesFor(store: Store, people: readonly Citizen[]): Promise<ReadonlyMap<string, Code>> {
  const logins = people.filter(({ kind }) => kind === 'code').map(({ accounts }) => accounts[0]!)
  const entries = await store.roster.entries({ journal: 'sgo', school: 'school-1' })
  const madeAt = Date.now()
  const made = entries
    .filter(({ login }) => logins.includes(login))
    .map(({ login, accountId, journal, school }) => ({ login, code: newCode(systemChance), accountId, journal, school })) // prettier-ignore
  const codes = made.map(code => ({ ...without(code, 'login'), madeAt, expiresAt: madeAt + CODE_LIVES }))
  await store.codes.make(codes, { at: madeAt, what: 'code.made', result: 'ok' })
  return new Map(made.map(({ login, code }) => [login, code]))
}

/** Asks again and again until it is so. @throws Error after the time */
export async function until(what: string, holds: () => Promise<boolean>, within = 60_000): Promise<void> {
  const end = performance.now() + within
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`${what}: not within ${within} ms`)
    await wait(50)
  }
}
