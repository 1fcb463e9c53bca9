/** A change of keys that is half done: nobody is lost or doubled, whoever writes beside it. */
import { expect } from 'chai'
import Database from 'libsql'
import { systemChance } from '../../src/base/chance.js'
import { withdrawConsents } from '../../src/login/withdrawing.js'
import { rotate, stragglersNow } from '../../src/login/rotating.js'
import { createLookup } from '../../src/store/lookup.js'
import { openStore, storeKeys, type Store, type StoreOptions } from '../../src/store/open.js'
import { createRotation } from '../../src/store/rotation/rotation.js'
import { createSeal, type Seal } from '../../src/store/sealed.js'
import { openSqlite } from '../../src/store/sqlite.js'
import { answer, device, given, start } from '../contract/confirmations.js'
import { giving, withdrawal } from '../contract/consents.js'
import { event, link, somebodyElse } from '../contract/links.js'
import { request } from '../contract/requests.js'
import {
  HOUR,
  logoutOrder,
  MINUTE,
  NUMBER,
  OTHER_SNILS,
  person,
  record,
  session,
  signIn,
  SNILS,
  T0,
} from '../contract/samples.js'
import type { Person } from '../../src/words/person.js'
import { options, temporaryFile } from './databases.js'

import {
  DAY,
  at,
  both,
  filled,
  left,
  move,
  newData,
  newLookup,
  oldData,
  oldLookup,
  onlyNew,
  open,
  states,
} from './rotating.js'

describe('while keys are being changed', () => {
  /** @param act done before the first step, after every step, and after the last one */
  async function between(act: (store: Store) => Promise<void>): Promise<void> {
    const store = await open(await filled())
    await act(store)
    await rotate({ rotation: store.rotation, ...at(T0), pause: () => act(store) })
    await act(store)
    await store.close()
  }

  /** A link to an account of the list. */
  async function halfDone(act: (store: Store) => Promise<unknown>): Promise<void> {
    const file = temporaryFile()
    const before = await openStore(options(`sqlite:${file}`))
    await before.roster.replace('sgo', 'school-1', [record()], { now: T0 })
    const { accountId } = (await before.roster.bySnils(SNILS))[0]!
    await before.links.make(link({ accountId }), event('link.made'))
    await before.close()
    const store = await open(file)
    await act(store)
    await rotate({ rotation: store.rotation, ...at(T0), pause: () => act(store).then(() => undefined) })
    await act(store)
    await store.close()
  }

  it('nobody is doubled and nobody is lost: links, consents, questions, lists', () =>
    between(async store => {
      expect(await store.links.make(link({ id: `link-${Math.random()}` }), event('link.made'))).to.equal('made')
      expect((await store.links.around(person, ['a-1'])).own).to.have.length(1)
      expect(await store.links.make(link({ id: 'thief', person: somebodyElse }), event('link.made'))).to.equal('held')
      expect(await store.consents.give(giving({ id: `consent-${Math.random()}` }))).to.equal(false)
      expect(await store.requests.file([request()], event('login.refused'))).to.deep.equal([NUMBER])
      expect(await store.requests.of(person)).to.have.length(1)
      const plan = await store.roster.plan('sgo', 'school-1', [record()])
      expect(plan).to.include({ unchanged: 1 }).and.to.deep.include({ added: [], changed: [] })
      expect(await store.roster.bySnils(SNILS)).to.have.length(1)
    }))

  it('the IdP still finds the session that it ends', async () => {
    for (const steps of [0, 3, 9, 99]) {
      const store = await open(await filled())
      let left = steps
      const pause = () => (left-- > 0 ? Promise.resolve() : Promise.reject(new Error('enough')))
      await rotate({ rotation: store.rotation, ...at(T0), pause }).catch(() => undefined)
      const ended: string[] = []
      await store.logouts.obey(logoutOrder({ id: '_request-2' }), T0 + MINUTE, T0, found => {
        ended.push(...found.map(({ key }) => key))
        return { ends: found.map(({ key }) => key), notices: [], events: [] }
      })
      expect(ended, `after ${steps} steps`).to.deep.equal(['session-1'])
      await store.close()
    }
  })

  it('a withdrawal destroys what stands under either key', async () => {
    const file = temporaryFile()
    const before = await openStore(options(`sqlite:${file}`))
    await before.consents.give(giving())
    await before.links.make(link(), event('link.made'))
    await before.consents.withdraw(['consent-1'], withdrawal())
    await before.close()
    const store = await open(file)
    await store.requests.file([request()], event('login.refused'))
    const done = await store.destructions.carryOut(T0 + 60 * DAY, () => event('data.destroyed'))
    expect(done?.done).to.deep.include({
      whole: true,
      destroyed: [
        { category: 'consents', records: 1 },
        { category: 'creations', records: 0 },
        { category: 'accounts', records: 0 },
        { category: 'links', records: 1 },
        { category: 'devices', records: 0 },
        { category: 'messages', records: 0 },
        { category: 'choices', records: 0 },
        { category: 'requests', records: 1 },
      ],
    })
    await store.close()
  })

  it('a withdrawal, and a school that gives the account to another, end the trust in a device under either key', async () => {
    for (const ends of ['withdrawal', 'school'] as const) {
      const file = temporaryFile()
      const before = await openStore(options(`sqlite:${file}`))
      await before.roster.replace('sgo', 'school-1', [record()], { now: T0 })
      const [account] = await before.roster.entries({})
      const { accountId } = account!
      await before.consents.give(giving())
      await before.links.make(link({ accountId }), event('link.made'))
      await before.close()
      const store = await open(file)
      await start(store)
      await store.confirmations.answer(answer({ remember: device() }), given)
      const trusts = () => store.devices.trusts([device().key], person, T0 + MINUTE)
      expect(await trusts(), ends).to.equal(true)
      if (ends === 'withdrawal') await store.consents.withdraw(['consent-1'], withdrawal())
      else {
        await store.requests.file([request({ person: somebodyElse, accountIds: [accountId] })], event('login.refused'))
        const [asked] = await store.requests.open(['school-1'], 1)
        const decided = { granted: true, at: T0, by: 'admin', reason: 'паспорт', accountId }
        expect(await store.requests.decide(asked!.id, decided, event('request.decided'))).to.equal('decided')
      }
      expect(await trusts(), ends).to.equal(false)
      await store.close()
    }
  })

  it('a withdrawal ends the sessions of a person whom the audit called by another name then', async () => {
    const file = temporaryFile()
    const before = await openStore(options(`sqlite:${file}`))
    const given = giving({ person: before.pseudonyms.forAudit(person), subject: 'another-subject' })
    await before.consents.give(given)
    await signIn(before, session())
    await before.close()
    const store = await open(file)
    const ports = { ...store, ...at(T0 + MINUTE), chance: systemChance, journals: new Map() }
    const consents = await store.consents.ofPerson(person)
    expect(await withdrawConsents(ports, consents, 'operator', NUMBER)).to.include({ sessions: 1 })
    expect(await store.sessions.find(session().key, T0 + MINUTE)).to.equal(undefined)
    await store.close()
  })

  it('a link still stands under the number of the list', () => {
    const numbers = async (store: Store) => {
      const found: string[] = []
      for await (const { number } of store.links.inSchool('sgo', 'school-1')) found.push(number)
      return found
    }
    return halfDone(async store => expect(await numbers(store)).to.deep.equal(['listed']))
  })

  it('a confirmed СНИЛС and what it was before move with the link', async () => {
    const file = temporaryFile()
    const before = await openStore(options(`sqlite:${file}`))
    await before.roster.replace('sgo', 'school-1', [record()], { now: T0 })
    const { accountId } = (await before.roster.bySnils(SNILS))[0]!
    await before.links.make(link({ accountId }), event('link.made'))
    const today = { ...person, snils: OTHER_SNILS }
    await before.requests.file([request({ kind: 'snils-changed', person: today, accountIds: [accountId] })], event('login.refused')) // prettier-ignore
    const { id } = (await before.requests.of(today))[0]!
    const decided = { granted: true, at: T0, by: 'admin', reason: 'паспорт', accountId }
    expect(await before.requests.decide(id, decided, event('request.decided'))).to.equal('decided')
    await before.close()

    const store = await open(file)
    await move(store)
    const snils = async (who: Person = today) => (await store.links.around(who, [])).own.map(own => own.snils)
    expect(await snils()).to.deep.equal(['same'])
    expect(await store.requests.takeBack(id, T0 + HOUR, event('request.taken-back'))).to.equal('taken-back')
    expect([await snils(), await snils(person)]).to.deep.equal([['other'], ['same']])
    expect(left(file, 'd1', 'l2')).to.deep.equal([])
    await store.close()
  })

  it('what somebody else writes between reading and writing is not written over', async () => {
    const file = await filled()
    const other = new Database(file)
    const db = openSqlite(file)
    const keys = storeKeys({ dataKeys: [newData, oldData], lookupKeys: [newLookup, oldLookup] })
    const seal = createSeal(keys.data)
    const meddling: Seal = {
      ...seal,
      stamp: () => '',
      seal(place, value) {
        other.exec("update links set content = 'd2.somebody else wrote this'")
        return seal.seal(place, value)
      },
    }
    const rotation = createRotation(db, { seal: meddling, lookup: createLookup(keys.lookup), keys })
    expect(await rotation.move('links', '', 50)).to.include({ moved: 0, missed: 1 })
    const row = await db.selectFrom('links').selectAll().executeTakeFirstOrThrow()
    expect([row.content, row.person_hmac.slice(0, 3)]).to.deep.equal(['d2.somebody else wrote this', 'l2.'])
    other.close()
    await db.destroy()
  })

  it('a second row of one kind, however it came there, is left and counted', async () => {
    const file = temporaryFile()
    const before = await openStore(options(`sqlite:${file}`))
    await before.roster.replace('sgo', 'school-1', [record()], { now: T0 })
    await before.close()
    // a program that did not know the old key imported the same list
    const other = temporaryFile()
    const stranger = await open(other, onlyNew)
    await stranger.roster.replace('sgo', 'school-1', [record()], { now: T0 })
    await stranger.close()
    const raw = new Database(file)
    raw.exec(`attach '${other}' as other; insert into accounts select * from other.accounts`)
    raw.close()
    const store = await open(file)
    expect(await move(store)).to.deep.equal({ moved: 2, unreadable: 0 })
    expect(left(file, 'l2')).to.deep.equal(['accounts.content_hmac', 'accounts.key_hmac', 'accounts.snils_hmac'])
    expect((await states(store))[3])
      .to.include({ state: 'rows' })
      .and.not.to.have.property('until')
    await store.close()
  })

  it('a program that does not know the new keys, or writes under the old ones, is named', async () => {
    const file = temporaryFile()
    const opened = async (change: Partial<StoreOptions>) => {
      const store = await open(file, change)
      await store.keyHolders.tell(T0)
      return store
    }
    const old = await opened({})
    const turned = await opened({ dataKeys: [oldData, newData], lookupKeys: [oldLookup, newLookup] })
    const store = await opened(both)
    const behind = () => stragglersNow({ rotation: store.rotation, ...at(T0 + MINUTE) })
    expect(await behind()).to.have.deep.members([
      { seenAt: T0, lacks: ['secrets.data d2', 'secrets.lookup l3'], writesUnder: ['d1', 'l2'] },
      { seenAt: T0, lacks: [], writesUnder: ['d1', 'l2'] },
    ])
    await Promise.all([old.keyHolders.leave(), turned.keyHolders.leave()])
    expect(await behind()).to.deep.equal([])
    await old.keyHolders.tell(T0)
    expect(
      await stragglersNow({ rotation: store.rotation, ...at(T0 + 4 * MINUTE) }),
      'ended without a word',
    ).to.deep.equal([])
    await Promise.all([old.close(), turned.close(), store.close()])
  })

  it('two sessions of one person under two keys are both ended by the IdP', async () => {
    const file = await filled()
    const store = await open(file)
    await signIn(store, session('session-2'))
    let ended = 0
    await store.logouts.obey(logoutOrder({ id: '_request-2' }), T0 + MINUTE, T0, found => {
      ended = found.length
      return { ends: [], notices: [], events: [] }
    })
    expect(ended).to.equal(2)
    await store.close()
  })
})
