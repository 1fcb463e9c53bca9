/** `npm start`: what the operator reads when it cannot start, and that it stops when it is told to. */
import { expect } from 'chai'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'libsql'
import { projectFile } from '../src/base/project-file.js'
import { startTestTown } from './support/town.js'

interface End {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/** @param ready called with the child when it says so */
async function run(config: string, ready?: (kill: () => void) => void, option = '--config'): Promise<End> {
  const child = spawn(process.execPath, [projectFile('dist/src/main.js'), option, config], { stdio: 'pipe' })
  let [out, err, told] = ['', '', false]
  child.stdout.on('data', chunk => {
    out += String(chunk)
    if (!told && out.includes('"ready"')) {
      told = true
      ready?.(() => child.kill('SIGTERM'))
    }
  })
  child.stderr.on('data', chunk => (err += String(chunk)))
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, out, err }
}

describe('npm start', () => {
  let folder: string
  let config: string
  let text: string
  before(async () => {
    const town = await startTestTown()
    folder = await mkdtemp(join(tmpdir(), 'bridge-start-'))
    await cp(town.folder, folder, { recursive: true })
    await town.close()
    config = join(folder, 'bridge.yaml')
    text = (await readFile(config, 'utf8')).replace(/port: \d+/, 'port: 0')
    await writeFile(config, text)
  })
  after(() => rm(folder, { recursive: true, force: true }))

  const broken = async (from: string | RegExp, to: string): Promise<End> => {
    const other = join(folder, 'broken.yaml')
    await writeFile(other, text.replace(from, to))
    return run(other)
  }

  it('says that it is ready, and ends on SIGTERM without an error', async () => {
    const { code, out, err } = await run(config, kill => kill())
    expect(err).to.equal('')
    expect(out).to.include('"ready"')
    if (process.platform !== 'win32') expect(code).to.equal(0)
  })

  it('names a misspelt key with its line', async () => {
    const { code, err } = await broken('selfTest:', 'selftest:')
    expect(code).to.equal(2)
    expect(err)
      .to.match(/broken\.yaml:\d+/)
      .and.to.include('selfTest')
  })

  it('answers an option that it does not know in a sentence', async () => {
    const { code, err } = await run(config, undefined, '--confg')
    expect(code).to.equal(2)
    expect(err).to.equal(
      'The only option is --config FILE, bridge.yaml without it. Usage: npm start -- --config bridge.yaml\n',
    )
  })

  it('names the file that is missing', async () => {
    const { code, err } = await run(join(folder, 'nowhere.yaml'))
    expect(code).to.equal(2)
    expect(err).to.include('nowhere.yaml').and.to.include('bridge.example.yaml')
  })

  it('names the port that is in use', async () => {
    const server = createServer().listen(0, 'localhost')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const { code, err } = await broken('port: 0', `port: ${port}`)
    server.close()
    expect(code).to.equal(2)
    expect(err).to.include(`Port ${port}`).and.to.include('in use')
  })

  it('refuses metadata without certificates', async () => {
    const metadata = await readFile(join(folder, 'idp.xml'), 'utf8')
    await writeFile(join(folder, 'bare.xml'), metadata.replace(/<md:KeyDescriptor[\s\S]*<\/md:KeyDescriptor>/, ''))
    const { code, err } = await broken('metadata: idp.xml', 'metadata: bare.xml')
    expect(code).to.equal(2)
    expect(err).to.include('bare.xml')
  })

  it('refuses a database of a newer version, and a wrong key', async () => {
    await cp(join(folder, 'bridge.db'), join(folder, 'newer.db'))
    const db = new Database(join(folder, 'newer.db'))
    const table = db
      .prepare("select name from sqlite_master where name like '%version%' or name like '%migration%'")
      .all() as { name: string }[]
    expect(table, 'a table of the schema version').to.have.length.above(0)
    const columns = db.prepare(`pragma table_info(${table[0]!.name})`).all() as { name: string }[]
    const version = columns.find(({ name }) => name === 'version') ?? columns[0]!
    db.exec(`update ${table[0]!.name} set ${version.name} = ${version.name} + 9999`)
    db.close()
    const newer = await broken('sqlite:bridge.db', 'sqlite:newer.db')
    expect(newer.code).to.equal(2)
    expect(newer.err).to.match(/newer/i)

    await writeFile(join(folder, 'certs', 'other.key'), Buffer.alloc(32, 7))
    const wrong = await broken('certs/data.key', 'certs/other.key')
    expect(wrong.code).to.equal(2)
    expect(wrong.err).to.match(/key/i)
  })
})
