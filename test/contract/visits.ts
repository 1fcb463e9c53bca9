/** What Visits must do, whichever database is behind it. */
import { expect } from 'chai'
import type { Store } from '../../src/store/open.js'
import type { Visit } from '../../src/login/visit-ports.js'
import { key, limits, MINUTE, session, signIn, T0, using, type Open } from './samples.js'

const KEY = key('session-1')

export const visit = (change: Partial<Visit> = {}): Visit => ({
  journal: 'sgo',
  session: KEY,
  content: { headers: { 'X-Remote-User': 'yunikova@pochta.example', 'X-Remote-Name': 'Ъюникова' } },
  ...change,
})

export function visitsContract(driver: string, open: Open): void {
  const openAt = (store: Store, secret: string, at = T0, before?: string) =>
    store.visits.open(secret, visit(), at, before)

  describe(`visits: ${driver}`, () => {
    it(
      'finds a visit by its secret, in its journal, while the session is open',
      using(open, async store => {
        await signIn(store, session())
        expect(await openAt(store, 'secret')).to.equal(true)
        expect(await store.visits.find('secret', 'sgo', T0)).to.deep.equal({ ...visit(), touchable: false })
        expect(await store.visits.find('secret', 'eljur', T0)).to.equal(undefined)
        expect(await store.visits.find('secret-2', 'sgo', T0)).to.equal(undefined)
        expect(await store.visits.find('secret', 'sgo', T0 + limits.idle - 1)).to.include({ touchable: true })
        expect(await store.visits.find('secret', 'sgo', T0 + limits.idle)).to.equal(undefined)
      }),
    )

    it(
      'says that a touch is due exactly when a touch would move the idle end',
      using(open, async store => {
        await signIn(store, session('session-1', { endsAt: T0 + 20 * MINUTE }))
        await openAt(store, 'secret')
        for (const at of [T0 + MINUTE, T0 + MINUTE + 1, T0 + 12 * MINUTE, T0 + 19 * MINUTE]) {
          const due = (await store.visits.find('secret', 'sgo', at))!.touchable
          const before = (await store.sessions.find(KEY, at))!.idleEndsAt
          await store.sessions.touch(KEY, at)
          expect((await store.sessions.find(KEY, at))!.idleEndsAt > before, String(at)).to.equal(due)
        }
      }),
    )

    it(
      'opens none in a session that is over, and finds none after a logout',
      using(open, async store => {
        expect(await openAt(store, 'too early')).to.equal(false)
        await signIn(store, session())
        expect(await openAt(store, 'late', T0 + limits.idle)).to.equal(false)
        expect(await store.visits.find('late', 'sgo', T0)).to.equal(undefined)
        await openAt(store, 'secret')
        await store.logouts.end(KEY, T0, T0, () => ({ notices: [], events: [] }))
        expect(await store.visits.find('secret', 'sgo', T0)).to.equal(undefined)
      }),
    )

    it(
      'ends the visit that the browser had in this journal before, and no other',
      using(open, async store => {
        await signIn(store, session())
        await openAt(store, 'first')
        await store.visits.open('elsewhere', visit({ journal: 'eljur' }), T0)
        await openAt(store, 'second', T0, 'first')
        await openAt(store, 'third', T0, 'elsewhere')
        const found = async (secret: string, journal = 'sgo') =>
          (await store.visits.find(secret, journal, T0)) !== undefined
        expect(await found('first')).to.equal(false)
        expect([await found('second'), await found('third'), await found('elsewhere', 'eljur')]).to.deep.equal([
          true,
          true,
          true,
        ])
      }),
    )

    it(
      'keeps the last twenty of a session, and those of other sessions',
      using(open, async store => {
        await signIn(store, session())
        await signIn(store, session('session-2'))
        await store.visits.open('other', visit({ session: key('session-2') }), T0)
        for (let i = 1; i <= 22; i++) await openAt(store, `secret-${i}`, T0 + i)
        const kept = await Promise.all(
          [1, 2, 3, 22].map(async i => (await store.visits.find(`secret-${i}`, 'sgo', T0 + MINUTE)) !== undefined),
        )
        expect(kept).to.deep.equal([false, false, true, true])
        expect(await store.visits.find('other', 'sgo', T0)).not.to.equal(undefined)
      }),
    )

    it(
      'sweeps those whose session is over or gone, and no other',
      using(open, async store => {
        await signIn(store, session())
        await signIn(store, session('session-2', { idleEndsAt: T0 + 2 * limits.idle }))
        await openAt(store, 'secret')
        await store.visits.open('other', visit({ session: key('session-2') }), T0)
        expect(await store.visits.sweep(T0 + limits.idle - 1)).to.equal(0)
        expect(await store.visits.sweep(T0 + limits.idle)).to.equal(1)
        await store.logouts.end(key('session-2'), T0, T0, () => ({ notices: [], events: [] }))
        expect(await store.visits.sweep(T0)).to.equal(1)
      }),
    )
  })
}
