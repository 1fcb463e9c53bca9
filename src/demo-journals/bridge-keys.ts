/** The bridge's public keys, fetched when they are needed and kept for a while. */
import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto'
import type { Clock } from '../base/clock.js'
import { Denial } from './denials.js'
import type { FindKey } from './token.js'

/** Milliseconds after which the list is asked for again. */
const KEEP = 10 * 60_000
/** Milliseconds between two questions, so that tokens with invented key ids do not make us ask the bridge each time. */
const PAUSE = 5_000
/** Milliseconds to wait for an answer. */
const PATIENCE = 5_000

interface BridgeKey {
  readonly id: unknown
  readonly alg: unknown
  readonly key: KeyObject
}

export function bridgeKeys(address: string, clock: Clock): FindKey {
  let keys: readonly BridgeKey[] = []
  let asked = -Infinity
  const known = (id: string | undefined, alg: string) => keys.find(key => key.id === id && key.alg === alg)?.key

  return async (id, alg) => {
    const age = clock.now() - asked
    if (age > KEEP || (!known(id, alg) && age > PAUSE)) {
      keys = await fetchKeys(address)
      asked = clock.now()
    }
    return known(id, alg)
  }
}

async function fetchKeys(address: string): Promise<readonly BridgeKey[]> {
  try {
    const answer = await fetch(address, { signal: AbortSignal.timeout(PATIENCE), redirect: 'error' })
    if (!answer.ok) throw new Error(`status ${answer.status}`)
    const { keys } = (await answer.json()) as { keys: readonly JsonWebKey[] }
    return keys.map(key => ({ id: key.kid, alg: key.alg, key: createPublicKey({ key, format: 'jwk' }) }))
  } catch {
    throw new Denial('keys-unreachable')
  }
}
