/** What the person sees when the bridge itself is in trouble, and that nothing is lost by it. */
import { expect } from 'chai'
import { sql, type Kysely } from 'kysely'
import type { Configuration } from '../../src/settings/configuration.js'
import { storeKeys, storeOver } from '../../src/store/open.js'
import { openSqlite } from '../../src/store/sqlite.js'
import type { Tables } from '../../src/store/tables.js'
import { Browser } from '../support/browser.js'
import { signInAtIdp } from '../support/sign-in.js'
import { NUMBER } from '../support/told.js'
import { startTestTown, type TestTown } from '../support/town.js'

describe('flow: a disk that is full', () => {
  let town: TestTown
  let db: Kysely<Tables>
  before(async () => {
    const openStore = ({ settings, secrets }: Configuration) => {
      db = openSqlite(settings.storage.database.slice('sqlite:'.length), 10)
      return storeOver(db, storeKeys({ dataKeys: secrets.data, lookupKeys: secrets.lookup }), settings.sessions)
    }
    town = await startTestTown({ openStore })
  })
  after(() => town.close())

  /** Lets the database grow by so many pages and no more: to SQLite the same as a full disk. */
  async function leaveRoom(pages: number): Promise<void> {
    const { rows } = await sql<{ page_count: number }>`pragma page_count`.execute(db)
    await sql`pragma max_page_count = ${sql.raw(String(rows[0]!.page_count + pages))}`.execute(db)
  }

  /** Writes until no more fits, so that the next write of any size fails. */
  async function fill(): Promise<void> {
    await leaveRoom(0)
    for (let i = 0; i < 1_000; i++)
      if ((await new Browser().get(`${town.town.bridge}/login?journal=sgo`)).status === 503) return
    throw new Error('the disk never filled')
  }

  it('answers 503 with a page and a number, and the same answer enters when there is room again', async () => {
    const browser = new Browser()
    const answer = await signInAtIdp(
      browser,
      await browser.get(`${town.town.bridge}/login?journal=sgo`),
      'father@mail.example',
    )
    await fill()
    const closed = await browser.submit(answer)
    expect(closed.status).to.equal(503)
    expect(closed.headers.get('retry-after')).to.equal('30')
    expect(closed.text).to.include('Вход временно не работает')
    expect(closed.text).to.match(NUMBER)
    expect((await browser.get(`${town.town.bridge}/healthz`)).status, 'the process lives').to.equal(200)

    await leaveRoom(1_000)
    expect((await browser.get(`${town.town.bridge}/readyz`)).status).to.equal(200)
    const entered = await browser.submit(answer)
    expect(entered.url.origin, entered.text).to.equal(town.town.journals)
  })

  it('says in JSON that it is unavailable when a program asks', async () => {
    await fill()
    const page = await new Browser({ accept: 'application/json' }).get(`${town.town.bridge}/login?journal=sgo`)
    expect(page.status).to.equal(503)
    expect(JSON.parse(page.text)).to.include({ failed: 'unavailable' })
    await leaveRoom(1_000)
  })
})

describe('flow: a refusal for somebody who reads English', () => {
  let town: TestTown
  before(async () => {
    town = await startTestTown()
  })
  after(() => town.close())

  const refusedFor = async (languages: string): Promise<string> => {
    const response = await fetch(`${town.town.bridge}/login?journal=nowhere`, {
      headers: { accept: 'text/html', 'accept-language': languages },
    })
    expect(response.status).to.equal(404)
    return response.text()
  }

  it('tells the story in English first when the browser asks for it, and closed at the end otherwise', async () => {
    const english = await refusedFor('en-GB,en;q=0.9,ru;q=0.3')
    expect(english).to.match(/<details class="english" lang="en"\s* open\s*>/)
    expect(english.indexOf('>There is no such journal')).to.be.below(english.indexOf('<h1>Такого журнала здесь нет'))
    for (const languages of ['ru-RU,ru;q=0.9,en;q=0.8', 'tt,ru;q=0.5,en;q=0.4', '*']) {
      const russian = await refusedFor(languages)
      expect(russian).to.match(/<details class="english" lang="en"\s*>/)
      expect(russian.indexOf('<h1>Такого журнала здесь нет')).to.be.below(russian.indexOf('>There is no such journal'))
    }
  })
})
