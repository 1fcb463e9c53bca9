/** Bridges over one database that do not agree where short-lived records are kept. */
import { expect } from 'chai'
import { openStore, type Store, type StoreOptions } from '../../src/store/open.js'
import { StoreError } from '../../src/store/store-error.js'
import type { ShortLivedOptions } from '../../src/store/redis/memory.js'
import { claim, failureOf, HOUR, MINUTE, started, T0 } from '../contract/samples.js'
import { options, temporaryFile } from './databases.js'

describe('store: one place for short-lived records', () => {
  const opened: Store[] = []
  let database: string
  /** Nothing is asked of it here. */
  const at = (host: string): ShortLivedOptions => ({
    address: { tls: false, host, port: 6379, database: 0 },
    clock: { now: () => T0 },
  })
  const open = async (change: Partial<StoreOptions> = {}): Promise<Store> => {
    opened.push(await openStore(options(database, change)))
    return opened.at(-1)!
  }
  beforeEach(() => {
    database = `sqlite:${temporaryFile()}`
  })
  afterEach(async () => {
    for (const store of opened.splice(0)) await store.close()
  })

  it('refuses a bridge that would keep them elsewhere than one that runs', async () => {
    const [one, same] = [await open(), await open()]
    const [elsewhere, third] = [
      await open({ shortLived: at('a.example') }),
      await open({ shortLived: at('b.example') }),
    ]
    await one.whereabouts.check(T0)
    await one.keyHolders.tell(T0)
    await same.whereabouts.check(T0 + 1)
    const refusal = await failureOf(elsewhere.whereabouts.check(T0 + 3 * MINUTE - 1))
    expect(refusal).to.be.instanceOf(StoreError)
    expect(refusal).to.match(/in redis:\/\/a\.example:6379\/0, and another one .* in the database\. Give all the same/)
    await elsewhere.whereabouts.check(T0 + 3 * MINUTE)
    await one.keyHolders.leave()
    await elsewhere.whereabouts.check(T0 + 1)
    await elsewhere.keyHolders.tell(T0 + 1)
    expect(await failureOf(third.whereabouts.check(T0 + 2))).to.match(/b\.example.*a\.example/)
  })

  for (const stopped of ['in order', 'by a crash'])
    it(`takes no answer that nobody asked for from a time when they were elsewhere (stopped ${stopped})`, async () => {
      const elsewhere = await open({ shortLived: at('a.example') })
      await elsewhere.keyHolders.tell(T0 - 10 * MINUTE)
      await elsewhere.keyHolders.tell(T0)
      if (stopped === 'in order') await elsewhere.keyHolders.leave()
      const store = await open()
      const now = T0 + 5 * MINUTE
      await store.logins.start(started())
      const unasked = (issuedAfter: number) => store.logins.claim(claim({ now, issuedAfter }))
      await store.sweep(now)
      expect(await unasked(T0 + MINUTE), 'it may have been used there').to.equal('forgotten')
      expect(await store.logins.find('login-1', T0)).to.deep.equal(started())
      expect(await unasked(T0 + MINUTE + 1)).to.equal('claimed')
      await store.logins.start(started('login-2'))
      await store.sweep(T0 + 2 * HOUR)
    })
})
