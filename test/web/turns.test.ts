import { expect } from 'chai'
import { turns } from '../../src/web/turns.js'

const round = (): Promise<void> => new Promise(resolve => setImmediate(resolve))

describe('turns', () => {
  it('are given in order of arrival, one a round of the event loop', async () => {
    const turn = turns()
    const happened: string[] = []
    const costly = async (name: string): Promise<void> => {
      await turn()
      for (const step of ['judged', 'written']) await Promise.resolve(step) // all of it in one go, as a login is
      happened.push(name)
    }
    const all = [costly('first'), costly('second'), costly('third')]
    for (const name of ['a page', 'a probe']) {
      await round()
      happened.push(name)
    }
    await Promise.all(all)
    expect(happened).to.deep.equal(['first', 'a page', 'second', 'a probe', 'third'])
    await costly('later')
    expect(happened).to.include('later')
  })
})
