/** What only a Redis server can do: forget, fall back to an older state, evict, hold its tongue, and be gone while SQL is not. */
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { projectFile } from '../../src/base/project-file.js'
import { openStore, type Store, type StoreOptions } from '../../src/store/open.js'
import type { ShortLivedOptions } from '../../src/store/redis/memory.js'
import { StoreError, StoreUnavailable } from '../../src/store/store-error.js'
import { deposit, entering } from '../contract/entering.js'
import { event } from '../contract/links.js'
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
  session,
  signIn,
  started,
  T0,
  together,
} from '../contract/samples.js'
import { visit } from '../contract/visits.js'
import { freePorts } from '../support/free-ports.js'
import { authority, tlsFor } from '../support/https.js'
import { ownRedis, redisServer, type RedisServer } from '../support/redis.js'
import { namedKey, options, temporaryFile } from './databases.js'

const KEY = key('session-1')
const SECOND = claim({ session: session('session-2') })

if (await redisServer())
  describe('store: short-lived records in Redis', () => {
    let redis: RedisServer
    const opened: Store[] = []
    const open = async (change: Partial<StoreOptions> = {}, by: Partial<ShortLivedOptions> = {}): Promise<Store> => {
      const file = options(`sqlite:${temporaryFile()}`, { shortLived: redis.options(by), ...change })
      opened.push(await openStore(file))
      return opened.at(-1)!
    }
    /** Two bridges over one database and one server. */
    const twoNodes = async (by: Partial<ShortLivedOptions> = {}) => {
      const database = `sqlite:${temporaryFile()}`
      return [await open({ database }, by), await open({ database }, by)] as const
    }
    before(async () => {
      redis = await ownRedis()
    })
    afterEach(async () => {
      for (const store of opened.splice(0)) await store.close()
    })

    const anew = async (...words: readonly string[]) => {
      await redis.kill()
      await redis.startWith(...words)
    }
    const refused = async (by: Partial<ShortLivedOptions>, words: RegExp) => {
      const error = await failureOf((await open({}, by)).shortLived!.meet())
      expect(error).to.be.instanceOf(StoreError)
      expect(error).to.match(words)
    }

    describe('a server that is not what we need', () => {
      afterEach(() => anew())

      it('is refused where it drops records when it is full, also when somebody sets that later', async () => {
        await anew('--maxmemory-policy', 'allkeys-lru')
        await refused({}, /maxmemory-policy allkeys-lru.*in twice.*Set maxmemory-policy to noeviction/)
        await anew()
        const store = await open()
        await store.check()
        await redis.ask('CONFIG', 'SET', 'maxmemory-policy', 'volatile-ttl')
        await redis.ask('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes')
        const error = await outage(() => store.check())
        expect(error).to.include({ reason: 'REDIS_UNFIT' })
        await redis.ask('CONFIG', 'SET', 'maxmemory-policy', 'noeviction')
        await store.check()
      })

      it('is refused where it follows another one, does not let us in, or is not there', async () => {
        await anew('--replicaof', '127.0.0.1 1')
        await refused({}, /only follows another one. Name the primary/)
        await anew('--requirepass', 'correct-horse')
        await refused({}, /does not let us in \(REDIS_NOAUTH\).*storage\.redis\.password/)
        await refused({ password: 'wrong' }, /does not let us in \(REDIS_WRONGPASS\)/)
        const { address } = redis.options()
        await refused({ address: { ...address, port: 1 } }, /127\.0\.0\.1:1 does not answer \(ECONNREFUSED\)/)
        const store = await open({}, { password: 'correct-horse' })
        await store.check()
      })

      it('is taken with the rights that the documentation names, and no others', async () => {
        const rights = (
          /`(~bridge:\* [^`]+)`/.exec(readFileSync(projectFile('docs/redis.md'), 'utf8'))?.[1] ?? ''
        ).split(' ')
        expect(rights).to.have.length.above(3)
        await redis.ask('ACL', 'SETUSER', 'bridge', 'on', '>correct-horse', ...rights)
        const { address } = redis.options()
        const store = await open({}, { address: { ...address, user: 'bridge' }, password: 'correct-horse' })
        await useAll(store)
        await store.sweep(T0 + 2 * HOUR)
        expect(await store.rotation.use()).to.have.length(2)
        expect(await store.shortLived!.drift()).to.be.a('number')
      })
    })

    describe('a server that has forgotten', () => {
      afterEach(() => anew())

      it('is asked for nothing from before, by any node, and an assertion of before is none that could be known as new', async () => {
        const [one, other] = await twoNodes({ clock: { now: () => T0 + 3 * MINUTE } })
        await one.logins.start(started())
        expect(await one.logins.claim(claim())).to.equal('claimed')
        await redis.kill()
        for (const ask of [one.check(), one.sessions.find(KEY, T0), one.logins.start(started('login-2'))])
          expect(await failureOf(ask)).to.be.instanceOf(StoreUnavailable)
        await redis.start()
        for (const store of [one, other]) {
          expect(await store.logins.find('login-1', T0)).to.equal(undefined)
          expect(await store.sessions.find(KEY, T0)).to.equal(undefined)
        }
        await other.logins.start(started('login-2'))
        const again = { ...SECOND, login: 'login-2' }
        expect(await one.logins.claim({ ...again, issuedAfter: T0 + 3 * MINUTE })).to.equal('forgotten')
        expect(await one.logins.find('login-2', T0)).to.deep.equal(started('login-2'))
        expect(await one.logins.claim({ ...again, issuedAfter: T0 + 3 * MINUTE + 1 })).to.equal('claimed')
      })

      it('comes back from its disk with an older state, and nothing of that is believed', async () => {
        const database = `sqlite:${temporaryFile()}`
        const store = await open({ database })
        await store.logins.start(started())
        await signIn(store, session('session-9'))
        await redis.ask('SAVE')
        expect(await store.logins.claim(claim())).to.equal('claimed')
        await store.logouts.end(key('session-9'), T0, T0, () => ({ notices: [], events: [] }))
        await anew()
        expect(Number(await redis.ask('DBSIZE')), 'control: it has read its file').to.be.above(1)
        const fresh = await open({ database })
        expect(await fresh.sessions.find(key('session-9'), T0), 'to a node that has seen nothing yet').to.equal(
          undefined,
        )
        expect(await store.sessions.find(key('session-9'), T0), 'signed out').to.equal(undefined)
        expect(await store.logins.find('login-1', T0)).to.equal(undefined)
        await redis.ask('FLUSHALL')
        await redis.ask('SAVE')
      })

      it('falls back behind our back, and whoever has seen more writes begins anew', async () => {
        const [one, other] = await twoNodes()
        await one.logins.start(started())
        await one.logins.start(started('login-2'))
        await other.check()
        const { prefix } = one.shortLived!
        const before = await whole(redis, prefix)
        expect(await one.logins.claim(claim())).to.equal('claimed')
        await restore(redis, before)
        expect(await failureOf(one.logins.claim(SECOND)), 'not a second time').to.be.instanceOf(Error)
        expect(await other.logins.find('login-1', T0), 'and the other node hears of it').to.equal(undefined)
        await other.logins.start(started('login-3'))
        expect(await one.logins.claim({ ...SECOND, login: 'login-3' })).to.equal('claimed')
        await restore(redis, before)
        expect(await one.logins.find('login-1', T0), 'nor an older memory than the one we know').to.equal(undefined)
      })

      it('forgets its scripts alone, which costs nobody anything', async () => {
        const store = await open()
        await store.logins.start(started())
        await redis.ask('SCRIPT', 'FLUSH')
        expect(await store.logins.claim(claim())).to.equal('claimed')
      })
    })

    it('is held by TLS to the name in the settings, and to the authority that is named there', async () => {
      const { key: privateKey, cert } = await tlsFor({ name: 'localhost' })
      const files = { key: join(redis.folder, 'tls.key'), cert: join(redis.folder, 'tls.crt') }
      writeFileSync(files.key, privateKey as string)
      writeFileSync(files.cert, cert as string)
      const [port] = (await freePorts(1)) as [number]
      await anew('--tls-port', String(port), '--tls-cert-file', files.cert, '--tls-key-file', files.key, '--tls-auth-clients', 'no') // prettier-ignore
      const { certificatePem: ca } = await authority()
      const at = (host: string) => ({ address: { tls: true, host, port, database: 0 } })
      await (await open({}, { ...at('localhost'), ca })).check()
      await refused(at('localhost'), /cannot be reached by TLS.*storage\.redis\.ca/)
      await refused({ ...at('127.0.0.1'), ca }, /cannot be reached by TLS \(ERR_TLS_CERT_ALTNAME_INVALID\)/)
    })

    describe('a server in trouble', () => {
      it('is given up when it says nothing, and asked again by the next who comes', async () => {
        const store = await open({}, { answerWithin: 2_000 })
        await store.logins.start(started())
        redis.freeze()
        const errors = await together(i => failureOf(i % 2 ? store.check() : store.logins.find('login-1', T0)))
        for (const error of errors)
          expect(error)
            .to.be.instanceOf(StoreUnavailable)
            .and.match(/TIMEOUT|GONE/)
        redis.thaw()
        expect(await store.logins.find('login-1', T0)).to.deep.equal(started())
      })

      it('writes all of a claim or nothing when its memory is full', async () => {
        const store = await open()
        await store.logins.start(started())
        await store.check()
        await redis.ask('CONFIG', 'SET', 'maxmemory', '1')
        const error = await failureOf(store.logins.claim(claim({ entering: entering({ deposit }) })))
        await redis.ask('CONFIG', 'SET', 'maxmemory', '0')
        expect(error).to.be.instanceOf(StoreUnavailable).and.include({ reason: 'REDIS_OOM' })
        expect(await store.logins.find('login-1', T0)).to.deep.equal(started())
        expect(await store.audit.byNumber(NUMBER)).to.deep.equal([])
        expect(await store.logins.claim(claim())).to.equal('claimed')
      })
    })

    it('ends a session with what was entered until then, and looks again when more was', async () => {
      const store = await open()
      await signIn(store, session('session-1', { entered: [entered('a-1')] }))
      const keys = (await redis.ask('KEYS', `${store.shortLived!.prefix}*:session:session-1`)) as readonly [string]
      const before = (await redis.ask('HGET', keys[0], 'entered')) as string
      await store.logins.enter(entering({ entered: entered('a-2') }))
      const seen: number[] = []
      await store.logouts.end(KEY, T0, T0, trace => {
        seen.push(trace.entered.length)
        // somebody else writes while we decide
        if (seen.length === 1) execFileSync('redis-cli', ['-p', String(redis.port), 'HSET', keys[0], 'entered', before])
        return { notices: [], events: [] }
      })
      expect(seen).to.deep.equal([2, 1])
      expect(await store.sessions.find(KEY, T0)).to.equal(undefined)
    })

    it('keeps bridges apart that share a server', async () => {
      const [one, other] = [await open(), await open()]
      await one.logins.start(started())
      expect(await other.logins.find('login-1', T0)).to.equal(undefined)
      await other.logins.start(started())
      expect(await one.logins.claim(claim())).to.equal('claimed')
      expect(await other.logins.find('login-1', T0)).to.deep.equal(started())
    })

    it('leaves no key that does not end by itself, should no sweep ever come by', async () => {
      const store = await open()
      await useAll(store)
      const { prefix } = store.shortLived!
      const keys = (await redis.ask('KEYS', `${prefix}*`)) as readonly string[]
      expect(keys).to.have.length.above(15)
      const lasting: string[] = []
      for (const each of keys) {
        const ttl = Number(await redis.ask('PTTL', each))
        if (ttl < 0) lasting.push(each)
        else expect(ttl, each).to.be.below(49 * HOUR)
      }
      expect(lasting).to.deep.equal([`${prefix}memory`])
    })

    it('sweeps everything in the end', async () => {
      const store = await open()
      await useAll(store)
      await store.sweep(T0 + 25 * HOUR)
      const { prefix } = store.shortLived!
      const left = ((await redis.ask('KEYS', `${prefix}*`)) as readonly string[]).map(each => each.split(':')[3])
      // of an assertion only the server's own clock knows the end
      expect(left.filter(kind => kind !== undefined && kind !== 'assertion')).to.deep.equal([])
    })

    it('shows nobody: no name, СНИЛС, userId, NameID, e-mail, login or handle', async () => {
      const store = await open()
      await useAll(store)
      const all = await whole(redis, store.shortLived!.prefix)
      const raw = Buffer.concat(all.flatMap(({ key, value }) => [Buffer.from(key), value])).toString('latin1')
      expect(raw, 'control: an IdP is no person').to.include('idp.gosuslugi.example')
      const secrets = ['Ъюник', 'Ёжика', 'Щукинична', '90000000182', '1000777333', '777333', '1987-02-28', 'yunikova', 'pochta', '7773331', 'name-id', deposit.handle, 'visit-1', '192.0.2.1'] // prettier-ignore
      for (const secret of secrets)
        for (const writing of [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)])
          expect(raw.includes(Buffer.from(writing).toString('latin1')), writing).to.equal(false)
    })

    it('tells a change of keys what stands under the old ones, and until when', async () => {
      const database = `sqlite:${temporaryFile()}`
      const before = await open({ database })
      await useAll(before)
      const both = { dataKeys: [namedKey('d2'), namedKey('d1')], lookupKeys: [namedKey('l3'), namedKey('l2', 7)] }
      const now = await open({ database, ...both }, { clock: { now: () => T0 } })
      expect(await now.sessions.find(KEY, T0), 'found under either').to.include({ key: KEY })
      const [, data, , lookup] = await now.rotation.use()
      const named = (use: typeof data) => (use?.kept ?? []).filter(({ column }) => column.startsWith('redis.')).map(({ column }) => column).sort() // prettier-ignore
      expect([data?.id, lookup?.id]).to.deep.equal(['d1', 'l2'])
      expect(named(data)).to.deep.equal(['redis.deposit.content', 'redis.login.target', 'redis.logout.then_target', 'redis.session.content', 'redis.session.entered', 'redis.visit.content']) // prettier-ignore
      expect(named(lookup)).to.deep.equal(['redis.obeyed.name_id_hmac', 'redis.session.name_id_hmac', 'redis.session.session_index_hmac']) // prettier-ignore
      for (const { ends, column } of data!.kept) if (column.startsWith('redis.')) expect(ends).to.be.within(T0, T0 + 26 * HOUR) // prettier-ignore
    })
  })

/** Every kind of record. */
async function useAll(store: Store): Promise<void> {
  await store.logins.start(started(), event('login.started'))
  await store.logins.claim(claim({ entering: entering({ deposit }) }))
  await store.logins.choose('login-1', 'choice-1')
  await store.logins.enter(entering({ entered: entered('a-2', { mark: 'https://sgo.example/Ъюникова' }) }))
  await store.sessions.touch(KEY, T0 + 5 * MINUTE)
  await store.visits.open('visit-1', visit(), T0 + 5 * MINUTE)
  await store.rateCounts.add([{ key: 'starts 192.0.2.1', minute: T0 / MINUTE, count: 9 }])
  await store.logouts.start({
    ...{ id: 'logout-1', requestId: '_1', browser: 'b', idp: 'https://idp.gosuslugi.example', number: NUMBER },
    ...{ then: { kind: 'journal', journal: 'sgo', state: 'Ъюникова' }, journals: [], expiresAt: T0 + 10 * MINUTE },
  })
  await store.logouts.obey(logoutOrder({ sessionIndexes: ['_none'] }), T0, T0, () => ({ ends: [], notices: [notice()], events: [] })) // prettier-ignore
}

interface Kept {
  readonly key: string
  /** As `DUMP` writes it. */
  readonly value: Buffer
}

/** Everything under a prefix, as octets. */
async function whole(redis: RedisServer, prefix: string): Promise<readonly Kept[]> {
  const keys = (await redis.ask('KEYS', `${prefix}*`)) as readonly string[]
  return Promise.all(keys.map(async key => ({ key, value: await redis.dump(key) })))
}

async function restore(redis: RedisServer, kept: readonly Kept[]): Promise<void> {
  await redis.ask('FLUSHALL')
  for (const { key, value } of kept) await redis.restore(key, value)
}

/** The connection of before may still be thought open for a moment. */
async function outage(ask: () => Promise<unknown>): Promise<unknown> {
  for (;;) {
    const error = await ask().then(
      () => undefined,
      (error: unknown) => error,
    )
    if (error instanceof StoreUnavailable && error.reason === 'REDIS_UNFIT') return error
    await new Promise(resolve => setImmediate(resolve))
  }
}
