/** A school that has outgrown its file moves to PostgreSQL: nobody is lost on the way, nothing half-moved is left. */
import { copyFileSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect } from 'chai'
import Database from 'libsql'
import { pino } from 'pino'
import { parse, stringify } from 'yaml'
import { nature } from '../../src/compose.js'
import { moveDatabase } from '../../src/compose-move.js'
import { startTown } from '../../src/demo/town.js'
import { loadConfiguration } from '../../src/settings/configuration.js'
import { run } from '../cli/desk.js'
import { failureOf } from '../contract/samples.js'
import { Browser } from '../support/browser.js'
import { agree, asksConsent, isConsent } from '../support/consenting.js'
import { postgresServer } from '../support/postgres.js'
import { walk } from '../support/sign-in.js'
import { temporaryFile } from '../store/databases.js'
import { startTestTown, type TestTown } from '../support/town.js'

const server = await postgresServer()

type Row = Readonly<Record<string, unknown>>

/** Of programs, of the schema and of the hour: they stay behind. */
const LEFT = ['schema_version', 'probe', 'key_holders', 'logins', 'logouts', 'sessions', 'visits', 'deposits', 'confirmations', 'devices'] // prettier-ignore

const inOrder = (rows: readonly Row[]) => rows.map(row => JSON.stringify(row, Object.keys(row).toSorted())).toSorted()

/** The driver keeps a file open until its last statement is collected; a copy may stay so. */
function copied(file: string): string {
  const copy = temporaryFile()
  copyFileSync(file, copy)
  return copy
}

/** Every row of every table, in texts that can be compared. */
function rowsIn(file: string): ReadonlyMap<string, string[]> {
  const raw = new Database(copied(file))
  const names = raw.prepare("select name from sqlite_schema where type = 'table' and name not like 'sqlite_%'").all()
  const rows = (names as { name: string }[]).map(({ name }): [string, string[]] => [
    name,
    inOrder(raw.prepare(`select * from ${name}`).all() as Row[]),
  ])
  raw.close()
  return new Map(rows)
}

if (server)
  describe('flow: from SQLite to PostgreSQL', function () {
    this.timeout(180_000)
    const father = new Browser()
    let town: TestTown
    let config: string
    let file: string
    let database: string
    let whole: ReadonlyMap<string, string[]>

    /** The settings with another storage. */
    const name = (storage: Row) => {
      const settings = parse(readFileSync(config, 'utf8')) as Row
      writeFileSync(config, stringify({ ...settings, storage }))
    }
    const move = (...more: string[]) => run(['move-database', file, '--config', config, ...more])
    const refuses = async (words: RegExp) => {
      const { code, out, err } = await move()
      expect([code, out], err).to.deep.equal([2, ''])
      expect(err)
        .to.match(words)
        .and.not.match(/bug in the bridge/)
    }
    const held = async (table: string) => {
      const rows = await server.ask(database, `select * from ${table}`)
      return inOrder(
        rows.map(row => Object.fromEntries(Object.entries(row).map(([key, value]) => [key, plain(value)]))),
      )
    }
    /** The program pg gives bigint as a text. */
    const plain = (value: unknown) => (typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : value)

    async function enter(): Promise<{ asked: boolean }> {
      const page = await walk(father, `${town.town.bridge}/login?journal=sgo`, 'father@mail.example')
      const asked = isConsent(page)
      const end = asked ? await agree(father, page) : page
      expect(end.url.origin, end.text).to.equal(town.town.journals)
      return { asked }
    }

    before(async () => {
      town = await startTestTown({ more: asksConsent() })
      config = town.prepared.configFile
      file = join(town.folder, 'bridge.db')
      expect(await enter()).to.deep.equal({ asked: true })
    })
    after(() => {
      rmSync(town.folder, { recursive: true, force: true })
    })

    it('is refused while the settings name SQLite, and while the bridge works', async () => {
      await refuses(/still names SQLite\..*docs\/postgresql\.md/)
      const storage = await server.storage()
      database = String(storage['database'])
      name(storage)
      await refuses(/still works on .*bridge\.db\. Nothing was moved\. Stop it, then move/)
      await town.stop()
      file = copied(file)
      whole = rowsIn(file)
      expect(whole.get('consents')).to.have.length.greaterThan(0)
      expect(whole.get('sessions')).to.have.length.greaterThan(0)
    })

    it('is refused with another key, and when PostgreSQL does not answer', async () => {
      const key = join(town.folder, 'certs', 'lookup.key')
      const right = readFileSync(key)
      writeFileSync(key, Buffer.alloc(right.length, 9))
      await refuses(/secrets\.lookup: key \S+ is not the one this database was written with/)
      writeFileSync(key, right)
      const settings = readFileSync(config)
      name({ database: 'postgres://bridge@127.0.0.1:1/bridge', postgres: { password: { file: key } } })
      await refuses(/does not answer/)
      writeFileSync(config, settings)
      const damaged = copied(file)
      const octets = readFileSync(damaged)
      writeFileSync(damaged, octets.fill(0x41, 4096 * 20, 4096 * 24))
      expect((await run(['move-database', damaged, '--config', config])).err).to.match(/The database in it is damaged/)
      expect((await run(['move-database', `${file}x`, '--config', config])).err).to.match(/bridge\.dbx does not exist/)
    })

    it('looks without moving anything', async () => {
      const { code, out } = await move('--check')
      expect([code, out]).to.satisfy(
        ([code, out]: [number, string]) => code === 0 && /is empty\. Nothing was moved/.test(out),
      )
      expect(rowsIn(file)).to.deep.equal(whole)
      for (const table of whole.keys())
        if (!LEFT.includes(table) && table !== 'watch_place') expect(await held(table), table).to.deep.equal([])
    })

    it('leaves nothing over there when it is cut off on the way, and moves all the next time', async () => {
      const told: string[] = []
      const cut = (table: string) => {
        told.push(table)
        if (table === 'audit_events') throw new Error('cut off')
      }
      const order = {
        from: file,
        configuration: loadConfiguration(config, {}),
        now: Date.now(),
        by: 'test',
        checkOnly: false,
      }
      expect(await failureOf(moveDatabase({ ...order, tell: cut }))).to.match(/cut off/)
      expect(told, 'some of it was there').to.include('accounts')
      expect(await held('accounts')).to.deep.equal([])
      expect(rowsIn(file)).to.deep.equal(whole)
      expect(readdirSync(dirname(file)).filter(each => each.includes('.part-'))).to.deep.equal([])
    })

    it('brings every row, but for who was signed in, and puts the file aside', async () => {
      writeFileSync(`${file}.part-4711`, 'of a command that was killed')
      await run(['doctor', '--config', config]) // looks at the new database, and so writes which keys it is used with
      const { code, out, err } = await move()
      expect(code, err).to.equal(0)
      expect(out)
        .to.match(/ 1 {2}consents\n/)
        .and.match(/delete it.*bridge\.db\.replaced-\d{14}/s)
      for (const [table, rows] of whole) {
        if (LEFT.includes(table)) continue
        const there = await held(table)
        expect(
          there.filter(row => !row.includes('"database.moved"')),
          table,
        ).to.have.members(rows)
      }
      const moved = await server.ask(database, "select facts from audit_events where what = 'database.moved'")
      expect(moved).to.have.length(1)
      expect((await server.ask(database, 'select * from sessions')).length).to.equal(0)
      expect(existsSync(file)).to.equal(false)
      expect(readdirSync(dirname(file)).filter(each => each.includes('.part-'))).to.deep.equal([])
      expect((await run(['audit', 'verify', '--config', config])).code, 'it is no forgery').to.equal(0)
    })

    it('never mixes two histories', async () => {
      const aside = readdirSync(dirname(file)).find(each => each.includes('.replaced-'))!
      const { code, err } = await run(['move-database', join(dirname(file), aside), '--config', config])
      expect(code).to.equal(2)
      expect(err).to.match(/already holds records \(accounts \d+,.*Nothing was moved/s)
      expect(existsSync(join(dirname(file), aside))).to.equal(true)
    })

    it('lets people in again: nobody is still signed in, what they agreed to and what was used once is known', async () => {
      const again = await startTown({ town: town.town, prepared: town.prepared, log: pino({ level: 'silent' }), nature, legacy: false, rosters: [] }) // prettier-ignore
      try {
        expect((await father.get(`${town.town.bridge}/session`)).status, 'his session ended').to.equal(401)
        expect(await enter()).to.deep.equal({ asked: false })
        await refusesToRunningBridge()
      } finally {
        await again.close()
      }
      const rows = await server.ask(
        database,
        'select count(*) as all, count(distinct seq) as different from audit_events',
      )
      expect(rows[0]!['all']).to.equal(rows[0]!['different'])
      expect((await run(['audit', 'verify', '--config', config])).code).to.equal(0)
    })

    async function refusesToRunningBridge(): Promise<void> {
      const aside = readdirSync(dirname(file)).find(each => each.includes('.replaced-'))!
      const { err } = await run(['move-database', join(dirname(file), aside), '--config', config])
      expect(err).to.match(/A bridge runs over the PostgreSQL database already/)
    }
  })
