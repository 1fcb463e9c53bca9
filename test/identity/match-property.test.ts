/** Whatever stands in lists and links: nobody gets an account that is not theirs. */
import { expect } from 'chai'
import fc from 'fast-check'
import { Refusal } from '../../src/base/refusal.js'
import type { EndedBy, OwnLink } from '../../src/identity/links.js'
import { accountsFor, type Evidence, type Match } from '../../src/identity/match.js'
import { foldName } from '../../src/identity/names.js'
import { obstacleToBringing, type Bringing } from '../../src/identity/bringing.js'
import type { Brought } from '../../src/identity/rules.js'
import { roles, type Role } from '../../src/words/account.js'
import { levels, type Person } from '../../src/words/person.js'
import { without } from '../contract/samples.js'
import { linkTo, listed, schoolOf } from './evidence.js'
import { destination, maria, named, parent, snils, stranger } from './family.js'

describe('identity: accounts for any roster', () => {
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

  const linkOf = fc.record({
    account: fc.nat(5),
    ended: mostly<EndedBy | undefined>(undefined, 'person', 'school', 'withdrawal'),
    listedAs: mostly('Мария', 'Ольга'),
    snils: mostly<OwnLink['snils']>('same', 'other', 'unknown'),
  })
  const evidenceOf = fc.record({
    entries: fc.array(entryOf, { maxLength: 6, size: 'max' }),
    links: fc.array(linkOf, { maxLength: 4, size: 'max' }),
    held: fc.array(fc.nat(5), { maxLength: 1 }),
  })
  type Drawn = typeof evidenceOf extends fc.Arbitrary<infer T> ? T : never

  const evidence = ({ entries, links, held }: Drawn): Evidence =>
    listed(entries, {
      links: links.flatMap(({ account, ended, listedAs, snils }) => {
        const entry = entries[account]
        if (!entry) return []
        return linkTo(entry, {
          snils,
          listed: { firstName: listedAs },
          ...(ended && { ended: { at: 1, by: ended } }),
        })
      }),
      held: new Set(held.flatMap(i => entries[i]?.accountId ?? [])),
    })

  /** What no choice may ever be; kept apart from the rules so that a mistake there is seen here. */
  function unlawful(person: Person, { entries, links, held }: Evidence, found: Match): string[] {
    return found.choices.flatMap(({ account, child }) => {
      const entry = entries.find(candidate => candidate.accountId === account.id)!
      const link = links.find(one => one.accountId === account.id && !one.ended)
      const linked = link && foldName(link.listed.firstName) === foldName(entry.person.firstName)
      if (held.has(account.id)) return ['somebody else’s account']
      if (!linked && entry.snils !== person.snils) return ['another СНИЛС']
      if (!linked && foldName(entry.person.firstName) !== foldName(person.firstName!)) return ['another first name']
      if (linked && link.snils === 'other') return ['an unconfirmed number']
      if (entry.journal !== 'sgo' || !destination.journal.schools.includes(entry.school)) return ['another journal']
      if (child && !entry.children.includes(child)) return ['another child']
      return []
    })
  }

  it('nobody gets an account of another number, name, journal or child', () => {
    let [entered, byLink] = [0, 0]
    fc.assert(
      fc.property(anyone, evidenceOf, (who, drawn) => {
        const person = { ...maria, ...who }
        const known = evidence(drawn)
        const found = attempt(() => accountsFor(person, known, destination))
        if (found) entered += 1
        if (found?.choices.some(({ account }) => !found.unlinked.has(account.id))) byLink += 1
        expect(found ? unlawful(person, known, found) : []).to.deep.equal([])
      }),
      { numRuns: 1500 },
    )
    expect(entered, 'the property must see open doors').to.be.greaterThan(100)
    expect(byLink, 'and some that a link opens').to.be.greaterThan(20)
  })

  /** What a journal makes has a property of its own. */
  type Told = Exclude<Brought, 'created'>
  const broughtOf = fc.record({
    entry: fc.record({
      role: fc.constantFrom(...roles),
      firstName: mostly('Мария', 'Ольга'),
      birthDate: mostly(undefined, '1986-04-12', '2013-01-01'),
      snils: mostly(undefined, snils, stranger),
    }),
    person: fc.record({
      birthDate: mostly(undefined, '1986-04-12', '2013-01-01'),
      level: mostly<Person['level']>('confirmed', ...levels),
      snils: mostly(undefined, snils, stranger),
      userId: mostly('1', undefined),
    }),
    brought: fc.constantFrom<Told>('code', 'proof'),
    admitted: mostly<readonly Role[]>(roles, ['pupil']),
  })
  type DrawnBrought = typeof broughtOf extends fc.Arbitrary<infer T> ? T : never

  const bringing = ({ entry, person, brought, admitted }: DrawnBrought): Bringing => {
    const { role, firstName, birthDate, snils: number } = entry
    const account = without(parent, 'snils')
    return {
      ...{ brought, school: schoolOf('school-1'), roles: admitted, today: '2026-11-29' },
      person: { ...without(maria, 'birthDate', 'snils', 'userId'), ...present(person) } as Person,
      entry: {
        ...{
          ...account,
          role,
          ...(number !== undefined && { snils: number }),
          children: role === 'parent' ? account.children : [],
        },
        person: { ...without(account.person, 'birthDate'), firstName, ...(birthDate !== undefined && { birthDate }) },
      },
    }
  }

  /** What nobody may be shown or given, whatever they brought. */
  function unlawfulToBring({ person, entry, brought, roles: admitted }: Bringing): string | undefined {
    const minor = person.birthDate?.startsWith('2013') ?? false
    const born = person.birthDate !== undefined && entry.person.birthDate !== undefined
    const another = entry.person.firstName !== person.firstName || (born && entry.person.birthDate !== person.birthDate)
    if (person.userId === undefined && person.snils === undefined) return 'nobody whom we would know again'
    if (!admitted.includes(entry.role)) return 'a role that the journal does not admit'
    if (entry.role === 'pupil' && (another || person.birthDate?.startsWith('1986')))
      return 'an account of another pupil'
    if (entry.role !== 'pupil' && minor) return 'an account of a grown-up'
    if (person.level !== 'confirmed') return 'too low a level'
    if (brought === 'proof' && another) return 'a password of somebody else'
    const numbers = person.snils !== undefined && entry.snils !== undefined
    return brought === 'proof' && numbers && entry.snils !== person.snils ? 'a password of another СНИЛС' : undefined
  }

  it('no code and no password gives anybody what is not theirs', () => {
    const opened = { code: 0, proof: 0 }
    fc.assert(
      fc.property(broughtOf, drawn => {
        const at = bringing(drawn)
        if (obstacleToBringing(at) !== undefined) return
        opened[drawn.brought] += 1
        expect(unlawfulToBring(at)).to.equal(undefined)
      }),
      { numRuns: 2000 },
    )
    for (const [brought, count] of Object.entries(opened))
      expect(count, `the property must see doors that a ${brought} opens`).to.be.greaterThan(30)
  })

  it('the property sees a planted violation', () => {
    const planted = named({ ...parent, snils: stranger }, { firstName: 'Ольга' })
    const found = accountsFor(maria, listed([parent]), destination)
    expect(unlawful(maria, listed([planted]), found)).to.include('another СНИЛС')
    expect(unlawful(maria, listed([{ ...planted, snils }]), found)).to.include('another first name')
    expect(unlawful(maria, listed([parent], { held: new Set(['acc-1']) }), found)).to.include('somebody else’s account')
    const unconfirmed = listed([parent], { links: [linkTo(parent, { snils: 'other' })] })
    expect(unlawful(maria, unconfirmed, found)).to.include('an unconfirmed number')
  })
})

const present = <T extends object>(values: T): T =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T

function attempt<T>(act: () => T): T | undefined {
  try {
    return act()
  } catch (error) {
    if (error instanceof Refusal) return undefined
    throw error
  }
}
