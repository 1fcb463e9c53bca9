/** The table by which a person finds their accounts: each row changes one thing in a family that is otherwise let in. */
import { expect } from 'chai'
import fc from 'fast-check'
import { Refusal } from '../../src/base/refusal.js'
import type { RefusalCode } from '../../src/base/refusals.js'
import { accountsFor, type Destination, type Match } from '../../src/identity/match.js'
import { foldName } from '../../src/identity/names.js'
import type { RosterEntry } from '../../src/identity/roster.js'
import { roles } from '../../src/words/account.js'
import { levels, type Person } from '../../src/words/person.js'
import { parseSnils } from '../../src/words/snils.js'
import { refusalOf } from './refusal-of.js'

const snils = parseSnils('900-000-001 82')!
const stranger = parseSnils('900-000-002 83')!

const maria: Person = {
  idp: 'https://idp.example/', snils, lastName: 'Иванова', firstName: 'Мария', middleName: 'Игоревна', birthDate: '1984-05-31',
  level: 'confirmed', globalRole: 'P', authenticatedAt: 0,
} // prettier-ignore

const vasya = { id: '701', name: 'Иванов Василий', className: '5А' }
const anna = { id: '702', name: 'Иванова Анна' }
const parent: RosterEntry = {
  accountId: 'acc-1', journal: 'sgo', school: 'school-1', login: 'ivanova', role: 'parent', snils,
  person: { lastName: 'Иванова', firstName: 'Мария', birthDate: '1984-05-31' }, children: [vasya, anna],
} // prettier-ignore
const elsewhere: RosterEntry = { ...parent, accountId: 'acc-2', school: 'school-2', login: 'ivanova2', children: [] }
const named = (entry: RosterEntry, person: Partial<RosterEntry['person']>): RosterEntry => ({
  ...entry,
  person: { ...entry.person, ...person },
})

const destination: Destination = {
  journal: { id: 'sgo', schools: ['school-1', 'school-2'], roles: ['parent', 'teacher'] },
  schools: new Map([
    ['school-1', { level: 'confirmed' }],
    ['school-2', { level: 'standard' }],
  ]),
}

interface Row {
  readonly case: string
  readonly person?: Partial<Person>
  readonly entries?: readonly RosterEntry[]
  readonly to?: Partial<Destination>
}
const match = (row: Row): Match =>
  accountsFor({ ...maria, ...row.person }, row.entries ?? [parent], { ...destination, ...row.to })
const accounts = (found: Match) => found.choices.map(choice => choice.account.id)

describe('identity: from a person to accounts', () => {
  it('one choice for each child, with ids that stay and say nothing', () => {
    const { choices, warnings, leftOut } = match({ case: '' })
    expect(choices.map(choice => choice.child)).to.deep.equal([vasya, anna])
    expect(choices[0]!.account).to.deep.equal({
      id: 'acc-1', journal: 'sgo', school: 'school-1', login: 'ivanova', role: 'parent',
    }) // prettier-ignore
    expect(new Set(choices.map(choice => choice.id)).size).to.equal(2)
    expect(match({ case: '', entries: [{ ...parent, children: [anna, vasya] }] }).choices).to.deep.equal(choices)
    expect(choices.map(choice => choice.id).join()).not.to.match(/70[12]/)
    expect([warnings, leftOut]).to.deep.equal([[], []])
  })

  it('an account without children is one choice, named by the account', () => {
    const [choice, ...more] = match({ case: '', entries: [elsewhere] }).choices
    expect([choice?.id, choice?.child, more.length]).to.deep.equal(['acc-2', undefined, 0])
  })

  const refused: readonly (Row & { refused: RefusalCode })[] = [
    { case: 'no СНИЛС', person: { snils: undefined as never }, refused: 'identity.no-snils' },
    { case: 'an empty roster', entries: [], refused: 'identity.not-linked' },
    { case: 'another СНИЛС', person: { snils: stranger }, refused: 'identity.not-linked' },
    {
      case: 'an account of another journal',
      entries: [{ ...parent, journal: 'eljur' }],
      refused: 'identity.not-linked',
    },
    {
      case: 'an account of a school that left the journal',
      entries: [{ ...parent, school: 'school-9' }],
      refused: 'identity.not-linked',
    },
    { case: 'the other school is asked for', to: { school: 'school-2' }, refused: 'identity.not-linked' },
    { case: 'a school without settings', to: { schools: new Map() }, refused: 'identity.not-linked' },
    {
      case: 'two first names',
      entries: [parent, named(parent, { firstName: 'Ольга' })],
      refused: 'identity.ambiguous',
    },
    {
      case: 'two birth dates',
      entries: [parent, named(parent, { birthDate: '1990-01-01' })],
      refused: 'identity.ambiguous',
    },
    {
      case: 'another first name in another journal of the school',
      entries: [parent, { ...named(parent, { firstName: 'Ольга' }), journal: 'eljur' }],
      refused: 'identity.ambiguous',
    },
    {
      case: 'somebody else’s first name',
      entries: [named(parent, { firstName: 'Марина' })],
      refused: 'identity.other-name',
    },
    { case: 'somebody else’s birth date', person: { birthDate: '1984-05-30' }, refused: 'identity.other-name' },
    { case: 'a namesake of the child', person: { birthDate: '2014-05-31' }, refused: 'identity.other-name' },
    { case: 'no admitted role', entries: [{ ...parent, role: 'pupil' }], refused: 'identity.role' },
    { case: 'a level too low', person: { level: 'standard' }, refused: 'identity.level' },
    {
      case: 'the school that came furthest speaks',
      person: { level: 'simplified' },
      entries: [named(parent, { firstName: 'Ольга' }), elsewhere],
      refused: 'identity.level',
    },
  ]
  for (const row of refused) {
    it(`${row.case} -> ${row.refused}, without a word about the person`, () => {
      const refusal = refusalOf(() => match(row))
      expect(refusal.code).to.equal(row.refused)
      expect(JSON.stringify(refusal.facts)).not.to.match(/Иванов|Мари|900000|ivanova/)
    })
  }

  const admitted: readonly (Row & { accounts: readonly string[] })[] = [
    { case: 'Ё and Е, case, hyphen and spaces', person: { firstName: 'ЗУЛЬФИЯ  АЛЕНА' }, entries: [named(elsewhere, { firstName: 'Зульфия-Алёна' })], accounts: ['acc-2'] },
    { case: 'letters in two pieces', person: { firstName: 'Иие\u0308' }, entries: [named(elsewhere, { firstName: 'Иие' })], accounts: ['acc-2'] },
    { case: 'a birth date only one side knows', person: { birthDate: undefined as never }, entries: [elsewhere], accounts: ['acc-2'] },
    { case: 'two schools', entries: [parent, elsewhere], accounts: ['acc-1', 'acc-1', 'acc-2'] },
    { case: 'one of two schools', entries: [parent, elsewhere], to: { school: 'school-2' }, accounts: ['acc-2'] },
    { case: 'the school with the lower demand', entries: [parent, elsewhere], person: { level: 'standard' }, accounts: ['acc-2'] },
    { case: 'a teacher as a private person', entries: [{ ...elsewhere, role: 'teacher' }], accounts: ['acc-2'] },
    { case: 'an employee who is also a parent', person: { globalRole: 'E' }, entries: [elsewhere], accounts: ['acc-2'] },
    { case: 'another school’s mistake', entries: [elsewhere, named(parent, { firstName: 'Ольга' })], accounts: ['acc-2'] },
    { case: 'a role left out, the other kept', entries: [{ ...elsewhere, accountId: 'acc-3', role: 'pupil' }, elsewhere], accounts: ['acc-2'] },
  ] // prettier-ignore
  for (const row of admitted) {
    it(`${row.case} -> ${row.accounts.join(', ')}`, () => expect(accounts(match(row))).to.deep.equal(row.accounts))
  }

  it('a changed last name is a warning', () => {
    const { choices, warnings } = match({ case: '', entries: [named(elsewhere, { lastName: 'Петрова' })] })
    expect(choices).to.have.length(1)
    expect(warnings).to.deep.equal([{ school: 'school-2', warning: 'last-name-differs' }])
  })

  it('an IdP that withholds names is a warning', () => {
    const { firstName, ...nameless } = maria
    expect(firstName).to.equal('Мария')
    const { warnings } = accountsFor(nameless, [elsewhere], destination)
    expect(warnings).to.deep.equal([{ school: 'school-2', warning: 'first-name-unknown' }])
  })

  it('says which school was left out, and why', () => {
    const { leftOut } = match({ case: '', entries: [parent, elsewhere], person: { level: 'standard' } })
    expect(leftOut).to.deep.equal([{ school: 'school-1', code: 'identity.level' }])
  })

  describe('for any roster', () => {
    /** The usual value in two of three draws: a roster of random parts alone opens a door once in twenty. */
    const mostly = <T>(usual: T, ...others: readonly T[]): fc.Arbitrary<T> =>
      fc.oneof({ weight: 2, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: fc.constantFrom(...others) })
    const entryOf = fc.record({
      accountId: fc.uuid(),
      journal: mostly('sgo', 'eljur'),
      school: mostly('school-2', 'school-1', 'school-9'),
      login: fc.string({ minLength: 1 }),
      role: fc.constantFrom(...roles),
      snils: mostly(snils, stranger),
      person: fc.record({
        lastName: fc.constantFrom('Иванова', 'Петрова'),
        firstName: mostly('МАРИЯ', 'Мария', 'Ольга'),
      }),
      children: fc.uniqueArray(fc.record({ id: fc.string({ minLength: 1 }), name: fc.string() }), {
        selector: child => child.id,
        maxLength: 3,
      }),
    })
    const anyone = fc.record({
      level: mostly<Person['level']>('confirmed', ...levels),
      firstName: mostly('Мария', 'мария', 'Ольга'),
    })

    /** What no choice may ever be; kept apart from the rules so that a mistake there is seen here. */
    function unlawful(person: Person, entries: readonly RosterEntry[], found: Match): string[] {
      return found.choices.flatMap(({ account, child }) => {
        const entry = entries.find(candidate => candidate.accountId === account.id)
        if (entry?.snils !== person.snils) return ['another СНИЛС']
        if (foldName(entry!.person.firstName) !== foldName(person.firstName!)) return ['another first name']
        if (entry!.journal !== 'sgo' || !destination.journal.schools.includes(entry!.school)) return ['another journal']
        if (child && !entry!.children.includes(child)) return ['another child']
        return []
      })
    }

    it('nobody gets an account of another number, name, journal or child', () => {
      let entered = 0
      fc.assert(
        fc.property(anyone, fc.array(entryOf, { maxLength: 6, size: 'max' }), (who, entries) => {
          const person = { ...maria, ...who }
          const found = attempt(() => accountsFor(person, entries, destination))
          if (found) entered += 1
          expect(found ? unlawful(person, entries, found) : []).to.deep.equal([])
        }),
        { numRuns: 1500 },
      )
      expect(entered, 'the property must see open doors').to.be.greaterThan(100)
    })

    it('the property sees a planted violation', () => {
      const planted = named({ ...parent, snils: stranger }, { firstName: 'Ольга' })
      const found = match({ case: '' })
      expect(unlawful(maria, [planted], found)).to.include('another СНИЛС')
      expect(unlawful(maria, [{ ...planted, snils }], found)).to.include('another first name')
    })
  })
})

function attempt<T>(act: () => T): T | undefined {
  try {
    return act()
  } catch (error) {
    if (error instanceof Refusal) return undefined
    throw error
  }
}
