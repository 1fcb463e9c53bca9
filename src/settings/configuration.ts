import { dirname, resolve } from 'node:path'
import { systemClock } from '../base/clock.js'
import { readDatabaseAddress } from '../base/database-address.js'
import type { ConsentTerms } from '../consent/rules.js'
import { readConsent } from './consent-texts.js'
import { readAnomalies } from './anomalies.js'
import type { Finding } from './explain.js'
import { valueAt } from './explain.js'
import { readMetadata, type ReadEntry } from './idp-metadata.js'
import { readMessages } from './messages.js'
import type { Gateways } from '../words/gateways.js'
import type { TrustedKey } from '../saml/trust.js'
import { missingJournalSecrets, shutDoors } from './journal-doors.js'
import { unknownIdps } from './journal-idps.js'
import { keyReminders } from './key-states.js'
import { printPath, type Problem, SettingsError } from './problems.js'
import { judgeSettings, type Reading } from './read.js'
import { readNamedFile, type Sources } from './read-file.js'
import { bridgeYaml } from './schema.js'
import { storageSection } from './schema-storage.js'
import { type NamesSecrets, readSecrets, type Secrets } from './secrets.js'
import type { IdpSettings, Settings } from './settings.js'
import { standingWarnings } from './standing-warnings.js'

/** An IdP's settings with what they name: the text of its metadata file, and the keys that may sign its metadata. */
export interface IdpConfiguration extends IdpSettings {
  /** Absent when the metadata are fetched from an address. */
  readonly metadataXml?: string
  /** The file as a whole path. */
  readonly metadataFile?: string
  readonly signers: readonly TrustedKey[]
}

/** All that compose needs: settings with whole paths, secrets, and the metadata of the IdPs. */
export interface Configuration {
  readonly settings: Settings
  readonly secrets: Secrets
  readonly identityProviders: readonly IdpConfiguration[]
  /** What is asked of people before they enter; absent where nothing is. */
  readonly consent?: ConsentTerms
  /** By which messages reach people. */
  readonly gateways: Gateways
  /** Signs what the administration's webhook gets; absent where there is none. */
  readonly webhookKey?: Buffer
  /** What works and should not stay so. */
  readonly warnings: readonly Problem[]
}

/**
 * Reads bridge.yaml and every file and variable that it names. Relative paths start at the folder of bridge.yaml.
 *
 * @throws SettingsError listing every problem of the file and of what it names
 */
export function loadConfiguration(file: string, env: Sources['env']): Configuration {
  const sources = { folder: dirname(resolve(file)), env }
  const reading = judgeSettings(readYaml(file), file)
  const { secrets, findings, warnings } = readSecrets(namesOfSecrets(reading.raw), sources)
  const now = systemClock.now()
  const metadata = readMetadata(reading.raw, sources, now)
  const strangers = metadata.known ? unknownIdps(reading.raw, metadata.known) : []
  const consent = readConsent(reading.settings?.consent, sources)
  const messages = readMessages(reading.settings ?? {}, sources)
  const anomalies = readAnomalies(reading.settings ?? {}, sources)
  const hopeless = metadata.known?.complete === true ? strangers : []
  const found = [
    ...findings,
    ...metadata.findings,
    ...consent.findings,
    ...messages.findings,
    ...anomalies.findings,
    ...hopeless,
    ...missingJournalSecrets(reading.raw, sources),
  ]
  const place = (finding: Finding) => placed(finding, file, reading)
  const problems = [...reading.problems, ...found.map(place), ...metadata.problems]
  const { settings } = reading
  if (!settings || problems.length > 0) throw new SettingsError(file, problems)
  const shut = shutDoors(settings, secrets)
  if (shut.length > 0) throw new SettingsError(file, shut.map(place))
  return {
    settings: withWholePaths(settings, sources.folder),
    secrets,
    ...(consent.terms && { consent: consent.terms }),
    gateways: messages.gateways,
    ...(anomalies.webhookKey && { webhookKey: anomalies.webhookKey }),
    identityProviders: settings.identityProviders.map((idp, i) => withMetadata(idp, metadata.entries[i]!)),
    warnings: [
      ...[
        ...warnings,
        ...messages.warnings,
        ...anomalies.warnings,
        ...strangers,
        ...keyReminders(secrets, now),
        ...standingWarnings(settings),
      ].map(place),
      ...metadata.warnings,
    ],
  }
}

/**
 * Our own side alone: what our metadata says. The IdP usually wants it before it sends its own, and before any journal is
 * connected, so what is still missing there is no hindrance.
 *
 * @throws SettingsError when the file itself or one of our keys cannot be used
 */
export function loadOwnSide(file: string, env: Sources['env']): Pick<Configuration, 'settings' | 'secrets'> {
  const sources = { folder: dirname(resolve(file)), env }
  const reading = judgeSettings(readYaml(file), file)
  const { secrets, findings } = readSecrets(namesOfSecrets(reading.raw), sources)
  const ours = findings.filter(({ path }) => path[0] === 'serviceProvider')
  const problems = [...reading.problems, ...ours.map(finding => placed(finding, file, reading))]
  if (!reading.settings || problems.length > 0) throw new SettingsError(file, problems)
  return { settings: reading.settings, secrets }
}

const withMetadata = (idp: IdpSettings, { file, signers }: ReadEntry): IdpConfiguration => ({
  ...idp,
  signers,
  ...(file && { metadataXml: file.xml, metadataFile: file.path }),
})

const placed = ({ path, message }: Finding, file: string, { lineOf }: Reading): Problem => ({
  file,
  line: lineOf(path),
  path: printPath(path),
  message,
})

function readYaml(file: string): string {
  const wrong = (message: string) => new SettingsError(file, [{ file, line: 1, path: '', message }])
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readNamedFile(file, { folder: '.', env: {} }))
  } catch (error) {
    if (error instanceof RangeError) {
      throw wrong(`${error.message}. Begin with a copy of bridge.example.yaml, or name another file with --config`)
    }
    throw wrong('is not UTF-8 text; save it as UTF-8')
  }
}

/** What can be read of the names of secrets, even when something else in the file is wrong. */
function namesOfSecrets(raw: unknown): NamesSecrets {
  const { secrets, serviceProvider } = bridgeYaml.shape
  const { database, postgres, redis } = storageSection.shape
  const named = database.safeParse(valueAt(raw, ['storage', 'database'])).data ?? ''
  const server = readDatabaseAddress(named)?.kind === 'postgres' ? valueAt(raw, ['storage', 'postgres']) : undefined
  const shortLived = valueAt(raw, ['storage', 'shortLived'])
  const { signing, decryption } = serviceProvider.shape
  return {
    secrets: secrets.safeParse(valueAt(raw, ['secrets'])).data,
    signing: signing.safeParse(valueAt(raw, ['serviceProvider', 'signing'])).data,
    decryption: decryption.safeParse(valueAt(raw, ['serviceProvider', 'decryption'])).data,
    postgres: postgres.safeParse(server).data,
    redis: redis.safeParse(shortLived === undefined ? undefined : valueAt(raw, ['storage', 'redis'])).data,
  }
}

function withWholePaths(settings: Settings, folder: string): Settings {
  const rosterImports = settings.rosterImports?.map(({ mapping, ...each }) => ({
    ...each,
    folder: resolve(folder, each.folder),
    ...(mapping !== undefined && { mapping: resolve(folder, mapping) }),
  }))
  return { ...settings, ...(rosterImports && { rosterImports }), storage: wholeStorage(settings, folder) }
}

function wholeStorage({ storage }: Settings, folder: string): Settings['storage'] {
  const address = readDatabaseAddress(storage.database)
  if (address?.kind !== 'sqlite' || address.path === ':memory:') return storage
  return { ...storage, database: `sqlite:${resolve(folder, address.path)}` }
}
