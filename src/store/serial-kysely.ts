/**
 * Transactions of a database whose writers run side by side, as if they ran one after another: what SQLite gives by its
 * nature. Each is serializable (PostgreSQL manual, 13.2.3), and one that lost against another begins anew. So every argument
 * "read, decide, write, in one transaction" holds on both, and nobody has to think of locks who adds the next one.
 */
import { randomInt } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { Kysely, type Transaction, type TransactionBuilder } from 'kysely'
import { StoreUnavailable } from './store-error.js'
import type { Tables } from './tables.js'

/** Milliseconds. A crowd over one row thins out by one at least with every round; who still loses then reads a 503 page. */
const PATIENCE = 10_000
/** Milliseconds between two rounds, at most. */
const LONGEST_WAIT = 250

export class SerialKysely extends Kysely<Tables> {
  override transaction(): TransactionBuilder<Tables> {
    return repeating(super.transaction().setIsolationLevel('serializable'))
  }
}

/** The work may run several times, so it does nothing but read, decide and write. */
function repeating(builder: TransactionBuilder<Tables>): TransactionBuilder<Tables> {
  const [once, at] = [builder.execute.bind(builder), builder.setIsolationLevel.bind(builder)]
  return Object.assign(builder, {
    execute: <T>(work: (trx: Transaction<Tables>) => Promise<T>) => again(() => once(work)),
    setIsolationLevel: (level: Parameters<typeof at>[0]) => repeating(at(level)),
  })
}

async function again<T>(ask: () => Promise<T>): Promise<T> {
  const end = performance.now() + PATIENCE
  for (let round = 1, doubles = 0; ; round++) {
    try {
      return await ask()
    } catch (error) {
      if (isDouble(error)) doubles++
      const lost = isLost(error) || (isDouble(error) && doubles === 1)
      if (!lost || performance.now() > end) throw error
      await wait(randomInt(1, Math.min(LONGEST_WAIT, 4 * 2 ** Math.min(round, 6)) + 1))
    }
  }
}

/** 40001, serialization failure, or 40P01, deadlock: as if it had never begun. */
const isLost = (error: unknown): boolean => error instanceof StoreUnavailable && /^40/.test(error.reason)

/**
 * 23505, unique violation: who looked first and then wrote may meet it instead of 40001 (manual, 13.2.3). A second time it
 * is a bug.
 */
const isDouble = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === '23505'
