/**
 * Store: the memory of the bridge. Owns SQL and encryption at rest, and implements the ports that the rooms declare.
 * Does not touch: what the records mean; it decides nothing about a login, and it hands out nothing that was altered.
 * Called by: compose.ts and tests.
 */
import type { Kysely } from 'kysely'
import type { Audit } from '../audit/audit.js'
import type { Instant } from '../base/clock.js'
import type { Confirmations, Devices } from '../login/confirm-ports.js'
import type { NoticeChoices, Outbox } from '../login/message-ports.js'
import type { AuditChain } from '../login/chain-ports.js'
import { readDatabaseAddress, type DatabaseAddress } from '../base/database-address.js'
import type { Consents, Destructions } from '../login/consent-ports.js'
import type { Roster } from '../identity/roster.js'
import type { Intake } from '../intake/ports.js'
import type { Logouts, Notices } from '../login/logout-ports.js'
import type { Retention } from '../login/retention-ports.js'
import type { KeyHolders, Rotation } from '../login/rotation-ports.js'
import type { Deposits, Logins, Pseudonyms, UsedIds } from '../login/ports.js'
import type { RateCounts } from '../login/rate-limits.js'
import type { Creations } from '../login/creation-ports.js'
import type { Attempts, Codes, Links, Requests } from '../login/people-ports.js'
import type { Visits } from '../login/visit-ports.js'
import type { Alerts, Watching } from '../watch/ports.js'
import type { SessionLimits, Sessions } from '../sessions/sessions.js'
import type { Copies } from '../trust/ports.js'
import { makeIndexes } from './indexes.js'
import { createChain } from './chain/chain.js'
import { createStamps } from './chain/stamp.js'
import { checkKeys } from './key-checks.js'
import { keyRing, type NamedKey, type StoreKeys } from './keys.js'
import { createLookup, type Lookup } from './lookup.js'
import { migrate, SCHEMA_VERSION } from './migrations/run.js'
import { createPseudonyms, findPseudonyms } from './pseudonyms.js'
import { createKeyHolders } from './rotation/key-holders.js'
import { openShortLived, placeOf, type ShortLived } from './redis/open.js'
import type { ShortLivedOptions } from './redis/memory.js'
import { createRotation } from './rotation/rotation.js'
import { createSeal, type Seal } from './sealed.js'
import { openPostgres, switchedOff, toldOfPostgres, type PostgresOptions } from './postgres.js'
import { createAttempts } from './sql/attempts.js'
import { createAudit } from './sql/audit.js'
import { createCodes } from './sql/codes.js'
import { createConfirmations } from './sql/confirmations.js'
import { createConsents } from './sql/consents.js'
import { createCreations } from './sql/creations.js'
import { createCopies } from './sql/copies.js'
import { createDeposits } from './sql/deposits.js'
import { createIntake } from './sql/intake.js'
import { createDestructions } from './sql/destructions.js'
import { createDevices } from './sql/devices.js'
import { createLinks } from './sql/links.js'
import { createLogins } from './sql/logins.js'
import { createLogouts } from './sql/logouts.js'
import { createNoticeChoices, createOutbox } from './sql/messages.js'
import { createNotices } from './sql/notices.js'
import { createRateCounts } from './sql/rate-counts.js'
import { createRequests } from './sql/requests.js'
import { createRetention } from './sql/retention.js'
import { createRoster } from './sql/roster.js'
import { undelivered, waiting, type Queue, type Undelivered } from './sql/waiting.js'
import { createSessions, identitiesSignedIn } from './sql/sessions.js'
import { createUsedIds } from './sql/used-ids.js'
import { createVisits } from './sql/visits.js'
import { createAlerts, createWatching } from './sql/watching.js'
import { openSqlite } from './sqlite.js'
import { copyBeforeMigrating } from './sqlite-copies.js'
import { StoreError, StoreUnavailable } from './store-error.js'
import { createWhereabouts, type Whereabouts } from './whereabouts.js'
import type { Tables } from './tables.js'

export interface StoreOptions {
  /** `sqlite:data/bridge.db`, a path from the working directory, `sqlite::memory:`, or `postgres://user@host/database`. */
  readonly database: string
  /** Only for `postgres:`. */
  readonly postgres?: PostgresOptions
  /** A Redis or Valkey server for what ends by itself; without it all is in the database. */
  readonly shortLived?: ShortLivedOptions
  /** AES-256-GCM. The first is used, all are accepted. */
  readonly dataKeys: readonly NamedKey[]
  /** HMAC-SHA-256. The first is used, all are accepted. */
  readonly lookupKeys: readonly NamedKey[]
  readonly limits: SessionLimits
}

/** Any of its promises may be refused with StoreUnavailable; then nothing was written. */
export interface Store {
  readonly logins: Logins
  readonly logouts: Logouts
  readonly notices: Notices
  readonly deposits: Deposits
  readonly usedIds: UsedIds
  readonly visits: Visits
  readonly sessions: Sessions
  readonly roster: Roster
  readonly intake: Intake
  readonly consents: Consents
  readonly destructions: Destructions
  readonly retention: Retention
  readonly links: Links
  readonly requests: Requests
  readonly codes: Codes
  readonly creations: Creations
  readonly attempts: Attempts
  readonly rateCounts: RateCounts
  readonly confirmations: Confirmations
  readonly devices: Devices
  readonly outbox: Outbox
  readonly noticeChoices: NoticeChoices
  readonly audit: Audit
  readonly pseudonyms: Pseudonyms
  readonly copies: Copies
  readonly chain: AuditChain
  readonly keyHolders: KeyHolders
  readonly rotation: Rotation
  /** Only where short-lived records have a server of their own. */
  readonly shortLived?: ShortLived
  readonly whereabouts: Pick<Whereabouts, 'check'>
  readonly watching: Watching
  readonly alerts: Alerts
  /** Reads and writes for real, and returns when it is on the disk: what readiness means. */
  check(): Promise<void>
  /** Settings of the database server that let a power cut undo what it has acknowledged. */
  switchedOff(): Promise<readonly string[]>
  /** How much stands in which queue. */
  waiting(): Promise<Readonly<Record<Queue, number>>>
  /** Messages that were tried and not taken yet. */
  undelivered(): Promise<readonly Undelivered[]>
  /** Deletes what ended before `now`: logins, logouts, sessions, visits, deposits, codes, attempts, confirmations, devices, counts of the watch, remembered assertions and ids. */
  sweep(now: Instant): Promise<void>
  close(): Promise<void>
}

/** @throws StoreError in sentences for the operator: the file, its version, or the keys are not what they should be */
export async function openStore(options: StoreOptions): Promise<Store> {
  const address = readDatabaseAddress(options.database)
  if (!address)
    throw new StoreError(
      'storage.database: must be "sqlite:" and the path of a file, e.g. sqlite:data/bridge.db, or postgres://USER@HOST/DATABASE without a password.',
    )
  const keys = storeKeys(options)
  const db = address.kind === 'sqlite' ? openSqlite(address.path) : await openPostgres(address, options.postgres)
  try {
    if (address.kind === 'sqlite') await copyBeforeMigrating(db, address.path, SCHEMA_VERSION)
    return await storeOver(db, keys, options.limits, options.shortLived)
  } catch (error) {
    await db.destroy()
    throw told(error, address)
  }
}

/** What the operator can do about it. */
function told(error: unknown, address: DatabaseAddress): unknown {
  if (address.kind === 'postgres') return toldOfPostgres(error, address)
  if (!(error instanceof StoreUnavailable)) return error
  return new StoreError(
    `The database ${address.path} cannot be written (${error.reason}). Look for free space on the disk and for another program that holds the file.`,
    { cause: error },
  )
}

/** @throws StoreError when a list of keys is empty, or a key is not one */
export const storeKeys = ({ dataKeys, lookupKeys }: Pick<StoreOptions, 'dataKeys' | 'lookupKeys'>): StoreKeys => ({
  data: keyRing('secrets.data', dataKeys),
  lookup: keyRing('secrets.lookup', lookupKeys),
})

/** The same over a database that is already connected: whatever Kysely has a dialect for. */
export async function storeOver(
  db: Kysely<Tables>,
  keys: StoreKeys,
  limits: SessionLimits,
  server?: ShortLivedOptions,
): Promise<Store> {
  const [sealing, lookup] = [createSeal(keys.data), createLookup(keys.lookup)]
  await migrate(db)
  await makeIndexes(db)
  const { subjectKey, auditKey } = await checkKeys(db, keys, sealing, lookup)
  const stamps = createStamps(auditKey)
  const seal: Seal = { ...sealing, stamp: row => stamps.make(row) }

  const whereabouts = createWhereabouts(db, server ? placeOf(server) : 'database')
  const passing = passingPorts(db, { seal, lookup }, limits, whereabouts)
  const shortLived = server && openShortLived(server, { db, seal, lookup, keys, auditKey, limits })
  const signedIn = (trx: Kysely<Tables>) => shortLived?.signedIn() ?? identitiesSignedIn(trx, seal)
  const rotation = createRotation(db, { seal, lookup, keys })
  return {
    ...passing,
    ...shortLived?.ports,
    ...(shortLived && { shortLived }),
    notices: createNotices(db, seal),
    roster: createRoster(db, seal, lookup),
    intake: createIntake(db, seal, lookup),
    consents: createConsents(db, seal, lookup),
    destructions: createDestructions(db, { seal, lookup }),
    retention: createRetention(db, { seal, lookup, stamps, signedIn }),
    links: createLinks(db, { seal, lookup }),
    creations: createCreations(db, { seal, lookup }),
    requests: createRequests(db, { seal, lookup }),
    outbox: createOutbox(db, seal),
    alerts: createAlerts(db),
    noticeChoices: createNoticeChoices(db, { seal, lookup }),
    audit: createAudit(db, seal),
    pseudonyms: {
      ...createPseudonyms(lookup, idsOf(keys.lookup), subjectKey),
      ofSnils: findPseudonyms(db, { seal, lookup }, idsOf(keys.lookup)),
    },
    copies: createCopies(db, seal),
    chain: createChain(db, stamps),
    keyHolders: createKeyHolders(db, keys, whereabouts),
    whereabouts,
    rotation: shortLived ? { ...rotation, use: () => shortLived.withUse(rotation.use()) } : rotation,
    async check() {
      await probe(db)
      await shortLived?.check()
    },
    switchedOff: () => switchedOff(db),
    waiting: () => waiting(db),
    undelivered: () => undelivered(db),
    async sweep(now) {
      // of both: rows from before the records had a server of their own end in the database
      const ports = [...Object.values(shortLived?.ports ?? {}), ...Object.values(passing)]
      for (const port of ports) await port.sweep(now)
    },
    async close() {
      await shortLived?.close()
      await db.destroy()
    },
  }
}

/** What ends by itself, and is swept away then. */
const passingPorts = (
  db: Kysely<Tables>,
  tools: { seal: Seal; lookup: Lookup },
  limits: SessionLimits,
  whereabouts: Whereabouts,
) => ({
  logins: createLogins(db, tools.seal, tools.lookup, whereabouts),
  logouts: createLogouts(db, tools.seal, tools.lookup),
  sessions: createSessions(db, tools.seal, limits),
  visits: createVisits(db, tools.seal, limits),
  deposits: createDeposits(db, tools.seal),
  usedIds: createUsedIds(db),
  codes: createCodes(db, tools),
  attempts: createAttempts(db, tools.lookup),
  rateCounts: createRateCounts(db, tools.lookup),
  confirmations: createConfirmations(db, tools),
  devices: createDevices(db, tools),
  watching: createWatching(db, tools),
})

const idsOf = ([first, ...others]: StoreKeys['lookup']): readonly [string, ...string[]] => [
  first.id,
  ...others.map(({ id }) => id),
]

async function probe(db: Kysely<Tables>): Promise<void> {
  const row = await db
    .updateTable('probe')
    .set(({ eb }) => ({ writes: eb('writes', '+', 1) }))
    .where('id', '=', 1)
    .returning('writes')
    .executeTakeFirst()
  if (!row) throw new Error('The row that readiness writes is gone.')
}
