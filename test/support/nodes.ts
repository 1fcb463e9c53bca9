/** Several nodes of one bridge over one database, which take turns: what one of them began the next one goes on with. */
import { openStore, type Store } from '../../src/store/open.js'
import { atTheEnd, type PostgresServer } from './postgres.js'
import type { RedisServer } from './redis.js'

interface Nodes {
  readonly store: Store
  empty(): Promise<unknown>
}

/** Connections of each. */
const CONNECTIONS = 5
/** What the schema needs, and what the nodes remember of it. */
const KEPT = ['schema_version', 'probe', 'key_checks', 'key_holders']

/** @returns opens a store over so many nodes; they are kept for the next one, and their databases are emptied */
export function openNodes(server: PostgresServer, count: number, redis?: RedisServer): () => Promise<Store> {
  const free: Nodes[] = []
  return async () => {
    const nodes = free.pop() ?? (await start(server, count, redis))
    return {
      ...nodes.store,
      async close() {
        await nodes.empty()
        free.push(nodes)
      },
    }
  }
}

async function start(server: PostgresServer, count: number, redis: RedisServer | undefined): Promise<Nodes> {
  const settings = { ...(await server.options()), ...(redis && { shortLived: redis.options() }) }
  const postgres = { ...settings.postgres, connections: CONNECTIONS }
  // all at once, as a cluster that is switched on
  const stores = await Promise.all(Array.from({ length: count }, () => openStore({ ...settings, postgres })))
  atTheEnd(() => Promise.all(stores.map(store => store.close())))
  const tables = await server.ask(settings.database, "select tablename from pg_tables where schemaname = 'public'")
  const names = tables.map(({ tablename }) => String(tablename)).filter(name => !KEPT.includes(name))
  const statement = names.map(name => `delete from ${name};`).join(' ')
  const empty = async () => {
    await server.ask(settings.database, statement)
    if (redis) await emptyOf(redis, stores[0]!)
  }
  return { store: inTurns(stores), empty }
}

/** What the store keeps in Redis; whose memory it is stays, so that its nodes notice nothing. */
export async function emptyOf(redis: RedisServer, store: Store): Promise<void> {
  const { prefix } = store.shortLived!
  const keys = ((await redis.ask('KEYS', `${prefix}*`)) as readonly string[]).filter(key => key !== `${prefix}memory`)
  if (keys.length > 0) await redis.ask('DEL', ...keys)
}

/** Every call of a port goes to the next node. */
function inTurns(stores: readonly Store[]): Store {
  const nodes = stores.map(store => store as unknown as Readonly<Record<string, object>>)
  let turn = 0
  const next = (port: string): object => nodes[turn++ % nodes.length]![port]!
  const spread = (port: string): object =>
    new Proxy(nodes[0]![port]!, {
      get: (_, method) => Reflect.get(next(port), method) as unknown,
      apply: (_, self, given): unknown => Reflect.apply(next(port) as () => unknown, self, given),
    })
  return Object.fromEntries(Object.keys(nodes[0]!).map(port => [port, spread(port)])) as unknown as Store
}
