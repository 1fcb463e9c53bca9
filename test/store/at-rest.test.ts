/** What lies on the disk: all of it after a restart, none of it readable, and nothing half written when the disk is full. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect } from 'chai'
import Database from 'libsql'
import { sql, type Kysely } from 'kysely'
import { systemChance } from '../../src/base/chance.js'
import { newCode } from '../../src/identity/codes.js'
import { openStore, storeKeys, storeOver, type Store } from '../../src/store/open.js'
import { openSqlite } from '../../src/store/sqlite.js'
import { StoreUnavailable } from '../../src/store/store-error.js'
import type { Tables } from '../../src/store/tables.js'
import {
  claim,
  failureOf,
  IDP,
  key,
  limits,
  MINUTE,
  NUMBER,
  person,
  record,
  session,
  signIn,
  SNILS,
  started,
  T0,
} from '../contract/samples.js'
import { deposit } from '../contract/entering.js'
import { brought, CODE } from '../contract/codes.js'
import { namedKey, options, temporaryFile } from './databases.js'
import { KEY, live, read } from './living.js'

describe('the database file', () => {
  it('still holds everything after a restart, the remembered assertion and the guessed code included', async () => {
    const database = `sqlite:${temporaryFile()}`
    const before = await openStore(options(database))
    await live(before)
    const written = await read(before)
    await before.close()

    const after = await openStore(options(database))
    expect(await read(after)).to.deep.equal(written)
    await after.logins.start(started('login-2'))
    expect(await after.logins.claim(claim({ login: 'login-2', session: session('session-2') }))).to.equal('replayed')
    const guess = () => after.codes.find(brought({ code: newCode(systemChance) }))
    expect([(await guess()).at, (await guess()).at], 'and the guess before').to.deep.equal(['wrong', 'limit'])
    await after.close()
  })

  it('is written ahead and waits for the disk, or a power cut would let an assertion in twice', async () => {
    const { db, store } = await connected()
    expect((await sql`pragma journal_mode`.execute(db)).rows).to.deep.equal([{ journal_mode: 'wal' }])
    expect((await sql`pragma synchronous`.execute(db)).rows).to.deep.equal([{ synchronous: 2 }])
    await store.close()
  })

  it('can be read whole while nobody has closed it: nothing waits in the memory of the process', async () => {
    const database = `sqlite:${temporaryFile()}`
    const [first, second] = [await openStore(options(database)), await openStore(options(database))]
    await live(first)
    expect(await read(second)).to.deep.equal(await read(first))
    await Promise.all([first.close(), second.close()])
  })

  it('shows nobody: no name, СНИЛС, userId, NameID, e-mail or login, in the -wal neither', async () => {
    const file = temporaryFile()
    const store = await openStore(options(`sqlite:${file}`))
    await live(store)
    const open = raw(file)
    await store.close()
    const closed = raw(file)

    const secrets = ['Ъюник', 'Ёжика', 'Щукинична', '90000000182', '900-000-001', '1000777333', '777333', '1987-02-28']
    for (const secret of [
      ...secrets,
      'yunikova',
      'pochta',
      '7773331',
      'name-id',
      '5А',
      'opaque',
      'Ъюзер',
      '192.0.2.77',
      CODE,
      CODE.replace('-', ''),
    ]) {
      for (const bytes of [open, closed]) {
        expect(bytes.includes(secret), secret).to.equal(false)
        expect(bytes.includes(JSON.stringify(secret).slice(1, -1)), `${secret} as JSON`).to.equal(false)
        // three letters of base64 come up by chance in what is sealed
        const encoded = Buffer.from(secret).toString('base64url').slice(0, -1)
        if (encoded.length > 5) expect(bytes.includes(encoded), `${secret} in base64`).to.equal(false)
      }
    }
    for (const bytes of [open, closed]) expect(bytes.includes(NUMBER), 'the search itself works').to.equal(true)
  })

  it("does not open a session that was put into another person's row", async () => {
    const file = temporaryFile()
    const store = await openStore(options(`sqlite:${file}`))
    await signIn(store, session('session-1'))
    await signIn(store, session('session-2', { person: { ...person, userId: '2' } }))
    const thief = new Database(file)
    thief.exec(
      "update sessions set content = (select content from sessions where key = 'session-2') where key = 'session-1'",
    )
    expect(await failureOf(store.sessions.find(KEY, T0))).to.match(/sessions\.content does not open/)
    thief.close()
    await store.close()
  })

  it('is free of what ended once it was swept, and keeps the audit', async () => {
    const store = await openStore(options('sqlite::memory:'))
    await live(store)
    await store.sweep(T0 + limits.absolute)
    expect(await read(store)).to.deep.include({ login: undefined, session: undefined, logout: undefined })
    expect(await store.audit.byNumber(NUMBER)).to.have.length(12)
    expect(await store.deposits.take(deposit.handle, T0 + MINUTE)).to.equal(undefined)
    expect(await store.roster.count('sgo')).to.equal(1)
    await store.close()
  })
})

const raw = (file: string): Buffer =>
  Buffer.concat(readdirSync(dirname(file)).map(name => readFileSync(join(dirname(file), name))))

describe('a disk that is full', () => {
  it('undoes the whole claim, says so, and lets it succeed when there is room again', async () => {
    const { db, store } = await connected()
    const logins = Array.from({ length: 100 }, (_, i) => `login-${i}`)
    for (const id of logins) await store.logins.start(started(id))
    await signIn(store, session('older'))
    await limitPages(db, 0)

    const claims = logins.map((login, i) =>
      claim({
        login,
        assertion: { idp: IDP, id: `_assertion-${i}`, rememberUntil: T0 + 10 * MINUTE },
        session: session(`session-${i}`),
        closes: [key('older')],
      }),
    )
    const failed = await firstFailure(claims.map(each => () => store.logins.claim(each)))
    expect(failed.error).to.be.instanceOf(StoreUnavailable).and.include({ reason: 'SQLITE_FULL' })
    const lost = claims[failed.at]!
    expect(await store.logins.find(lost.login, T0)).to.deep.equal(started(lost.login))
    expect(await store.sessions.find(lost.session.key, T0)).to.equal(undefined)

    await limitPages(db, 1_000)
    expect(await store.logins.claim(lost)).to.equal('claimed')
    await store.close()
  })

  it('leaves a roster as it was', async () => {
    const { db, store } = await connected()
    await store.roster.replace('sgo', 'school-1', [record()], { now: T0 })
    const before = await store.roster.bySnils(SNILS)
    await limitPages(db, 10)
    const many = Array.from({ length: 1_000 }, (_, i) => record(`login-${i}`))
    const error = await failureOf(store.roster.replace('sgo', 'school-1', many, { now: T0 }))
    expect(error).to.be.instanceOf(StoreUnavailable)
    expect(await store.roster.bySnils(SNILS)).to.deep.equal(before)
    await store.check()
    await store.close()
  })
})

describe('a database that another program is writing', () => {
  it('is unavailable after a while, and available again when the other has finished', async () => {
    const file = temporaryFile()
    const { store } = await connected(file)
    await store.logins.start(started())
    const other = new Database(file)
    other.exec('begin immediate')
    for (const attempt of [store.check(), store.logins.claim(claim()), store.logins.start(started('login-2'))])
      expect(await failureOf(attempt))
        .to.be.instanceOf(StoreUnavailable)
        .and.include({ reason: 'SQLITE_BUSY' })
    expect(await store.logins.find('login-1', T0), 'readers do not wait').to.deep.equal(started())
    other.exec('rollback')
    await store.check()
    expect(await store.logins.claim(claim())).to.equal('claimed')
    other.close()
    await store.close()
  })
})

async function connected(file = temporaryFile()): Promise<{ db: Kysely<Tables>; store: Store }> {
  const db = openSqlite(file, 10)
  const keys = storeKeys({ dataKeys: [namedKey('d1')], lookupKeys: [namedKey('l1')] })
  return { db, store: await storeOver(db, keys, limits) }
}

/** Lets the database grow by so many pages and no more: to SQLite the same as a full disk. */
async function limitPages(db: Kysely<Tables>, more: number): Promise<void> {
  const { rows } = await sql<{ page_count: number }>`pragma page_count`.execute(db)
  await sql`pragma max_page_count = ${sql.raw(String(rows[0]!.page_count + more))}`.execute(db)
}

/** @returns the first of them that failed, asked one after another */
async function firstFailure(asks: readonly (() => Promise<unknown>)[]): Promise<{ at: number; error: unknown }> {
  for (const [at, ask] of asks.entries()) {
    try {
      await ask()
    } catch (error) {
      return { at, error }
    }
  }
  throw new Error('None of them failed.')
}
