/**
 * PostgreSQL by pg: a pool of connections. Everything that only PostgreSQL understands stands here, in
 * postgres-connection.ts and in migrations/postgres-columns.ts; sqlite.ts is the other such file.
 */
import { type Kysely, PostgresDialect, sql } from 'kysely'
import type { PoolConfig } from 'pg'
import type { DatabaseAddress } from '../base/database-address.js'
import { isThisMachine } from '../base/database-address.js'
import { isPostgres } from './dialect.js'
import { numbersAreNumbers, postgresConnections } from './postgres-connection.js'
import { SerialKysely } from './serial-kysely.js'
import { StoreError, StoreUnavailable } from './store-error.js'
import type { Tables } from './tables.js'

export type PostgresAddress = Extract<DatabaseAddress, { readonly kind: 'postgres' }>

export interface PostgresOptions {
  readonly password?: string
  /** `verify`: TLS with a certificate for that host. Left out: `verify`, and `off` where the server is this machine. */
  readonly tls?: 'verify' | 'off'
  /** PEM; instead of the authorities that Node.js trusts. */
  readonly ca?: string
  /** At most so many connections of this process. */
  readonly connections?: number
  /** Milliseconds; shorter in tests. */
  readonly statementWithin?: number
  readonly silentFor?: number
}

export const CONNECTIONS = 10

/** Milliseconds. A person waits no longer for a connection than this, and then reads that it does not work now. */
const CONNECT_WITHIN = 5_000
/** Beyond a statement's own limit: of a server that has gone without a word nothing else is heard. */
const SILENT_FOR = 5_000
const STATEMENT_WITHIN = 30_000
/** For another transaction's lock; an import may hold one for some seconds. */
const LOCK_WITHIN = 20_000
/** A node that is frozen in the middle of a transaction must not hold its locks for ever. */
const IDLE_WITHIN = 60_000

/** The oldest version that its makers still mend is younger; the tests run on 15 and 18. */
const OLDEST = 130_000

/** @throws StoreError when the server does not answer, or is not what we need */
export async function openPostgres(address: PostgresAddress, options: PostgresOptions = {}): Promise<Kysely<Tables>> {
  const { default: pg } = await import('pg')
  const pool = new pg.Pool(poolConfig(address, options))
  // A connection that breaks leaves the pool, and whoever asks it something hears of it; nobody else needs to.
  pool.on('error', () => undefined)
  pool.on('connect', client => client.on('error', () => undefined))
  const db = new SerialKysely({ dialect: new PostgresDialect({ pool: postgresConnections(pool) }) })
  try {
    await checkServer(db)
    return db
  } catch (error) {
    await db.destroy()
    throw toldOfPostgres(error, address)
  }
}

const poolConfig = ({ host, port, user, database }: PostgresAddress, options: PostgresOptions): PoolConfig => ({
  ...{ host, port, user, database, password: options.password ?? '' },
  ssl: tlsOf(host, options),
  max: options.connections ?? CONNECTIONS,
  connectionTimeoutMillis: CONNECT_WITHIN,
  statement_timeout: options.statementWithin ?? STATEMENT_WITHIN,
  lock_timeout: LOCK_WITHIN,
  idle_in_transaction_session_timeout: IDLE_WITHIN,
  query_timeout: (options.statementWithin ?? STATEMENT_WITHIN) + (options.silentFor ?? SILENT_FOR),
  keepAlive: true,
  application_name: 'esia-school-bridge',
  types: numbersAreNumbers,
})

function tlsOf(host: string, { tls, ca }: PostgresOptions): PoolConfig['ssl'] {
  if ((tls ?? (isThisMachine(host) ? 'off' : 'verify')) === 'off') return false
  return { rejectUnauthorized: true, minVersion: 'TLSv1.2', ...(ca !== undefined && { ca }) }
}

async function checkServer(db: Kysely<Tables>): Promise<void> {
  const { rows } = await sql<{ version: number; encoding: string; standby: boolean }>`
    select current_setting('server_version_num')::int as version, current_setting('server_encoding') as encoding,
      pg_is_in_recovery() as standby`.execute(db)
  const { version, encoding, standby } = rows[0]!
  if (version < OLDEST)
    throw new StoreError('The PostgreSQL server is older than version 13. Install one that still gets security fixes.')
  if (encoding !== 'UTF8')
    throw new StoreError(
      `The database is kept in ${encoding}, and Russian names need UTF8: create database … encoding 'UTF8' template template0.`,
    )
  if (standby)
    throw new StoreError('storage.database names a PostgreSQL server that only follows another one. Name the primary.')
}

/** Without any of these a power cut undoes what was acknowledged, and an answer of the IdP gets in twice. */
const ON_DISK = ['fsync', 'full_page_writes', 'synchronous_commit'] as const

/** @returns those that are switched off, for our role and database; none on a database in a file */
export async function switchedOff(db: Kysely<Tables>): Promise<readonly string[]> {
  if (!isPostgres(db)) return []
  const { rows } = await sql<{ name: string }>`
    select name from pg_settings where setting = 'off' and name in (${sql.join(ON_DISK)})`.execute(db)
  const off = rows.map(({ name }) => name)
  return ON_DISK.filter(name => off.includes(name))
}

/** A password, a database or a certificate that is wrong does not get right by waiting. */
const LASTING = /^28|^3D000|CERT|SSL|TLS|SIGNATURE|ISSUER/

/** What the operator can do about it. */
export function toldOfPostgres(error: unknown, address: PostgresAddress): unknown {
  if (error instanceof StoreUnavailable)
    return new StoreError(unreachable(address, error), { cause: error, passes: !LASTING.test(error.reason) })
  if (!(error instanceof Error) || !('code' in error) || error.code !== '42501') return error
  const { user, database } = address
  return new StoreError(
    `PostgreSQL does not let the user ${user} make its tables in ${database} (42501). Make ${user} the owner of the database: alter database ${database} owner to ${user}`,
    { cause: error },
  )
}

function unreachable({ host, port, user, database }: PostgresAddress, { reason }: StoreUnavailable): string {
  const where = host.startsWith('/') ? host : `${host}:${port}`
  if (reason.startsWith('28'))
    return `PostgreSQL at ${where} does not let the user ${user} in (${reason}). Look at storage.postgres.password, and at pg_hba.conf of the server.`
  if (reason === '3D000')
    return `PostgreSQL at ${where} has no database ${database}. Make it: createdb --owner=${user} --encoding=UTF8 --template=template0 ${database}`
  if (/CERT|SSL|TLS|SIGNATURE|ISSUER/.test(reason))
    return `PostgreSQL at ${where} cannot be reached by TLS (${reason}). Name the certificate of its authority in storage.postgres.ca, and the host as its certificate has it.`
  return `PostgreSQL at ${where} does not answer (${reason}). Look whether it runs, whether it listens there, and whether storage.database names it.`
}
