/** How much of what the server holds stands under which key. Nothing is moved: within a day and an hour it ends by itself. */
import type { Instant } from '../../base/clock.js'
import type { KeptUnder, KeyUse } from '../../login/rotation-ports.js'
import { script, type Memory } from './memory.js'

/** By kind of key: fields of a hash that are sealed, and those that are look-up values. */
const FIELDS: Readonly<Record<string, Readonly<Record<KeyUse['secret'], readonly string[]>>>> = {
  login: { data: ['target'], lookup: [] },
  logout: { data: ['then_target', 'back'], lookup: [] },
  deposit: { data: ['content'], lookup: [] },
  visit: { data: ['content'], lookup: [] },
  session: { data: ['content', 'entered'], lookup: ['name_id_hmac', 'session_index_hmac'] },
  obeyed: { data: [], lookup: ['name_id_hmac'] },
}

const LOOK = script(`
local found = {}
for i, asked in ipairs(a.hashes) do
  local values = redis.call('HMGET', asked.key, unpack(asked.fields))
  found[i] = { ttl = redis.call('PTTL', asked.key), values = values }
end
return answer(found, true)`)

interface Stands {
  readonly column: string
  readonly secret: KeyUse['secret']
  readonly id: string
  readonly ends?: Instant
}

export async function withKeyUse(
  memory: Memory,
  now: Instant,
  uses: Promise<readonly KeyUse[]>,
): Promise<readonly KeyUse[]> {
  const kept = new Map<string, KeptUnder>()
  for await (const { column, secret, id, ends } of standing(memory, now)) {
    const name = JSON.stringify([secret, id, column])
    const before = kept.get(name)
    const latest = Math.max(before?.ends ?? 0, ends ?? 0)
    kept.set(name, { column, rows: (before?.rows ?? 0) + 1, ...(latest > 0 && { ends: latest }) })
  }
  return (await uses).map(use => {
    const own = [...kept].filter(([name]) => name.startsWith(JSON.stringify([use.secret, use.id]).slice(0, -1) + ','))
    return { ...use, kept: [...use.kept, ...own.map(([, each]) => each)] }
  })
}

async function* standing(memory: Memory, now: Instant): AsyncGenerator<Stands> {
  let cursor = '0'
  do {
    const words = ['SCAN', cursor, 'MATCH', `${memory.prefix}*`, 'COUNT', '500']
    const [next, keys] = (await memory.send(words)) as [string, readonly string[]]
    cursor = next
    for (const key of keys.filter(key => key.startsWith(`${memory.prefix}errands`))) yield* ofErrands(memory, key)
    yield* ofHashes(memory, keys, now)
  } while (cursor !== '0')
}

async function* ofErrands(memory: Memory, key: string): AsyncGenerator<Stands> {
  for (const text of (await memory.send(['HVALS', key])) as readonly string[])
    yield { column: 'redis.errands', secret: 'data', id: keyOf(text) }
}

async function* ofHashes(memory: Memory, keys: readonly string[], now: Instant): AsyncGenerator<Stands> {
  const hashes = keys.flatMap(key => {
    const kind = key.slice(memory.prefix.length).split(':')[1] ?? ''
    const fields = FIELDS[kind]
    return fields
      ? [{ key, kind, data: fields.data, lookup: fields.lookup, fields: [...fields.data, ...fields.lookup] }]
      : []
  })
  if (hashes.length === 0) return
  type Answer = readonly { readonly ttl: number; readonly values: readonly (string | false)[] }[]
  const asked = hashes.map(({ key, fields }) => ({ key, fields }))
  const found = await memory.ask<Answer>(LOOK, { hashes: asked })
  for (const [i, { kind, data, fields }] of hashes.entries())
    for (const [j, field] of fields.entries()) {
      const value = found[i]?.values[j]
      if (typeof value !== 'string' || value === '') continue
      const secret = j < data.length ? 'data' : 'lookup'
      yield { column: `redis.${kind}.${field}`, secret, id: keyOf(value), ends: now + Math.max(found[i]!.ttl, 0) }
    }
}

const keyOf = (value: string): string => value.slice(0, value.indexOf('.'))
