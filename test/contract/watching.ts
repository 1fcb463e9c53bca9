/** What Watching and Alerts must do, whichever database is behind them. */
import { expect } from 'chai'
import type { AuditEvent } from '../../src/audit/audit.js'
import type { Store } from '../../src/store/open.js'
import type { Deciding, Mark, NewAnomaly } from '../../src/watch/ports.js'
import { message } from './messages.js'
import { HOUR, IDP, MINUTE, NUMBER, person, T0, together, using, type Open } from './samples.js'

const DAY = 24 * HOUR
const event = (change: Partial<AuditEvent> = {}): AuditEvent => ({
  ...{ at: T0, what: 'login.refused', result: 'refused', number: NUMBER, code: 'code.wrong' },
  ...change,
})
const mark = (change: Partial<Mark> = {}): Mark => ({
  ...{ tally: 'rule', subject: 'anna', mark: 'one', count: 1, at: T0, goneAt: T0 + HOUR },
  ...change,
})
const anomaly = (change: Partial<NewAnomaly> = {}): NewAnomaly => ({
  ...{ rule: 'travel', subject: { kind: 'person', name: 'anna' }, value: 7, at: T0, number: NUMBER },
  ...change,
})
const lock = (change = {}) =>
  ({ ...anomaly(), since: T0, until: T0 + HOUR, ...change, subject: { kind: 'person', name: 'anna' } }) as const
const deciding = (change: Partial<Deciding> = {}): Deciding => ({
  ...{ by: 'os:it', reason: 'because', now: T0 + MINUTE, event: event({ what: 'lock.lifted', result: 'ok' }) },
  ...change,
})
const events = async (store: Store) => (await store.audit.byNumber(NUMBER)).map(({ what }) => what)
const write = async (store: Store, count: number, at = T0) => {
  for (let i = 0; i < count; i++) await store.audit.record(event({ at, facts: { i } }))
}
const note = (store: Store, change: Partial<NewAnomaly> = {}) =>
  store.watching.round(book => book.note(anomaly(change)))
const open = (store: Store) => store.watching.list(['open'], 10)

export function watchingContract(driver: string, open: Open): void {
  describe(`watching: ${driver}`, () => {
    reading(open)
    counting(open)
    finding(open)
    locking(open)
    telling(open)
  })
}

function reading(open: Open): void {
  it(
    'gives every row once, in the order of the chain, however many nodes ask',
    using(open, async store => {
      await write(store, 7)
      await store.chain.take(T0, 3)
      await store.chain.take(T0, 500)
      const taken = await together(() => store.watching.round(book => book.rows(2)))
      const rest = await store.watching.round(book => book.rows(100))
      const rows = [...taken.flat(), ...rest].map(({ facts }) => facts?.['i'])
      expect([...rows].sort()).to.deep.equal([0, 1, 2, 3, 4, 5, 6])
      expect(await store.watching.round(book => book.rows(100))).to.deep.equal([])
    }),
  )

  it(
    'sees no row before the chain has taken it, and none again after a round that failed',
    using(open, async store => {
      await write(store, 2)
      expect(await store.watching.round(book => book.rows(9))).to.deep.equal([])
      await store.chain.take(T0, 500)
      const failing = store.watching.round(async book => {
        expect(await book.rows(9)).to.have.length(2)
        await book.add([mark()])
        throw new RangeError('no')
      })
      expect(await failing.catch((error: unknown) => error)).to.be.instanceOf(RangeError)
      expect(await store.watching.round(book => book.total('rule', ['anna'], 0))).to.deep.equal(new Map())
      expect(await store.watching.round(book => book.rows(9))).to.have.length(2)
    }),
  )
}

function counting(open: Open): void {
  it(
    'adds marks of one name up and moves their time on, each tally and subject by itself',
    using(open, async store => {
      const other = mark({ mark: 'two', count: 5 })
      await store.watching.round(async book => {
        await book.add([mark(), other, mark({ subject: 'boris' }), mark({ tally: 'another' })])
        await book.add([mark({ at: T0 + 5, goneAt: T0 + 5 + HOUR, count: 2 })])
      })
      await store.watching.round(async book => {
        const both = ['anna', 'boris', 'nobody']
        expect(await book.total('rule', both, T0 - 1)).to.deep.equal(new Map([['anna', 8], ['boris', 1]])) // prettier-ignore
        expect(await book.different('rule', both, T0 - 1)).to.deep.equal(new Map([['anna', 2], ['boris', 1]])) // prettier-ignore
        expect(await book.different('rule', ['anna'], T0), 'what is as old as that').to.deep.equal(
          new Map([['anna', 1]]),
        )
        const marks = await book.marks('rule', 'anna', T0 - 1)
        const sum = mark({ count: 3, at: T0 + 5, goneAt: T0 + 5 + HOUR })
        expect(marks).to.have.deep.members([sum, other])
        await book.forget('rule', 'anna')
        expect(await book.total('rule', both, 0)).to.deep.equal(new Map([['boris', 1]]))
      })
    }),
  )

  it(
    'takes more marks than a statement holds, and forgets those that matter to nobody any more',
    using(open, async store => {
      const many = Array.from({ length: 1_200 }, (_, i) => mark({ mark: `m${i}`, goneAt: T0 + i }))
      await store.watching.round(book => book.add(many))
      await store.watching.sweep(T0 + 999)
      const left = await store.watching.round(book => book.different('rule', ['anna'], 0))
      expect(left.get('anna')).to.equal(200)
    }),
  )
}

function finding(open: Open): void {
  it(
    'one anomaly of a rule and a subject lives at a time, and grows',
    using(open, async store => {
      const { id } = await note(store)
      expect(await note(store, { value: 5, at: T0 + 9 })).to.deep.equal({ id, isNew: false })
      expect(await note(store, { value: 9, at: T0 + 3 })).to.deep.equal({ id, isNew: false })
      expect((await note(store, { rule: 'many-devices' })).isNew).to.equal(true)
      const found = await store.watching.find(id)
      expect(found).to.deep.equal({
        ...{ id, rule: 'travel', subject: { kind: 'person', name: 'anna' }, value: 9, first: T0, last: T0 + 9 },
        ...{ state: 'open', told: 0, accounts: [], number: NUMBER },
      })
      expect(await store.watching.open()).to.deep.equal(new Map([['many-devices', 1], ['travel', 1]])) // prettier-ignore
    }),
  )

  it(
    'closes what is quiet, and then another one opens',
    using(open, async store => {
      const { id } = await note(store)
      expect(await store.watching.round(book => book.closeQuiet(T0, T0 + DAY))).to.equal(0)
      expect(await store.watching.round(book => book.closeQuiet(T0 + 1, T0 + DAY))).to.equal(1)
      expect((await store.watching.find(id))?.state).to.equal('closed')
      expect((await note(store)).isNew).to.equal(true)
    }),
  )

  it(
    'is acknowledged once, with its line in the audit, and is open no more',
    using(open, async store => {
      const { id } = await note(store)
      const said = deciding({ event: event({ what: 'anomaly.acknowledged', result: 'ok' }) })
      const answers = await together(() => store.watching.acknowledge(id, said))
      expect(answers.filter(Boolean)).to.have.length(1)
      expect(await events(store)).to.deep.equal(['anomaly.acknowledged'])
      expect(await store.watching.find(id)).to.include({ state: 'acknowledged', by: 'os:it', reason: 'because' })
      expect((await note(store)).isNew, 'it is known').to.equal(false)
    }),
  )
}

function locking(open: Open): void {
  it(
    'one lock of a subject stands at a time, to its end, whoever sets it',
    using(open, async store => {
      const set = await together(i =>
        i % 2 === 0
          ? store.watching.round(book => book.lock({ ...lock(), rule: 'travel' }, 'a'))
          : store.watching.lock({ ...lock(), rule: 'by-hand' }, deciding()),
      )
      expect(set.filter((_, i) => i % 2 === 1).filter(Boolean), 'by hand').to.have.length(1)
      expect((await store.watching.locks(T0 + HOUR - 1)).map(({ rule }) => rule)).to.deep.equal(['by-hand'])
      expect(await store.watching.locks(T0 + HOUR)).to.deep.equal([])
      const again = lock({ since: T0 + HOUR, until: T0 + 2 * HOUR })
      expect(await store.watching.lock({ ...again, rule: 'by-hand' }, deciding())).to.equal(true)
    }),
  )

  it(
    'a lock by hand takes the place of one by a rule, which the person might lift, and not of another by hand',
    using(open, async store => {
      const byHand = { ...lock({ until: T0 + DAY }), rule: 'by-hand' } as const
      await store.watching.round(book => book.lock({ ...lock(), rule: 'travel' }, 'a'))
      expect(await store.watching.lock(byHand, deciding())).to.equal(true)
      expect((await store.watching.locks(T0)).map(({ rule, until }) => [rule, until])).to.deep.equal([
        ['by-hand', T0 + DAY],
      ])
      expect(await store.watching.lock(byHand, deciding())).to.equal(false)
      expect(await store.watching.round(book => book.lock({ ...lock(), rule: 'travel' }, 'a'))).to.equal(false)
      expect(await events(store)).to.have.length(1)
    }),
  )

  it(
    'lifting ends lock, anomalies and counts of this subject alone, once',
    using(open, async store => {
      const { id } = await note(store)
      await store.watching.round(async book => {
        await book.lock(lock(), id)
        await book.lock({ ...lock(), subject: { kind: 'person', name: 'boris' } }, id)
        await book.add([mark(), mark({ subject: 'boris' })])
      })
      const lifted = await together(() => store.watching.unlock(lock().subject, deciding()))
      expect(lifted.filter(Boolean)).to.have.length(1)
      expect(await events(store)).to.deep.equal(['lock.lifted'])
      expect((await store.watching.find(id))?.state).to.equal('closed')
      expect((await store.watching.locks(T0)).map(({ subject: { name } }) => name)).to.deep.equal(['boris'])
      const left = await store.watching.round(book => book.total('rule', ['anna', 'boris'], 0))
      expect(left).to.deep.equal(new Map([['boris', 1]]))
    }),
  )

  it(
    'banners are raised and lowered one by one by the watch, and all at once by hand',
    using(open, async store => {
      const raised = { idp: IDP, trouble: 'errors', since: T0 } as const
      await store.watching.round(book => book.raise(raised))
      const until = T0 + HOUR
      const byHand = event({ what: 'banner.raised', result: 'ok' })
      await store.watching.raise({ ...raised, trouble: 'silent', since: T0 + 1, until }, byHand)
      await store.watching.raise({ ...raised, trouble: 'silent', since: T0 + 2, until: until + 1 }, byHand)
      const silent = { ...raised, trouble: 'silent', since: T0 + 1, until: until + 1 }
      expect(await store.watching.banners(until)).to.deep.equal([raised, silent])
      expect(await store.watching.banners(until + 1)).to.deep.equal([raised])
      await store.watching.round(book => book.lower(IDP, 'errors'))
      expect(await store.watching.lower(IDP, event({ what: 'banner.lowered', result: 'ok' }))).to.equal(1)
      expect(await store.watching.lower(IDP, event({ what: 'banner.lowered', result: 'ok' }))).to.equal(0)
      expect(await events(store)).to.deep.equal(['banner.raised', 'banner.raised', 'banner.lowered'])
    }),
  )
}

function telling(openStore: Open): void {
  const content = { at: T0, anomalies: [], more: 0 }
  const alert = (id: string) => ({ id, channel: 'webhook', content, since: T0 })

  it(
    'one node tells of an anomaly; again only when it goes on, and not when it is known',
    using(openStore, async store => {
      const { id } = await note(store)
      const untold = await store.watching.untold(0, 10)
      expect(untold.map(each => each.id)).to.deep.equal([id])
      const told = await together(i =>
        store.watching.tell({ anomalies: untold, alerts: [alert(`alert-${i}`)], now: T0 + 1 }),
      )
      expect(told.filter(Boolean)).to.have.length(1)
      expect(await store.alerts.due(T0, T0 + MINUTE, 10)).to.have.length(1)
      expect(await store.watching.lastTold()).to.equal(T0 + 1)
      expect(await store.watching.untold(T0 + HOUR, 10), 'nothing since').to.deep.equal([])
      await note(store, { at: T0 + 2 })
      expect(await store.watching.untold(T0, 10), 'too soon').to.deep.equal([])
      expect(await store.watching.untold(T0 + 1, 10)).to.have.length(1)
      await store.watching.acknowledge(id, deciding())
      expect(await store.watching.untold(T0 + 1, 10)).to.deep.equal([])
    }),
  )

  it(
    'whose it is, is looked up once, and what the owner is told is written with it',
    using(openStore, async store => {
      const { id } = await note(store)
      await note(store, { rule: 'codes-tried', subject: { kind: 'network', name: '192.0.2.1' } })
      expect((await store.watching.unowned(10)).map(each => each.id)).to.deep.equal([id])
      const accounts = [{ school: 'school-1', journal: 'sgo', accountId: 'a-1' }]
      const owned = await together(i =>
        store.watching.own(id, accounts, message({ id: `m-${i}`, person, kind: 'unusual' })),
      )
      expect(owned.filter(Boolean)).to.have.length(1)
      expect(await store.outbox.due(T0, T0 + MINUTE, 10)).to.have.length(1)
      expect((await open(store)).find(each => each.id === id)?.accounts).to.deep.equal(accounts)
      expect(await store.watching.unowned(10)).to.deep.equal([])
    }),
  )

  it(
    'an alert is put off, taken by one node at a time, and gone when it was forgotten',
    using(openStore, async store => {
      await store.watching.tell({ anomalies: [], alerts: [alert('one')], now: T0 })
      const due = await together(() => store.alerts.due(T0, T0 + MINUTE, 10))
      expect(due.flat()).to.deep.equal([{ ...alert('one'), attempts: 0 }])
      await store.alerts.putOff('one', T0 + 5 * MINUTE)
      expect(await store.alerts.due(T0 + 5 * MINUTE - 1, T0, 10)).to.deep.equal([])
      expect(await store.alerts.due(T0 + 5 * MINUTE, T0 + HOUR, 10)).to.deep.equal([{ ...alert('one'), attempts: 1 }])
      await store.alerts.forget('one')
      expect(await store.alerts.due(T0 + DAY, T0 + DAY, 10)).to.deep.equal([])
    }),
  )

  it(
    'what was tried and not taken is counted, by whom it is for and by which way',
    using(openStore, async store => {
      const { id } = await note(store)
      await store.watching.own(id, [], message({ id: 'm', person, kind: 'unusual' }))
      const alerts = ['webhook', 'email A', 'email B'].map(channel => ({ ...alert(channel), channel }))
      await store.watching.tell({ anomalies: [], alerts, now: T0 })
      const counts = async () => (await store.undelivered()).map(({ to, way, count }) => `${to} ${way} ${count}`)
      expect(await counts(), 'not tried yet').to.deep.equal(['people email 0', 'administration email 0', 'administration webhook 0']) // prettier-ignore
      for (const each of ['webhook', 'email A', 'email B']) await store.alerts.putOff(each, T0 + HOUR)
      await store.outbox.putOff('m', T0 + HOUR)
      expect(await counts()).to.deep.equal(['people email 1', 'administration email 2', 'administration webhook 1'])
      await store.alerts.forget('email A')
      expect(await counts()).to.deep.equal(['people email 1', 'administration email 1', 'administration webhook 1'])
    }),
  )
}
