/** What Links must do, whichever database is behind them. */
import { expect } from 'chai'
import type { NewLink } from '../../src/identity/links.js'
import { UNDO_FOR } from '../../src/words/undo.js'
import type { AuditEvent, EventKind } from '../../src/audit/audit.js'
import type { Store } from '../../src/store/open.js'
import type { Person } from '../../src/words/person.js'
import { entering } from './entering.js'
import {
  claim,
  HOUR,
  IDP,
  key,
  NUMBER,
  OTHER_SNILS,
  person,
  record,
  session,
  signIn,
  started,
  T0,
  together,
  using,
  without,
  type Open,
} from './samples.js'

export const link = (change: Partial<NewLink> = {}): NewLink => ({
  ...{ id: 'link-1', accountId: 'a-1', journal: 'sgo', school: 'school-1', ground: 'snils', since: T0, person },
  listed: { firstName: 'Ёжика', birthDate: '1987-02-28' },
  ...change,
})

export const event = (what: EventKind): AuditEvent => ({ at: T0, what, result: 'ok', number: NUMBER })

export const somebodyElse: Person = { ...person, userId: '1000777444', snils: OTHER_SNILS, lastName: 'Другая' }
/** Госуслуги made a new account for her, or another IdP vouches: the СНИЛС is the same. */
const elsewhere: Person = { ...person, idp: 'https://region.example/idp', userId: '5' }

const kinds = async (store: Store) => (await store.audit.byNumber(NUMBER)).map(({ what }) => what)

export function linksContract(driver: string, open: Open): void {
  describe(`links: ${driver}`, () => {
    makingContract(open)
    endingContract(open)
    enteringContract(open)
  })
}

function makingContract(open: Open): void {
  it(
    'gives back what was made, to its person alone',
    using(open, async store => {
      expect(await store.links.make(link(), event('link.made'))).to.equal('made')
      const made = without(link(), 'person')
      const around = await store.links.around(person, [])
      expect(around).to.deep.equal({ own: [{ ...made, snils: 'same' }], held: new Set() })
      expect((await store.links.around(somebodyElse, [])).own).to.deep.equal([])
      expect(await kinds(store)).to.deep.equal(['link.made'])
    }),
  )

  it(
    'tells a changed СНИЛС from the same and from none',
    using(open, async store => {
      await store.links.make(link(), event('link.made'))
      const snils = async (who: Person) => (await store.links.around(who, [])).own.map(one => one.snils)
      expect(await snils({ ...person, snils: OTHER_SNILS })).to.deep.equal(['other'])
      expect(await snils(without(person, 'snils'))).to.deep.equal(['unknown'])
    }),
  )

  it(
    'holds the account against everybody else, and writes nothing for them',
    using(open, async store => {
      await store.links.make(link(), event('link.made'))
      const second = link({ id: 'link-2', person: somebodyElse })
      expect(await store.links.make(second, event('link.resumed'))).to.equal('held')
      expect((await store.links.around(somebodyElse, ['a-1', 'a-2'])).held).to.deep.equal(new Set(['a-1']))
      expect((await store.links.around(somebodyElse, ['a-1'])).own).to.deep.equal([])
      expect(await kinds(store)).to.deep.equal(['link.made'])
    }),
  )

  it(
    'knows the same human through another IdP by the СНИЛС',
    using(open, async store => {
      await store.links.make(link(), event('link.made'))
      expect((await store.links.around(elsewhere, ['a-1'])).held).to.deep.equal(new Set())
      expect(await store.links.make(link({ id: 'link-2', person: elsewhere }), event('link.made'))).to.equal('made')
      expect((await store.links.around(elsewhere, [])).own.map(({ id }) => id)).to.deep.equal(['link-2'])
    }),
  )

  it(
    'makes one link of ten that come at the same moment, and of two people one gets it',
    using(open, async store => {
      const made = await together(i => store.links.make(link({ id: `link-${i}` }), event('link.made')))
      expect(new Set(made)).to.deep.equal(new Set(['made']))
      expect((await store.links.around(person, [])).own).to.have.length(1)
      const people = [person, somebodyElse] as const
      const raced = await together(i =>
        store.links.make(link({ id: `b-${i}`, accountId: 'b-1', person: people[i % 2]! }), event('link.made')),
      )
      expect(new Set(raced)).to.deep.equal(new Set(['made', 'held']))
      const holders = await Promise.all(people.map(async who => (await store.links.around(who, ['b-1'])).held.size))
      expect(holders.sort()).to.deep.equal([0, 1])
    }),
  )

  it(
    'lists the people of a school, and no other school or ended link',
    using(open, async store => {
      await store.links.make(link(), event('link.made'))
      await store.links.make(link({ id: 'link-2', accountId: 'a-2', school: 'school-2' }), event('link.made'))
      await store.links.make(link({ id: 'link-3', accountId: 'a-3' }), event('link.made'))
      await store.links.end(person, 'link-3', T0, event('link.ended'))
      const listed = []
      for await (const one of store.links.inSchool('sgo', 'school-1')) listed.push([one.id, one.lastName])
      expect(listed).to.deep.equal([['link-1', person.lastName]])
    }),
  )

  it(
    'tells whether the list gives the account to the number of the link',
    using(open, async store => {
      const records = [record('same'), record('other', { snils: OTHER_SNILS }), without(record('none'), 'snils')]
      await store.roster.replace('sgo', 'school-1', records, { now: T0 })
      const ids = new Map((await store.roster.entries({})).map(({ accountId, login }) => [login, accountId]))
      for (const [login, accountId] of ids) await store.links.make(link({ id: login, accountId }), event('link.made'))
      const numbers: Record<string, string> = {}
      for await (const { id, number } of store.links.inSchool('sgo', 'school-1')) numbers[id] = number
      expect(numbers).to.deep.equal({ same: 'listed', other: 'other', none: 'unknown' })
    }),
  )
}

function endingContract(open: Open): void {
  it(
    'ends for its person alone, once, and gives the account free',
    using(open, async store => {
      await store.links.make(link(), event('link.made'))
      expect(await store.links.end(somebodyElse, 'link-1', T0 + HOUR, event('link.ended'))).to.equal(false)
      expect(await store.links.end(person, 'link-1', T0 + HOUR, event('link.ended'))).to.equal(true)
      expect(await store.links.end(person, 'link-1', T0 + HOUR, event('link.ended'))).to.equal(false)
      const { own, held } = await store.links.around(person, ['a-1'])
      expect([own[0]?.ended, held]).to.deep.equal([{ at: T0 + HOUR, by: 'person' }, new Set()])
      expect((await store.links.around(somebodyElse, ['a-1'])).held).to.deep.equal(new Set())
      expect(await kinds(store)).to.deep.equal(['link.made', 'link.ended'])
    }),
  )

  it(
    'comes back for 30 days, for its person, unless somebody else has the account by now',
    using(open, async ({ links }) => {
      const resume = (who: Person, at: number) => links.resume(who, 'link-1', at, event('link.resumed'))
      await links.make(link(), event('link.made'))
      expect(await resume(person, T0), 'it never ended').to.equal('gone')
      await links.end(person, 'link-1', T0, event('link.ended'))
      expect(await resume(somebodyElse, T0 + HOUR)).to.equal('gone')
      expect(await resume(person, T0 + UNDO_FOR)).to.equal('gone')
      expect(await resume(person, T0 + UNDO_FOR - 1)).to.equal('resumed')
      await links.end(person, 'link-1', T0, event('link.ended'))
      await links.make(link({ id: 'link-2', person: somebodyElse }), event('link.made'))
      expect(await resume(person, T0 + HOUR)).to.equal('held')
    }),
  )
}

function enteringContract(open: Open): void {
  it(
    'is made in the transaction of the entry, or nobody enters',
    using(open, async store => {
      await signIn(store, session())
      expect(await store.logins.enter(entering({ link: link() }))).to.equal('entered')
      expect((await store.links.around(person, [])).own.map(({ id }) => id)).to.deep.equal(['link-1'])
      const second = entering({ link: link({ id: 'link-2', person: somebodyElse }) })
      expect(await store.logins.enter(second)).to.equal('held')
      expect((await kinds(store)).filter(what => what === 'journal.entered')).to.have.length(1)
    }),
  )

  it(
    'is made in the transaction of the sign-in, or the answer stays unused',
    using(open, async store => {
      await store.roster.replace('sgo', 'school-1', [record()], { now: T0 })
      await store.links.make(link({ person: somebodyElse }), event('link.made'))
      await store.logins.start(started())
      const held = claim({ entering: entering({ link: link({ id: 'link-2' }) }) })
      expect(await store.logins.claim(held)).to.equal('held')
      expect(await store.sessions.find(key('session-1'), T0)).to.equal(undefined)
      expect(await store.logins.findByAssertion({ idp: IDP, id: held.assertion.id }, T0)).to.equal(undefined)
      expect(
        await store.logins.claim({ ...held, entering: entering({ link: link({ id: 'l', accountId: 'free' }) }) }),
      ).to.equal('claimed')
    }),
  )
}
