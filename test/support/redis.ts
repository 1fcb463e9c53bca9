/** Redis for the tests: one server for whoever asks, on a port of its own. It writes nothing to the disk unless it is told to. */
import { spawn, type ChildProcess } from 'node:child_process'
import { connect } from 'node:net'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient, RESP_TYPES } from 'redis'
import type { ShortLivedOptions } from '../../src/store/redis/memory.js'
import { T0, HOUR } from '../contract/samples.js'
import { freePorts } from './free-ports.js'
import { has } from './require.js'

export interface RedisServer {
  readonly port: number
  readonly folder: string
  /** As `storage.shortLived` has it. */
  readonly address: string
  /** How a store reaches it. */
  options(change?: Partial<ShortLivedOptions>): ShortLivedOptions
  /** One command from outside the bridge. */
  ask(...words: readonly string[]): Promise<unknown>
  /** What a key holds, for `restore`. */
  dump(key: string): Promise<Buffer>
  restore(key: string, value: Buffer): Promise<unknown>
  /** As a power cut does. */
  kill(): Promise<void>
  start(): Promise<void>
  /** It holds every connection and answers nothing. */
  freeze(): void
  thaw(): void
  /** Starts it anew with further words on its command line. */
  startWith(...words: readonly string[]): Promise<void>
}

let running: Promise<RedisServer> | undefined

/** @returns undefined where it is not on this machine: then its tests are skipped, and that is said in one line */
export const redisServer = (): Promise<RedisServer | undefined> =>
  has('redis-server', 'redis-server') ? (running ??= ownRedis()) : Promise.resolve(undefined)

const atTheEnd: (() => Promise<unknown>)[] = []
after(async () => {
  for (const end of atTheEnd) await end()
})

/** One that nobody else asks. */
export async function ownRedis(): Promise<RedisServer> {
  const folder = await mkdtemp(join(tmpdir(), 'bridge-redis-'))
  const [port] = (await freePorts(1)) as [number]
  let child: ChildProcess | undefined
  const startWith = async (...words: readonly string[]) => {
    const usual = [
      '--port',
      String(port),
      '--bind',
      '127.0.0.1',
      '--dir',
      folder,
      '--save',
      '',
      '--appendonly',
      'no',
      '--rdbcompression',
      'no',
    ]
    child = spawn('redis-server', [...usual, ...words], { stdio: 'ignore' })
    while (!(await listens(port))) await new Promise(resolve => setTimeout(resolve, 10))
  }
  const kill = async () => {
    const ended = child
    child = undefined
    if (!ended) return
    const gone = new Promise(resolve => ended.once('exit', resolve))
    ended.kill('SIGKILL') // also of a frozen one
    await gone
  }
  await startWith()
  atTheEnd.push(async () => {
    await kill()
    await rm(folder, { recursive: true, force: true })
  })
  return {
    ...{ port, folder, address: `redis://127.0.0.1:${port}`, kill, startWith, start: () => startWith() },
    freeze: () => void child?.kill('SIGSTOP'),
    thaw: () => void child?.kill('SIGCONT'),
    options: change => ({
      address: { tls: false, host: '127.0.0.1', port, database: 0 },
      clock: { now: () => T0 - 2 * HOUR },
      ...change,
    }),
    ask: (...words) => asked(port, client => client.sendCommand([...words])),
    dump: key => asked(port, client => client.withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer }).dump(key)),
    restore: (key, value) => asked(port, client => client.restore(key, 0, value)),
  }
}

type Asking = ReturnType<typeof newClient>

const newClient = (port: number) =>
  createClient({ socket: { host: '127.0.0.1', port, reconnectStrategy: false }, RESP: 2 })

async function asked<T>(port: number, ask: (client: Asking) => Promise<T>): Promise<T> {
  const client = newClient(port)
  client.on('error', () => undefined)
  await client.connect()
  return ask(client).finally(() => client.destroy())
}

const listens = (port: number): Promise<boolean> =>
  new Promise(resolve => {
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => resolve(false))
    // it answers nothing else before its memory is read
    socket.on('connect', () => socket.write('PING\r\n'))
    socket.on('data', chunk => {
      resolve(chunk.toString().startsWith('+PONG') || chunk.toString().startsWith('-NOAUTH'))
      socket.destroy()
    })
  })
