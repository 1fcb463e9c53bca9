/** What Logouts must do, whichever database is behind it. */
import { expect } from 'chai'
import type { SessionTrace } from '../../src/sessions/sessions.js'
import type { Store } from '../../src/store/open.js'
import { KEY, NOW, LATER, event, everything, due, closings } from './ended.js'
import {
  entered,
  limits,
  logoutOrder,
  notice,
  NUMBER,
  pendingLogout,
  person,
  session,
  signIn,
  T0,
  together,
  using,
  without,
  type Open,
} from './samples.js'

const logout = pendingLogout()

export function logoutsContract(driver: string, open: Open): void {
  describe(`logouts: ${driver}`, () => {
    it(
      'counts the answer to a logout once, even of fifty that come at the same moment, and keeps what it said',
      using(open, async ({ logouts }) => {
        await logouts.start(logout)
        const answers = await together(i => logouts.conclude(logout.id, T0, i % 2 === 0 ? 'full' : 'partial'))
        expect(answers.filter(Boolean)).to.have.length(1)
        const ended = answers.indexOf(true) % 2 === 0 ? 'full' : 'partial'
        expect(await logouts.find(logout.id, T0)).to.deep.equal({ ...logout, ended })
      }),
    )

    it(
      'knows a logout that ends at our farewell page',
      using(open, async ({ logouts }) => {
        const farewell = { ...without(logout, 'then'), back: 'https://sgo.school.example/diary/' }
        await logouts.start(farewell)
        expect(await logouts.find(logout.id, T0)).to.deep.equal(farewell)
      }),
    )

    it(
      'is empty from the very moment of expiry, and for an unknown id',
      using(open, async ({ logouts }) => {
        await logouts.start(logout)
        expect(await logouts.find(logout.id, logout.expiresAt - 1)).to.deep.equal(logout)
        expect(await logouts.find(logout.id, logout.expiresAt)).to.equal(undefined)
        expect(await logouts.conclude(logout.id, logout.expiresAt, 'full')).to.equal(false)
        expect(await logouts.conclude('another', T0, 'full')).to.equal(false)
      }),
    )

    it(
      'sweeps what expired, and nothing else',
      using(open, async ({ logouts }) => {
        await logouts.start(logout)
        expect(await logouts.sweep(logout.expiresAt - 1)).to.equal(0)
        expect(await logouts.sweep(logout.expiresAt)).to.equal(1)
        expect(await logouts.find(logout.id, T0)).to.equal(undefined)
      }),
    )
  })

  describe(`logouts end sessions: ${driver}`, () => {
    endContract(open)
  })
}

function endContract(open: Open): void {
  const end = (store: Store, now = NOW) =>
    store.logouts.end(KEY, now, LATER, found => ({ notices: [notice(`of-${found.key}`)], events: [event] }))

  it(
    'ends a session once: session gone, event and notice written',
    using(open, async store => {
      await signIn(store, session())
      const answers = await together(() => end(store))
      expect(answers.filter(Boolean)).to.have.length(1)
      expect(await store.sessions.find(KEY, NOW)).to.equal(undefined)
      expect(await closings(store)).to.have.length(1)
      expect(await due(store, LATER - 1), 'put off, so that who ended it tells first').to.deep.equal([])
      expect(await due(store)).to.deep.equal([notice('of-session-1')])
    }),
  )

  it(
    'ends what is left of a session, too, once',
    using(open, async store => {
      await signIn(store, session('session-1', { entered: [entered('a-1')] }))
      const over = T0 + limits.idle
      const endWhole = () =>
        store.logouts.endWhole(KEY, over, over, found => ({ notices: [notice(`of-${found.key}`)], events: [event] }))
      expect(await end(store, over)).to.equal(false)
      expect([await endWhole(), await endWhole()]).to.deep.equal([true, false])
      expect(await due(store, over)).to.deep.equal([notice('of-session-1')])
      expect(await closings(store)).to.have.length(1)
    }),
  )

  it(
    'shows what the journals know of the session',
    using(open, async store => {
      const opened = session('session-1', { entered: [entered('a-1')] })
      await signIn(store, opened)
      let seen: SessionTrace | undefined
      await store.logouts.end(KEY, NOW, LATER, found => {
        seen = found
        return { notices: [], events: [] }
      })
      const { nameId, sessionIndex } = opened
      expect(seen).to.deep.equal({ key: KEY, number: NUMBER, open: true, person, nameId, sessionIndex, entered: [entered('a-1')] }) // prettier-ignore
    }),
  )

  it(
    'does nothing to a session that is over: its trace stays for the IdP',
    using(open, async store => {
      await signIn(store, session('session-1', { entered: [entered('a-1')] }))
      expect(await end(store, T0 + limits.idle)).to.equal(false)
      expect(await closings(store)).to.have.length(0)
      const order = logoutOrder({ rememberUntil: T0 + 2 * limits.idle })
      await store.logouts.obey(order, T0 + limits.idle, T0 + limits.idle, everything)
      expect(await closings(store), 'the trace is still found').to.have.length(1)
      expect(await due(store, T0 + limits.idle)).to.have.length(1)
    }),
  )
}
