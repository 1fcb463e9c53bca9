/** The school's list into a real store, and a person out of it: what import-roster and a login do, without the road between. */
import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { projectFile } from '../../src/base/project-file.js'
import { accountsFor, type Destination } from '../../src/identity/match.js'
import { importRoster } from '../../src/identity/roster-import.js'
import { openStore, type Store } from '../../src/store/open.js'
import type { Person } from '../../src/words/person.js'
import { parseSnils } from '../../src/words/snils.js'
import { options } from '../store/databases.js'
import { listed, schoolOf } from './evidence.js'
import { refusalOf } from './refusal-of.js'

const to = { journal: 'sgo', school: 'school-1', dryRun: false, now: 1000 }
const petrov = parseSnils('900-000-002 83')!
const file = (...logins: string[]): Uint8Array =>
  Buffer.from(['Логин;Роль;ФИО;СНИЛС', ...logins.map(login => `${login};учитель;Петров Пётр;${petrov}`)].join('\n'))

describe('identity: the school’s list into the store', () => {
  let store: Store
  beforeEach(async () => void (store = await openStore(options('sqlite::memory:'))))
  afterEach(() => store.close())
  const logins = async () => (await store.roster.bySnils(petrov)).map(entry => entry.login).sort()

  it('writes, and says what changed', async () => {
    const first = await importRoster(store.roster, file('a', 'b'), to)
    expect([first.written, first.plan]).to.deep.equal([
      true,
      { before: 0, added: ['a', 'b'], changed: [], unchanged: 0, missing: [] },
    ])
    const second = await importRoster(store.roster, file('b', 'c'), to)
    expect(second.plan).to.deep.equal({ before: 2, added: ['c'], changed: [], unchanged: 1, missing: ['a'] })
    expect(await logins()).to.deep.equal(['b', 'c'])
  })

  it('a dry run says the same and writes nothing', async () => {
    const { plan, written } = await importRoster(store.roster, file('a'), { ...to, dryRun: true })
    expect([written, plan?.added]).to.deep.equal([false, ['a']])
    expect(await logins()).to.deep.equal([])
  })

  describe('an import that would lose many accounts', () => {
    const count = (n: number, from = 0) => Array.from({ length: n }, (_, i) => `t-${from + i}`)
    const load = (accounts: readonly string[], change = {}) =>
      importRoster(store.roster, file(...accounts), { ...to, ...change })

    it('stops beyond a tenth, and at five at the earliest', async () => {
      await load(count(50))
      expect(await load(count(45)), 'five of fifty are a tenth').to.deep.include({ written: true })
      await load(count(50))
      const stopped = await load(count(44))
      expect(stopped).to.deep.include({ written: false, stopped: true })
      expect([stopped.plan?.missing.length, stopped.plan?.before]).to.deep.equal([6, 50])
      expect(await store.roster.count('sgo')).to.equal(50)

      await load(count(8), { acceptLosses: true })
      expect(await load(count(4)), 'four of eight are few').to.deep.include({ written: true })
    })

    it('says so in a dry run, and goes on when the losses are accepted', async () => {
      await load(count(20))
      expect(await load(count(10), { dryRun: true })).to.deep.include({ written: false, stopped: true })
      expect(await load(count(10), { dryRun: true, acceptLosses: true })).not.to.have.property('stopped')
      expect(await load(count(10), { acceptLosses: true })).to.deep.include({ written: true })
      expect(await store.roster.count('sgo')).to.equal(10)
    })
  })

  it('one refused row, and everything stays as it was', async () => {
    await importRoster(store.roster, file('a'), to)
    const { plan, written, reading } = await importRoster(store.roster, file('b', '', 'c'), to)
    expect([written, plan, reading.refused.map(row => row.line)]).to.deep.equal([false, undefined, [3]])
    expect(await logins()).to.deep.equal(['a'])
  })

  it('a parent of the list finds both children; another first name finds nobody', async () => {
    await importRoster(store.roster, readFileSync(projectFile('test/fixtures/rosters/pupils-cp1251.csv')), to)
    const maria: Person = {
      idp: 'https://idp.example/', snils: parseSnils('900-000-001 82')!, lastName: 'Иванова', firstName: 'МАРИЯ',
      level: 'confirmed', globalRole: 'P', authenticatedAt: 0,
    } // prettier-ignore
    const sgo: Destination = {
      journal: { id: 'sgo', schools: ['school-1'], roles: ['parent'] },
      schools: new Map([['school-1', schoolOf('school-1')]]),
      now: Date.parse('2026-11-29T09:00:00Z'),
    }
    const entries = await store.roster.bySnils(maria.snils!)
    const { choices } = accountsFor(maria, listed(entries), sgo)
    expect(choices.map(choice => choice.child?.name)).to.deep.equal(['Иванов Василий', 'Иванова Алёна'])
    const other = refusalOf(() => accountsFor({ ...maria, firstName: 'Марина' }, listed(entries), sgo))
    expect(other.code).to.equal('identity.other-name')
  })
})
