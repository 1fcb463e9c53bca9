/** What Logouts must do with a logout that the IdP starts, whichever database is behind it. */
import { expect } from 'chai'
import type { SessionTrace } from '../../src/sessions/sessions.js'
import type { Store } from '../../src/store/open.js'
import { KEY, NOW, LATER, everything, due, closings } from './ended.js'
import {
  claim,
  entered,
  failureOf,
  key,
  logoutOrder,
  MINUTE,
  person,
  session,
  signIn,
  started,
  T0,
  together,
  using,
  without,
  type Open,
} from './samples.js'

export function obeyedLogoutsContract(driver: string, open: Open): void {
  describe(`logouts that the IdP starts: ${driver}`, () => {
    obeyContract(open)
    lateContract(open)
  })
}

function obeyContract(open: Open): void {
  it(
    'finds every session of the name at that IdP, open or over, and nobody else',
    using(open, async store => {
      await signIn(store, session('session-1'))
      await signIn(store, session('session-2', { entered: [entered('a-1')], idleEndsAt: T0 + MINUTE }))
      await signIn(store, session('other-name', { nameId: { value: '_other' } }))
      await signIn(store, session('other-idp', { person: { ...person, idp: 'https://other.example' } }))
      await signIn(store, without(session('nameless'), 'nameId'))
      let found: readonly SessionTrace[] = []
      const answer = await store.logouts.obey(logoutOrder(), NOW, LATER, traces => everything((found = traces)))
      expect(answer).to.equal('obeyed')
      expect(found.map(trace => [trace.key, trace.open])).to.have.deep.members([
        ['session-1', true],
        ['session-2', false],
      ])
      for (const name of ['session-1', 'session-2'])
        expect(await store.sessions.find(key(name), T0), name).to.equal(undefined)
      for (const name of ['other-name', 'other-idp', 'nameless'])
        expect(await store.sessions.find(key(name), T0), name).to.include({ key: name })
      expect(await due(store)).to.have.length(2)
    }),
  )

  it(
    'obeys a request once, even when fifty bring it at the same moment',
    using(open, async store => {
      await signIn(store, session())
      const answers = await together(() => store.logouts.obey(logoutOrder(), NOW, LATER, everything))
      expect(answers.filter(answer => answer === 'obeyed')).to.have.length(1)
      expect(await closings(store)).to.have.length(1)
    }),
  )

  it(
    'knows a request by IdP and id together, until its time is over',
    using(open, async ({ logouts }) => {
      const obey = (change: object, now = NOW) => logouts.obey(logoutOrder(change), now, now, everything)
      expect(await obey({})).to.equal('obeyed')
      expect(await obey({ idp: 'https://other.example' })).to.equal('obeyed')
      expect(await obey({ id: '_request-2' })).to.equal('obeyed')
      const { rememberUntil } = logoutOrder()
      expect(await obey({}, rememberUntil - 1)).to.equal('again-partly')
      expect(await obey({}, rememberUntil)).to.equal('obeyed')
      await logouts.sweep(rememberUntil - 1)
      expect(await obey({ id: '_request-2' })).to.equal('again-partly')
      await logouts.sweep(rememberUntil)
      expect(await obey({ id: '_request-2' })).to.equal('obeyed')
    }),
  )

  it(
    'tells the same request again what came of it, and another one of the same ID that it is none',
    using(open, async ({ logouts }) => {
      const sessionIndexes = ['_a', '_b']
      const obey = (change: object = {}) =>
        logouts.obey(logoutOrder({ sessionIndexes, ...change }), NOW, LATER, everything)
      expect([await obey(), await obey()]).to.deep.equal(['obeyed', 'again-partly'])
      await logouts.confirm(logoutOrder({ id: '_request-2' }))
      expect(await obey(), 'another one was confirmed').to.equal('again-partly')
      await logouts.confirm(logoutOrder())
      expect(await obey()).to.equal('again-whole')
      const others = [{ name: '_other' }, { sessionIndexes: [] }, { sessionIndexes: ['_a', '_c'] }, { issuedAt: T0 }]
      for (const other of others) expect(await obey(other), JSON.stringify(other)).to.equal('replayed')
      const { rememberUntil } = logoutOrder()
      const later = logoutOrder({ rememberUntil: rememberUntil + MINUTE })
      const anew = () => logouts.obey(later, rememberUntil, rememberUntil, everything)
      expect([await anew(), await anew()], 'forgotten with the rest').to.deep.equal(['obeyed', 'again-partly'])
    }),
  )

  it(
    'leaves no session that a claim opens at the same moment: one of the two sees what the other wrote',
    using(open, async store => {
      const logins = ['a', 'b', 'c', 'd', 'e'].map(name => ({
        id: `login-${name}`,
        opened: session(`session-${name}`),
      }))
      for (const { id } of logins) await store.logins.start(started(id))
      const [, ...claims] = await Promise.all([
        store.logouts.obey(logoutOrder(), NOW, LATER, everything),
        ...logins.map(({ id: login, opened }) => {
          const assertion = { idp: opened.person.idp, id: `_of-${login}`, rememberUntil: LATER }
          return store.logins.claim(claim({ login, assertion, session: opened }))
        }),
      ])
      expect(claims.every(answer => answer === 'claimed' || answer === 'logged-out')).to.equal(true)
      for (const { opened } of logins) expect(await store.sessions.find(opened.key, NOW)).to.equal(undefined)
    }),
  )

  it(
    'has done nothing when the corridor refuses: the same request may come again',
    using(open, async store => {
      await signIn(store, session())
      const refuse = () => {
        throw new RangeError('refused')
      }
      expect(await failureOf(store.logouts.obey(logoutOrder(), NOW, LATER, refuse))).to.be.instanceOf(RangeError)
      expect(await store.sessions.find(KEY, NOW)).to.include({ key: KEY })
      expect(await store.logouts.obey(logoutOrder(), NOW, LATER, everything)).to.equal('obeyed')
    }),
  )

  it(
    'ends only the sessions that were named',
    using(open, async store => {
      for (const name of ['session-1', 'session-2']) await signIn(store, session(name))
      await store.logouts.obey(logoutOrder(), NOW, LATER, () => ({ ends: [KEY], notices: [], events: [] }))
      expect(await store.sessions.find(KEY, T0)).to.equal(undefined)
      expect(await store.sessions.find(key('session-2'), T0)).to.include({ key: 'session-2' })
    }),
  )
}

/** saml-core 3.7.3.1: the request came first, the assertion that it is about afterwards. */
function lateContract(open: Open): void {
  const opened = session()
  const arrives = async (store: Store, order: object, change: object = {}) => {
    await store.logouts.obey(logoutOrder(order), NOW, LATER, everything)
    await store.logins.start(started())
    return store.logins.claim(claim({ now: LATER, session: { ...opened, ...change } }))
  }
  const vouchedAt = (authenticatedAt: number) => ({ person: { ...person, authenticatedAt } })
  const rows: readonly [string, 'logged-out' | 'claimed', object, object?][] = [
    ['of the same name', 'logged-out', {}],
    ['of the same SessionIndex', 'logged-out', { sessionIndexes: ['_x', opened.sessionIndex] }],
    ['of another SessionIndex', 'claimed', { sessionIndexes: ['_x'] }],
    ['of another name', 'claimed', { name: '_other' }],
    ['of another IdP', 'claimed', { idp: 'https://other.example' }],
    ['of a sign-in in the very moment of the request', 'logged-out', {}, vouchedAt(logoutOrder().issuedAt)],
    ['of a sign-in after the request', 'claimed', {}, vouchedAt(logoutOrder().issuedAt + 1)],
    ['when the request is forgotten', 'claimed', { rememberUntil: LATER }],
  ]
  for (const [assertion, answer, order, change] of rows)
    it(
      `an assertion ${assertion} is ${answer}`,
      using(open, async store => {
        expect(await arrives(store, order, change)).to.equal(answer)
        const found = await store.sessions.find(KEY, T0)
        expect(found === undefined).to.equal(answer === 'logged-out')
        const login = await store.logins.find('login-1', T0)
        expect(login !== undefined && 'finishedAt' in login, 'a refused answer consumes nothing').to.equal(
          answer === 'claimed',
        )
      }),
    )
}
