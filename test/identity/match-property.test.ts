/** Whatever stands in lists and links: nobody gets an account that is not theirs. */
import { expect } from 'chai'
import fc from 'fast-check'
import { Refusal } from '../../src/base/refusal.js'
import type { EndedBy, OwnLink } from '../../src/identity/links.js'
import { accountsFor, type Evidence, type Match } from '../../src/identity/match.js'
import { foldName } from '../../src/identity/names.js'
import { roles } from '../../src/words/account.js'
import { levels, type Person } from '../../src/words/person.js'
import { linkTo, listed } from './evidence.js'
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

function attempt<T>(act: () => T): T | undefined {
  try {
    return act()
  } catch (error) {
    if (error instanceof Refusal) return undefined
    throw error
  }
}
