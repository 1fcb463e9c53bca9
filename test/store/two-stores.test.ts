/** A step that writes in SQL and in Redis, when one of the two is gone in the middle of it, or the bridge itself. */
import { expect } from 'chai'
import { openStore, type Store, type StoreOptions } from '../../src/store/open.js'
import { StoreUnavailable } from '../../src/store/store-error.js'
import { deposit, entering } from '../contract/entering.js'
import { event, link, somebodyElse } from '../contract/links.js'
import {
  claim,
  entered,
  failureOf,
  HOUR,
  key,
  logoutOrder,
  MINUTE,
  notice,
  NUMBER,
  record,
  session,
  signIn,
  SNILS,
  started,
  T0,
} from '../contract/samples.js'
import { postgresServer, type PostgresServer } from '../support/postgres.js'
import { ownRedis, redisServer, type RedisServer } from '../support/redis.js'

const [server, there] = [await postgresServer(), await redisServer()]
const KEY = key('session-1')
const closing = event('session.closed')

if (server && there)
  describe('store: a step in SQL and in Redis', () => {
    let redis: RedisServer
    let settings: StoreOptions
    let store: Store
    before(async () => {
      redis = await ownRedis()
    })
    beforeEach(async () => {
      settings = { ...(await server.options()), shortLived: redis.options() }
      store = await openStore(settings)
    })
    afterEach(() => store.close())

    const whats = async () => (await store.audit.byNumber(NUMBER)).map(({ what }) => what)
    const notices = () => store.notices.due(T0 + HOUR, T0 + 2 * HOUR, 10)
    /** PostgreSQL is away while this lasts. */
    const without = async (what: PostgresServer, act: () => Promise<unknown>) => {
      await what.stop()
      await act().finally(() => what.start())
    }
    const breaks = async (ask: () => Promise<unknown>) =>
      expect(await failureOf(ask())).to.be.instanceOf(StoreUnavailable)

    it('signs nobody in whose events cannot be written, and nobody twice who comes again', async () => {
      await store.logins.start(started())
      await without(server, () => breaks(() => store.logins.claim(claim())))
      expect(await store.logins.claim(claim({ session: session('session-2') }))).to.equal('finished-before')
      expect(await store.sessions.find(key('session-2'), T0), 'what a browser would hold').to.equal(undefined)
      expect(await whats()).to.deep.equal([])
    })

    it('leaves a login usable when its link cannot be written', async () => {
      const accountId = await account(store)
      await store.logins.start(started())
      const both = claim({ entering: entering({ entered: entered(accountId), link: link({ accountId }), deposit }) })
      await without(server, () => breaks(() => store.logins.claim(both)))
      expect(await store.logins.find('login-1', T0)).to.deep.equal(started())
      expect(await store.logins.claim(both)).to.equal('claimed')
      expect(await whats()).to.include('login.verified')
    })

    it('leaves no link and no event behind when the login was finished by somebody else', async () => {
      const accountId = await account(store)
      await store.logins.start(started())
      await store.logins.claim(claim())
      const before = await whats()
      const late = entering({ session: key('session-2'), entered: entered(accountId), link: link({ accountId }) })
      const second = claim({ session: session('session-2'), entering: late })
      expect(await store.logins.claim(second)).to.equal('finished-before')
      expect(await whats()).to.deep.equal(before)
      expect((await store.links.around(session().person, [accountId])).own).to.deep.equal([])
    })

    it('finishes a login once, though its transaction lost against another and ran again', async () => {
      const accountId = await account(store)
      await store.logins.start(started())
      for (const statement of LOSES_ONCE) await server.ask(settings.database, statement)
      const both = claim({ entering: entering({ entered: entered(accountId), link: link({ accountId }), deposit }) })
      const claimed = await store.logins.claim(both)
      expect((await server.ask(settings.database, "select nextval('times')"))[0]!['nextval'], 'control').to.equal('3')
      expect(claimed).to.equal('claimed')
      expect((await store.sessions.find(KEY, T0))?.entered).to.have.length(1)
      expect((await whats()).filter(what => what === 'login.verified')).to.have.length(1)
    })

    it('lets nobody in who became somebody else since: the link is held, and the login stays usable', async () => {
      const accountId = await account(store)
      await store.links.make(link({ id: 'theirs', accountId, person: somebodyElse }), event('link.made'))
      await store.logins.start(started())
      const both = claim({ entering: entering({ entered: entered(accountId), link: link({ accountId }) }) })
      expect(await store.logins.claim(both)).to.equal('held')
      expect(await store.logins.find('login-1', T0)).to.deep.equal(started())
      expect(await store.logins.claim(claim())).to.equal('claimed')
      expect(await store.logins.enter(entering({ entered: entered(accountId), link: link({ accountId }) }))).to.equal(
        'held',
      )
      expect((await store.sessions.find(KEY, T0))?.entered).to.deep.equal([])
    })

    it('opens no door and hands out nothing when the entry cannot be written', async () => {
      await signIn(store, session())
      await without(server, () => breaks(() => store.logins.enter(entering({ deposit }))))
      expect(await store.deposits.take(deposit.handle, T0 + MINUTE)).to.equal(undefined)
      expect((await store.sessions.find(KEY, T0))?.entered).to.deep.equal([])
      expect(await whats()).not.to.include('journal.entered')
    })

    it('ends a session though SQL is away, and tells its journals and the audit when it is back, once', async () => {
      await signIn(store, session('session-1', { entered: [entered('a-1')] }))
      const end = () => store.logouts.end(KEY, T0, T0, () => ({ notices: [notice()], events: [closing] }))
      await without(server, async () => {
        await breaks(end)
        expect(await store.sessions.find(KEY, T0), 'out at once').to.equal(undefined)
      })
      expect([await notices(), (await whats()).includes('session.closed')]).to.deep.equal([[], false])
      const left = await redis.ask('HGETALL', `${store.shortLived!.prefix}errands`)
      await store.sweep(T0 + MINUTE - 1)
      expect(await notices(), 'whoever began it may be at it').to.deep.equal([])
      await store.sweep(T0 + MINUTE)
      expect(await whats()).to.include('session.closed')
      await redis.ask('HSET', `${store.shortLived!.prefix}errands`, ...(left as string[]))
      await store.sweep(T0 + MINUTE)
      expect((await whats()).filter(what => what === 'session.closed')).to.have.length(1)
      expect(await notices()).to.deep.equal([notice()])
      expect(await redis.ask('HLEN', `${store.shortLived!.prefix}errands`)).to.equal(0)
    })

    it('writes at once what a dead bridge left of the end of a session, when the person presses again', async () => {
      await signIn(store, session('session-1', { entered: [entered('a-1')] }))
      await without(server, () =>
        breaks(() => store.logouts.end(KEY, T0, T0, () => ({ notices: [notice()], events: [closing] }))),
      )
      for (const each of [key('another'), KEY, KEY]) await store.logouts.settle(each)
      expect((await whats()).filter(what => what === 'session.closed')).to.have.length(1)
      expect(await notices()).to.deep.equal([notice()])
      await store.sweep(T0 + MINUTE)
      expect(
        (await whats()).filter(what => what === 'session.closed'),
        'once',
      ).to.have.length(1)
    })

    it('has nothing to settle of a session that Redis forgot: nobody knows any more whose it was', async () => {
      await signIn(store, session('session-1', { entered: [entered('a-1')] }))
      await redis.kill()
      await redis.start()
      expect(await store.logouts.end(KEY, T0, T0, () => ({ notices: [notice()], events: [closing] }))).to.equal(false)
      await store.logouts.settle(KEY)
      expect([await notices(), (await whats()).includes('session.closed')]).to.deep.equal([[], false])
    })

    it('obeys the IdP though SQL is away, and remembers the request', async () => {
      await signIn(store, session('session-1', { entered: [entered('a-1')] }))
      const obey = () =>
        store.logouts.obey(logoutOrder(), T0, T0, found => ({
          ...{ ends: found.map(trace => trace.key), notices: found.map(() => notice()), events: [closing] },
        }))
      await without(server, () => breaks(obey))
      expect(await store.sessions.find(KEY, T0)).to.equal(undefined)
      expect(await obey(), 'the IdP asks again').to.equal('again-partly')
      await store.sweep(T0 + MINUTE)
      expect(await notices()).to.deep.equal([notice()])
    })

    it('writes nothing in SQL of what Redis could not do', async () => {
      await signIn(store, session('session-1', { entered: [entered('a-1')] }))
      const before = await whats()
      await redis.kill()
      await breaks(() => store.logins.enter(entering({ deposit })))
      await breaks(() => store.logouts.end(KEY, T0, T0, () => ({ notices: [notice()], events: [closing] })))
      await breaks(() => store.logins.claim(claim({ entering: entering({ link: link() }) })))
      await redis.start()
      expect([await whats(), await notices()]).to.deep.equal([before, []])
    })
  })

/** A transaction that makes a link loses its first commit against another. */
const LOSES_ONCE = [
  'create sequence times',
  "create function lose_once() returns trigger language plpgsql as $$ begin if nextval('times') = 1 then raise exception 'lost' using errcode = '40001'; end if; return null; end $$",
  'create constraint trigger once after insert on links deferrable initially deferred for each row execute function lose_once()',
]

async function account(store: Store): Promise<string> {
  await store.roster.replace('sgo', 'school-1', [record()], { now: T0 })
  return (await store.roster.bySnils(SNILS))[0]!.accountId
}
