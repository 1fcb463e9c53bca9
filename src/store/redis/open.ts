/**
 * Short-lived records in a Redis or Valkey server, for many nodes: logins, sessions, assertions that were used, handles, visits,
 * logouts, counts of requests. All else stays in SQL, and so does whatever an attacker would be glad to see forgotten: guesses,
 * codes, ids of tokens that journals made.
 */
import { hkdfSync } from 'node:crypto'
import type { Kysely } from 'kysely'
import type { KeyUse } from '../../login/rotation-ports.js'
import type { SessionLimits } from '../../sessions/sessions.js'
import { identityOf } from '../identity-of.js'
import type { StoreKeys } from '../keys.js'
import type { Lookup } from '../lookup.js'
import type { Seal } from '../sealed.js'
import type { Tables } from '../tables.js'
import { createDeposits } from './deposits.js'
import { withKeyUse } from './key-use.js'
import { createLogins } from './logins.js'
import { createLogouts } from './logouts.js'
import { memoryAt, script, type ShortLivedOptions } from './memory.js'
import { createRateCounts } from './rate-counts.js'
import type { ServerFacts } from './server.js'
import { createSessions } from './sessions.js'
import { createVisits } from './visits.js'

interface Tools {
  readonly db: Kysely<Tables>
  readonly seal: Seal
  readonly lookup: Lookup
  readonly keys: StoreKeys
  readonly auditKey: Buffer
  readonly limits: SessionLimits
}

const PROBE = script('return answer(true)')

export type ShortLived = ReturnType<typeof openShortLived>

/** Nothing is asked yet: many a command needs none of it. */
export function openShortLived(options: ShortLivedOptions, tools: Tools) {
  const memory = memoryAt(options, nameOf(tools.auditKey))
  const { seal, lookup, limits } = tools
  const sessions = createSessions(memory, seal, limits)
  return {
    ports: {
      logins: createLogins({ ...tools, memory }),
      logouts: createLogouts({ ...tools, memory }),
      sessions,
      visits: createVisits(memory, seal, limits),
      deposits: createDeposits(memory, seal),
      rateCounts: createRateCounts(memory, lookup),
    },
    /** `identityOf` of everybody who has a session that is no trace yet. */
    async signedIn(): Promise<ReadonlySet<string>> {
      const all = new Set<string>()
      for await (const { person } of sessions.traces(options.clock.now())) if (person) all.add(identityOf(person))
      return all
    },
    /** Every key begins with it. */
    prefix: memory.prefix,
    meet: () => memory.meet(),
    /** Empty before the first meeting. */
    facts: (): ServerFacts => memory.facts(),
    /** By how many milliseconds its clock is ahead of ours. */
    async drift(): Promise<number> {
      const [seconds, micros] = (await memory.send(['TIME'])) as [string, string]
      return Number(seconds) * 1000 + Number(micros) / 1000 - options.clock.now()
    },
    /** Writes for real. */
    check: () => memory.ask<boolean>(PROBE, {}),
    withUse: (uses: Promise<readonly KeyUse[]>) => withKeyUse(memory, options.clock.now(), uses),
    close: () => memory.close(),
  }
}

/** As the settings name the server. */
export const placeOf = ({ address: { tls, host, port, database } }: ShortLivedOptions): string =>
  `${tls ? 'rediss' : 'redis'}://${host}:${port}/${database}`

/** The same for every node of one database, and for no other: its audit key is made of chance, once. */
const nameOf = (auditKey: Buffer): string =>
  Buffer.from(hkdfSync('sha256', auditKey, '', 'bridge short-lived records', 9)).toString('base64url')
