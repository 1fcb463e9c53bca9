/** What Sessions must do, whichever database is behind it. */
import { expect } from 'chai'
import type { RequestNumber } from '../../src/base/request-number.js'
import type { SessionTrace } from '../../src/sessions/sessions.js'
import type { Store } from '../../src/store/open.js'
import { entering } from './entering.js'
import {
  entered,
  HOUR,
  key,
  limits,
  logoutOrder,
  MINUTE,
  NUMBER,
  session,
  signIn,
  T0,
  using,
  without,
  type Open,
} from './samples.js'

const KEY = key('session-1')

/** @param open must open a store with the `limits` of samples.ts */
export function sessionsContract(driver: string, open: Open): void {
  describe(`sessions: ${driver}`, () => {
    tracesContract(open)
    endContract(open)
    touchContract(open)
  })
}

function endContract(open: Open): void {
  it(
    'gives back the whole session, what the self-test received included',
    using(open, async store => {
      const received = {
        nameId: { value: '_n', format: 'f', nameQualifier: 'q', spNameQualifier: 's' },
        attributes: [{ name: 'urn:lastName', friendlyName: 'lastName', values: ['Ъюникова', ''] }],
      }
      const opened = session('session-1', { received, entered: [entered('a-1')] })
      await signIn(store, opened)
      expect(await store.sessions.find(KEY, T0)).to.deep.equal(opened)
    }),
  )

  it(
    'gives back a session of an IdP that sent neither NameID nor SessionIndex',
    using(open, async store => {
      const bare = without(session(), 'nameId', 'sessionIndex')
      await signIn(store, bare)
      expect(await store.sessions.find(KEY, T0)).to.deep.equal(bare)
    }),
  )

  for (const [end, change] of [
    ['idle', { idleEndsAt: T0 + MINUTE, endsAt: T0 + 9 * MINUTE }],
    ['absolute', { idleEndsAt: T0 + 9 * MINUTE, endsAt: T0 + MINUTE }],
  ] as const) {
    it(
      `is gone from the very moment of its ${end} end`,
      using(open, async store => {
        await signIn(store, session('session-1', change))
        expect(await store.sessions.find(KEY, T0 + MINUTE - 1)).to.include({ key: KEY })
        expect(await store.sessions.find(KEY, T0 + MINUTE)).to.equal(undefined)
      }),
    )

    it(
      `is swept from its ${end} end on, and not before`,
      using(open, async store => {
        await signIn(store, session('session-1', change))
        await signIn(store, session('session-2'))
        expect(await store.sessions.sweep(T0 + MINUTE - 1)).to.equal(0)
        expect(await store.sessions.sweep(T0 + MINUTE)).to.equal(1)
        expect(await store.sessions.find(KEY, T0)).to.equal(undefined)
        expect(await store.sessions.find(key('session-2'), T0)).to.include({ key: 'session-2' })
      }),
    )
  }

  it(
    'becomes a trace when it entered a journal: no person in it, and it opens nothing',
    using(open, async store => {
      await signIn(store, session('session-1', { entered: [entered('a-1')] }))
      expect(await store.sessions.sweep(T0 + limits.idle)).to.equal(1)
      expect(await store.sessions.sweep(T0 + limits.idle), 'made once').to.equal(0)
      expect(await store.sessions.find(KEY, T0)).to.equal(undefined)
      const [trace] = await tracesOf(store, T0 + limits.idle)
      const { nameId, sessionIndex } = session()
      const nameless = [entered('a-1', { login: '' })]
      expect(trace).to.deep.equal({ key: KEY, number: NUMBER, open: false, nameId, sessionIndex, entered: nameless })
    }),
  )

  it(
    'leaves a trace until the IdP ends its own session, and not longer',
    using(open, async store => {
      const traceUntil = T0 + 9 * HOUR
      await signIn(store, session('session-1', { entered: [entered('a-1')], traceUntil }))
      await store.sessions.sweep(traceUntil - 1)
      expect(await tracesOf(store, traceUntil - 1)).to.have.length(1)
      expect(await store.sessions.sweep(traceUntil)).to.equal(1)
      expect(await tracesOf(store, traceUntil, '_request-2')).to.have.length(0)
    }),
  )
}

function touchContract(open: Open): void {
  it(
    'moves the idle end when it is touched',
    using(open, async store => {
      await signIn(store, session())
      await store.sessions.touch(KEY, T0 + 10 * MINUTE)
      expect(await store.sessions.find(KEY, T0 + 25 * MINUTE - 1)).to.include({ idleEndsAt: T0 + 25 * MINUTE })
      expect(await store.sessions.find(KEY, T0 + 25 * MINUTE)).to.equal(undefined)
    }),
  )

  it(
    'never moves the idle end beyond the absolute end',
    using(open, async store => {
      const endsAt = T0 + 20 * MINUTE
      await signIn(store, session('session-1', { endsAt }))
      await store.sessions.touch(KEY, T0 + 10 * MINUTE)
      expect(await store.sessions.find(KEY, T0)).to.include({ idleEndsAt: endsAt, endsAt })
      await store.sessions.touch(KEY, T0 + 19 * MINUTE)
      expect(await store.sessions.find(KEY, endsAt)).to.equal(undefined)
    }),
  )

  it(
    'does not move the idle end for less than a fifteenth of it',
    using(open, async store => {
      await signIn(store, session())
      await store.sessions.touch(KEY, T0 + limits.idle / 15)
      expect(await store.sessions.find(KEY, T0)).to.include({ idleEndsAt: T0 + limits.idle })
      await store.sessions.touch(KEY, T0 + limits.idle / 15 + 1)
      expect(await store.sessions.find(KEY, T0)).to.include({ idleEndsAt: T0 + limits.idle + limits.idle / 15 + 1 })
    }),
  )

  it(
    'never moves the idle end back, whoever comes late',
    using(open, async store => {
      await signIn(store, session())
      await store.sessions.touch(KEY, T0 + 10 * MINUTE)
      await store.sessions.touch(KEY, T0 + 5 * MINUTE)
      expect(await store.sessions.find(KEY, T0)).to.include({ idleEndsAt: T0 + 25 * MINUTE })
    }),
  )

  it(
    'does not wake a session that has ended or was closed',
    using(open, async store => {
      await signIn(store, session())
      await store.sessions.touch(KEY, T0 + limits.idle)
      expect(await store.sessions.find(KEY, T0 + limits.idle)).to.equal(undefined)
      await store.logouts.end(KEY, T0, T0, () => ({ notices: [], events: [] }))
      await store.sessions.touch(KEY, T0 + 10 * MINUTE)
      expect(await store.logins.enter(entering())).to.equal('over')
      expect(await store.sessions.find(KEY, T0)).to.equal(undefined)
    }),
  )
}

/** More than are read at a time. */
const MANY = 120

function tracesContract(open: Open): void {
  it(
    'lists every session, open or over, a few at a time, and those of one login',
    using(open, async store => {
      for (let i = 0; i < MANY; i++) await signIn(store, session(`session-${i}`, { nameId: nameId(i) }))
      const other = 'K3MX-7PTZ' as RequestNumber
      await signIn(store, session('session-other', { number: other, entered: [entered('a-1')] }))
      const listed = async (now: number, number?: RequestNumber) => {
        const found: SessionTrace[] = []
        for await (const trace of store.sessions.traces(now, number)) found.push(trace)
        return found
      }
      expect(await listed(T0)).to.have.length(MANY + 1)
      const [only, ...more] = await listed(T0 + limits.idle, other)
      expect([only?.key, only?.open, only?.entered, more]).to.deep.equal(['session-other', false, [entered('a-1')], []])
    }),
  )
}

const nameId = (i: number) => ({ value: `_name-${i}` })

/** What a logout would find; it ends nothing. */
async function tracesOf(store: Store, now: number, id = '_request-1'): Promise<readonly SessionTrace[]> {
  let traces: readonly SessionTrace[] = []
  await store.logouts.obey(logoutOrder({ id }), now, now, found => {
    traces = found
    return { ends: [], notices: [], events: [] }
  })
  return traces
}
