/**
 * Store: the memory of the bridge. Owns SQL and encryption at rest, and implements the ports that the rooms declare.
 * Does not touch: what the records mean; it decides nothing about a login, and it hands out nothing that was altered.
 * Called by: compose.ts and tests.
 */
import type { Kysely } from 'kysely'
import type { Audit } from '../audit/audit.js'
import type { Instant } from '../base/clock.js'
import type { Consents, Destructions } from '../login/consent-ports.js'
import type { Roster } from '../identity/roster.js'
import type { Intake } from '../intake/ports.js'
import type { Logouts, Notices } from '../login/logout-ports.js'
import type { Retention } from '../login/retention-ports.js'
import type { Deposits, Logins, Pseudonyms, UsedIds } from '../login/ports.js'
import type { Attempts, Codes, Links, Requests } from '../login/people-ports.js'
import type { Visits } from '../login/visit-ports.js'
import type { SessionLimits, Sessions } from '../sessions/sessions.js'
import type { Copies } from '../trust/ports.js'
import { makeIndexes } from './indexes.js'
import { checkKeys } from './key-checks.js'
import { keyRing, type NamedKey, type StoreKeys } from './keys.js'
import { createLookup } from './lookup.js'
import { migrate } from './migrations/run.js'
import { createPseudonyms } from './pseudonyms.js'
import { createSeal } from './sealed.js'
import { createAttempts } from './sql/attempts.js'
import { createAudit } from './sql/audit.js'
import { createCodes } from './sql/codes.js'
import { createConsents } from './sql/consents.js'
import { createCopies } from './sql/copies.js'
import { createDeposits } from './sql/deposits.js'
import { createIntake } from './sql/intake.js'
import { createDestructions } from './sql/destructions.js'
import { createLinks } from './sql/links.js'
import { createLogins } from './sql/logins.js'
import { createLogouts } from './sql/logouts.js'
import { createNotices } from './sql/notices.js'
import { createRequests } from './sql/requests.js'
import { createRetention } from './sql/retention.js'
import { createRoster } from './sql/roster.js'
import { createSessions } from './sql/sessions.js'
import { createUsedIds } from './sql/used-ids.js'
import { createVisits } from './sql/visits.js'
import { openSqlite } from './sqlite.js'
import { StoreError, StoreUnavailable } from './store-error.js'
import type { Tables } from './tables.js'

export interface StoreOptions {
  /** `sqlite:data/bridge.db`, a path from the working directory, or `sqlite::memory:`. */
  readonly database: string
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
  readonly attempts: Attempts
  readonly audit: Audit
  readonly pseudonyms: Pseudonyms
  readonly copies: Copies
  /** Reads and writes for real, and returns when it is on the disk: what readiness means. */
  check(): Promise<void>
  /** Deletes what ended before `now`: logins, logouts, sessions, visits, deposits, codes, attempts, remembered assertions and ids. */
  sweep(now: Instant): Promise<void>
  close(): Promise<void>
}

/** @throws StoreError in sentences for the operator: the file, its version, or the keys are not what they should be */
export async function openStore(options: StoreOptions): Promise<Store> {
  const path = /^sqlite:(.+)$/s.exec(options.database)?.[1]
  if (path === undefined)
    throw new StoreError('storage.database: must be "sqlite:" and the path of a file, e.g. sqlite:data/bridge.db.')
  const keys = storeKeys(options)
  const db = openSqlite(path)
  try {
    return await storeOver(db, keys, options.limits)
  } catch (error) {
    await db.destroy()
    if (!(error instanceof StoreUnavailable)) throw error
    throw new StoreError(
      `The database ${path} cannot be written (${error.reason}). Look for free space on the disk and for another program that holds the file.`,
      { cause: error },
    )
  }
}

/** @throws StoreError when a list of keys is empty, or a key is not one */
export const storeKeys = ({ dataKeys, lookupKeys }: Pick<StoreOptions, 'dataKeys' | 'lookupKeys'>): StoreKeys => ({
  data: keyRing('secrets.data', dataKeys),
  lookup: keyRing('secrets.lookup', lookupKeys),
})

/** The same over a database that is already connected: whatever Kysely has a dialect for. */
export async function storeOver(db: Kysely<Tables>, keys: StoreKeys, limits: SessionLimits): Promise<Store> {
  const [seal, lookup] = [createSeal(keys.data), createLookup(keys.lookup)]
  await migrate(db)
  await makeIndexes(db)
  const { subjectKey } = await checkKeys(db, keys, seal, lookup)

  const logins = createLogins(db, seal, lookup)
  const logouts = createLogouts(db, seal, lookup)
  const sessions = createSessions(db, seal, limits)
  const [deposits, usedIds] = [createDeposits(db, seal), createUsedIds(db)]
  const visits = createVisits(db, seal, limits)
  const [codes, attempts] = [createCodes(db, { seal, lookup }), createAttempts(db, lookup)]
  return {
    logins,
    logouts,
    notices: createNotices(db, seal),
    deposits,
    usedIds,
    visits,
    sessions,
    roster: createRoster(db, seal, lookup),
    intake: createIntake(db, seal, lookup),
    consents: createConsents(db, seal, lookup),
    destructions: createDestructions(db),
    retention: createRetention(db),
    links: createLinks(db, { seal, lookup }),
    requests: createRequests(db, { seal, lookup }),
    codes,
    attempts,
    audit: createAudit(db),
    pseudonyms: createPseudonyms(lookup, idsOf(keys.lookup), subjectKey),
    copies: createCopies(db, seal),
    check: () => probe(db),
    async sweep(now) {
      for (const port of [logins, logouts, sessions, visits, deposits, usedIds, codes, attempts]) await port.sweep(now)
    },
    close: () => db.destroy(),
  }
}

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
