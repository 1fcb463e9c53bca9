/** Whatever stands in lists and links, and whatever a journal answers: nobody is made what is another's. */
import { expect } from 'chai'
import fc from 'fast-check'
import { obstacleToCreating, standingOf, type StandsThere } from '../../src/identity/creating.js'
import type { RosterEntry } from '../../src/identity/roster.js'
import { creatable, roles, type CreatableRole } from '../../src/words/account.js'
import { levels, type Person } from '../../src/words/person.js'
import { without } from '../contract/samples.js'
import { linkTo, listed } from './evidence.js'
import { destination, maria, snils, stranger } from './family.js'

const OGRN = '1027700132195'
const mostly = <T>(usual: T, ...others: readonly T[]): fc.Arbitrary<T> =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: fc.constantFrom(...others) })

/** A town of few logins, so that what a journal answers often is somebody's. */
const world = fc.record({
  entries: fc.array(
    fc.record({
      login: fc.constantFrom('a', 'b', 'c'),
      role: mostly<RosterEntry['role']>('parent', ...roles),
      journal: mostly('sgo', 'eljur'),
      school: mostly('school-1', 'school-2'),
      snils: mostly<string | undefined>(snils, stranger, undefined),
      firstName: mostly('Мария', 'Ольга'),
      created: mostly(true, false),
      missing: mostly(false, true),
      linked: fc.constantFrom<'own' | 'other' | undefined>(undefined, undefined, 'own', 'other'),
      ended: mostly(false, true),
    }),
    { maxLength: 4 },
  ),
  person: fc.record({
    birthDate: mostly<string | undefined>('1984-05-31', '2013-01-01', '2000-01-01', undefined),
    level: mostly<Person['level']>('confirmed', ...levels),
    snils: mostly<string | undefined>(snils, undefined),
    employee: fc.boolean(),
  }),
  role: fc.constantFrom(...creatable),
  made: fc.constantFrom<readonly CreatableRole[]>(['parent'], ['pupil'], creatable),
  answer: fc.constantFrom('a', 'b', 'c', 'new'),
})
type World = typeof world extends fc.Arbitrary<infer T> ? T : never

const school = { ...destination.schools.get('school-1')!, level: 'standard' as const }
const to = {
  ...{ ...destination, school: 'school-1', schools: new Map([['school-1', school]]) },
  journal: { ...destination.journal, roles: [...roles] },
}

const personOf = ({ person: { birthDate, level, snils: number, employee } }: World): Person => {
  const known = without(maria, 'birthDate', 'snils')
  return {
    ...{ ...known, level, userId: '1' },
    ...(birthDate !== undefined && { birthDate }),
    ...(number !== undefined && { snils: number as Person['snils'] & string }),
    ...(employee && { globalRole: 'E' as const, organisation: { ogrn: OGRN } }),
  }
}

const entriesOf = ({ entries }: World) =>
  entries.map((drawn, i) => {
    const { login, role, journal, school, snils: number, firstName } = drawn
    const owner = { lastName: 'Иванова', firstName }
    const entry: RosterEntry = {
      ...{ accountId: `acc-${i}`, login, role, journal, school, children: [] },
      person: owner,
      ...(number !== undefined && { snils: number as RosterEntry['snils'] & string }),
    }
    return { ...drawn, entry }
  })

function evidenceOf(drawn: World) {
  const person = personOf(drawn)
  const known = entriesOf(drawn)
  const seen = known.filter(
    ({ missing, entry, linked }) => !missing && (entry.snils === person.snils || linked === 'own'),
  )
  const own = known.filter(({ linked }) => linked === 'own')
  return listed(
    seen.map(({ entry }) => entry),
    {
      links: own.map(({ entry, ended }) => linkTo(entry, ended ? { ended: { at: 1, by: 'person' } } : {})),
      held: new Set(known.flatMap(({ linked, entry }) => (linked === 'other' ? [entry.accountId] : []))),
    },
  )
}

/** What the store finds under the login of the answer. */
const underLogin = (drawn: World, login: string): readonly (StandsThere & { readonly entry: RosterEntry })[] =>
  entriesOf(drawn)
    .filter(({ entry }) => entry.login === login && entry.journal === 'sgo' && entry.school === to.school)
    .map(({ entry, created, missing, linked, ended }) => ({
      ...{ accountId: entry.accountId, created, missing, entry },
      where: entry.role === drawn.role ? 'same' : 'school',
      snils: entry.snils === undefined ? 'none' : entry.snils === personOf(drawn).snils ? 'same' : 'other',
      linked: linked === undefined || (linked === 'own' && ended) ? 'nobody' : linked,
    }))

/** Kept apart from the rules, so that a mistake there is seen here. */
function unlawfulToAsk(drawn: World): string | undefined {
  const person = personOf(drawn)
  const age = person.birthDate === undefined ? undefined : 2026 - Number(person.birthDate.slice(0, 4))
  const here = entriesOf(drawn).filter(({ entry, missing }) => entry.school === 'school-1' && !missing)
  const own = here.filter(({ entry }) => entry.snils !== undefined && entry.snils === person.snils)
  if (person.snils === undefined) return 'nobody whom two IdPs would know as one'
  if (person.level === 'simplified') return 'too low a level'
  if (person.level !== 'confirmed' && drawn.role !== 'parent') return 'too low a level for that role'
  if (age === undefined) return 'of unknown age'
  if (drawn.role === 'pupil' && age > 20) return 'a grown-up as a pupil'
  if (drawn.role !== 'pupil' && age < 18) return 'a child as a grown-up'
  if (drawn.role.endsWith('teacher') && !drawn.person.employee) return 'staff that the school does not employ'
  if (own.some(({ entry }) => entry.journal === 'sgo')) return 'a second account'
  if (own.some(({ firstName }) => firstName !== 'Мария')) return 'a number that stands for somebody else'
  if (drawn.role === 'pupil' && own.some(({ role }) => role !== 'pupil')) return 'a parent as a pupil'
  return undefined
}

/** @param standing what is done with the answer */
function unlawfulToTake(drawn: World, standing: ReturnType<typeof standingOf>): string | undefined {
  const there = underLogin(drawn, drawn.answer)
  if (standing === 'new' && there.length > 0) return 'an account that is somebody’s already'
  if (standing !== 'made' && standing !== 'listed') return undefined
  const theirs = there.every(({ entry, linked }) => entry.snils === personOf(drawn).snils && linked !== 'other')
  return theirs && there.length > 0 ? undefined : 'an account of another СНИЛС or another human'
}

describe('identity: accounts made for any person, in any town', () => {
  it('is asked for no child, stranger or second account, and no answer gives what is another’s', () => {
    const seen = { parent: 0, pupil: 0, teacher: 0, 'class-teacher': 0, new: 0, made: 0, listed: 0, taken: 0 }
    fc.assert(
      fc.property(world, drawn => {
        const [person, { role }] = [personOf(drawn), drawn]
        const obstacle = obstacleToCreating({ person, role, evidence: evidenceOf(drawn), destination: to })
        if (obstacle === undefined) {
          seen[role] += 1
          expect(unlawfulToAsk(drawn)).to.equal(undefined)
        }
        const standing = standingOf(underLogin(drawn, drawn.answer))
        seen[standing] += 1
        expect(unlawfulToTake(drawn, standing)).to.equal(undefined)
      }),
      { numRuns: 8000 },
    )
    for (const [what, count] of Object.entries(seen))
      expect(count, `the property must see ${what}`).to.be.greaterThan(3)
  })

  it('the property sees a planted violation', () => {
    const town: World = {
      entries: [{ login: 'a', role: 'parent', journal: 'sgo', school: 'school-1', snils: stranger, firstName: 'Ольга', created: false, missing: false, linked: undefined, ended: false }],
      ...{ person: { birthDate: '1984-05-31', level: 'confirmed', snils, employee: false }, role: 'parent', made: ['parent'], answer: 'a' },
    } // prettier-ignore
    const standing = standingOf(underLogin(town, 'a'))
    expect([standing, unlawfulToTake(town, standing)]).to.deep.equal(['taken', undefined])
    expect(unlawfulToTake(town, 'new')).to.equal('an account that is somebody’s already')
    for (const planted of ['made', 'listed'] as const)
      expect(unlawfulToTake(town, planted)).to.equal('an account of another СНИЛС or another human')
    expect(unlawfulToAsk({ ...town, role: 'pupil' })).to.equal('a grown-up as a pupil')
    expect(unlawfulToAsk({ ...town, role: 'teacher' })).to.equal('staff that the school does not employ')
    expect(unlawfulToAsk({ ...town, entries: [{ ...town.entries[0]!, snils }] })).to.equal('a second account')
    expect(unlawfulToAsk(town)).to.equal(undefined)
  })
})
