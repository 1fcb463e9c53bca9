/** Copies of the database: before an update, and when they go again. */
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { expect } from 'chai'
import Database from 'libsql'
import { migrate, SCHEMA_VERSION } from '../../src/store/migrations/run.js'
import { openStore } from '../../src/store/open.js'
import { openSqlite } from '../../src/store/sqlite.js'
import { dropCopies } from '../../src/store/sqlite-copies.js'
import { StoreError } from '../../src/store/store-error.js'
import { failureOf } from '../contract/samples.js'
import { options, temporaryFile } from './databases.js'

const DAY = 86_400_000

/** A database as the version before left it, with one event in it. */
async function older(file: string): Promise<void> {
  const db = openSqlite(file)
  await migrate(db, SCHEMA_VERSION - 1)
  await db.insertInto('audit_events').values({ at: 1, what: 'roster.imported', result: 'ok' }).execute()
  await db.destroy()
}

async function opened(file: string): Promise<void> {
  await (await openStore(options(`sqlite:${file}`))).close()
}

const beside = (file: string): string[] =>
  readdirSync(dirname(file)).filter(name => !/^[^.]*\.db(-wal|-shm)?$/.test(name))

function versionIn(file: string): { version: number; events: number } {
  const raw = new Database(file, { readonly: true })
  const { version } = raw.prepare('select max(version) as version from schema_version').get() as { version: number }
  const { events } = raw.prepare('select count(*) as events from audit_events').get() as { events: number }
  raw.close()
  return { version, events }
}

describe('the copy before an update', () => {
  it('holds everything as it was, for the owner alone, and is made once', async () => {
    const file = temporaryFile()
    await older(file)
    await opened(file)
    const [copy, ...others] = beside(file)
    expect(others).to.deep.equal([])
    expect(copy).to.match(new RegExp(`^bridge\\.db\\.schema-${SCHEMA_VERSION - 1}-\\d{14}$`))
    expect(versionIn(join(dirname(file), copy!))).to.deep.equal({ version: SCHEMA_VERSION - 1, events: 1 })
    expect(versionIn(file)).to.deep.equal({ version: SCHEMA_VERSION, events: 1 })
    if (process.platform !== 'win32') expect(statSync(join(dirname(file), copy!)).mode & 0o777).to.equal(0o600)
    await opened(file)
    expect(beside(file), 'nothing to update, nothing to copy').to.deep.equal([copy])
  })

  it('can take the place of the database again', async () => {
    const file = temporaryFile()
    await older(file)
    await opened(file)
    await opened(join(dirname(file), beside(file)[0]!))
  })

  it('is made of no new database', async () => {
    const file = temporaryFile()
    await opened(file)
    expect(beside(file)).to.deep.equal([])
  })

  it('stays with the last two before it; others and what is half written go', async () => {
    const file = temporaryFile()
    await older(file)
    const names = [
      'schema-3-20250101000000',
      'schema-9-20260101000000',
      'schema-4-20250201000000',
      'replaced-20240101000000',
    ]
    for (const name of [...names, 'part-1', 'note']) writeFileSync(`${file}.${name}`, '')
    await opened(file)
    const kept = beside(file).map(name => name.slice(basename(file).length + 1))
    expect(kept.filter(name => !name.startsWith(`schema-${SCHEMA_VERSION - 1}`))).to.have.members([
      'schema-9-20260101000000', 'schema-4-20250201000000', 'replaced-20240101000000', 'note', 'part-1',
    ]) // prettier-ignore
  })

  it('cannot be written: then nothing is updated, and the sentence says why', async () => {
    const file = temporaryFile(`${'b'.repeat(244)}.db`) // a longer name is none
    await older(file)
    const error = await failureOf(openStore(options(`sqlite:${file}`)))
    expect(error).to.be.instanceOf(StoreError)
    expect(error).to.match(/must be brought to .* \(ENAMETOOLONG\)\. Nothing was changed\. Make room/)
    expect(versionIn(file)).to.deep.equal({ version: SCHEMA_VERSION - 1, events: 1 })
    expect(beside(file)).to.deep.equal([])
  })
})

describe('copies beside the database', () => {
  it('go when they are too old, whoever made them, and nothing else does', () => {
    const file = temporaryFile()
    const at = Date.UTC(2026, 10, 29, 12)
    const names = [
      'schema-10-20261030115959',
      'schema-10-20261030120001',
      'replaced-20261030115959',
      'replaced-20261030115959-wal',
    ]
    for (const name of [...names, 'other-20200101000000']) writeFileSync(`${file}.${name}`, '')
    writeFileSync(file, '')
    writeFileSync(join(dirname(file), 'other.db.schema-10-20200101000000'), '')
    expect(dropCopies(file, at - 30 * DAY)).to.equal(3)
    expect(beside(file)).to.have.members([
      'bridge.db.schema-10-20261030120001', 'bridge.db.other-20200101000000', 'other.db.schema-10-20200101000000',
    ]) // prettier-ignore
    expect(existsSync(file)).to.equal(true)
  })
})
