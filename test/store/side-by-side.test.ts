/**
 * Two adjacent versions on one database, as in a rolling restart: what a migration may do (decision 21), and that a
 * bridge which runs already is not disturbed by any of it.
 */
import { expect } from 'chai'
import Database from 'libsql'
import { migrate, SCHEMA_VERSION } from '../../src/store/migrations/run.js'
import { openStore, type Store } from '../../src/store/open.js'
import { openSqlite } from '../../src/store/sqlite.js'
import {
  claim,
  entered,
  key,
  MINUTE,
  NUMBER,
  pendingLogout,
  person,
  record,
  session,
  SNILS,
  started,
  T0,
} from '../contract/samples.js'
import { deposit, entering } from '../contract/entering.js'
import { brought, code, shown } from '../contract/codes.js'
import { giving } from '../contract/consents.js'
import { event, link } from '../contract/links.js'
import { request } from '../contract/requests.js'
import { visit } from '../contract/visits.js'
import { options, temporaryFile } from './databases.js'

interface Column {
  readonly name: string
  readonly type: string
  readonly notnull: number
  readonly dflt_value: string | null
  readonly pk: number
}

interface Table {
  readonly columns: readonly Column[]
  /** Columns that must differ from row to row. */
  readonly unique: readonly string[]
}

type Schema = ReadonlyMap<string, Table>

function schemaIn(file: string): Schema {
  const raw = new Database(file)
  const all = <T>(text: string) => raw.prepare(text).all() as T[]
  const names = all<{ name: string }>(
    "select name from sqlite_schema where type = 'table' and name not like 'sqlite_%'",
  )
  const schema = names.map(({ name }): [string, Table] => {
    const indexes = all<{ name: string; unique: number }>(`pragma index_list(${name})`).filter(
      each => each.unique === 1,
    )
    const unique = indexes.map(index =>
      all<{ name: string }>(`pragma index_info('${index.name}')`)
        .map(column => column.name)
        .join(),
    )
    return [name, { columns: all<Column>(`pragma table_info(${name})`), unique }]
  })
  raw.close()
  return new Map(schema)
}

/** @returns what a program of the version before would stumble over */
function breaks(before: Schema, after: Schema): readonly string[] {
  return [...before].flatMap(([name, old]) => {
    const table = after.get(name)
    if (!table) return [`${name} is gone`]
    const lost = old.columns.filter(
      column =>
        !table.columns.some(other => JSON.stringify({ ...other, cid: 0 }) === JSON.stringify({ ...column, cid: 0 })),
    )
    const added = table.columns.filter(column => !old.columns.some(other => other.name === column.name))
    return [
      ...lost.map(column => `${name}.${column.name} is gone or another one`),
      ...added
        .filter(column => column.notnull === 1 && column.dflt_value === null)
        .map(column => `${name}.${column.name} must be given`),
      ...table.unique
        .filter(columns => !old.unique.includes(columns))
        .map(columns => `${name} (${columns}) must be unique now`),
    ]
  })
}

async function migratedTo(version: number): Promise<Schema> {
  const file = temporaryFile()
  const db = openSqlite(file)
  await migrate(db, version)
  await db.destroy()
  return schemaIn(file)
}

describe('migrations (decision 21)', () => {
  it('only add: whoever runs already finds every table and column as it was, and need not fill new ones', async () => {
    let before = await migratedTo(1)
    for (let version = 2; version <= SCHEMA_VERSION; version++) {
      const after = await migratedTo(version)
      expect(breaks(before, after), `migration ${version}`).to.deep.equal([])
      before = after
    }
  })

  it('would be found out', () => {
    const column = (name: string, change: Partial<Column> = {}): Column => ({
      name,
      type: 'TEXT',
      notnull: 0,
      dflt_value: null,
      pk: 0,
      ...change,
    })
    const schema = (columns: readonly Column[], unique: readonly string[] = []): Schema =>
      new Map([['t', { columns, unique }]])
    const old = schema([column('a')])
    for (const bad of [
      new Map<string, Table>(),
      schema([column('b')]),
      schema([column('a', { notnull: 1 })]),
      schema([column('a', { type: 'INTEGER' })]),
      schema([column('a'), column('b', { notnull: 1 })]),
      schema([column('a')], ['a']),
    ])
      expect(breaks(old, bad)).to.have.length.greaterThan(0)
    for (const good of [
      schema([column('a'), column('b')]),
      schema([column('a'), column('b', { notnull: 1, dflt_value: '0' })]),
    ])
      expect(breaks(old, good)).to.deep.equal([])
  })
})

/** What a bridge does all day; every statement of it is prepared afterwards. */
async function day(store: Store, n: number): Promise<unknown> {
  const [login, id] = [`login-${n}`, `session-${n}`]
  await store.logins.start(started(login))
  const assertion = { ...claim().assertion, id: `_assertion-${n}` }
  expect(await store.logins.claim(claim({ login, assertion, session: session(id) }))).to.equal('claimed')
  await store.logins.choose(login, 'choice-1')
  await store.sessions.touch(key(id), T0 + MINUTE)
  await store.roster.replace('sgo', 'school-1', [record(), record(`more-${n}`)], { now: T0 })
  await store.audit.record({ at: T0, what: 'login.verified', result: 'ok', number: NUMBER, facts: { n } })
  if (n === 1) {
    await store.logins.enter(entering({ deposit, entered: entered('a-1') }))
    await store.visits.open('visit-1', visit(), T0 + MINUTE)
    await store.logouts.start(pendingLogout())
    await store.consents.give(giving())
    await store.links.make(link(), event('link.made'))
    await store.requests.file([request()], event('login.refused'))
    await store.codes.make([code()], event('code.made'))
    await store.codes.look(brought(), shown)
  }
  await store.check()
  return {
    login: (await store.logins.find('login-1', T0))?.target,
    session: await store.sessions.find(key('session-1'), T0),
    visit: await store.visits.find('visit-1', 'sgo', T0),
    logout: await store.logouts.find('logout-1', T0),
    accounts: (await store.roster.bySnils(SNILS)).length > 0,
    consent: await store.consents.find(person, 'choice-1'),
    links: await store.links.around(person, ['a-1']),
    requests: await store.requests.of(person),
    codes: await store.codes.living('sgo', 'school-1', T0),
  }
}

/** The next version, as far as the rule lets it go. */
function nextVersion(file: string): void {
  const raw = new Database(file)
  raw.exec('begin immediate')
  for (const [name, { columns }] of schemaIn(file)) {
    raw.exec(`alter table ${name} add column next_nullable text`)
    raw.exec(`alter table ${name} add column next_filled integer not null default 7`)
    raw.exec(`create index next_${name} on ${name} (${columns[0]!.name}, next_filled)`)
  }
  raw.exec('create table next_table (id text primary key)')
  raw.prepare('insert into schema_version (version, applied_at) values (?, 0)').run([SCHEMA_VERSION + 1])
  raw.exec('commit')
  raw.close()
}

describe('a bridge that runs while the next version migrates', () => {
  it('goes on as if nothing had happened, and does not start again', async () => {
    const file = temporaryFile()
    const store = await openStore(options(`sqlite:${file}`))
    const before = await day(store, 1)
    nextVersion(file)
    expect(await day(store, 2)).to.deep.equal(before)
    await store.sweep(T0)
    await store.close()
    const again = await openStore(options(`sqlite:${file}`)).catch((error: unknown) => String(error))
    expect(again).to.match(/schema version \d+, and this program knows only/)
  })
})
