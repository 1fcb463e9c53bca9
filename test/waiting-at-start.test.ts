/** `npm start` beside a database or a Redis that is not up yet: it waits for what passes, and for nothing else. */
import { expect } from 'chai'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { parse, stringify } from 'yaml'
import { projectFile } from '../src/base/project-file.js'
import { compose, nature, openStoreOf } from '../src/compose.js'
import { whenServersAnswer } from '../src/patience.js'
import { loadConfiguration } from '../src/settings/configuration.js'
import { StoreError } from '../src/store/store-error.js'
import { freePorts } from './support/free-ports.js'
import { postgresServer } from './support/postgres.js'
import { ownRedis, redisServer } from './support/redis.js'
import { startTestTown } from './support/town.js'

/** The program itself, and what it has said so far. */
class Program {
  out = ''
  err = ''
  private readonly child: ChildProcess
  private readonly ended: Promise<unknown[]>

  constructor(config: string) {
    this.child = spawn(process.execPath, [projectFile('dist/src/main.js'), '--config', config], { stdio: 'pipe' })
    this.child.stdout!.on('data', part => (this.out += String(part)))
    this.child.stderr!.on('data', part => (this.err += String(part)))
    this.ended = once(this.child, 'close')
  }

  /** @returns when its log says so */
  async says(word: string): Promise<void> {
    while (!this.out.includes(word)) {
      if (this.child.exitCode !== null) throw new Error(`It ended before it said ${word}: ${this.out}${this.err}`)
      await once(this.child.stdout!, 'data')
    }
  }

  async end(): Promise<number | null> {
    const [code] = (await this.ended) as [number | null]
    return code
  }

  async stop(): Promise<number | null> {
    this.child.kill('SIGTERM')
    return this.end()
  }
}

describe('npm start, before its servers are up', () => {
  let folder: string
  let settings: Record<string, unknown>
  before(async () => {
    const town = await startTestTown()
    folder = await mkdtemp(join(tmpdir(), 'bridge-wait-'))
    await cp(town.folder, folder, { recursive: true })
    await town.close()
    settings = parse(await readFile(join(folder, 'bridge.yaml'), 'utf8')) as Record<string, unknown>
  })
  after(() => rm(folder, { recursive: true, force: true }))

  const configWith = async (storage: object): Promise<string> => {
    const listen = { ...(settings['listen'] as object), port: 0 }
    await writeFile(join(folder, 'bridge.yaml'), stringify({ ...settings, listen, storage }))
    return join(folder, 'bridge.yaml')
  }

  it('waits for PostgreSQL, says so in its log, and serves as soon as it is there', async function () {
    const server = await postgresServer()
    if (!server) return this.skip()
    const config = await configWith(await server.storage())
    await server.stop()
    const program = new Program(config)
    try {
      await program.says(`127.0.0.1:${server.port} does not answer (ECONNREFUSED)`)
      await program.says('Waiting for it.')
    } finally {
      await server.start()
    }
    await program.says('"ready"')
    expect(await program.stop()).to.equal(0)
    expect(program.err).to.equal('')
    expect(program.out.match(/Waiting for it/g), 'one line, however often it tried').to.have.length(1)
  })

  it('told to stop while it waits, ends at once', async () => {
    const [port] = await freePorts(1)
    const program = new Program(await configWith({ database: `postgres://bridge@127.0.0.1:${port}/bridge` }))
    await program.says('Waiting for it.')
    expect(await program.stop()).to.equal(process.platform === 'win32' ? null : 0)
    expect([program.out.includes('"stopping"'), program.err]).to.deep.equal([process.platform !== 'win32', ''])
  })

  it('waits for Redis', async function () {
    if (!(await redisServer())) return this.skip()
    const redis = await ownRedis()
    const config = await configWith({ database: 'sqlite:waiting.db', shortLived: redis.address })
    await redis.kill()
    const program = new Program(config)
    await program.says(`127.0.0.1:${redis.port} does not answer (ECONNREFUSED)`)
    await redis.start()
    await program.says('"ready"')
    expect(await program.stop()).to.equal(0)
    expect(program.err).to.equal('')
  })

  it('does not wait for a password to become right, nor for a database to be made', async function () {
    const server = await postgresServer()
    if (!server) return this.skip()
    const { database, postgres } = (await server.storage()) as { database: string; postgres: object }
    await writeFile(join(folder, 'wrong-password'), 'wrong')
    const wrong = new Program(await configWith({ database, postgres: { password: { file: 'wrong-password' } } }))
    expect(await wrong.end()).to.equal(2)
    expect(wrong.err).to.match(/does not let the user .* in \(28P01\)/)
    const none = new Program(await configWith({ database }))
    expect(await none.end()).to.equal(2)
    expect(none.err).to.match(/does not let the user .* in \(28P01\)/)
    const missing = new Program(await configWith({ database: database.replace(/[^/]+$/, 'nobody_made_it'), postgres }))
    expect(await missing.end()).to.equal(2)
    expect(missing.err).to.include('has no database nobody_made_it')
    expect(wrong.out + none.out + missing.out).not.to.include('Waiting')
  })

  it('holds no connection of a try that failed', async function () {
    const server = await postgresServer()
    if (!server) return this.skip()
    const storage = (await server.storage()) as { database: string }
    const config = loadConfiguration(await configWith({ ...storage, shortLived: 'redis://127.0.0.1:1' }), {})
    let [opened, closed] = [0, 0]
    const open: typeof openStoreOf = async (...asked) => {
      const store = await openStoreOf(...asked)
      opened += 1
      const close = () => store.close().finally(() => (closed += 1))
      return { ...store, close }
    }
    const log = pino({ level: 'silent' })
    const refused: unknown = await compose(config, log, nature, open).catch((error: unknown) => error)
    expect(refused).to.be.instanceOf(StoreError)
    expect([opened, closed]).to.deep.equal([1, 1])
  })

  it('gives up in the end, with the sentence of the last try, so that a service manager begins anew', async () => {
    let tries = 0
    const away = () => Promise.reject(new StoreError(`try ${++tries}`, { passes: true }))
    const said: string[] = []
    const log = { warn: (_: object, line: string) => void said.push(line) }
    const end = await whenServersAnswer(away, log as never, { again: 1, most: 20 }).catch((error: unknown) => error)
    expect(tries).to.be.greaterThan(1)
    expect(String(end)).to.equal(`StoreError: try ${tries}`)
    expect(said).to.deep.equal(['try 1 Waiting for it.'])
  })
})
