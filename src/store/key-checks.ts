import { randomBytes } from 'node:crypto'
import type { Kysely, Transaction } from 'kysely'
import type { KeyRing, StoreKeys } from './keys.js'
import { purposeKey, type Lookup } from './lookup.js'
import type { Place, Sealing } from './sealed.js'
import { StoreError } from './store-error.js'
import type { Tables } from './tables.js'

/** Sealed or hashed with each key that wrote anything. */
const CONSTANT = 'esia-school-bridge'

/**
 * Proves that the keys are the ones this database was written with. Without this a wrong lookup key would look like an
 * empty roster: nobody is found, and nobody knows why.
 *
 * @returns the key under which journals know people, made of the lookup key that was first on the day the database was made.
 *   It lies sealed in the database, so that the lookup key itself can go some day. And the key of the audit's stamps.
 * @throws StoreError when a key is another than before, or one that was used is no longer given
 */
export async function checkKeys(
  db: Kysely<Tables>,
  keys: StoreKeys,
  seal: Sealing,
  lookup: Lookup,
): Promise<{ subjectKey: Buffer; auditKey: Buffer }> {
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
    return {
      subjectKey: await subjectKey(trx, noted('subject'), keys, seal),
      auditKey: await auditKey(trx, noted('audit'), seal),
    }
  })
}

async function subjectKey(
  trx: Transaction<Tables>,
  noted: Row | undefined,
  { lookup: [first, ...others] }: StoreKeys,
  seal: Sealing,
): Promise<Buffer> {
  const place = ownKeyPlace('subject', noted?.key_id ?? first.id)
  if (noted && noted.check_value !== '') return Buffer.from(String(seal.open(place, noted.check_value)), 'base64url')
  const from = [first, ...others].find(({ id }) => id === (noted?.key_id ?? first.id))
  if (!from) throw lost('secrets.lookup', noted?.key_id ?? '')
  const key = purposeKey(from, 'subject')
  const check_value = seal.seal(place, key.toString('base64url'))
  const row = { purpose: 'subject' as const, key_id: from.id, check_value }
  await trx
    .insertInto('key_checks')
    .values(row)
    .onConflict(conflict => conflict.columns(['purpose', 'key_id']).doUpdateSet({ check_value }))
    .execute()
  return key
}

/** Made once, of chance. */
async function auditKey(trx: Transaction<Tables>, noted: Row | undefined, seal: Sealing): Promise<Buffer> {
  const id = noted?.key_id ?? 'a1'
  const place = ownKeyPlace('audit', id)
  if (noted) return Buffer.from(String(seal.open(place, noted.check_value)), 'base64url')
  const key = randomBytes(32)
  await note(trx, 'audit', id, seal.seal(place, key.toString('base64url')))
  return key
}

type Row = Tables['key_checks']

function checkData(row: Row, keys: KeyRing, seal: Sealing): void {
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

/** No id of a key holds a colon. */
export const ownKeyPlace = (purpose: 'subject' | 'audit', keyId: string): Place => checkPlace(`${purpose}:${keyId}`)

const wrong = (setting: string, id: string, cause?: unknown): StoreError =>
  new StoreError(
    `${setting}: key ${id} is not the one this database was written with. Put the right file back; if it is a new key, give it a new id and list it before ${id}.`,
    { cause },
  )

const lost = (setting: string, id: string): StoreError =>
  new StoreError(
    `${setting}: key ${id} is missing, and this database was written with it. List it after the newer keys; without it the people in the database cannot be found or read.`,
  )
