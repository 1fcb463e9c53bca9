import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { sql } from 'kysely'
import { expect } from 'chai'
import { openStore } from '../../src/store/open.js'
import { openSqlite } from '../../src/store/sqlite.js'
import { belongings } from '../../src/store/sql/destroying.js'
import { giving, withdrawal } from '../contract/consents.js'
import { event, link } from '../contract/links.js'
import { HOUR, T0 } from '../contract/samples.js'
import { options, temporaryFile } from './databases.js'

describe('destruction', () => {
  it('reaches every table that knows people by an index of their own', async () => {
    const file = temporaryFile()
    await (await openStore(options(`sqlite:${file}`))).close()
    const db = openSqlite(file)
    const { rows } = await sql<{ name: string }>`
      select m.name from sqlite_master m, pragma_table_info(m.name) c
      where m.type = 'table' and c.name = 'person_hmac'`.execute(db)
    await db.destroy()
    const named = rows.map(({ name }) => name).filter(name => name !== 'destructions')
    expect(named.length).to.be.greaterThan(2)
    expect(belongings.map(({ table }) => table)).to.include.members(named)
  })

  it('leaves no trace of what was sealed in the file', async () => {
    const file = temporaryFile()
    const store = await openStore(options(`sqlite:${file}`))
    await store.consents.give(giving())
    await store.links.make(link(), event('link.made'))
    await store.close()
    const db = openSqlite(file)
    const consent = await db.selectFrom('consents').selectAll().executeTakeFirstOrThrow()
    const linked = await db.selectFrom('links').selectAll().executeTakeFirstOrThrow()
    await db.destroy()
    const sealed = [consent.details!, linked.content, consent.child_id_hmac!, linked.snils_hmac!]
    for (const value of sealed) expect(octets(file).includes(value), 'the search works').to.equal(true)

    const again = await openStore(options(`sqlite:${file}`))
    await again.consents.withdraw(['consent-1'], withdrawal())
    await again.destructions.carryOut(T0 + 30 * 24 * HOUR, () => event('data.destroyed'))
    await again.close()
    for (const value of sealed) expect(octets(file).includes(value), value.slice(0, 8)).to.equal(false)
  })
})

const octets = (file: string): Buffer =>
  Buffer.concat(readdirSync(dirname(file)).map(name => readFileSync(join(dirname(file), name))))
