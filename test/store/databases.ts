/** Database files and keys for the tests of the store. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { NamedKey } from '../../src/store/keys.js'
import type { StoreOptions } from '../../src/store/open.js'
import { limits } from '../contract/samples.js'

let root: string | undefined

/** A path in a new folder; everything is removed after the last test. */
export function temporaryFile(name = 'bridge.db'): string {
  root ??= mkdtempSync(join(tmpdir(), 'bridge-store-'))
  return join(mkdtempSync(join(root, 'db-')), name)
}

after(() => {
  if (root !== undefined) rmSync(root, { recursive: true, force: true })
})

export const namedKey = (id: string, byte = id.charCodeAt(id.length - 1)): NamedKey => ({
  id,
  key: Buffer.alloc(32, byte),
})

export const options = (database: string, change: Partial<StoreOptions> = {}): StoreOptions => ({
  database,
  dataKeys: [namedKey('d1')],
  lookupKeys: [namedKey('l2', 7)],
  limits,
  ...change,
})
