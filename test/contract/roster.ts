/** What Roster must do, whichever database is behind it. */
import { expect } from 'chai'
import type { Roster, RosterRecord } from '../../src/identity/roster.js'
import { failureOf, HOUR, OTHER_SNILS, record, SNILS, T0, THIRD_SNILS, using, without, type Open } from './samples.js'

/** How a school's list becomes known: journal and school are the same in most of what follows. */
const put = (roster: Roster, records: readonly RosterRecord[], now = T0) =>
  roster.replace('sgo', 'school-1', records, { now })

const nothing = { before: 0, added: [], changed: [], unchanged: 0, missing: [] }

export function rosterContract(driver: string, open: Open): void {
  describe(`roster: ${driver}`, () => {
    findingContract(open)
    importContract(open)
    checkContract(open)
    entriesContract(open)
    missingContract(open)
  })
}

function findingContract(open: Open): void {
  it(
    'finds every account of a СНИЛС over schools and journals, and nobody else',
    using(open, async ({ roster }) => {
      const teacher = record('y.teacher', { role: 'teacher', className: '5А', children: [] })
      await put(roster, [record(), teacher, record('stranger', { snils: OTHER_SNILS })])
      await roster.replace('sgo', 'school-2', [record()], { now: T0 })
      await roster.replace('other', 'school-1', [record()], { now: T0 })
      const found = await roster.bySnils(SNILS)
      expect(found.map(({ journal, school, login, role }) => `${journal} ${school} ${login} ${role}`)).to.have.members([
        'sgo school-1 yunikova parent',
        'sgo school-1 y.teacher teacher',
        'sgo school-2 yunikova parent',
        'other school-1 yunikova parent',
      ])
      expect(new Set(found.map(({ accountId }) => accountId))).to.have.property('size', 4)
    }),
  )

  it(
    'finds the accounts of a login in the schools that are named, in every role, and no others',
    using(open, async ({ roster }) => {
      const teacher = record('yunikova', { role: 'teacher', className: '5А', children: [] })
      await put(roster, [record(), teacher, record('yunikov', { snils: OTHER_SNILS })])
      await roster.replace('sgo', 'school-2', [record()], { now: T0 })
      await roster.replace('other', 'school-1', [record()], { now: T0 })
      const places = async (schools: readonly string[], login: string) =>
        (await roster.byLogin('sgo', schools, login)).map(({ journal, school, role }) => `${journal} ${school} ${role}`)
      expect(await places(['school-1'], 'yunikova')).to.have.members(['sgo school-1 parent', 'sgo school-1 teacher'])
      expect(await places(['school-1', 'school-2'], 'yunikova')).to.have.lengthOf(3)
      expect(await places(['school-1'], 'Yunikova')).to.deep.equal([])
      const region = Array.from({ length: 9_000 }, (_, i) => `far-${i}`)
      expect(await places(['school-2', ...region, 'school-1'], 'yunikova')).to.have.lengthOf(3)
      await put(roster, [teacher], T0 + HOUR)
      expect(await places(['school-1'], 'yunikova')).to.deep.equal(['sgo school-1 teacher'])
    }),
  )

  it(
    'gives back the whole record, with optional fields and without',
    using(open, async ({ roster }) => {
      const bare: RosterRecord = {
        login: 'bare',
        role: 'pupil',
        person: { lastName: 'Ъюников', firstName: 'Яков' },
        snils: OTHER_SNILS,
        children: [],
      }
      const limited = record('guardian', {
        snils: THIRD_SNILS,
        children: [{ id: '501', name: 'Ъюников Яков', relation: 'guardian', from: '2026-09-01', until: '2027-05-31' }],
      })
      await put(roster, [record(), bare, limited])
      for (const expected of [record(), bare, limited]) {
        const [entry, ...others] = await roster.bySnils(expected.snils!)
        const { accountId, ...rest } = entry!
        expect(others).to.deep.equal([])
        expect(rest).to.deep.equal({ ...expected, journal: 'sgo', school: 'school-1' })
        expect(accountId).to.match(/^[\w-]{27}$/)
      }
    }),
  )

  it(
    'counts the accounts of one journal that imports still name',
    using(open, async ({ roster }) => {
      await put(roster, [record('a'), record('b')])
      await roster.replace('sgo', 'school-2', [record('c')], { now: T0 })
      await roster.replace('other', 'school-1', [record('d')], { now: T0 })
      expect(await roster.count('sgo')).to.equal(3)
      await put(roster, [record('a')])
      expect(await roster.count('sgo')).to.equal(2)
      expect(await roster.count('nobody')).to.equal(0)
    }),
  )

  it(
    'keeps accounts without СНИЛС, and finds them under none',
    using(open, async ({ roster }) => {
      await put(roster, [without(record(), 'snils')])
      expect(await roster.bySnils(SNILS)).to.deep.equal([])
      expect(await roster.count('sgo')).to.equal(1)
    }),
  )
}

function importContract(open: Open): void {
  it(
    'says what is added, changed and the same, and finds nothing to do the second time',
    using(open, async ({ roster }) => {
      expect(await put(roster, [record('a'), record('b')])).to.deep.equal({ ...nothing, added: ['a', 'b'] })
      const next = [record('a'), record('b', { email: 'new@pochta.example' }), record('c')]
      const plan = { before: 2, added: ['c'], changed: ['b'], unchanged: 1, missing: [] }
      expect(await roster.plan('sgo', 'school-1', next)).to.deep.equal(plan)
      expect(await put(roster, next)).to.deep.equal(plan)
      expect(await put(roster, next)).to.deep.equal({ ...nothing, before: 3, unchanged: 3 })
    }),
  )

  it(
    'notices a change in every field',
    using(open, async ({ roster }) => {
      const children = record().children
      const changes: Partial<RosterRecord>[] = [
        { person: { ...record().person, lastName: 'Ъюникова-Юрьева' } },
        { person: { ...record().person, firstName: 'Ежика' } },
        { person: { ...record().person, middleName: 'Юрьевна' } },
        { person: { ...record().person, birthDate: '1987-02-27' } },
        { snils: OTHER_SNILS },
        { className: '6А' },
        { email: 'new@pochta.example' },
        { children: children.slice(1) },
        { children: children.map(child => ({ ...child, name: 'Ъ' })) },
        { children: children.map(child => ({ ...child, className: '6А' })) },
        { children: children.map(child => ({ ...child, id: `1${child.id}` })) },
        { children: children.map(child => ({ ...child, relation: 'guardian' as const })) },
        { children: children.map(child => ({ ...child, from: '2027-05-31' })) },
        { children: children.map(child => ({ ...child, until: '2027-05-31' })) },
      ]
      await put(roster, [record()])
      for (const change of changes)
        expect(
          await roster.plan('sgo', 'school-1', [record('yunikova', change)]),
          JSON.stringify(change),
        ).to.deep.equal({
          ...nothing,
          before: 1,
          changed: ['yunikova'],
        })
      const { children: last, ...first } = record()
      expect(
        await roster.plan('sgo', 'school-1', [{ children: last, ...first }]),
        'another order of fields',
      ).to.include({
        unchanged: 1,
      })
    }),
  )

  it(
    'gives a changed account the same id, and finds it under its new СНИЛС only',
    using(open, async ({ roster }) => {
      await put(roster, [record()])
      const [before] = await roster.bySnils(SNILS)
      await put(roster, [record('yunikova', { snils: OTHER_SNILS })])
      expect(await roster.bySnils(SNILS)).to.deep.equal([])
      const [after] = await roster.bySnils(OTHER_SNILS)
      expect(after?.accountId).to.equal(before?.accountId)
    }),
  )

  it(
    'writes nothing while it plans',
    using(open, async ({ roster }) => {
      await roster.plan('sgo', 'school-1', [record()])
      expect(await roster.count('sgo')).to.equal(0)
    }),
  )

  it(
    'takes one login in two roles as two accounts, and refuses the same role twice without writing anything',
    using(open, async ({ roster }) => {
      await put(roster, [record(), record('yunikova', { role: 'teacher' })])
      expect(await roster.count('sgo')).to.equal(2)
      const doubled = [record('a'), record('b'), record('a', { snils: OTHER_SNILS })]
      expect(await failureOf(put(roster, doubled))).to.match(/Records 1 and 3/)
      expect(await failureOf(roster.plan('sgo', 'school-1', doubled))).to.match(/Records 1 and 3/)
      expect(await roster.count('sgo')).to.equal(2)
    }),
  )

  it(
    'takes more rows than fit into one statement',
    using(open, async ({ roster }) => {
      const records = Array.from({ length: 601 }, (_, i) => record(`login-${i}`))
      expect((await put(roster, records)).added).to.have.length(601)
      expect(await roster.bySnils(SNILS)).to.have.length(601)
      expect((await put(roster, [])).missing).to.have.length(601)
      expect(await roster.count('sgo')).to.equal(0)
    }),
  )
}

function entriesContract(open: Open): void {
  it(
    'gives everything that is stored, what is missing included, of one school or journal',
    using(open, async ({ roster }) => {
      await put(roster, [record('a'), record('b')])
      await put(roster, [record('a')], T0 + HOUR)
      await roster.replace('sgo', 'school-2', [record('c')], { now: T0 })
      await roster.replace('other', 'school-1', [record('d')], { now: T0 })
      const logins = async (of: Parameters<Roster['entries']>[0]) =>
        (await roster.entries(of)).map(({ login }) => login).sort()
      expect(await logins({})).to.deep.equal(['a', 'b', 'c', 'd'])
      expect(await logins({ journal: 'sgo' })).to.deep.equal(['a', 'b', 'c'])
      expect(await logins({ school: 'school-1' })).to.deep.equal(['a', 'b', 'd'])
      expect(await logins({ journal: 'other', school: 'school-2' })).to.deep.equal([])
      const missing = (await roster.entries({ journal: 'sgo', school: 'school-1' })).find(({ login }) => login === 'b')
      expect(missing).to.deep.include({ ...record('b'), missingSince: T0 + HOUR })
    }),
  )
}

function checkContract(open: Open): void {
  it(
    'shows what is about to be written, and writes nothing when that is not wanted',
    using(open, async ({ roster }) => {
      await put(roster, [record('a'), record('b')])
      const seen: unknown[] = []
      const check = (plan: unknown) => {
        seen.push(plan)
        throw new Error('not wanted')
      }
      expect(await failureOf(roster.replace('sgo', 'school-1', [record('c')], { now: T0, check }))).to.match(
        /not wanted/,
      )
      expect(seen).to.deep.equal([{ before: 2, added: ['c'], changed: [], unchanged: 0, missing: ['a', 'b'] }])
      expect((await roster.bySnils(SNILS)).map(({ login }) => login)).to.have.members(['a', 'b'])
    }),
  )

  it(
    'says how far it is',
    using(open, async ({ roster }) => {
      const heard: string[] = []
      const records = Array.from({ length: 601 }, (_, i) => record(`login-${i}`))
      const wrote = (done: number, all: number) => void heard.push(`${done}/${all}`)
      await roster.replace('sgo', 'school-1', records, { now: T0, wrote })
      expect(heard).to.deep.equal(['500/601', '601/601'])
    }),
  )
}

function missingContract(open: Open): void {
  it(
    'marks what an import no longer names, says so once, and leaves other schools and journals alone',
    using(open, async ({ roster }) => {
      await put(roster, [record('a'), record('b')])
      await roster.replace('sgo', 'school-2', [record('c')], { now: T0 })
      await roster.replace('other', 'school-1', [record('d')], { now: T0 })
      expect(await roster.plan('sgo', 'school-1', [record('a')]))
        .to.include({ unchanged: 1 })
        .and.deep.include({ missing: ['b'] })
      expect(await put(roster, [record('a')])).to.deep.equal({ ...nothing, before: 2, unchanged: 1, missing: ['b'] })
      expect(await put(roster, [record('a')])).to.deep.equal({ ...nothing, before: 1, unchanged: 1 })
      expect((await roster.bySnils(SNILS)).map(({ login }) => login)).to.have.members(['a', 'c', 'd'])
    }),
  )

  it(
    'brings a missing account back under its old id',
    using(open, async ({ roster }) => {
      await put(roster, [record()])
      const [before] = await roster.bySnils(SNILS)
      await put(roster, [])
      expect(await roster.bySnils(SNILS)).to.deep.equal([])
      expect(await put(roster, [record()], T0 + HOUR)).to.deep.equal({ ...nothing, changed: ['yunikova'] })
      expect(await roster.bySnils(SNILS)).to.deep.equal([before])
    }),
  )
}
