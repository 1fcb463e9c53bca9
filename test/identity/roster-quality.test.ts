import { expect } from 'chai'
import { qualityOf } from '../../src/identity/roster-quality.js'
import type { RosterEntry } from '../../src/identity/roster.js'
import { without } from '../contract/samples.js'
import { parseSnils } from '../../src/words/snils.js'

const MARIA = parseSnils('900-000-001 82')!
let count = 0
const entry = (login: string, change: Partial<RosterEntry> = {}): RosterEntry => ({
  accountId: `account-${count++}`, journal: 'sgo', school: 'school-1', login, role: 'teacher', children: [],
  person: { lastName: 'Иванова', firstName: 'Мария' }, snils: parseSnils(String(count).padStart(11, '0'))!, ...change,
}) // prettier-ignore
const parent = (login: string, ...children: RosterEntry['children']) =>
  entry(login, { role: 'parent', children, email: 'p@mail.example' })
const pupil = (login: string, lastName: string, firstName: string, middleName?: string) =>
  entry(login, { role: 'pupil', person: { lastName, firstName, ...(middleName !== undefined && { middleName }) } })

const told = (...entries: readonly RosterEntry[]) => qualityOf(entries, '2026-09-01')
const logins = (rows: readonly { login: string }[]) => rows.map(({ login }) => login)
const nothing = { withoutSnils: [], badSnils: [], sharedSnils: [], loginTwice: [], parentsWithoutEmail: [], pupilsWithoutParent: [], authorityOver: [], missing: [] } // prettier-ignore

describe('identity: what is wrong with an imported list', () => {
  it('nothing, when all is well', () => {
    const all = told(
      parent('p', { id: 'c-1', name: 'Соколов Илья' }),
      pupil('u', 'Соколов', 'Илья'),
      entry('t'),
      entry('t', { journal: 'other' }),
    )
    expect(all).to.deep.equal({ accounts: 4, ...nothing })
  })

  it('accounts without СНИЛС, or with one whose check number is wrong', () => {
    const numberless = without(entry('a'), 'snils')
    const found = told(numberless, entry('b', { snils: '90000000183' as never }))
    expect([logins(found.withoutSnils), logins(found.badSnils)]).to.deep.equal([['a'], ['b']])
  })

  it('one СНИЛС on people with other first names or birth dates, in one school over its journals', () => {
    const same = { snils: MARIA }
    const olga = { snils: MARIA, person: { lastName: 'Иванова', firstName: 'Ольга' } }
    expect(told(entry('a', same), entry('b', same)).sharedSnils).to.deep.equal([])
    expect(told(entry('a', same), entry('b', { ...same, person: { lastName: 'Петрова', firstName: 'МАРИЯ' } })).sharedSnils).to.deep.equal([]) // prettier-ignore
    expect(told(entry('a', same), entry('b', { ...olga, journal: 'other' })).sharedSnils.map(logins)).to.deep.equal([['a', 'b']]) // prettier-ignore
    expect(told(entry('a', same), entry('b', { ...olga, school: 'school-2' })).sharedSnils).to.deep.equal([])
    const born = (birthDate: string) => ({ snils: MARIA, person: { lastName: 'И', firstName: 'М', birthDate } })
    expect(told(entry('a', born('1980-01-01')), entry('b', born('1981-01-01'))).sharedSnils).to.have.length(1)
  })

  it('a login in two spellings, or on two people', () => {
    const olga = {
      role: 'parent' as const,
      email: 'o@mail.example',
      person: { lastName: 'Иванова', firstName: 'Ольга' },
    }
    expect(told(entry('a'), entry('a', { role: 'class-teacher' })).loginTwice).to.deep.equal([])
    expect(told(entry('a'), entry('A', { role: 'class-teacher' })).loginTwice.map(logins)).to.deep.equal([['A', 'a']])
    expect(told(entry('a'), entry('a', olga)).loginTwice.map(logins)).to.deep.equal([['a', 'a']])
    expect(told(entry('a'), entry('A', { school: 'school-2' })).loginTwice).to.deep.equal([])
  })

  it('parents without e-mail', () => {
    const silent = without(parent('p'), 'email')
    expect(logins(told(silent, entry('t')).parentsWithoutEmail)).to.deep.equal(['p'])
  })

  it('pupils whom no parent names, by login, name or name with patronymic', () => {
    const pupils = [pupil('u-1', 'Соколов', 'Илья', 'Андреевич'), pupil('u-2', 'Орлова', 'Анна'), pupil('u-3', 'Юдин', 'Ян')] // prettier-ignore
    const named = parent('p', { id: 'c-1', name: 'СОКОЛОВ Илья Андреевич' }, { id: 'u-2', name: 'Аня' })
    expect(logins(told(named, ...pupils).pupilsWithoutParent)).to.deep.equal(['u-3'])
    const elsewhere = { ...named, journal: 'other' }
    expect(logins(told(elsewhere, ...pupils).pupilsWithoutParent)).to.deep.equal(['u-1', 'u-2', 'u-3'])
  })

  it('parents whose authority is over for every child', () => {
    const child = (id: string, until?: string) => ({ id, name: 'Соколов Илья', ...(until !== undefined && { until }) })
    expect(logins(told(parent('p', child('1', '2026-08-31'))).authorityOver)).to.deep.equal(['p'])
    expect(told(parent('p', child('1', '2026-09-01'))).authorityOver).to.deep.equal([])
    expect(told(parent('p', child('1', '2026-08-31'), child('2'))).authorityOver).to.deep.equal([])
  })

  it('accounts that are missing, which count for nothing else', () => {
    const gone = without(entry('a', { missingSince: 1_000 }), 'snils')
    expect(told(gone)).to.deep.equal({
      accounts: 0,
      ...nothing,
      missing: [{ journal: 'sgo', school: 'school-1', login: 'a', role: 'teacher', since: 1_000 }],
    })
  })
})
