/** The database of a town of processes, and what can befall it. Unlike that of the other tests, PostgreSQL here keeps its word. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { freePorts } from '../support/free-ports.js'
import { PASSWORD, startPostgres, USER } from '../support/postgres-program.js'

export const stores = ['sqlite', 'postgres', 'postgres+redis'] as const
export type StoreKind = (typeof stores)[number]

export interface Database {
  readonly kind: StoreKind
  /** The section `storage` of bridge.yaml. */
  readonly storage: Readonly<Record<string, unknown>>
  /** Only of a server. */
  readonly server?: {
    /** Every connection of the bridge is ended. @returns how many */
    cut(): Promise<number>
    /** The server breaks off and comes back. */
    crash(): Promise<void>
    stop(): Promise<void>
    start(): Promise<void>
  }
  /** Only where short-lived records are kept in a server of their own. */
  readonly shortLived?: {
    /** Every connection of the bridge is ended; the server remembers what it knew. */
    cut(): Promise<void>
    /** SIGKILL, and after so many milliseconds it is back as one that remembers nothing. */
    forget(away: number): Promise<void>
  }
  close(): Promise<void>
}

export function openDatabase(kind: StoreKind): Promise<Database> {
  if (kind === 'sqlite') return Promise.resolve(file)
  return kind === 'postgres' ? openServer() : openBoth()
}

const file: Database = {
  kind: 'sqlite',
  storage: { database: 'sqlite:bridge.db' },
  close: () => Promise.resolve(),
}

/** Nothing waits for the disk, which no crash of a program can harm; a commit waits for its line of the log, as it must. */
const SETTINGS = { fsync: 'off', full_page_writes: 'off', max_connections: '100' }
const NAME = 'bridge'

async function openServer(): Promise<Database> {
  const server = await startPostgres(SETTINGS)
  const { port, folder } = server
  const ask = async (statement: string): Promise<number> => {
    const client = new pg.Client({ host: '127.0.0.1', port, user: USER, password: PASSWORD, database: 'postgres' })
    client.on('error', () => undefined)
    await client.connect()
    try {
      return (await client.query(statement)).rowCount ?? 0
    } finally {
      await client.end()
    }
  }
  await ask(`create database ${NAME} owner ${USER} encoding 'UTF8' template template0`)
  const password = join(folder, 'password')
  await writeFile(password, `${PASSWORD}\n`, { mode: 0o600 })
  return {
    kind: 'postgres',
    storage: {
      database: `postgres://${USER}@127.0.0.1:${port}/${NAME}`,
      postgres: { password: { file: password }, connections: 8 },
    },
    server: {
      cut: () => ask(`select pg_terminate_backend(pid) from pg_stat_activity where datname = '${NAME}'`),
      crash: () => server.crash(),
      stop: () => server.stop(),
      start: () => server.start(),
    },
    close: () => server.close(),
  }
}

async function openBoth(): Promise<Database> {
  const [database, redis] = await Promise.all([openServer(), startRedis()])
  return {
    ...database,
    kind: 'postgres+redis',
    storage: { ...database.storage, shortLived: redis.address },
    shortLived: redis,
    async close() {
      await database.close()
      redis.close()
    },
  }
}

async function startRedis() {
  const [port] = (await freePorts(1)) as [number]
  const words = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no']
  const start = async () => {
    const child = spawn('redis-server', words, { stdio: 'ignore', cwd: tmpdir() })
    while (!(await listens(port))) await wait(10)
    return child
  }
  let child = await start()
  return {
    address: `redis://127.0.0.1:${port}`,
    cut: () => tell(port, 'CLIENT KILL TYPE normal'),
    async forget(away: number) {
      const gone = once(child, 'exit')
      child.kill('SIGKILL')
      await gone
      await wait(away)
      child = await start()
    },
    close: () => void child.kill('SIGKILL'),
  }
}

/** One command, whose answer says only that it was carried out. */
const tell = (port: number, command: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(`${command}\r\n`))
    socket.on('error', reject).once('data', () => {
      socket.destroy()
      resolve()
    })
  })

const listens = (port: number): Promise<boolean> =>
  new Promise(resolve => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy()
      resolve(true)
    }).once('error', () => resolve(false))
  })
