/** What Notices must do, whichever database is behind it. */
import { expect } from 'chai'
import type { Store } from '../../src/store/open.js'
import { logoutOrder, MINUTE, notice, T0, together, using, type Open } from './samples.js'

const NOW = T0 + 2 * MINUTE
const LATER = NOW + MINUTE

const due = (store: Store, now = LATER) => store.notices.due(now, now + MINUTE, 10)

export function noticesContract(driver: string, open: Open): void {
  describe(`notices to journals: ${driver}`, () => everyNotice(open))
}

function everyNotice(open: Open): void {
  const written = async (store: Store, ...notices: readonly ReturnType<typeof notice>[]) =>
    store.logouts.obey(logoutOrder(), NOW, LATER, () => ({ ends: [], notices, events: [] }))

  it(
    'gives a notice that is due to one of fifty, and again when it was put off long enough',
    using(open, async store => {
      await written(store, notice())
      const answers = await together(() => store.notices.due(LATER, LATER + MINUTE, 10))
      expect(answers.flat()).to.deep.equal([notice()])
      expect(await due(store, LATER + MINUTE - 1)).to.deep.equal([])
      expect(await due(store, LATER + MINUTE)).to.deep.equal([notice()])
    }),
  )

  it(
    'counts attempts, and forgets what was told',
    using(open, async store => {
      await written(store, notice())
      await store.notices.putOff('notice-1', LATER + MINUTE)
      expect(await due(store)).to.deep.equal([])
      expect(await due(store, LATER + MINUTE)).to.deep.equal([notice('notice-1', { attempts: 1 })])
      await store.notices.forget('notice-1')
      expect(await due(store, LATER + 10 * MINUTE)).to.deep.equal([])
    }),
  )

  it(
    'gives the oldest first, and no more than asked for',
    using(open, async store => {
      const all = [3, 1, 2].map(i => notice(`notice-${i}`, { since: T0 + i }))
      await written(store, ...all)
      const ids = async () => (await store.notices.due(LATER, LATER + MINUTE, 2)).map(({ id }) => id)
      expect(await ids()).to.deep.equal(['notice-1', 'notice-2'])
      expect(await ids()).to.deep.equal(['notice-3'])
    }),
  )

  it(
    'brings back what the journal knows the entry by',
    using(open, async store => {
      const marked = notice('notice-1', { mark: 'ST-1 https://sgo.example/?who=Ъюникова' })
      await written(store, marked)
      expect(await due(store)).to.deep.equal([marked])
    }),
  )
}
