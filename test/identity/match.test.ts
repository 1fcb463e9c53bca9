/** The table by which a person finds their accounts: each row changes one thing in a family that is otherwise let in. */
import { expect } from 'chai'
import type { RefusalCode } from '../../src/base/refusals.js'
import type { OwnLink } from '../../src/identity/links.js'
import { accountsFor, matchAccounts, type Destination, type Match } from '../../src/identity/match.js'
import type { RosterEntry } from '../../src/identity/roster.js'
import { roles } from '../../src/words/account.js'
import type { Person } from '../../src/words/person.js'
import type { School } from '../../src/words/school.js'
import { linkTo, listed } from './evidence.js'
import { anna, destination, elsewhere, maria, named, parent, stranger, vasya } from './family.js'
import { refusalOf } from './refusal-of.js'

const everyRole = { journal: { ...destination.journal, roles } }

interface Row {
  readonly case: string
  readonly person?: Partial<Person>
  readonly entries?: readonly RosterEntry[]
  readonly to?: Partial<Destination>
  readonly links?: readonly OwnLink[]
  readonly held?: readonly string[]
  /** Rules of the first school. */
  readonly school?: Partial<School>
}
const match = (row: Row): Match =>
  accountsFor(
    { ...maria, ...row.person },
    listed(row.entries ?? [parent], { links: row.links ?? [], held: new Set(row.held) }),
    { ...destination, ...row.to, schools: row.to?.schools ?? withRules(row.school) },
  )
const withRules = (rules: Partial<School> = {}): Destination['schools'] =>
  new Map(
    [...destination.schools].map(([code, school]) => [code, code === 'school-1' ? { ...school, ...rules } : school]),
  )
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
      case: 'somebody else has the account',
      held: ['acc-1'],
      refused: 'identity.held',
    },
    {
      case: 'the person took it off',
      links: [linkTo(parent, { ended: { at: 1, by: 'person' } })],
      refused: 'identity.unlinked',
    },
    {
      case: 'the school took it off',
      links: [linkTo(parent, { ended: { at: 1, by: 'school' } })],
      refused: 'identity.unlinked',
    },
    {
      case: 'a known person with a new СНИЛС',
      links: [linkTo(parent, { snils: 'other' })],
      refused: 'identity.snils-changed',
    },
    {
      case: 'a link to an account that the list gave to somebody else since',
      person: { snils: stranger },
      links: [linkTo(parent, { listed: { firstName: 'Марина' } })],
      refused: 'identity.not-linked',
    },
    {
      case: 'a link to an account of another journal',
      person: { snils: stranger },
      entries: [{ ...parent, journal: 'eljur' }],
      links: [linkTo(parent)],
      refused: 'identity.not-linked',
    },
    {
      case: 'a grown-up in a pupil’s account',
      entries: [{ ...parent, role: 'pupil', children: [] }],
      to: everyRole,
      refused: 'identity.pupil-account',
    },
    {
      case: 'the same by a link',
      entries: [{ ...parent, role: 'pupil', children: [] }],
      links: [linkTo(parent)],
      to: everyRole,
      refused: 'identity.pupil-account',
    },
    {
      case: 'a teacher as a private person where staff are employees',
      entries: [{ ...parent, role: 'teacher', children: [] }],
      school: { staff: 'employee' },
      refused: 'identity.not-employee',
    },
    {
      case: 'an employee of another school',
      entries: [{ ...parent, role: 'teacher', children: [] }],
      school: { staff: 'employee' },
      person: { globalRole: 'E', organisation: { ogrn: '1027739000000' } },
      refused: 'identity.not-employee',
    },
    {
      case: 'a custody that is over',
      entries: [{ ...parent, children: [{ ...vasya, until: '2026-11-28' }] }],
      refused: 'identity.custody-over',
    },
    {
      case: 'a custody that has not begun',
      entries: [{ ...parent, children: [{ ...vasya, from: '2026-11-30' }] }],
      refused: 'identity.custody-over',
    },
    {
      case: 'a level too low for the role',
      school: { level: 'simplified', levels: { parent: 'confirmed' } },
      person: { level: 'standard' },
      refused: 'identity.level',
    },
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
    { case: 'a link without a СНИЛС', person: { snils: undefined as never }, entries: [elsewhere], links: [linkTo(elsewhere, { snils: 'unknown' })], accounts: ['acc-2'] },
    { case: 'a link with an unreadable СНИЛС', person: { snils: undefined as never, snilsUnusable: 'unreadable' }, entries: [elsewhere], links: [linkTo(elsewhere)], accounts: ['acc-2'] },
    { case: 'a link by code, though the names differ', person: { snils: stranger, firstName: 'Олена' }, entries: [elsewhere], links: [linkTo(elsewhere, { ground: 'code' })], accounts: ['acc-2'] },
    { case: 'a link, and a new first name', person: { firstName: 'Маргарита' }, entries: [elsewhere], links: [linkTo(elsewhere)], accounts: ['acc-2'] },
    { case: 'a stale link, and the СНИЛС still fits', entries: [elsewhere], links: [linkTo(elsewhere, { listed: { firstName: 'Марья' } })], accounts: ['acc-2'] },
    { case: 'taken off by a withdrawal, and consent is given again', entries: [elsewhere], links: [linkTo(elsewhere, { ended: { at: 1, by: 'withdrawal' } })], accounts: ['acc-2'] },
    { case: 'an ended link and a new one', entries: [elsewhere], links: [linkTo(elsewhere, { id: 'old', ended: { at: 1, by: 'person' } }), linkTo(elsewhere)], accounts: ['acc-2'] },
    { case: 'a new СНИЛС where the school lets enter meanwhile', entries: [{ ...parent, children: [] }], links: [linkTo(parent, { snils: 'other' })], school: { changedSnils: 'enter' }, accounts: ['acc-1'] },
    { case: 'an employee of this school', entries: [{ ...parent, role: 'teacher', children: [] }], school: { staff: 'employee' }, person: { globalRole: 'E', organisation: { ogrn: '1027700132195' } }, accounts: ['acc-1'] },
    { case: 'the last day of a custody', entries: [{ ...parent, children: [{ ...vasya, until: '2026-11-29' }, { ...anna, from: '2026-11-30' }] }], accounts: ['acc-1'] },
    { case: 'a pupil of 20', entries: [{ ...elsewhere, role: 'pupil', person: { ...elsewhere.person, birthDate: '2006-11-29' } }], person: { birthDate: '2006-11-29' }, to: everyRole, accounts: ['acc-2'] },
    { case: 'a pupil under 14 on a lower level', entries: [{ ...parent, role: 'pupil', children: [], person: { ...parent.person, birthDate: '2012-11-30' } }], person: { birthDate: '2012-11-30', level: 'simplified' }, school: { levels: { pupil: 'confirmed', 'pupil-under-14': 'simplified' } }, to: everyRole, accounts: ['acc-1'] },
    { case: 'the page of one child was asked for', to: { child: '702' }, accounts: ['acc-1'] },
    { case: 'the page of a child that is not theirs: they choose', to: { child: '999' }, accounts: ['acc-1', 'acc-1'] },
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
    const { warnings } = accountsFor(nameless, listed([elsewhere]), destination)
    expect(warnings).to.deep.equal([{ school: 'school-2', warning: 'first-name-unknown' }])
  })

  it('asks the school what must not be guessed, and says what it warns of', () => {
    const asked = (row: Omit<Row, 'case'>) => {
      const { person, entries, links, held, school } = row
      const evidence = listed(entries ?? [parent], { links: links ?? [], held: new Set(held) })
      return matchAccounts({ ...maria, ...person }, evidence, { ...destination, schools: withRules(school) })
    }
    const about = (kind: string) => [{ kind, school: 'school-1', accountIds: ['acc-1'] }]
    expect(asked({ held: ['acc-1'] }).doubts).to.deep.equal(about('held'))
    const changed = [linkTo(parent, { snils: 'other' })]
    expect(asked({ links: changed }).doubts).to.deep.equal(about('snils-changed'))
    const entering = asked({ links: changed, school: { changedSnils: 'enter' } })
    expect([entering.refused, entering.doubts]).to.deep.equal([undefined, about('snils-changed')])
    expect(entering.warnings).to.deep.equal([{ school: 'school-1', warning: 'snils-changed' }])
    const twins = asked({ entries: [parent, named({ ...parent, accountId: 'acc-3' }, { firstName: 'Ольга' })] })
    expect(twins.doubts).to.deep.equal([{ kind: 'ambiguous', school: 'school-1', accountIds: ['acc-1', 'acc-3'] }])
    expect(asked({}).doubts).to.deep.equal([])
  })

  it('makes a link of what was found by the number, and of nothing that is linked', () => {
    expect([...match({ case: '' }).unlinked]).to.deep.equal([
      ['acc-1', { ground: 'snils', listed: { firstName: 'Мария', birthDate: '1984-05-31' } }],
    ])
    expect(match({ case: '', links: [linkTo(parent)] }).unlinked.size).to.equal(0)
  })

  it('says which school was left out, and why', () => {
    const { leftOut } = match({ case: '', entries: [parent, elsewhere], person: { level: 'standard' } })
    expect(leftOut).to.deep.equal([{ school: 'school-1', code: 'identity.level' }])
  })
})
