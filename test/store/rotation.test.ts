/** A change of keys: every value moves, and the old keys can go. */
import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import Database from 'libsql'
import { projectFile } from '../../src/base/project-file.js'
import { finishRotation, rotate } from '../../src/login/rotating.js'
import { openStore } from '../../src/store/open.js'
import { event, link } from '../contract/links.js'
import { failureOf, person, record, SNILS, T0 } from '../contract/samples.js'
import { options, temporaryFile } from './databases.js'
import { read } from './living.js'

import { DAY, at, columns, filled, left, listed, move, onlyNew, open, states, under } from './rotating.js'

describe('the lists of the rotation', () => {
  it('name every column that names a key when everything has been written', async () => {
    const found = columns(under(await filled(), 'd1', 'l2'))
    expect(found.filter(column => !listed.has(column))).to.deep.equal([])
    expect(
      [...listed].filter(column => !found.includes(column)),
      'and what is listed was seen',
    ).to.deep.equal([])
  })

  it('name every look-up column of every table', async () => {
    const raw = new Database(await filled())
    const found = raw
      .prepare(
        "select m.name || '.' || c.name as name from sqlite_master m, pragma_table_info(m.name) c where m.type = 'table' and c.name like '%hmac%'",
      )
      .all() as { name: string }[]
    raw.close()
    expect(found.map(({ name }) => name).filter(name => !listed.has(name))).to.deep.equal([])
    expect(found).to.have.length.greaterThan(14)
  })

  it('name every column that the types call sealed or blind', () => {
    const text = ['tables.ts', 'tables-people.ts']
      .map(name => readFileSync(projectFile(`src/store/${name}`), 'utf8'))
      .join('')
    const found = [...text.matchAll(/(\w+): (?:Sealed|Blind)\b/g)].map(([, column]) => column!)
    const known = new Set([...listed].map(name => name.split('.')[1]))
    expect(found.filter(column => !known.has(column))).to.deep.equal([])
    expect(found).to.have.length.greaterThan(25)
  })
})

describe('a change of keys', () => {
  it('moves every value but those whose plain value is kept nowhere, and changes nothing that anybody reads', async () => {
    const file = await filled()
    const store = await open(file)
    const before = await read(store)
    const { moved, unreadable } = await move(store)
    expect(moved).to.be.greaterThan(12)
    expect(unreadable).to.equal(0)
    expect(await read(store)).to.deep.equal(before)
    expect(left(file, 'd1', 'l2')).to.deep.equal([
      'attempts.who_hmac',
      'codes.code_hmac',
      'confirmations.code_hmac',
      'devices.device_hmac',
      'logout_requests.name_id_hmac',
      'logout_requests.session_index_hmacs',
      'rate_counts.who_hmac',
    ])
    expect(await move(store), 'a second time there is nothing to do').to.include({ moved: 0 })
    await store.close()
  })

  it('goes on wherever it was stopped', async () => {
    const file = await filled()
    for (let steps = 0; ; steps += 1) {
      const store = await open(file)
      let left = steps
      const pause = () => (left-- > 0 ? Promise.resolve() : Promise.reject(new Error('killed')))
      const done = await rotate({ rotation: store.rotation, ...at(T0), pause }).catch(() => undefined)
      await store.close()
      if (done) break
    }
    expect(left(file, 'd1')).to.deep.equal([])
  })

  it('lets an old key go when nothing stands under it, and journals know people as before', async () => {
    const file = temporaryFile()
    const before = await openStore(options(`sqlite:${file}`))
    await before.roster.replace('sgo', 'school-1', [record()], { now: T0 })
    await before.links.make(link(), event('link.made'))
    const subject = before.pseudonyms.forJournal(person, 'sgo')
    await before.close()
    expect(await failureOf(open(file, onlyNew))).to.match(/key d1 is missing/)

    const store = await open(file)
    expect((await states(store)).map(({ id, state }) => [id, state])).to.deep.equal([
      ['d2', 'in-use'],
      ['d1', 'rows'],
      ['l3', 'in-use'],
      ['l2', 'rows'],
    ])
    const { moved } = await move(store)
    const free = await finishRotation({ rotation: store.rotation, ...at(T0) }, await states(store), moved)
    expect(free.map(({ id, state }) => [id, state])).to.deep.equal([
      ['d1', 'free'],
      ['l2', 'audit'],
    ])
    const audit = (await states(store, T0 + DAY))[3]
    expect(audit, 'the audit still names people by it').to.include({ state: 'audit', until: T0 + 1096 * DAY })
    expect((await states(store, T0 + 1096 * DAY))[3]).to.include({ state: 'free' })
    await store.close()

    const after = await open(file, onlyNew)
    expect(after.pseudonyms.forJournal(person, 'sgo')).to.equal(subject)
    expect(await after.roster.bySnils(SNILS)).to.have.length(1)
    expect((await after.links.around(person, [])).own).to.have.length(1)
    await after.close()
  })

  it('says until when the rest needs the old key, and lets no key go that rows need', async () => {
    const store = await open(await filled())
    await move(store)
    const [, data, , lookup] = await states(store)
    expect(data).to.include({ state: 'free' })
    expect(lookup).to.include({ state: 'rows' }).and.to.have.property('until').that.is.greaterThan(T0)
    const free = await finishRotation({ rotation: store.rotation, ...at(T0) }, await states(store), 0)
    expect(free.map(({ id }) => id)).to.deep.equal(['d1'])
    expect((await states(store))[3]?.kept.map(({ column, rows }) => [column, rows])).to.deep.equal([
      ['codes.code_hmac', 1],
      ['confirmations.code_hmac', 2],
      ['devices.device_hmac', 1],
      ['rate_counts.who_hmac', 1],
      ['attempts.who_hmac', 2],
      ['logout_requests.name_id_hmac', 1],
    ])
    await store.sweep(T0 + 366 * DAY)
    expect((await states(store))[3]?.kept).to.deep.equal([])
    await store.close()
  })

  it('leaves what was altered as it is, counts it, and moves everything else', async () => {
    const file = await filled()
    const thief = new Database(file)
    thief.exec("update links set content = 'd1.' || substr(content, 5)")
    thief.close()
    const store = await open(file)
    expect(await move(store)).to.include({ unreadable: 1 })
    expect(left(file, 'd1')).to.deep.equal(['links.content'])
    expect((await states(store))[1]).to.deep.include({ state: 'rows', kept: [{ column: 'links.content', rows: 1 }] })
    await store.close()
  })
})
