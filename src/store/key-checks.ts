import type { Kysely, Transaction } from 'kysely'
import type { KeyRing, StoreKeys } from './keys.js'
import type { Lookup } from './lookup.js'
import type { Place, Seal } from './sealed.js'
import { StoreError } from './store-error.js'
import type { Tables } from './tables.js'

/** Sealed or hashed with each key that wrote anything. */
const CONSTANT = 'esia-school-bridge'

/**
 * Proves that the keys are the ones this database was written with. Without this a wrong lookup key would look like an
 * empty roster: nobody is found, and nobody knows why.
 *
 * @returns the lookup key under which journals know people: the first one of the day the database was made
 * @throws StoreError when a key is another than before, or one that was used is no longer given
 */
export async function checkKeys(
  db: Kysely<Tables>,
  keys: StoreKeys,
  seal: Seal,
  lookup: Lookup,
): Promise<{ subjectKey: string }> {
  return db.transaction().execute(async trx => {
    const rows = await trx.selectFrom('key_checks').selectAll().execute()
    for (const row of rows) {
      if (row.purpose === 'data') checkData(row, keys.data, seal)
      if (row.purpose === 'lookup') checkLookup(row, keys.lookup, lookup)
    }
    const noted = (purpose: Row['purpose'], id?: string) =>
      rows.find(row => row.purpose === purpose && (id === undefined || row.key_id === id))

    const [data, first] = [keys.data[0].id, keys.lookup[0].id]
    if (!noted('data', data)) await note(trx, 'data', data, seal.seal(checkPlace(data), CONSTANT))
    if (!noted('lookup', first)) await note(trx, 'lookup', first, lookup.under(first, 'key-check', CONSTANT))
    const subject = noted('subject')
    if (!subject) await note(trx, 'subject', first, '')
    return { subjectKey: subject?.key_id ?? first }
  })
}

type Row = Tables['key_checks']

function checkData(row: Row, keys: KeyRing, seal: Seal): void {
  if (!keys.some(({ id }) => id === row.key_id)) throw lost('secrets.data', row.key_id)
  try {
    seal.open(checkPlace(row.key_id), row.check_value)
  } catch (cause) {
    throw wrong('secrets.data', row.key_id, cause)
  }
}

function checkLookup(row: Row, keys: KeyRing, lookup: Lookup): void {
  if (!keys.some(({ id }) => id === row.key_id)) throw lost('secrets.lookup', row.key_id)
  if (lookup.under(row.key_id, 'key-check', CONSTANT) !== row.check_value) throw wrong('secrets.lookup', row.key_id)
}

const note = (trx: Transaction<Tables>, purpose: Row['purpose'], key_id: string, check_value: string) =>
  trx.insertInto('key_checks').values({ purpose, key_id, check_value }).execute()

const checkPlace = (keyId: string): Place => ({ table: 'key_checks', column: 'check_value', row: keyId })

const wrong = (setting: string, id: string, cause?: unknown): StoreError =>
  new StoreError(
    `${setting}: key ${id} is not the one this database was written with. Put the right file back; if it is a new key, give it a new id and list it before ${id}.`,
    { cause },
  )

const lost = (setting: string, id: string): StoreError =>
  new StoreError(
    `${setting}: key ${id} is missing, and this database was written with it. List it after the newer keys; without it the people in the database cannot be found or read.`,
  )
