/** The only file that knows everything: settings -> keys, trust, drivers, doors -> ports. The command line uses it, too. */
import type { Logger } from 'pino'
import { systemChance, type Chance } from './base/chance.js'
import { systemClock, type Clock, type Instant } from './base/clock.js'
import { readShortLivedAddress } from './base/short-lived-address.js'
import { dropOldCopies } from './compose-backup.js'
import { listsOf } from './compose-intake.js'
import { messagePorts } from './compose-messages.js'
import { sourcesOf, tellIn, trustTools } from './compose-trust.js'
import { standingOf, watchOf, type Watch } from './compose-watch.js'
import { figures } from './figures.js'
import { systemCourier } from './courier/courier.js'
import { stranger } from './journals/client.js'
import type { DoorTools } from './journals/connector.js'
import { publicKeys } from './journals/jwks.js'
import { kinds } from './journals/kinds.js'
import { anchorSigner } from './login/anchoring.js'
import { openNewAccounts } from './journals/new-account.js'
import { openOldLogin } from './journals/old-login.js'
import type { OpenJournal, Ports } from './login/ports.js'
import { Drifts } from './login/drift.js'
import { FailedCalls } from './login/failed-calls.js'
import type { Ended } from './login/logout-ports.js'
import { RateLimits } from './login/rate-limits.js'
import { SameAnswers } from './login/same-answer.js'
import { UnderWay } from './login/under-way.js'
import { counting } from './metrics/counting.js'
import { createMetrics, type Metrics } from './metrics/metrics.js'
import { ourNames, requestedAttributes, type SpDescription } from './saml/sp-description.js'
import { spMetadata } from './saml/sp-metadata.js'
import type { ServiceProvider, Trust } from './saml/trust.js'
import type { Configuration } from './settings/configuration.js'
import type { JournalSettings } from './settings/settings.js'
import { openStore, type Store } from './store/open.js'
import type { PostgresOptions } from './store/postgres.js'
import { keepTrust, rememberedTrust, trustOfFiles, type KeptTrust } from './trust/keep.js'
import type { Fetch } from './trust/ports.js'
import { levels } from './words/person.js'
import type { Web } from './web/setup.js'

/** Time, chance and the network; tests bring their own. */
export interface Nature {
  readonly clock: Clock
  readonly chance: Chance
  /** How metadata are fetched. */
  readonly fetch?: Fetch
}

export const nature: Nature = { clock: systemClock, chance: systemChance }

/** Signing our metadata costs tens of milliseconds, and `validUntil` moves slowly. */
const METADATA_KEPT = 6 * 3_600_000

function keptFor(ms: number, clock: Clock, make: () => string): () => string {
  let kept: { readonly text: string; readonly until: Instant } | undefined
  return () => {
    if (!kept || kept.until <= clock.now()) kept = { text: make(), until: clock.now() + ms }
    return kept.text
  }
}

/** Everything is there, nothing listens yet. */
export interface Bridge {
  readonly web: Web
  readonly store: Store
  /** The same as the port of login, with the round that keeps it fresh. */
  readonly trust: KeptTrust
  readonly watch: Watch
  /** Copies of the database from before updates; what is past its time goes. @returns how many */
  dropOldCopies?(): number
  /** Only when the settings name folders from which lists are imported. */
  readonly lists?: { readonly every: number; look(): Promise<unknown> }
  /** Only when the settings ask for figures. */
  readonly metrics?: Metrics & { readonly listen: { readonly host: string; readonly port: number } }
}

/**
 * @param open the memory; tests bring one that can be filled to the brim
 * @throws StoreError, StoreUnavailable, MetadataError, RangeError (a connector's secret), each in a sentence for the operator;
 *   nothing is left open then
 */
export async function compose(
  configuration: Configuration,
  log: Logger,
  own: Nature = nature,
  open: (configuration: Configuration, clock: Clock) => Promise<Store> = openStoreOf,
): Promise<Bridge> {
  const journals = openJournals(configuration, own)
  const store = await open(configuration, own.clock)
  try {
    return await composeOver(store, journals, configuration, log, own)
  } catch (error) {
    await store.close()
    throw error
  }
}

async function composeOver(
  store: Store,
  journals: ReadonlyMap<string, OpenJournal>,
  configuration: Configuration,
  log: Logger,
  { clock, chance, fetch }: Nature,
): Promise<Bridge> {
  const { settings, secrets } = configuration
  await reach(store, clock)
  await keepTexts(configuration, store, clock)
  const { copies } = store
  const tools = trustTools(configuration, { copies, clock, chance, tell: tellIn(log), ...(fetch && { fetch }) })
  const trust = await keepTrust(sourcesOf(configuration), tools)
  const serviceProvider = serviceProviderOf(configuration)
  const drifts = new Drifts(clock, (idp, { seconds, answers }) => {
    log.warn({ idp, drift: seconds, answers }, 'the clocks of the IdP and of this machine differ')
  })
  const metrics = metricsOf({ configuration, trust, drifts, clock, store })
  const ports: Ports = {
    ...(metrics ? counting(store, metrics.happened) : store),
    clock,
    chance,
    serviceProvider,
    ...portsFrom(settings),
    ...(configuration.consent && { consentTerms: configuration.consent }),
    anchorSigner: anchorSigner(secrets.tokens, settings.publicUrl),
    ...ownMemory(clock, configuration, store),
    ...{ drifts, trust, journals },
    ...(metrics && { took: metrics.took }),
    stranger: stranger(settings.publicUrl, chance),
    courier: systemCourier,
    ...messagePorts(configuration),
  }
  await ports.standing.refresh()
  const web: Web = {
    ports,
    sessionSecrets: secrets.session,
    trustProxy: settings.listen.trustProxy,
    title: settings.serviceProvider.title,
    support: { email: settings.serviceProvider.contacts.support },
    metadata: keptFor(METADATA_KEPT, clock, () => spMetadata(describe(configuration, serviceProvider, clock))),
    publicKeys: publicKeys(secrets.tokens),
    watching: store.watching,
    ready: () => store.check(),
    ...(metrics && { answered: metrics.answered }),
    log,
  }
  const lists = listsOf(configuration, { ...store, clock, chance }, log)
  const watch = watchOf(configuration, ports, store)
  return {
    ...{ web, store, trust, watch },
    dropOldCopies: () => dropOldCopies(settings, clock.now()),
    ...(lists && { lists }),
    ...(metrics && { metrics }),
  }
}

/** What each process remembers by itself. */
const ownMemory = (clock: Clock, { settings }: Configuration, store: Store) => ({
  sameAnswers: new SameAnswers(clock),
  obeying: new UnderWay<Ended>(),
  failedCalls: new FailedCalls(clock),
  rateLimits: new RateLimits(clock, settings.limits, store.rateCounts),
  standing: standingOf(store, clock),
})

/** What the settings say as it is. */
const portsFrom = (settings: Configuration['settings']) => ({
  publicUrl: settings.publicUrl,
  schools: new Map(settings.schools.map(school => [school.code, school])),
  retentionLimits: settings.retention,
  limits: settings.sessions,
  loginLifetime: settings.loginLifetime,
  selfTest: settings.selfTest,
})

/** @throws RangeError when a text was changed that people may have agreed to */
async function keepTexts({ consent }: Configuration, store: Store, clock: Clock): Promise<void> {
  const changed = await store.consents.keepTexts(consent?.texts ?? [], clock.now())
  if (changed.length > 0)
    throw new RangeError(
      `consent.texts: ${changed.join(', ')} was another text before, and people may have agreed to it. Give the changed text (or the changed ` +
        'settings of this section, which are part of it) a version of its own, or put back what was there.',
    )
}

function metricsOf(watched: Parameters<typeof figures>[0]): Bridge['metrics'] {
  const { trust, configuration } = watched
  const { metrics: listen, journals } = configuration.settings
  if (!listen) return undefined
  const ids = new Set(journals.map(({ journal }) => journal.id))
  const known = { idp: (entityId: string) => trust.find(entityId) !== undefined, journal: (id: string) => ids.has(id) }
  return { ...createMetrics(known, figures(watched)), listen }
}

/** A bridge that cannot keep sessions, or would keep them apart from the others, does not start. @throws StoreError */
async function reach(store: Store, clock: Clock): Promise<void> {
  await store.shortLived?.meet()
  await store.whereabouts.check(clock.now())
}

/** What our metadata is made of. */
export type OwnSide = Pick<Configuration, 'settings' | 'secrets'>

export function openStoreOf({ settings, secrets }: Configuration, clock: Clock = systemClock): Promise<Store> {
  const { database, shortLived } = settings.storage
  const address = shortLived === undefined ? undefined : readShortLivedAddress(shortLived)
  return openStore({
    database,
    postgres: postgresOf({ settings, secrets }),
    ...(address && { shortLived: { ...secrets.shortLived, address, clock } }),
    dataKeys: secrets.data,
    lookupKeys: secrets.lookup,
    limits: settings.sessions,
  })
}

/** How the settings reach PostgreSQL. */
export function postgresOf({ settings, secrets }: Pick<Configuration, 'settings' | 'secrets'>): PostgresOptions {
  const { tls, connections } = settings.storage.postgres ?? {}
  return { ...secrets.database, ...(tls && { tls }), ...(connections !== undefined && { connections }) }
}

export function serviceProviderOf({ settings, secrets }: OwnSide): ServiceProvider {
  return {
    entityId: settings.serviceProvider.entityId,
    acsUrl: `${settings.publicUrl}/saml/acs`,
    sloUrl: `${settings.publicUrl}/saml/slo`,
    signing: secrets.signing,
    decryption: secrets.decryption,
    skew: settings.clockSkew,
  }
}

/** What the files say; addresses are left out. @throws MetadataError naming the file and everything that is wrong in it */
export const trustOf = (configuration: Configuration, clock: Clock = systemClock): Trust =>
  trustOfFiles(sourcesOf(configuration), { at: clock.now(), skew: configuration.settings.clockSkew })

/** For a command: files, and the copies that the bridge keeps of addresses; fetches nothing. @throws MetadataError, StoreError */
export async function currentTrust(configuration: Configuration, clock: Clock): Promise<Trust> {
  if (sourcesOf(configuration).every(({ file }) => file)) return trustOf(configuration, clock)
  const store = await openStoreOf(configuration, clock)
  const { copies } = store
  const tools = trustTools(configuration, { copies, clock, chance: systemChance, tell: () => undefined })
  return rememberedTrust(sourcesOf(configuration), tools).finally(() => store.close())
}

/** @throws RangeError naming the journal's secret or setting that is wrong */
export function openJournals(
  configuration: Configuration,
  { clock, chance }: Nature,
): ReadonlyMap<string, OpenJournal> {
  return new Map(
    configuration.settings.journals.map(journal => [
      journal.journal.id,
      openJournal(configuration, journal, { clock, chance }),
    ]),
  )
}

function openJournal(
  { settings, secrets }: Configuration,
  { journal, connector, oldLogin, createAccounts }: JournalSettings,
  { clock, chance }: Nature,
): OpenJournal {
  const kind = kinds.get(connector.kind)
  if (!kind) throw new RangeError(`journals: ${journal.id}: no connector of kind ${connector.kind}`)
  const tools: DoorTools = {
    journal,
    issuer: settings.publicUrl,
    clock,
    chance,
    tokenKeys: secrets.tokens,
    secret: secrets.secret,
  }
  return {
    journal,
    door: kind.open(connector.block, tools),
    ...(oldLogin && { oldLogin: openOldLogin(oldLogin, tools) }),
    ...(createAccounts && { newAccounts: openNewAccounts(createAccounts, tools) }),
  }
}

export function describe(configuration: Pick<OwnSide, 'settings'>, sp: ServiceProvider, clock: Clock): SpDescription {
  const { serviceProvider, identityProviders } = configuration.settings
  const { title, description, organization, contacts, requestedAttributes: wanted } = serviceProvider
  const least = Math.min(...identityProviders.map(idp => levels.indexOf(idp.assurance)))
  return {
    ...sp,
    organization,
    contacts,
    displayName: { ru: title, en: ourNames.displayName.en },
    description: { ru: description ?? ourNames.description.ru, en: ourNames.description.en },
    requestedAttributes: requestedAttributes(wanted),
    leastLevel: levels[least] ?? 'confirmed',
    cbc: identityProviders.some(idp => idp.cbc !== 'never'),
    at: clock.now(),
  }
}
