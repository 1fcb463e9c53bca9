/** What Logins.enter, Deposits and UsedIds must do, whichever database is behind them. */
import { expect } from 'chai'
import type { SeenLinks } from '../../src/identity/links.js'
import type { Deposit } from '../../src/journals/connector.js'
import type { Entering } from '../../src/login/ports.js'
import type { Store } from '../../src/store/open.js'
import { giving, withdrawal } from './consents.js'
import { event, link } from './links.js'
import {
  claim,
  entered,
  failureOf,
  key,
  limits,
  MINUTE,
  NUMBER,
  OTHER_SNILS,
  person,
  session,
  signIn,
  started,
  T0,
  together,
  using,
  type Open,
} from './samples.js'

const KEY = key('session-1')

export const entering = (change: Partial<Entering> = {}): Entering => ({
  session: KEY,
  entered: entered('a-1'),
  event: { at: T0 + MINUTE, what: 'journal.entered', result: 'ok', number: NUMBER, journal: 'sgo' },
  ...change,
})

export const deposit: Deposit = {
  handle: 'handle-of-the-browser',
  content: { login: 'yunikova@pochta.example', names: ['Ъюникова', 'Ёжика'] },
  expiresAt: T0 + 2 * MINUTE,
}

export function enteringContract(driver: string, open: Open): void {
  describe(`entering a journal: ${driver}`, () => {
    noteContract(open)
    consentContract(open)
    seenContract(open)
    depositContract(open)
    usedIdsContract(open)
  })
}

function noteContract(open: Open): void {
  const note = (store: Store, ...of: Parameters<typeof entered>) =>
    store.logins.enter(entering({ entered: entered(...of) }))
  it(
    'lets nobody enter when the session is over, and writes nothing',
    using(open, async store => {
      await signIn(store, session())
      const late = entering({ entered: entered('a-1', { at: T0 + limits.idle }), deposit })
      expect(await store.logins.enter(late)).to.equal('over')
      expect(await store.deposits.take(deposit.handle, T0 + MINUTE)).to.equal(undefined)
      expect((await store.audit.byNumber(NUMBER)).map(({ what }) => what)).not.to.include('journal.entered')
      expect(await note(store, 'a-1', { at: T0 + limits.idle - 1 })).to.equal('entered')
      expect((await store.audit.byNumber(NUMBER)).map(({ what }) => what)).to.include('journal.entered')
    }),
  )

  it(
    'keeps what was entered, the latest last, and an account once',
    using(open, async store => {
      await signIn(store, session())
      for (const id of ['a-1', 'a-2']) await note(store, id)
      expect((await store.sessions.find(KEY, T0))?.entered).to.deep.equal([entered('a-1'), entered('a-2')])
      await note(store, 'a-1', { at: T0 + 2 * MINUTE })
      const found = await store.sessions.find(KEY, T0)
      expect(found?.entered).to.deep.equal([entered('a-2'), entered('a-1', { at: T0 + 2 * MINUTE })])
    }),
  )

  it(
    'keeps every marked entry, of one journal the last twenty',
    using(open, async store => {
      await signIn(store, session())
      await note(store, 'a-9', { journal: 'other' })
      for (let i = 1; i <= 22; i++) await note(store, 'a-1', { mark: `mark-${i}` })
      const marks = (await store.sessions.find(KEY, T0))?.entered.map(({ mark }) => mark)
      expect(marks).to.deep.equal([undefined, ...Array.from({ length: 20 }, (_, i) => `mark-${i + 3}`)])
    }),
  )

  it(
    'forgets none of ten that are entered at the same moment',
    using(open, async store => {
      await signIn(store, session())
      await Promise.all(Array.from({ length: 10 }, (_, i) => note(store, `a-${i}`)))
      const found = await store.sessions.find(KEY, T0)
      expect(new Set(found?.entered.map(({ accountId }) => accountId))).to.have.property('size', 10)
    }),
  )
}

function consentContract(open: Open): void {
  it(
    'lets nobody enter, nor sign in on the way, whose consent was taken back since the decision, and writes nothing',
    using(open, async store => {
      await store.consents.give(giving())
      await store.consents.give(giving({ id: 'consent-2', choice: 'choice-2' }))
      await store.consents.withdraw(['consent-1'], withdrawal())
      await signIn(store, session())
      await store.logins.start(started())
      const enter = (consents: readonly string[]) => store.logins.enter(entering({ deposit, consents }))
      const both = (consents: readonly string[]) =>
        claim({ session: session('session-2'), entering: entering({ session: key('session-2'), consents }) })
      for (const consents of [['consent-1'], ['consent-2', 'consent-1'], ['never-given']]) {
        expect(await enter(consents)).to.equal('withdrawn')
        expect(await store.logins.claim(both(consents))).to.equal('withdrawn')
      }
      expect(await store.deposits.take(deposit.handle, T0 + MINUTE)).to.equal(undefined)
      expect((await store.sessions.find(KEY, T0))?.entered).to.deep.equal([])
      expect(await store.sessions.find(key('session-2'), T0)).to.equal(undefined)
      expect((await store.audit.byNumber(NUMBER)).map(({ what }) => what)).not.to.include('journal.entered')
      expect([await enter(['consent-2']), await store.logins.claim(both(['consent-2']))]).to.deep.equal(['entered', 'claimed']) // prettier-ignore
    }),
  )
}

/** Everything that may have become of the links of `person` to `a-1` since the decision. */
const changes: Readonly<Record<string, (store: Store) => Promise<unknown>>> = {
  'taken off': store => store.links.end(person, 'link-1', T0, event('link.ended')),
  'another made and taken off': async store => {
    await store.links.end(person, 'link-1', T0, event('link.ended'))
    await store.links.make(link({ id: 'link-2' }), event('link.made'))
    await store.links.end(person, 'link-2', T0, event('link.ended'))
    await store.links.resume(person, 'link-1', T0, event('link.resumed'))
  },
}

function seenContract(open: Open): void {
  for (const [what, change] of Object.entries(changes))
    it(
      `lets nobody enter, nor sign in on the way, by a link that is others since (${what}), and writes nothing`,
      using(open, async store => {
        await store.links.make(link(), event('link.made'))
        const see = async () => ({ person, links: (await store.links.around(person, ['a-1'])).own })
        const before = await see()
        await change(store)
        await signIn(store, session())
        await store.logins.start(started())
        const enter = (seen: SeenLinks) => store.logins.enter(entering({ deposit, seen }))
        const both = (seen: SeenLinks) =>
          claim({ session: session('session-2'), entering: entering({ session: key('session-2'), seen }) })
        for (const seen of [before, { person, links: [] }]) {
          expect(await enter(seen)).to.equal('unlinked')
          expect(await store.logins.claim(both(seen))).to.equal('unlinked')
        }
        expect(await store.deposits.take(deposit.handle, T0 + MINUTE)).to.equal(undefined)
        expect((await store.sessions.find(KEY, T0))?.entered).to.deep.equal([])
        expect(await store.sessions.find(key('session-2'), T0)).to.equal(undefined)
        expect((await store.audit.byNumber(NUMBER)).map(({ what }) => what)).not.to.include('journal.entered')
        const now = await see()
        expect([await enter(now), await store.logins.claim(both(now))]).to.deep.equal(['entered', 'claimed'])
      }),
    )

  it(
    'tells a link that stands under another СНИЛС since, and asks nothing about those of other people and accounts',
    using(open, async store => {
      await store.links.make(link(), event('link.made'))
      await signIn(store, session())
      const { own } = await store.links.around(person, ['a-1'])
      await store.links.make(link({ id: 'link-2', accountId: 'a-2' }), event('link.made'))
      await store.links.make(link({ id: 'link-3', person: { ...person, userId: '7' } }), event('link.made'))
      const enter = (seen: SeenLinks) => store.logins.enter(entering({ seen }))
      expect(await enter({ person: { ...person, snils: OTHER_SNILS }, links: own })).to.equal('unlinked')
      expect(await enter({ person, links: own })).to.equal('entered')
    }),
  )
}

function depositContract(open: Open): void {
  it(
    'enters in the transaction of the sign-in, deposit and events included, or not at all',
    using(open, async store => {
      await store.logins.start(started())
      const { events } = claim()
      const both = claim({ entering: entering({ deposit }), events: [...events, entering().event] })
      expect(await store.logins.claim(both)).to.equal('claimed')
      expect((await store.sessions.find(KEY, T0 + MINUTE))?.entered).to.deep.equal([entered('a-1')])
      expect(await store.audit.byNumber(NUMBER)).to.deep.equal([...events, entering().event])
      await store.logins.start(started('login-2'))
      const again = {
        ...both,
        login: 'login-2',
        assertion: { ...both.assertion, id: '_2' },
        session: session('session-2'),
      }
      await failureOf(store.logins.claim(again))
      expect(await store.sessions.find(key('session-2'), T0), 'its deposit could not be kept').to.equal(undefined)
      expect(await store.deposits.take(deposit.handle, T0 + MINUTE)).to.include({ journal: 'sgo', session: KEY })
    }),
  )

  it(
    'gives a deposit once, even to fifty who ask at the same moment',
    using(open, async store => {
      await signIn(store, session())
      await store.logins.enter(entering({ deposit }))
      const answers = await together(() => store.deposits.take(deposit.handle, T0 + MINUTE))
      const got = answers.filter(answer => answer !== undefined)
      expect(got).to.deep.equal([{ journal: 'sgo', content: deposit.content, session: KEY, number: NUMBER }])
    }),
  )

  it(
    'gives nothing from the very moment of expiry, and not earlier either when it was asked too late',
    using(open, async store => {
      await signIn(store, session())
      await store.logins.enter(entering({ deposit }))
      expect(await store.deposits.take(deposit.handle, deposit.expiresAt)).to.equal(undefined)
      expect(await store.deposits.take(deposit.handle, T0 + MINUTE)).to.equal(undefined)
    }),
  )

  it(
    'leaves handles of other journals alone for whoever has proved nothing',
    using(open, async store => {
      await signIn(store, session())
      await store.logins.enter(entering({ deposit }))
      expect(await store.deposits.take(deposit.handle, T0 + MINUTE, 'other')).to.equal(undefined)
      expect((await store.deposits.take(deposit.handle, T0 + MINUTE, 'sgo'))?.journal).to.equal('sgo')
    }),
  )

  it(
    'gives nothing when the session has ended meanwhile',
    using(open, async store => {
      await signIn(store, session())
      await store.logins.enter(entering({ deposit }))
      await store.logouts.end(KEY, T0 + MINUTE, T0, () => ({ notices: [], events: [] }))
      expect(await store.deposits.take(deposit.handle, T0 + MINUTE)).to.equal(undefined)
    }),
  )

  it(
    'writes nothing of an entry whose deposit cannot be kept',
    using(open, async store => {
      await signIn(store, session())
      await store.logins.enter(entering({ deposit }))
      await failureOf(store.logins.enter(entering({ entered: entered('a-2'), deposit })))
      expect((await store.sessions.find(KEY, T0))?.entered).to.deep.equal([entered('a-1')])
    }),
  )

  it(
    'sweeps what is past its time',
    using(open, async store => {
      await signIn(store, session())
      await store.logins.enter(entering({ deposit }))
      expect(await store.deposits.sweep(deposit.expiresAt - 1)).to.equal(0)
      expect(await store.deposits.sweep(deposit.expiresAt)).to.equal(1)
    }),
  )
}

function usedIdsContract(open: Open): void {
  it(
    'takes an id once under one purpose, until it is forgotten',
    using(open, async ({ usedIds }) => {
      const until = T0 + MINUTE
      const answers = await together(() => usedIds.use('client', 'jti-1', until, T0))
      expect(answers.filter(Boolean)).to.have.lengthOf(1)
      expect(await usedIds.use('other', 'jti-1', until, T0)).to.equal(true)
      expect(await usedIds.use('client', 'jti-1', until, until - 1)).to.equal(false)
      expect(await usedIds.use('client', 'jti-1', until + MINUTE, until)).to.equal(true)
      expect(await usedIds.use('client', 'jti-1', until + MINUTE, until)).to.equal(false)
      expect(await usedIds.sweep(until)).to.equal(1)
      expect(await usedIds.sweep(until + MINUTE)).to.equal(1)
    }),
  )
}
