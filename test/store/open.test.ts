/** What openStore refuses, in words that tell the operator what to do. */
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect } from 'chai'
import Database from 'libsql'
import { SCHEMA_VERSION } from '../../src/store/migrations/run.js'
import { openStore, type StoreOptions } from '../../src/store/open.js'
import { StoreError } from '../../src/store/store-error.js'
import { claim, failureOf, logoutOrder, person, record, session, SNILS, started, T0 } from '../contract/samples.js'
import { namedKey, options, temporaryFile } from './databases.js'

/** Opens and closes once, so that the file is a database of the bridge. */
async function made(file: string, change: Partial<StoreOptions> = {}): Promise<string> {
  const store = await openStore(options(`sqlite:${file}`, change))
  await store.close()
  return `sqlite:${file}`
}

async function refused(opening: StoreOptions, words: RegExp): Promise<void> {
  const error = await failureOf(openStore(opening))
  expect(error).to.be.instanceOf(StoreError)
  expect(error).to.match(words)
}

describe('opening the store', () => {
  it('makes folder and file for the owner alone', async () => {
    const file = temporaryFile('data/deep/bridge.db')
    const store = await openStore(options(`sqlite:${file}`))
    await store.check()
    for (const name of readdirSync(dirname(file)))
      expect(statSync(join(dirname(file), name)).mode & 0o077, name).to.equal(0)
    await store.close()
    expect(statSync(dirname(file)).mode & 0o077).to.equal(0)
  })

  it('takes no lock from a connection that this process has: another program would delete what it writes', async function () {
    if (!existsSync('/proc/locks')) return this.skip()
    const file = temporaryFile()
    const store = await openStore(options(`sqlite:${file}`))
    await store.check()
    const inode = `:${statSync(file).ino} `
    const locks = () =>
      readFileSync('/proc/locks', 'utf8')
        .split('\n')
        .filter(line => line.includes(inode))
    expect(locks()).to.have.length(1)
    const again = await openStore(options(`sqlite:${file}`))
    expect(locks()).to.have.length(1)
    await again.close()
    expect(locks()).to.have.length(1)
    await store.close()
  })

  it('refuses a setting that names no SQLite file', async () => {
    for (const database of ['data/bridge.db', 'sqlite:', 'mysql://x', ''])
      await refused(options(database), /must be "sqlite:".*e\.g\. sqlite:data\/bridge\.db/)
  })

  it('refuses a folder that cannot be made', async () => {
    const file = temporaryFile('a-file')
    writeFileSync(file, '')
    await refused(options(`sqlite:${file}/bridge.db`), /cannot be written \((EEXIST|ENOTDIR)\).*writable folder/)
  })

  it('refuses a folder in the place of the file', async () => {
    await refused(options(`sqlite:${dirname(temporaryFile())}`), /cannot be written \(EISDIR\)/)
  })

  it('refuses a file that is no database, and leaves it as it was', async () => {
    const file = temporaryFile()
    writeFileSync(file, 'Список класса '.repeat(500))
    const before = statSync(file).size
    await refused(options(`sqlite:${file}`), /is not a database of the bridge.*restore/)
    expect(statSync(file).size).to.equal(before)
  })

  it("refuses another program's database, and adds no table to it", async () => {
    const file = temporaryFile()
    const other = new Database(file)
    other.exec('create table recipes (name text)')
    await refused(options(`sqlite:${file}`), /belongs to another program/)
    expect(other.prepare('select name from sqlite_schema').all()).to.deep.equal([{ name: 'recipes' }])
    other.close()
  })

  it('refuses a database of a newer version', async () => {
    const database = await made(temporaryFile())
    const raw = new Database(database.slice('sqlite:'.length))
    raw.prepare('insert into schema_version (version, applied_at) values (?, 0)').run([SCHEMA_VERSION + 1])
    raw.close()
    await refused(
      options(database),
      new RegExp(
        `schema version ${SCHEMA_VERSION + 1}, and this program knows only ${SCHEMA_VERSION}\\. Start the newer version`,
      ),
    )
  })

  it('opens the same file again without a change', async () => {
    const file = temporaryFile()
    await made(file)
    const size = statSync(file).size
    await made(file)
    expect(statSync(file).size).to.equal(size)
  })
})

describe('keys of the store', () => {
  it('refuses keys that are none, and makes no file for them', async () => {
    const file = temporaryFile()
    const rows: readonly (readonly [Partial<StoreOptions>, RegExp])[] = [
      [{ dataKeys: [] }, /secrets\.data: no key is given/],
      [{ lookupKeys: [] }, /secrets\.lookup: no key is given/],
      [{ dataKeys: [{ id: 'd1', key: Buffer.alloc(31) }] }, /secrets\.data: key d1 has 31 bytes and must have 32/],
      [{ lookupKeys: [namedKey('l1'), namedKey('l1')] }, /secrets\.lookup: two keys are called l1/],
      [{ dataKeys: [namedKey('d.1')] }, /secrets\.data: "d\.1" is no key id/],
    ]
    for (const [change, words] of rows) await refused(options(`sqlite:${file}`, change), words)
    expect(readdirSync(dirname(file))).to.deep.equal([])
  })

  it('refuses another key under a known id', async () => {
    const database = await made(temporaryFile())
    const [data, lookup] = [namedKey('d1', 99), namedKey('l2', 99)]
    await refused(options(database, { dataKeys: [data] }), /secrets\.data: key d1 is not the one/)
    await refused(options(database, { lookupKeys: [lookup] }), /secrets\.lookup: key l2 is not the one/)
    await made(database.slice('sqlite:'.length))
  })

  it('refuses to go on without a key that was used', async () => {
    const database = await made(temporaryFile())
    await refused(options(database, { dataKeys: [namedKey('d9')] }), /secrets\.data: key d1 is missing.*List it after/)
    await refused(options(database, { lookupKeys: [namedKey('l9')] }), /secrets\.lookup: key l2 is missing/)
  })

  it('does not hold to a key that stood behind the first and never wrote', async () => {
    const file = temporaryFile()
    await made(file, { dataKeys: [namedKey('d1'), namedKey('d0')] })
    await made(file)
  })

  it('holds a late assertion to a logout that was remembered before a rotation (saml-core 3.7.3.1)', async () => {
    for (const sessionIndexes of [[], [session().sessionIndex!]]) {
      const file = temporaryFile()
      const before = await openStore(options(`sqlite:${file}`))
      await before.logouts.obey(logoutOrder({ sessionIndexes }), T0, T0, () => ({ ends: [], notices: [], events: [] }))
      await before.close()
      const change = { lookupKeys: [namedKey('l3'), namedKey('l2', 7)] }
      const after = await openStore(options(`sqlite:${file}`, change))
      await after.logins.start(started())
      expect(await after.logins.claim(claim()), sessionIndexes.join()).to.equal('logged-out')
      await after.close()
    }
  })

  it('reads and finds after a rotation what older keys wrote, and keeps every account', async () => {
    const file = temporaryFile()
    const before = await openStore(options(`sqlite:${file}`))
    await before.roster.replace('sgo', 'school-1', [record('a'), record('b')], { now: T0 })
    const found = await before.roster.bySnils(SNILS)
    const subject = before.pseudonyms.forJournal(person, 'sgo')
    await before.close()

    const change = { dataKeys: [namedKey('d2'), namedKey('d1')], lookupKeys: [namedKey('l3'), namedKey('l2', 7)] }
    const after = await openStore(options(`sqlite:${file}`, change))
    expect(await after.roster.bySnils(SNILS)).to.deep.equal(found)
    expect(after.pseudonyms.forJournal(person, 'sgo'), 'what journals know').to.equal(subject)
    const next = [record('a'), record('b', { email: 'new@pochta.example' })]
    expect(await after.roster.replace('sgo', 'school-1', next, { now: T0 })).to.deep.equal({
      before: 2,
      added: [],
      changed: ['b'],
      unchanged: 1,
      missing: [],
    })
    const again = await after.roster.bySnils(SNILS)
    expect(again.map(({ accountId }) => accountId)).to.have.members(found.map(({ accountId }) => accountId))
    await after.close()

    const raw = new Database(file)
    const rows = raw.prepare('select key_hmac, content_hmac, snils_hmac, record from accounts').all() as Record<
      string,
      string
    >[]
    expect(JSON.stringify(rows.map(row => Object.values(row).map(value => value.slice(0, 3))))).to.equal(
      JSON.stringify([
        ['l3.', 'l3.', 'l3.', 'd2.'],
        ['l3.', 'l3.', 'l3.', 'd2.'],
      ]),
    )
    raw.close()
  })
})
