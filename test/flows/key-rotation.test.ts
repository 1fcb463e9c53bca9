/** The keys of the database are changed while people sign in, by a command that is killed again and again. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect } from 'chai'
import Database from 'libsql'
import { pino } from 'pino'
import { parse, stringify } from 'yaml'
import { systemChance } from '../../src/base/chance.js'
import { projectFile } from '../../src/base/project-file.js'
import { compose } from '../../src/compose.js'
import { serve, type Listening } from '../../src/serve.js'
import { loadConfiguration } from '../../src/settings/configuration.js'
import { run } from '../cli/desk.js'
import { Browser } from '../support/browser.js'
import { walk } from '../support/sign-in.js'
import { startTestTown, type TestTown } from '../support/town.js'

const FATHER = 'father@mail.example'
const KILLS = 2

const list = (school: string) => readFileSync(projectFile(`docs/examples/roster-${school}.csv`), 'utf8').trim()

/** So many that a change of keys takes a while. */
const crowd = Array.from({ length: 400 }, (_, i) => `Учитель;t-${i};Толпин;Имя${i};;;;;;;;`).join('\n')

interface Told {
  readonly moved: number
  readonly done: boolean
  readonly keys: readonly { readonly id: string; readonly state: string }[]
}

describe('flow: a change of keys', () => {
  let town: TestTown
  let restarted: Listening | undefined
  let raw: Database.Database
  before(async () => {
    town = await startTestTown({
      rosters: [
        { school: 'school-1', title: 'Школа № 1', csv: list('school-1') },
        { school: 'school-2', title: 'Лицей № 2', csv: `${list('school-2')}\n${crowd}` },
      ],
    })
    const { database } = loadConfiguration(town.prepared.configFile, {}).settings.storage
    raw = new Database(database.slice('sqlite:'.length))
    raw.exec('pragma busy_timeout = 10000')
  })
  after(async () => {
    raw.close()
    await restarted?.close()
    await town.close()
  })

  const entered = async () => {
    const page = await walk(new Browser(), `${town.town.bridge}/login?journal=sgo`, FATHER)
    expect([page.url.origin, page.status], page.text).to.deep.equal([town.town.journals, 200])
  }
  const rotateHere = (...args: string[]) =>
    run(['rotate-data-key', '--config', town.prepared.configFile, ...args], { clock: town.clock })
  const rows = (statement: string): number => {
    const [row] = raw.prepare(statement).all() as { count: number }[]
    return row!.count
  }
  const old = () => rows("select count(*) as count from accounts where record like 'd1.%' or key_hmac like 'l1.%'")
  const links = () => rows('select count(*) as count from links')

  function nameKeys(data: readonly string[], lookup: readonly string[]): void {
    const settings = parse(readFileSync(town.prepared.configFile, 'utf8')) as Record<string, Record<string, unknown>>
    const named = (ids: readonly string[], kind: string) =>
      ids.map(id => ({ id, file: `certs/${kind}${id.endsWith('1') ? '' : '2'}.key` }))
    settings['secrets'] = { ...settings['secrets'], data: named(data, 'data'), lookup: named(lookup, 'lookup') }
    writeFileSync(town.prepared.configFile, stringify(settings))
  }

  async function restart(): Promise<void> {
    await (restarted ?? town.server).close()
    const nature = { clock: town.clock, chance: systemChance }
    const configuration = loadConfiguration(town.prepared.configFile, {})
    restarted = await serve(await compose(configuration, pino({ level: 'silent' }), nature), town.town.listen)
  }

  it('is refused while the running bridge does not know the new keys', async () => {
    await entered()
    const certs = join(town.folder, 'certs')
    for (const name of ['data2.key', 'lookup2.key']) writeFileSync(join(certs, name), randomBytes(32), { mode: 0o600 })
    nameKeys(['d2', 'd1'], ['l2', 'l1'])
    const { code, err } = await rotateHere()
    expect(code).to.equal(1)
    expect(err).to.match(/does not know secrets\.data d2 and secrets\.lookup l2.*Restart it/)
    await entered()
    expect(rows("select count(*) as count from accounts where record like 'd2.%'")).to.equal(0)
  })

  it('goes on while everybody signs in, through every kill, and doubles nobody', async () => {
    const linked = links()
    await restart()
    await entered()
    const all = old()
    expect(all).to.be.greaterThan(2_000)
    for (let kill = 0; kill < KILLS; kill += 1) await killedOnTheWay(all - ((kill + 1) * all) / (KILLS + 2))
    expect(old(), 'it was killed on the way').to.be.greaterThan(0)

    const child = start()
    const output = read(child)
    const ended = once(child, 'exit') as Promise<[number]>
    for (let isOver = false; !isOver; isOver = child.exitCode !== null) await entered()
    expect(await ended, output()).to.deep.equal([0, null])
    const told = JSON.parse(output()) as Told
    expect(told).to.include({ done: true })
    expect(told.keys.map(({ id, state }) => [id, state])).to.deep.equal([
      ['d2', 'in-use'],
      ['d1', 'free'],
      ['l2', 'in-use'],
      ['l1', 'audit'],
    ])
    expect([old(), links()]).to.deep.equal([0, linked])
  }).timeout(300_000)

  it('lets the old keys go: the bridge starts without them, and everybody gets in as before', async () => {
    nameKeys(['d2'], ['l2'])
    await restart()
    await entered()
    const { code, out } = await rotateHere()
    expect([code, out]).to.deep.equal([0, out])
    expect(out).to.match(/0 rows were moved[\s\S]*Only one key of each list/)
  })

  it('leaves nobody in clear: neither in the file nor in the log', () => {
    const files = readdirSync(town.folder).filter(name => name.startsWith('bridge.db'))
    // by another process: to open and close the file here would take SQLite its locks
    const print =
      'for (const file of process.argv.slice(1)) process.stdout.write(require("node:fs").readFileSync(file))'
    const octets = execFileSync(process.execPath, ['-e', print, ...files], { cwd: town.folder, maxBuffer: 1e9 })
    expect(octets.includes('d2.'), 'sealed under the new key').to.equal(true)
    const people = ['Толпин', 'Соколов', '900-000-001', '90000000101']
    expect(people.filter(name => octets.includes(name) || town.logs.join('').includes(name))).to.deep.equal([])
  })

  /** The command as an operator starts it, in a process of its own. */
  const start = () =>
    spawn(process.execPath, [projectFile('scripts/rotate-data-key'), '--config', town.prepared.configFile, '--json'])

  /** Kills it as soon as no more than so many rows are old; people sign in meanwhile. */
  async function killedOnTheWay(rowsLeft: number): Promise<void> {
    const child = start()
    const ended = once(child, 'exit')
    while (old() > rowsLeft && child.exitCode === null) await entered()
    child.kill('SIGKILL')
    await ended
  }
})

function read(child: ChildProcess): () => string {
  const parts: string[] = []
  child.stdout?.on('data', part => parts.push(String(part)))
  child.stderr?.on('data', part => parts.push(String(part)))
  return () => parts.join('')
}
