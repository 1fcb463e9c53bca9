import { expect } from 'chai'
import { rehearse } from '../../src/identity/roster-rehearsal.js'
import type { ListedLink } from '../../src/identity/links.js'
import type { RosterEntry, RosterRecord } from '../../src/identity/roster.js'
import { without } from '../contract/samples.js'
import { schoolOf } from './evidence.js'
import { parseSnils } from '../../src/words/snils.js'

const [MARIA, PETR] = ['900-000-001 82', '900-000-002 83'].map(text => parseSnils(text)!)
const destination = {
  journal: { id: 'sgo', schools: ['school-1'], roles: ['parent', 'teacher'] as const },
  school: 'school-1',
  schools: new Map([['school-1', schoolOf('school-1')]]),
  now: Date.parse('2026-11-29T09:00:00Z'),
}
const child = (id: string) => ({ id, name: `Соколов ${id}` })
const record = (login: string, change: Partial<RosterRecord> = {}): RosterRecord => ({
  login, role: 'parent', snils: MARIA!, person: { lastName: 'Соколова', firstName: 'Марина' }, children: [child('1')], ...change,
}) // prettier-ignore
const stored = (of: RosterRecord, change: Partial<RosterEntry> = {}): RosterEntry => ({
  ...of, accountId: `stored ${of.login}`, journal: 'sgo', school: 'school-1', ...change,
}) // prettier-ignore
const olga = { person: { lastName: 'Соколова', firstName: 'Ольга' } }
const now = (before: readonly RosterEntry[], after: readonly RosterRecord[], links: readonly ListedLink[] = []) =>
  rehearse(before, after, links, destination)
const link = (login: string, change: Partial<ListedLink> = {}): ListedLink => ({
  ...{
    id: `link ${login}`,
    accountId: `stored ${login}`,
    journal: 'sgo',
    school: 'school-1',
    ground: 'code',
    since: 0,
  },
  ...{ listed: { firstName: 'Марина' }, number: 'unknown', ...change },
})
const numberless = (login: string, change: Partial<RosterRecord> = {}): RosterRecord =>
  without(record(login, change), 'snils')
const empty = { lost: [], doubled: [], changed: [], gained: [] }

describe('identity: a list rehearsed', () => {
  it('the same list changes nobody', () => {
    expect(now([stored(record('p'))], [record('p')])).to.deep.equal({ people: 1, same: 1, ...empty })
  })

  it('who is not named any more, or gets another number, is lost', () => {
    const found = now([stored(record('p'))], [record('p', { snils: PETR! })])
    expect(found.lost).to.deep.equal([
      { logins: ['p'], before: ['p parent 1'], after: [], refused: 'identity.not-linked' },
    ])
    expect(found.gained).to.deep.equal([{ logins: ['p'], before: [], after: ['p parent 1'] }])
  })

  it('who is written with another first name is lost: the IdP will bring the old one', () => {
    expect(now([stored(record('p'))], [record('p', olga)]).lost[0]).to.include({ refused: 'identity.other-name' })
  })

  it('a number on two people is doubled, also over another journal of the school', () => {
    expect(now([stored(record('p'))], [record('p'), record('q', olga)]).doubled).to.deep.equal([
      { logins: ['p', 'q'], before: ['p parent 1'], after: [], refused: 'identity.ambiguous' },
    ])
    const other = stored(record('o'), { journal: 'other' })
    expect(now([stored(record('p')), other], [record('p', olga)]).doubled).to.have.length(1)
  })

  it('a number that stands on two people already is no news', () => {
    const both = [record('p'), record('q', olga)]
    expect(
      now(
        both.map(each => stored(each)),
        both,
      ),
    ).to.deep.equal({ people: 1, same: 1, ...empty })
  })

  it('another login, role or child is a change', () => {
    const before = [stored(record('p'))]
    for (const after of [
      record('q'),
      record('p', { role: 'teacher' }),
      record('p', { children: [child('1'), child('2')] }),
    ]) {
      const found = now(before, [after])
      expect(found.changed, after.login).to.have.length(1)
      expect(found.same).to.equal(0)
    }
  })

  it('roles that the journal does not admit, and accounts that were missing, open nothing', () => {
    expect(now([stored(record('p'))], [record('p', { role: 'pupil', children: [] })]).lost[0]).to.include({
      refused: 'identity.role',
    })
    const back = now([stored(record('p'), { missingSince: 1 })], [record('p')])
    expect(back).to.deep.include({ lost: [], changed: [] }).and.have.property('gained').with.length(1)
  })

  it('names nobody', () => {
    const text = JSON.stringify(now([stored(record('p'))], [record('p', olga), record('q', { snils: PETR! })]))
    expect(text).not.to.match(/Соколов|Ольга|Марина|9000000/)
  })

  it('a link carries its person over a new number in the list, and keeps the account from whose number it is now', () => {
    const before = [stored(record('p'))]
    const after = [record('p', { snils: PETR! })]
    expect(now(before, after, [link('p', { number: 'listed' })])).to.deep.include({
      ...{ people: 2, same: 2, lost: [], gained: [], changed: [] },
    })
  })

  it('who came by a code is lost when the list gives the account to another, or names it no more', () => {
    const before = [stored(numberless('p'))]
    expect(now(before, [numberless('p')], [link('p')])).to.deep.equal({ people: 1, same: 1, ...empty })
    for (const after of [[], [numberless('p', olga)]]) {
      expect(now(before, after, [link('p')]).lost, `${after.length}`).to.deep.equal([
        { logins: ['p'], before: ['p parent 1'], after: [], refused: 'identity.not-linked' },
      ])
    }
  })

  it('an account that was missing and is named again gives its link back', () => {
    const missing = [stored(numberless('p'), { missingSince: 1 })]
    expect(now(missing, [numberless('p')], [link('p')]).gained).to.have.length(1)
  })
})
