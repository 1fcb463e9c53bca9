/**
 * The most unkind moment: the bridge has done what was asked, and its answer never arrives. Each answer of a whole visit is lost
 * once, one visit for each, and the person presses again.
 */
import { expect } from 'chai'
import { Life, WITHDRAWS, type Diary } from './citizen-life.js'
import type { Act } from './evidence.js'
import { citizens } from './people.js'
import type { Seeded } from './seeded.js'
import { startChaosTown, type ChaosTown } from './town.js'
import { has } from '../support/require.js'

/** Whoever does what a citizen can do, in one visit. @param at which of several they take */
const doing = (at: 0 | -1, chance: Seeded['chance']): Seeded => ({ below: () => 0, pick: from => from.at(at)!, chance })

/** Everything but to take a consent back, or that alone. */
const VISITS = {
  list: doing(0, percent => percent !== WITHDRAWS),
  code: doing(0, percent => percent !== WITHDRAWS),
  two: doing(-1, percent => percent === WITHDRAWS),
}

describe('chaos: lost answers', function () {
  this.timeout(300_000)
  const people = citizens(5)
  let town: ChaosTown
  before(async function () {
    if (!has('/usr/sbin/nginx', 'nginx')) return this.skip()
    town = await startChaosTown({ nodes: 1, store: 'sqlite', people })
  })
  after(() => (town as ChaosTown | undefined)?.close())

  for (const [i, [kind, chance]] of Object.entries(VISITS).entries())
    it(`cost nobody more than a click: ${kind}`, async () => {
      const citizen = people[i]!
      const lost: string[] = []
      let [countdown, asked] = [0, 0]
      const ask: typeof fetch = async (input, init) => {
        const answer = await town.balancer.ask(input, init)
        const { href: address } = new URL(input instanceof Request ? input.url : input)
        if (!address.startsWith(town.bridge) || address.includes('/hand-off/')) return answer
        asked += 1
        if (--countdown !== 0) return answer
        lost.push(`${init?.method ?? 'GET'} ${new URL(address).pathname}`)
        throw Object.assign(new Error('the answer got lost'), { code: 'ECONNRESET' })
      }
      const acts: Act[] = []
      const stuck: string[] = []
      const diary: Diary = {
        act: act => acts.push(act),
        theft: ({ status, userId }) => expect([status < 400, userId]).to.deep.equal([false, undefined]),
        stuck: why => stuck.push(`${why}, after the answer to ${lost.at(-1) ?? 'nothing'} was lost`),
        cutShort: why => stuck.push(why),
        usedCodes: new Set(),
      }
      const clicking = { step: () => Promise.resolve(), repeated: () => undefined }
      const own = { ...town, balancer: { ...town.balancer, ask } }
      const life = new Life(citizen, own, chance, clicking, diary)
      for (let k = 1; k === 1 || asked >= k - 1; k++) {
        ;[countdown, asked] = [k, 0]
        await life.visit()
      }
      expect(stuck).to.deep.equal([])
      expect(lost.length).to.be.greaterThan(15)
    })
})
