import { expect } from 'chai'
import { Refusal } from '../../src/base/refusal.js'
import { checkState, findJournal } from '../../src/journals/journals.js'

const journal = { id: 'sgo', title: '', schools: [], roles: [], returnTo: [], requireState: false, release: [] }
const codeOf = (act: () => unknown): string | undefined => {
  try {
    act()
    return undefined
  } catch (error) {
    return error instanceof Refusal ? error.code : String(error)
  }
}

describe('asking for a journal', () => {
  it('finds it by its id and nothing else', () => {
    const journals = new Map([['sgo', 1]])
    expect(findJournal(journals, 'sgo')).to.equal(1)
    for (const id of ['', 'SGO', 'sgo ', '__proto__']) {
      expect(codeOf(() => findJournal(journals, id))).to.equal('journal.unknown')
    }
  })

  it('takes a state of at most 256 code points', () => {
    expect(codeOf(() => checkState('😀'.repeat(256), journal))).to.equal(undefined)
    expect(codeOf(() => checkState('x'.repeat(257), journal))).to.equal('request.malformed')
    expect(codeOf(() => checkState(undefined, journal))).to.equal(undefined)
  })

  it('demands a state where the journal does', () => {
    const strict = { ...journal, requireState: true }
    expect(codeOf(() => checkState(undefined, strict))).to.equal('journal.state-missing')
    expect(codeOf(() => checkState('', strict))).to.equal('journal.state-missing')
    expect(codeOf(() => checkState('x', strict))).to.equal(undefined)
  })
})
