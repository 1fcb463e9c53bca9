import { StoreError } from './store-error.js'

/** A secret of the settings. Its id stands beside everything that was made with it, so that the right one is found again. */
export interface NamedKey {
  readonly id: string
  /** 32 bytes. */
  readonly key: Buffer
}

/** The first is used, all are accepted. */
export type KeyRing = readonly [NamedKey, ...NamedKey[]]

export interface StoreKeys {
  readonly data: KeyRing
  readonly lookup: KeyRing
}

/** No dot: `id.value` must come apart again. */
const ID = /^[0-9A-Za-z_-]{1,32}$/

/** @throws StoreError unless there is a key, every key has 32 bytes, and no id is doubled */
export function keyRing(setting: 'secrets.data' | 'secrets.lookup', keys: readonly NamedKey[]): KeyRing {
  for (const { id, key } of keys) {
    if (!ID.test(id)) throw new StoreError(`${setting}: "${id}" is no key id. Use 1 to 32 letters, digits, "-" or "_".`)
    if (key.length !== 32)
      throw new StoreError(
        `${setting}: key ${id} has ${key.length} bytes and must have 32. Make a new one with make-certs.`,
      )
    if (keys.filter(other => other.id === id).length > 1)
      throw new StoreError(`${setting}: two keys are called ${id}. Give each key an id of its own.`)
  }
  const [first, ...rest] = keys
  if (!first) throw new StoreError(`${setting}: no key is given. Name at least one; make-certs makes it.`)
  return [first, ...rest]
}
