/** A short run of `npm run chaos` on every kind of memory: every kind of blow falls once while people sign in. */
import { expect } from 'chai'
import { has, missing } from '../support/require.js'
import type { StoreKind } from './database.js'
import type { Blow } from './killer.js'
import { report } from './report.js'
import { run, type RunWish } from './run.js'

interface Short {
  readonly blows: number
  readonly nodes: number
  readonly people?: number
  /** Instead of all. */
  readonly only?: readonly Blow[]
}

/** One of each: nodes killed, stopped; connections cut, the server broken off, stopped; imports whole and killed. */
const EACH_ONCE: Readonly<Record<StoreKind, Short>> = {
  postgres: { blows: 8, nodes: 3 },
  // where Redis is the other half of a step; what befalls PostgreSQL alone, befell it above
  'postgres+redis': { blows: 5, nodes: 2, people: 5, only: ['kill', 'kill-all', 'cut', 'cut-redis', 'forget'] },
  sqlite: { blows: 5, nodes: 1 },
}

for (const [store, { blows, ...short }] of Object.entries(EACH_ONCE) as [StoreKind, Short][])
  describe(`chaos: on ${store}`, function () {
    this.timeout(300_000)

    it('nothing is lost, nothing works twice, and nobody sees more than a repeated click', async function () {
      if (!has('/usr/sbin/nginx', 'nginx')) return this.skip()
      if (store === 'postgres+redis' && !has('redis-server', 'redis-server')) return this.skip()
      const wish: RunWish = { seed: 7, until: { blows, logins: 6 }, people: 10, ...short, store }
      const outcome = await run(wish).catch((error: unknown) => {
        if (store !== 'sqlite' && error === undefined) return undefined // its program ended at once
        throw error
      })
      if (!outcome) {
        missing('PostgreSQL', 'npm ci, with optional packages and their install scripts')
        return this.skip()
      }
      expect(outcome.findings, report(wish, outcome)).to.deep.equal([])
      expect(Object.values(outcome.struck), 'every kind of blow').to.have.length(blows)
      expect(outcome.logins).to.be.greaterThan(5)
    })
  })
