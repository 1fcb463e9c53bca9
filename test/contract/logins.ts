/** What Logins must do, whichever database is behind it. A driver's own test is one call. */
import { expect } from 'chai'
import {
  claim,
  failureOf,
  HOUR,
  IDP,
  key,
  MINUTE,
  NUMBER,
  session,
  signIn,
  started,
  T0,
  together,
  using,
  type Open,
} from './samples.js'

export function loginsContract(driver: string, open: Open): void {
  describe(`logins: ${driver}`, () => {
    findingContract(open)
    claimContract(open)
    raceContract(open)
  })
}

function findingContract(open: Open): void {
  it(
    'gives back what was started, by its id and by its request',
    using(open, async ({ logins }) => {
      const login = started('login-1', { forced: true, oldSession: key('older') })
      await logins.start(login)
      expect(await logins.find('login-1', T0)).to.deep.equal(login)
      expect(await logins.findByRequest('_login-1', T0)).to.deep.equal(login)
    }),
  )

  it(
    'keeps logins of parallel tabs apart',
    using(open, async ({ logins }) => {
      const tabs = [started('tab-1'), started('tab-2', { target: { kind: 'self-test' } })] as const
      for (const tab of tabs) await logins.start(tab)
      expect(await logins.find('tab-1', T0)).to.deep.equal(tabs[0])
      expect(await logins.find('tab-2', T0)).to.deep.equal(tabs[1])
    }),
  )

  it(
    'finds several at once, and of those that are unknown or over nothing',
    using(open, async ({ logins }) => {
      for (const id of ['login-1', 'login-2', 'login-3']) await logins.start(started(id))
      await logins.start(started('over', { expiresAt: T0 }))
      const found = await logins.findAll(['login-3', 'unknown', 'over', 'login-1'], T0)
      expect(found.map(({ id }) => id).sort()).to.deep.equal(['login-1', 'login-3'])
      expect(found.find(({ id }) => id === 'login-1')).to.deep.equal(started('login-1'))
      expect(await logins.findAll([], T0)).to.deep.equal([])
    }),
  )

  it(
    'knows nothing of a login from the very moment it expires, finished or not',
    using(open, async ({ logins }) => {
      await logins.start(started('login-1', { expiresAt: T0 + 1_000 }))
      await logins.claim(claim({ now: T0 }))
      await logins.start(started('login-2', { expiresAt: T0 + 1_000 }))
      for (const id of ['login-1', 'login-2']) {
        expect(await logins.find(id, T0 + 999)).to.include({ id })
        expect(await logins.find(id, T0 + 1_000)).to.equal(undefined)
        expect(await logins.findByRequest(`_${id}`, T0 + 1_000)).to.equal(undefined)
      }
    }),
  )

  it(
    'gives back a login that an open session finished before it began, and lets nobody claim it',
    using(open, async store => {
      await signIn(store, session())
      const finished = { ...started(), session: key('session-1'), finishedAt: T0 }
      await store.logins.start(finished)
      expect(await store.logins.find('login-1', T0)).to.deep.equal(finished)
      expect(await store.logins.claim(claim({ session: session('session-2') }))).to.equal('finished-before')
      const chosen = { ...started('login-2'), session: key('session-1'), finishedAt: T0, chosen: 'choice-1' }
      await store.logins.start(chosen)
      expect(await store.logins.find('login-2', T0)).to.deep.equal(chosen)
    }),
  )

  it(
    'knows nothing of a login that nobody started',
    using(open, async ({ logins }) => {
      expect(await logins.find('login-1', T0)).to.equal(undefined)
      expect(await logins.findByRequest('_login-1', T0)).to.equal(undefined)
    }),
  )

  it(
    'sweeps what ended, an hour later: its answer may be on the way, or come too late',
    using(open, async ({ logins }) => {
      await logins.start(started('old', { expiresAt: T0 }))
      await logins.start(started('young', { expiresAt: T0 + MINUTE }))
      expect(await logins.sweep(T0 + HOUR - 1)).to.equal(0)
      expect(await logins.sweep(T0 + HOUR)).to.equal(1)
      expect(await logins.find('young', T0)).to.include({ id: 'young' })
      expect(await logins.find('old', T0 - 1)).to.equal(undefined)
    }),
  )
}

function claimContract(open: Open): void {
  it(
    'finishes a login, opens its session and closes the old one',
    using(open, async store => {
      await signIn(store, session('older'))
      await store.logins.start(started())
      await signIn(store, session('other-tab'))
      const closes = [key('older'), key('other-tab'), key('never-opened')]
      expect(await store.logins.claim(claim({ closes }))).to.equal('claimed')
      expect(await store.sessions.find(key('other-tab'), T0 + MINUTE)).to.equal(undefined)
      expect(await store.logins.find('login-1', T0)).to.deep.equal({
        ...started(),
        session: key('session-1'),
        finishedAt: T0 + MINUTE,
      })
      expect(await store.sessions.find(key('session-1'), T0 + MINUTE)).to.deep.equal(session())
      expect(await store.sessions.find(key('older'), T0 + MINUTE)).to.equal(undefined)
    }),
  )

  it(
    'records the start and the claim in the same breath, and nothing of a claim that failed',
    using(open, async store => {
      const event = { at: T0, what: 'login.started', result: 'ok', number: NUMBER } as const
      const events = [...claim().events, { ...event, what: 'journal.entered', accountId: 'a-1' }] as const
      await store.logins.start(started(), event)
      await store.logins.claim(claim({ events }))
      await store.logins.claim(claim({ session: session('session-2') }))
      expect(await store.audit.byNumber(NUMBER)).to.deep.equal([event, ...events])
    }),
  )

  it(
    'refuses a second claim, and leaves session and old session alone',
    using(open, async store => {
      await signIn(store, session('older'))
      await store.logins.start(started())
      await store.logins.claim(claim())
      const second = claim({
        assertion: { idp: IDP, id: '_assertion-2', rememberUntil: T0 + HOUR },
        session: session('session-2'),
        closes: [key('older')],
      })
      expect(await store.logins.claim(second)).to.equal('finished-before')
      expect(await store.sessions.find(key('session-2'), T0 + MINUTE)).to.equal(undefined)
      expect(await store.sessions.find(key('older'), T0 + MINUTE)).to.include({ key: 'older' })
      await store.logins.start(started('login-2'))
      expect(await store.logins.claim({ ...second, login: 'login-2' }), 'its assertion was not used up').to.equal(
        'claimed',
      )
    }),
  )

  it(
    'finds nothing under an id with NUL in it, which anybody may send',
    using(open, async ({ logins, usedIds }) => {
      await logins.start(started())
      for (const id of ['login-1\0', '\0', 'login-1\0login-1']) {
        expect(await logins.find(id, T0)).to.equal(undefined)
        expect(await logins.findByRequest(id, T0)).to.equal(undefined)
        expect(await usedIds.use('client', id, T0 + MINUTE, T0), 'new').to.equal(true)
        expect(await usedIds.use('client', id, T0 + MINUTE, T0), 'used').to.equal(false)
      }
    }),
  )

  it(
    'says finished before it says replayed: the same answer once more is no attack',
    using(open, async ({ logins }) => {
      await logins.start(started())
      await logins.claim(claim())
      expect(await logins.claim(claim({ session: session('session-2') }))).to.equal('finished-before')
    }),
  )

  it(
    'refuses an assertion seen before, and the login stays usable',
    using(open, async store => {
      await signIn(store, session('older'))
      await store.logins.start(started('login-1'))
      await store.logins.start(started('login-2'))
      await store.logins.claim(claim())
      const replay = claim({ login: 'login-2', session: session('session-2'), closes: [key('older')] })
      expect(await store.logins.claim(replay)).to.equal('replayed')
      expect(await store.logins.find('login-2', T0)).to.deep.equal(started('login-2'))
      expect(await store.sessions.find(key('session-2'), T0 + MINUTE)).to.equal(undefined)
      expect(await store.sessions.find(key('older'), T0 + MINUTE)).to.include({ key: 'older' })
      const honest = { ...replay, assertion: { idp: IDP, id: '_assertion-2', rememberUntil: T0 + HOUR } }
      expect(await store.logins.claim(honest)).to.equal('claimed')
    }),
  )

  it(
    'takes the same assertion ID from another IdP as another assertion',
    using(open, async ({ logins }) => {
      await logins.start(started('login-1'))
      await logins.start(started('login-2'))
      await logins.claim(claim())
      const assertion = { ...claim().assertion, idp: 'https://other.example' }
      expect(await logins.claim(claim({ login: 'login-2', assertion, session: session('session-2') }))).to.equal(
        'claimed',
      )
    }),
  )

  for (const swept of [false, true]) {
    it(
      `remembers an assertion until its time, and no longer (${swept ? 'swept' : 'not swept'})`,
      using(open, async ({ logins }) => {
        const end = claim().assertion.rememberUntil
        for (const id of ['login-1', 'login-2', 'login-3']) await logins.start(started(id, { expiresAt: T0 + HOUR }))
        await logins.claim(claim())
        const again = claim({ login: 'login-2', session: session('session-2') })
        if (swept) await logins.sweep(end - 1)
        expect(await logins.claim({ ...again, now: end - 1 })).to.equal('replayed')
        if (swept) await logins.sweep(end)
        const renewed = { ...again.assertion, rememberUntil: end + MINUTE }
        expect(await logins.claim({ ...again, assertion: renewed, now: end })).to.equal('claimed')
        const third = claim({ login: 'login-3', session: session('session-3'), now: end })
        expect(await logins.claim(third), 'remembered anew').to.equal('replayed')
      }),
    )
  }

  it(
    'leaves nothing behind when the session cannot be written',
    using(open, async store => {
      await signIn(store, session('session-1'))
      await store.logins.start(started())
      expect(await failureOf(store.logins.claim(claim({ closes: [key('session-1')] })))).to.be.instanceOf(Error)
      expect(await store.logins.find('login-1', T0)).to.deep.equal(started())
      expect(await store.logins.claim(claim({ session: session('session-2') }))).to.equal('claimed')
    }),
  )

  it(
    'finds the login that an assertion finished, by IdP and id together',
    using(open, async ({ logins }) => {
      await logins.start(started())
      const { assertion } = claim()
      expect(await logins.findByAssertion(assertion, T0), 'not yet').to.equal(undefined)
      await logins.claim(claim())
      expect(await logins.findByAssertion(assertion, T0)).to.include({ id: 'login-1', session: 'session-1' })
      const others = [
        { ...assertion, id: '_other' },
        { ...assertion, idp: 'https://other.example' },
      ]
      for (const other of others) expect(await logins.findByAssertion(other, T0)).to.equal(undefined)
      expect(await logins.findByAssertion(assertion, started().expiresAt), 'with the login').to.equal(undefined)
    }),
  )

  it(
    'fails loudly when it is to claim what was never started',
    using(open, async store => {
      expect(await failureOf(store.logins.claim(claim()))).to.match(/never started/)
      expect(await store.sessions.find(key('session-1'), T0 + MINUTE)).to.equal(undefined)
    }),
  )

  it(
    'writes down the choice of a finished login only',
    using(open, async ({ logins }) => {
      await logins.start(started())
      await logins.choose('login-1', 'choice-1')
      expect(await logins.find('login-1', T0)).to.deep.equal(started())
      await logins.claim(claim())
      expect(await logins.find('login-1', T0)).not.to.have.property('chosen')
      await logins.choose('login-1', 'choice-1')
      await logins.choose('login-1', 'choice-2')
      expect(await logins.find('login-1', T0)).to.include({ chosen: 'choice-2', session: 'session-1' })
    }),
  )
}

function raceContract(open: Open): void {
  it(
    'lets one of fifty finish the same login',
    using(open, async store => {
      await store.logins.start(started())
      const answers = await together(i => store.logins.claim(claim({ session: session(`session-${i}`) })))
      expect(answers.filter(answer => answer === 'claimed')).to.have.length(1)
      expect(answers.filter(answer => answer === 'finished-before')).to.have.length(49)
      const found = await together(i => store.sessions.find(key(`session-${i}`), T0 + MINUTE))
      expect(found.filter(open => open !== undefined)).to.have.length(1)
    }),
  )

  it(
    'lets one of fifty logins use the same assertion',
    using(open, async store => {
      await together(i => store.logins.start(started(`login-${i}`)))
      const answers = await together(i =>
        store.logins.claim(claim({ login: `login-${i}`, session: session(`session-${i}`) })),
      )
      expect(answers.filter(answer => answer === 'claimed')).to.have.length(1)
      expect(answers.filter(answer => answer === 'replayed')).to.have.length(49)
      const logins = await together(i => store.logins.find(`login-${i}`, T0))
      expect(logins.filter(login => login && 'session' in login)).to.have.length(1)
    }),
  )
}
