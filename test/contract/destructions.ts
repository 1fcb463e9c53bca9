/** What Destructions must do, whichever database is behind them: the orders that Consents.withdraw writes. */
import { expect } from 'chai'
import type { Destruction } from '../../src/login/consent-ports.js'
import type { Store } from '../../src/store/open.js'
import { giving, withdrawal } from './consents.js'
import { event, link, somebodyElse } from './links.js'
import { HOUR, MINUTE, NUMBER, person, T0, using, type Open } from './samples.js'

const DAY = 24 * HOUR
const DUE = T0 + MINUTE + 14 * DAY

const destroyed = (destruction: Destruction) => ({
  ...event('data.destroyed'),
  number: destruction.number,
  facts: { whole: destruction.done!.whole },
})
const carryOut = (store: Store, at = DUE) => store.destructions.carryOut(at, destroyed)
const links = async (store: Store) => (await store.links.around(person, [])).own.map(({ id }) => id)

/** Two consents for one account (two children), one for another, and a link to each account. */
async function live(store: Store): Promise<void> {
  await store.consents.give(giving())
  await store.consents.give(giving({ id: 'consent-2', choice: 'choice-2' }))
  await store.consents.give(giving({ id: 'consent-3', choice: 'choice-3', accountId: 'a-3' }))
  await store.consents.give(giving({ id: 'other', choice: 'choice-1' }, { by: somebodyElse }))
  await store.links.make(link(), event('link.made'))
  await store.links.make(link({ id: 'link-3', accountId: 'a-3' }), event('link.made'))
}

export function destructionsContract(driver: string, open: Open): void {
  describe(`destructions: ${driver}`, () => {
    orderContract(open)
    scopeContract(open)
  })
}

function orderContract(open: Open): void {
  it(
    'are ordered by a withdrawal and carried out when they are due, once, with their event',
    using(open, async store => {
      await store.consents.give(giving())
      expect(await store.destructions.all()).to.deep.equal([])
      await store.consents.withdraw(['consent-1'], withdrawal())
      const [order] = await store.destructions.byNumber(NUMBER)
      expect(order).to.include({ consent: 'consent-1', person: 'pseudonym', subject: 'subject-in-sgo', dueAt: DUE })
      expect(order).to.include({ accountId: 'a-1', journal: 'sgo', version: '2026-09', orderedAt: T0 + MINUTE })
      expect(await carryOut(store, DUE - 1)).to.equal(undefined)
      const done = await carryOut(store)
      expect(done).to.deep.equal({
        ...order,
        done: {
          at: DUE,
          whole: true,
          destroyed: [
            { category: 'consents', records: 1 },
            { category: 'creations', records: 0 },
            { category: 'accounts', records: 0 },
            { category: 'links', records: 0 },
            { category: 'devices', records: 0 },
            { category: 'messages', records: 0 },
            { category: 'choices', records: 0 },
            { category: 'requests', records: 0 },
          ],
        },
      })
      expect(await carryOut(store)).to.equal(undefined)
      expect(await store.destructions.all()).to.deep.equal([done])
      const events = await store.audit.byNumber(NUMBER)
      expect(events.filter(({ what }) => what === 'data.destroyed')).to.have.length(1)
    }),
  )

  it(
    'are called off when the consent is given again, and leave everything',
    using(open, async store => {
      await live(store)
      await store.consents.withdraw(['consent-1'], withdrawal())
      await store.consents.give(giving({ id: 'consent-4', at: T0 + DAY }))
      expect(await carryOut(store)).to.equal(undefined)
      expect((await store.destructions.all()).map(({ calledOffAt }) => calledOffAt)).to.deep.equal([T0 + DAY])
      expect((await store.consents.ofPerson(person)).every(({ details }) => details)).to.equal(true)
      expect(await links(store)).to.deep.equal(['link-1', 'link-3'])
    }),
  )

  it(
    'remember whose sessions are not known to be over',
    using(open, async store => {
      await store.consents.give(giving())
      await store.consents.withdraw(['consent-1'], withdrawal())
      const ids = async (before: number) => (await store.destructions.sessionsOpen(before)).map(({ id }) => id)
      expect(await ids(T0 + MINUTE)).to.deep.equal([])
      const [id] = await ids(T0 + MINUTE + 1)
      await store.destructions.sessionsEnded([id!], T0 + HOUR)
      expect(await ids(T0 + HOUR)).to.deep.equal([])
    }),
  )

  it(
    'destroy nothing when the event cannot be written',
    using(open, async store => {
      await live(store)
      await store.consents.withdraw(['consent-1', 'consent-2', 'consent-3'], withdrawal())
      const spoilt = store.destructions.carryOut(DUE, () => ({ ...event('data.destroyed'), what: null as never }))
      expect(await spoilt.catch(() => 'failed')).to.equal('failed')
      expect(await links(store)).to.deep.equal(['link-1', 'link-3'])
      expect((await store.destructions.all()).some(({ done }) => done)).to.equal(false)
    }),
  )
}

function scopeContract(open: Open): void {
  it(
    'take what hangs on the one choice while other consents stand, and the link only with its last',
    using(open, async store => {
      await live(store)
      await store.consents.withdraw(['consent-1'], withdrawal())
      expect((await carryOut(store))!.done).to.deep.include({ whole: false })
      const kept = async () =>
        (await store.consents.ofPerson(person)).flatMap(({ id, details }) => (details ? [id] : []))
      expect(await kept()).to.have.members(['consent-2', 'consent-3'])
      expect(await links(store), 'the other child is still shown').to.deep.equal(['link-1', 'link-3'])
      await store.consents.withdraw(['consent-2'], withdrawal())
      await carryOut(store)
      expect(await links(store)).to.deep.equal(['link-3'])
      await store.consents.withdraw(['consent-3'], withdrawal())
      expect((await carryOut(store))!.done!.whole).to.equal(true)
      expect([await kept(), await links(store)]).to.deep.equal([[], []])
    }),
  )

  it(
    'leave the record as proof, without what tells who it was, and everybody else alone',
    using(open, async store => {
      await live(store)
      await store.consents.withdraw(['consent-1', 'consent-2', 'consent-3'], withdrawal())
      while (await carryOut(store));
      const proof = await store.consents.ofPerson(person)
      expect(proof).to.have.length(3)
      for (const consent of proof) {
        expect(consent.details).to.equal(undefined)
        expect(consent).to.include({ person: 'pseudonym', hash: giving().consent.hash, at: T0 })
      }
      expect(await store.consents.ofChild(giving().child!)).to.have.length(1)
      expect((await store.consents.find(somebodyElse, 'choice-1'))!.details).to.deep.equal(giving().consent.details)
    }),
  )
}
