/** What Retention must do, whichever database is behind it. */
import { expect } from 'chai'
import type { EventKind } from '../../src/audit/audit.js'
import { retain } from '../../src/login/retaining.js'
import type { Retained } from '../../src/login/retention-ports.js'
import type { Store } from '../../src/store/open.js'
import { giving, withdrawal } from './consents.js'
import { answer, confirmation, device, given } from './confirmations.js'
import { event, link, somebodyElse } from './links.js'
import { message } from './messages.js'
import { request } from './requests.js'
import type { Person } from '../../src/words/person.js'
import { HOUR, NUMBER, person, record, session, signIn, T0, using, type Open } from './samples.js'

const DAY = 24 * HOUR
const limits = { loginAudit: 10 * DAY, securityAudit: 30 * DAY, unlinked: 20 * DAY, consents: 40 * DAY }
const NOTHING = {
  loginAudit: 0,
  securityAudit: 0,
  unlinked: 0,
  consents: 0,
  choices: 0,
  devices: 0,
  messages: 0,
  creations: 0,
  created: 0,
}

const write = (store: Store, what: EventKind, at: number) => store.audit.record({ ...event(what), at })
const left = async (store: Store) => (await store.audit.byNumber(NUMBER)).map(({ what }) => what)
const at = (now: number) => ({ clock: { now: () => now } })

export function retentionContract(driver: string, open: Open): void {
  describe(`retention: ${driver}`, () => {
    const goes = async (store: Store, kind: Retained, now: number, most = 500) =>
      store.retention.delete(kind, now, limits, most)

    it(
      'counts and deletes events by their kind and age, to the millisecond',
      using(open, async store => {
        await write(store, 'login.started', T0)
        await write(store, 'login.refused', T0)
        await write(store, 'journal.entered', T0 + 1)
        expect(await store.retention.plan(T0 + 10 * DAY, limits)).to.deep.equal(NOTHING)
        expect(await store.retention.plan(T0 + 10 * DAY + 1, limits)).to.deep.equal({ ...NOTHING, loginAudit: 1 })
        expect(await left(store), 'counting deletes nothing').to.have.length(3)
        expect(await goes(store, 'loginAudit', T0 + 10 * DAY + 1)).to.equal(1)
        expect(await left(store)).to.deep.equal(['login.refused', 'journal.entered'])
        expect(await goes(store, 'securityAudit', T0 + 30 * DAY)).to.equal(0)
        expect(await goes(store, 'securityAudit', T0 + 30 * DAY + 1)).to.equal(1)
        expect(await left(store)).to.deep.equal(['journal.entered'])
      }),
    )

    it(
      'goes in batches, the oldest first, until nothing is left',
      using(open, async store => {
        for (let i = 0; i < 7; i++) await write(store, 'login.started', T0 + i)
        const now = T0 + 10 * DAY + 7
        expect([await goes(store, 'loginAudit', now, 3), (await left(store)).length]).to.deep.equal([3, 4])
        expect(await retain({ ...store, ...at(now) }, limits)).to.deep.equal({ ...NOTHING, loginAudit: 4 })
        expect(await left(store)).to.deep.equal([])
      }),
    )

    it(
      'lets questions to schools go with their numbers, from the day they were decided',
      using(open, async store => {
        await store.requests.file([request()], event('login.refused'))
        const [asked] = await store.requests.byNumber(NUMBER)
        await store.requests.decide(
          asked!.id,
          { by: 'school', at: T0 + 5 * DAY, granted: false } as never,
          event('login.refused'),
        )
        expect(await goes(store, 'unlinked', T0 + 25 * DAY)).to.equal(0)
        expect(await goes(store, 'unlinked', T0 + 25 * DAY + 1)).to.equal(1)
        expect(await store.requests.byNumber(NUMBER)).to.deep.equal([])
      }),
    )

    it(
      'lets consents go long after they ended and were destroyed, and never one that stands',
      using(open, async store => {
        await store.consents.give(giving())
        await store.consents.give(giving({ id: 'stands', choice: 'choice-2' }))
        await store.consents.withdraw(['consent-1'], withdrawal(T0))
        const late = T0 + 1_000 * DAY
        expect(await goes(store, 'consents', late), 'not destroyed yet').to.equal(0)
        await store.destructions.carryOut(T0 + 14 * DAY, () => event('data.destroyed'))
        expect(await goes(store, 'consents', T0 + 40 * DAY)).to.equal(0)
        expect(await goes(store, 'consents', T0 + 40 * DAY + 1)).to.equal(1)
        expect((await store.consents.ofPerson(person)).map(({ id }) => id)).to.deep.equal(['stands'])
        expect(await store.destructions.all()).to.deep.equal([])
      }),
    )

    it(
      "lets a standing consent go when its account left the school's list that long ago",
      using(open, async store => {
        await store.roster.replace('sgo', 'school-1', [record()], { now: T0 })
        const [entry] = await store.roster.byLogin('sgo', ['school-1'], 'yunikova')
        await store.consents.give(giving({ accountId: entry!.accountId }))
        await store.roster.replace('sgo', 'school-1', [record('other')], { now: T0 + DAY })
        expect(await goes(store, 'consents', T0 + 41 * DAY)).to.equal(0)
        expect(await goes(store, 'consents', T0 + 41 * DAY + 1)).to.equal(1)
      }),
    )

    peopleWhoLeft(open, goes)
  })
}

type Goes = (store: Store, kind: Retained, now: number, most?: number) => Promise<number>

function peopleWhoLeft(open: Open, goes: Goes): void {
  const choose = (store: Store, who: Person, at = T0) =>
    store.noticeChoices.choose(who, ['consents'], { ...event('notices.chosen'), at })
  const OVER = T0 + 20 * DAY + 1

  it(
    'lets wishes about notices go once nothing else is left of their person: no session and no link, also no ended one that may come back',
    using(open, async store => {
      await choose(store, person)
      await choose(store, somebodyElse)
      await store.links.make(link({ person: somebodyElse }), event('link.made'))
      expect(await goes(store, 'choices', OVER - 1)).to.equal(0)
      await signIn(store, session())
      expect(await goes(store, 'choices', OVER), 'signed in').to.equal(0)
      await store.sessions.sweep(T0 + 2 * DAY)
      expect((await store.retention.plan(OVER, limits)).choices).to.equal(1)
      expect(await goes(store, 'choices', OVER)).to.equal(1)
      expect(await store.noticeChoices.off(person)).to.deep.equal([])
      expect(await store.noticeChoices.off(somebodyElse)).to.deep.equal(['consents'])
      await store.links.end(somebodyElse, 'link-1', T0 + DAY, event('link.ended'))
      expect(await goes(store, 'choices', OVER + DAY - 1), 'may come back').to.equal(0)
      expect(await goes(store, 'choices', OVER + DAY)).to.equal(1)
    }),
  )

  it(
    'lets no more of them go than asked for',
    using(open, async store => {
      for (let i = 0; i < 5; i++) await choose(store, { ...person, userId: `1000777${i}` })
      expect([await goes(store, 'choices', OVER, 3), await goes(store, 'choices', OVER, 3)]).to.deep.equal([3, 2])
    }),
  )

  it(
    'counts and deletes devices whose time is over, and notices that nobody sent',
    using(open, async store => {
      await store.confirmations.start(confirmation(), event('confirmation.started'))
      await store.confirmations.answer(answer({ remember: device() }), given)
      await store.links.make(link(), event('link.made'), message())
      const { trustedUntil } = device()
      const at = (now: number) => store.retention.plan(now, limits)
      expect(await at(trustedUntil - 1)).to.include({ devices: 0, messages: 1 })
      expect(await at(trustedUntil)).to.include({ devices: 1 })
      expect(await at(T0 + 2 * DAY)).to.include({ messages: 0 })
      expect([
        await goes(store, 'devices', trustedUntil),
        await goes(store, 'messages', T0 + 2 * DAY + 1),
      ]).to.deep.equal([1, 1])
      expect(await at(trustedUntil)).to.include({ devices: 0, messages: 0 })
    }),
  )
}
