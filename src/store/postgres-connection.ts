import type { PostgresPool, PostgresPoolClient, PostgresQueryResult } from 'kysely'
import type { CustomTypesConfig, Pool, PoolClient, QueryConfig } from 'pg'
import { StoreUnavailable } from './store-error.js'

/**
 * SQLSTATE classes (PostgreSQL manual, appendix A) and errors of the network that speak of the machine, the server or the
 * way to it, and not of our SQL. 25006: a server that became a standby. 40: a transaction that lost against others too often.
 */
const UNAVAILABLE = /^(08|28|3D000|53|57|58|55P03|25006|25P03|40|XX00[012]|F0)/
/** The session itself has ended, whatever the next statement would say. */
const BROKEN = /^(08|57P0|25P03|25006|XX)/
const NUL = String.fromCharCode(0)

const HOUR = 3_600_000

const INT8 = 20
/** Times and counts are far below 2^53; pg would give them as text. */
export const numbersAreNumbers: CustomTypesConfig = {
  getTypeParser: ((oid: number) => parsers[oid] ?? asText) as CustomTypesConfig['getTypeParser'],
}
const asText = (value: string) => value
const parsers: Readonly<Record<number, (value: string) => unknown>> = {
  16: value => value === 't',
  [INT8]: Number,
  21: Number,
  23: Number,
}

/** Kysely sees this instead of the pool: errors are told apart, and a connection that is broken is not used again. */
export const postgresConnections = (pool: Pool): PostgresPool => ({
  async connect() {
    // of the two ways to ask it has the one without a cursor: we read no answer piece by piece
    return new Connection(await answered(pool.connect())) as unknown as PostgresPoolClient
  },
  end: () => pool.end(),
})

class Connection {
  private broken = false
  private unhurried = false
  private readonly client: PoolClient
  constructor(client: PoolClient) {
    this.client = client
  }

  async query(sql: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<unknown>> {
    // it has rolled back by ending, and asking it would hide the reason
    if (this.broken && sql === 'rollback') return { command: 'ROLLBACK' as never, rowCount: 0, rows: [] }
    try {
      return (await this.client.query(this.asked(sql, parameters))) as unknown as PostgresQueryResult<unknown>
    } catch (error) {
      const code = codeOf(error)
      this.broken ||= code === undefined || BROKEN.test(code) || !isSqlState(code)
      throw judged(error)
    }
  }

  /** Where the server was told to wait as long as it takes, we do, too. */
  private asked(text: string, parameters: readonly unknown[]): QueryConfig & { query_timeout?: number } {
    if (text === 'set local statement_timeout = 0') this.unhurried = true
    if (text === 'commit' || text === 'rollback') this.unhurried = false
    return { text, values: parameters.map(withoutNul), ...(this.unhurried && { query_timeout: HOUR }) }
  }

  release(): void {
    this.client.release(this.broken)
  }
}

/**
 * PostgreSQL holds no NUL in a text, SQLite does. Nothing that we write has one, so that a question with one finds nothing;
 * it comes from addresses and forms of strangers.
 */
const withoutNul = (value: unknown): unknown =>
  typeof value === 'string' && value.includes(NUL) ? value.replaceAll(NUL, '\ufffd') : value

async function answered<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked
  } catch (error) {
    throw new StoreUnavailable(codeOf(error) ?? 'no answer', { cause: error })
  }
}

function judged(error: unknown): unknown {
  const code = codeOf(error)
  if (code !== undefined && isSqlState(code) && !UNAVAILABLE.test(code)) return error
  return new StoreUnavailable(code ?? 'no answer', { cause: error })
}

const isSqlState = (code: string): boolean => /^[0-9A-Z]{5}$/.test(code)

/** @returns SQLSTATE, or Node's name of an error of the network; of an aggregate (several addresses of a host) the first */
export function codeOf(error: unknown): string | undefined {
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0])
  if (!(error instanceof Error)) return undefined
  if (error.message === 'The server does not support SSL connections') return 'NO_TLS'
  // the server asks for a password, and we were given none
  if (error.message.startsWith('SASL:')) return '28P01'
  return 'code' in error && typeof error.code === 'string' ? error.code : undefined
}
