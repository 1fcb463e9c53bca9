/** The server burns down, and the school goes on: a backup taken while people sign in, restored elsewhere. */
import { execFile } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import Database from 'libsql'
import { pino } from 'pino'
import { projectFile } from '../../src/base/project-file.js'
import { nature } from '../../src/compose.js'
import { startTown } from '../../src/demo/town.js'
import { run } from '../cli/desk.js'
import { Browser } from '../support/browser.js'
import { agree, asksConsent, isConsent } from '../support/consenting.js'
import { walk } from '../support/sign-in.js'
import { startTestTown, type TestTown } from '../support/town.js'

interface Ran {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** As an operator starts it: a process of its own. */
const bridge = (...args: string[]): Promise<Ran> =>
  new Promise(resolve => {
    const options = { env: { ...process.env, LC_ALL: 'C' } }
    execFile(process.execPath, [projectFile('scripts/bridge.js'), ...args], options, (error, out, err) => {
      resolve({ code: error ? Number(error.code) : 0, out, err })
    })
  })

const TABLES = [
  'accounts',
  'links',
  'consents',
  'consent_texts',
  'audit_events',
  'assertions',
  'codes',
  'requests',
  'key_checks',
]

type Rows = Readonly<Record<string, unknown[]>>

/** Every row that must come back. Into its chain the audit takes rows by the clock, so their places there are left out. */
function rowsIn(file: string): Rows {
  const raw = new Database(file)
  const read = (table: string) => raw.prepare(`select * from ${table} order by 1, 2`).all() as Record<string, unknown>[]
  const rows = TABLES.map(table => [table, read(table).map(row => ({ ...row, entry: undefined }))])
  raw.close()
  return Object.fromEntries(rows) as Rows
}

/** What the restored audit says of how it came back; the rest of it is as it was. */
const RESTORED = 'backup.restored'
const asItWas = (rows: Rows): Rows => ({
  ...rows,
  audit_events: rows['audit_events']!.filter(row => (row as { what: string }).what !== RESTORED),
})
const said = (rows: Rows, what: string) =>
  rows['audit_events']!.filter(row => (row as { what: string }).what === what).map(row => row as { facts: string })

/** Everything in a folder: names, contents, modes. */
function picture(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true }).map(name => join(folder, String(name)))
  return Object.fromEntries(
    files
      // SQLite's own come and go as the collector of this process likes
      .filter(file => statSync(file).isFile() && !/\.db-(wal|shm)$/.test(file))
      .map(file => [file, `${statSync(file).mode.toString(8)} ${readFileSync(file).toString('base64')}`]),
  )
}

describe('flow: backup and restore', function () {
  this.timeout(180_000)
  const root = mkdtempSync(join(tmpdir(), 'bridge-backup-'))
  const at = (name: string) => join(root, name)
  const [file, pass, usb, place] = [at('b.backup'), at('pass'), at('usb'), at('new')]
  const restore = (...more: string[]) => bridge('restore', at('b.backup'), '--passphrase-file', pass, ...more)
  const father = new Browser()
  let town: TestTown
  let first: Rows
  let last: Rows
  let written: Ran

  async function enter(browser: Browser, at: TestTown['town']): Promise<{ asked: boolean }> {
    const page = await walk(browser, `${at.bridge}/login?journal=sgo`, 'father@mail.example')
    const asked = isConsent(page)
    const end = asked ? await agree(browser, page) : page
    expect(end.url.origin, end.text).to.equal(at.journals)
    return { asked }
  }

  before(async () => {
    writeFileSync(pass, 'correct horse battery staple\n', { mode: 0o600 })
    town = await startTestTown({ more: asksConsent() })
    expect(await enter(father, town.town)).to.deep.equal({ asked: true })
    const database = join(town.folder, 'bridge.db')
    first = rowsIn(database)
    const backup = { isOver: false }
    const busy = (async () => {
      let entered = 0
      for (; !backup.isOver; entered++) await enter(new Browser(), town.town)
      return entered
    })()
    written = await bridge('backup', file, '--passphrase-file', pass, '--config', town.prepared.configFile)
    backup.isOver = true
    expect(await busy, 'people came in meanwhile').to.be.greaterThan(0)
    last = rowsIn(database)
    mkdirSync(usb)
    for (const name of ['lookup.key', 'data.key']) cpSync(join(town.folder, 'certs', name), join(usb, name))
    await town.close()
  })
  after(() => rmSync(root, { recursive: true, force: true }))

  it('writes one file for the owner alone, says what is not in it, and leaves nothing beside', () => {
    expect(written.err + written.out).to.match(
      /NOT in it, keep them apart: certs\/lookup\.key, certs\/data\.key and the pass/,
    )
    expect(written.code).to.equal(0)
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).to.equal(0o600)
    expect(readdirSync(root)).to.have.members(['b.backup', 'pass', 'usb'])
    expect(readFileSync(file).includes('SQLite format'), 'nothing of it is in the clear').to.equal(false)
  })

  it('refuses what is altered, cut off or not its own, and changes nothing', async () => {
    const octets = readFileSync(file)
    const flipped = Buffer.from(octets)
    flipped[octets.length >> 1]! ^= 1
    writeFileSync(at('flipped'), flipped)
    writeFileSync(at('short'), octets.subarray(0, -70_000))
    writeFileSync(at('wrong-pass'), 'correct horse battery stapler')
    mkdirSync(at('wrong-usb'))
    for (const name of ['lookup.key', 'data.key']) cpSync(join(usb, name), join(at('wrong-usb'), name))
    writeFileSync(join(at('wrong-usb'), 'lookup.key'), Buffer.alloc(32, 9))
    const rows: readonly (readonly [string, string, string, RegExp])[] = [
      ['flipped', pass, usb, /altered or damaged in the \d+\. part/],
      ['short', pass, usb, /end is missing/],
      ['b.backup', at('wrong-pass'), usb, /passphrase is not the one/],
      ['b.backup', pass, at('wrong-usb'), /secrets\.lookup: key l1 is not the one this database was written with/],
      [
        'b.backup',
        pass,
        at('nowhere'),
        /secrets\.lookup: .*lookup\.key does not exist.*secrets\.data: .*data\.key does not exist/,
      ],
      ['b.backup', at('nowhere'), usb, /nowhere cannot be read/],
      ['pass', pass, usb, /no backup of the bridge/],
    ]
    const before = picture(root)
    for (const [name, passphrase, keys, words] of rows) {
      const args = ['--passphrase-file', passphrase, '--keys', keys, '--into', place]
      const { code, out, err } = await run(['restore', at(name), ...args])
      expect([code, out], err).to.deep.equal([2, ''])
      expect(err)
        .to.match(words)
        .and.not.match(/bug in the bridge/)
    }
    expect(picture(root)).to.deep.equal(before)
    expect(existsSync(place)).to.equal(false)
  })

  it('looks without changing anything', async () => {
    const before = picture(root)
    const { code, out } = await run([
      'restore',
      file,
      '--passphrase-file',
      pass,
      '--keys',
      usb,
      '--into',
      place,
      '--check',
    ])
    expect([code, out]).to.satisfy(
      ([code, out]: [number, string]) => code === 0 && /is whole.*Nothing was changed/.test(out),
    )
    expect(picture(root)).to.deep.equal(before)
  })

  it('brings everything back to a new machine: people, links, consents, audit, settings, keys; nobody is still signed in', async () => {
    expect(existsSync(town.folder), 'the original is gone').to.equal(false)
    const { code, out, err } = await restore('--keys', usb, '--into', place)
    expect(code, err).to.equal(0)
    expect(out)
      .to.match(/lay outside of the folder; it is now/)
      .and.match(/What happened after .* is not in it/)
    const whole = rowsIn(join(place, 'bridge.db'))
    const back = asItWas(whole)
    for (const table of TABLES) {
      expect(last[table], table).to.deep.include.members(back[table]!)
      expect(back[table], table).to.deep.include.members(first[table]!)
    }
    expect(said(last, 'backup.made')).to.have.length(1)
    const [restored, ...more] = said(whole, RESTORED)
    expect([Object.keys(JSON.parse(restored!.facts) as object), more]).to.deep.equal([['by', 'madeAt'], []])
    expect((await bridge('audit', 'verify', '--config', join(place, 'bridge.yaml'))).code, 'it is no forgery').to.equal(
      0,
    )
    if (process.platform !== 'win32')
      for (const [name, mode] of [
        ['bridge.db', 0o600],
        ['certs/lookup.key', 0o600],
        ['certs/sp-signing.key', 0o600],
      ] as const)
        expect(statSync(join(place, name)).mode & 0o777, name).to.equal(mode)

    const prepared = { ...town.prepared, configFile: join(place, 'bridge.yaml') }
    const log = pino({ level: 'silent' })
    const again = await startTown({ town: town.town, prepared, log, nature, legacy: false, rosters: [] })
    try {
      expect((await father.get(`${town.town.bridge}/session`)).status, 'his session ended').to.equal(401)
      expect(await enter(father, town.town), 'his consent was kept').to.deep.equal({ asked: false })
      expect((await bridge('restore', file, '--passphrase-file', pass, '--into', place, '--overwrite')).err).to.match(
        /still works on .*Stop it, then restore/,
      )
    } finally {
      await again.close()
    }
  })

  it('overwrites only when told to, and keeps what stood there', async () => {
    writeFileSync(join(place, 'bridge.yaml'), `${readFileSync(join(place, 'bridge.yaml'), 'utf8')}# changed\n`)
    const before = picture(place)
    const refused = await restore('--into', place)
    expect(refused.code).to.equal(2)
    expect(refused.err).to.match(/bridge\.db, .*bridge\.yaml would be replaced\. Nothing was changed\..*--overwrite/)
    expect(picture(place)).to.deep.equal(before)

    const { code, err } = await restore('--into', place, '--overwrite')
    expect(code, err).to.equal(0)
    const names = readdirSync(place).map(name => name.replace(/\d{14}/, 'TIME'))
    expect(names).to.include.members(['bridge.db.replaced-TIME', 'bridge.yaml.replaced-TIME'])
    expect(names.filter(name => /restoring|\.new|-wal/.test(name))).to.deep.equal([])
    const back = asItWas(rowsIn(join(place, 'bridge.db')))
    for (const table of TABLES) expect(last[table], table).to.deep.include.members(back[table]!)
  })

  /** As a command leaves it that was killed two hours ago. */
  function killed(): readonly string[] {
    const stage = join(place, '.restoring-aBc123')
    mkdirSync(stage)
    const left = [join(stage, 'bridge.db'), join(place, 'bridge.db.part-4711')]
    for (const path of left) writeFileSync(path, 'half')
    const past = Date.now() / 1_000 - 7_200
    for (const path of [...left, stage]) utimesSync(path, past, past)
    return [stage, left[1]!]
  }
  const remain = (paths: readonly string[]) => paths.filter(path => existsSync(path))

  it('names what one left that was killed, and takes it away with the next that is done', async () => {
    const config = ['--config', join(place, 'bridge.yaml')]
    const [folder, left] = [at('many'), killed()]
    const half = join(folder, 'bridge-2026-11-29T032000Z.backup.part-4711')
    mkdirSync(folder)
    writeFileSync(half, 'half')
    utimesSync(half, 0, 0)
    const seen = (await bridge('doctor', ...config)).out
    for (const path of left)
      expect(seen).to.match(new RegExp(`! yellow +database +${path} was left by a backup or restore`))
    expect((await bridge('backup', at('nowhere/b.backup'), '--passphrase-file', pass, ...config)).err).to.match(
      /The folder .*nowhere does not exist\. Make it/,
    )
    const made = await bridge('backup', folder, '--passphrase-file', pass, ...config)
    expect(made.code, made.err).to.equal(0)
    for (const path of [...left, half]) expect(made.out).to.include(`cut off: ${path}\n`)
    expect(remain([...left, half])).to.deep.equal([])

    const again = killed()
    expect((await restore('--into', place)).code, 'refused').to.equal(2)
    expect((await restore('--into', place, '--check')).code).to.equal(0)
    expect(remain(again)).to.deep.equal(again)
    const { out } = await restore('--into', place, '--overwrite')
    for (const path of again) expect(out).to.include(`cut off: ${path}\n`)
    expect(remain(again)).to.deep.equal([])
  })

  it('takes the place of a broken database, and of what it left beside it', async () => {
    writeFileSync(join(place, 'bridge.db'), 'broken '.repeat(1_000))
    writeFileSync(join(place, 'bridge.db-wal'), 'stale')
    const { code, err } = await restore('--into', place, '--overwrite')
    expect(code, err).to.equal(0)
    expect(readdirSync(place)).to.not.include('bridge.db-wal')
    expect(rowsIn(join(place, 'bridge.db'))['consents']).to.have.length.greaterThan(0)
  })
})
