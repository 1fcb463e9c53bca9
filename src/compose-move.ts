/** A school has outgrown its file: what the bridge remembers moves to the PostgreSQL database that the settings name by now. */
import { existsSync } from 'node:fs'
import { chmod, constants, copyFile, rename, rm } from 'node:fs/promises'
import type { Instant } from './base/clock.js'
import { readDatabaseAddress } from './base/database-address.js'
import { postgresOf } from './compose.js'
import type { Configuration } from './settings/configuration.js'
import { copiesBeside, isAtRest, stampOf } from './store/backup-copy.js'
import { partOf, partsOf } from './store/left-behind.js'
import { mustBeEmpty, pour, prepareToMove, type MovedRows, type ToldOfMove } from './store/moving.js'
import { storeKeys } from './store/open.js'
import { openPostgres, type PostgresAddress } from './store/postgres.js'
import { StoreError } from './store/store-error.js'

export interface MoveOrder {
  /** The SQLite file that the bridge has used so far. */
  readonly from: string
  readonly configuration: Configuration
  readonly now: Instant
  /** Who moves it, for the audit. */
  readonly by: string
  /** Looks, and changes nothing but that the tables are made. */
  readonly checkOnly: boolean
  readonly tell: ToldOfMove
}

export interface Move {
  readonly to: PostgresAddress
  /** Absent when it was only looked at. */
  readonly rows?: MovedRows
  /** The file itself under its new name, and what lies beside it: all of them still hold what people had destroyed later on. */
  readonly leftBehind: readonly string[]
}

/**
 * Everything arrives, or nothing: the file is put aside when the last row is there.
 *
 * @throws StoreError, StoreUnavailable in sentences; then neither place has changed
 */
export async function moveDatabase(order: MoveOrder): Promise<Move> {
  const { from, configuration, now, tell } = order
  const to = targetOf(configuration)
  mustBeAtRest(from)
  // nobody works on it, so those are of commands that were killed
  for (const part of partsOf(from)) await rm(part)
  const copy = partOf(from)
  const into = await openPostgres(to, postgresOf(configuration))
  try {
    await mustBeEmpty(into, now)
    await copyOf(from, copy)
    await prepareToMove(copy, keysOf(configuration), {
      ...{ at: now, what: 'database.moved', result: 'ok', facts: { by: order.by } },
    })
    if (order.checkOnly) return { to, leftBehind: [] }
    const rows = await pour(copy, into, now, tell)
    await rename(from, `${from}.replaced-${stampOf(now)}`)
    return { to, rows, leftBehind: copiesBeside(from) }
  } finally {
    await into.destroy()
    await rm(copy, { force: true })
  }
}

function targetOf({ settings }: Configuration): PostgresAddress {
  const address = readDatabaseAddress(settings.storage.database)
  if (address?.kind === 'postgres') return address
  throw new StoreError(
    'storage.database in bridge.yaml still names SQLite. Name the PostgreSQL database there (docs/postgresql.md), then move.',
  )
}

/** At rest all of it lies in this one file, and opening it once more would only leave others beside it. */
async function copyOf(from: string, copy: string): Promise<void> {
  await copyFile(from, copy, constants.COPYFILE_EXCL)
  await chmod(copy, 0o600)
  mustBeAtRest(from) // still
}

const keysOf = ({ secrets }: Configuration) => storeKeys({ dataKeys: secrets.data, lookupKeys: secrets.lookup })

function mustBeAtRest(file: string): void {
  if (!existsSync(file)) throw new StoreError(`${file} does not exist. Name the SQLite file that the bridge has used.`)
  if (!isAtRest(file))
    throw new StoreError(
      `The bridge, or another program, still works on ${file}. Nothing was moved. Stop it, then move.`,
    )
}
