/** What Requests must do, whichever database is behind them. */
import { expect } from 'chai'
import type { RequestNumber } from '../../src/base/request-number.js'
import type { Decided, NewRequest } from '../../src/identity/requests.js'
import { UNDO_FOR } from '../../src/words/undo.js'
import type { Store } from '../../src/store/open.js'
import { event, link, somebodyElse } from './links.js'
import { HOUR, NUMBER, OTHER_SNILS, person, record, SNILS, T0, together, using, type Open } from './samples.js'

const OTHER_NUMBER = 'K3MP-77HW' as RequestNumber

export const request = (change: Partial<NewRequest> = {}): NewRequest => ({
  ...{ kind: 'held', school: 'school-1', journal: 'sgo', accountIds: ['a-1'], number: NUMBER, person, at: T0 },
  ...change,
})

const decided = (change: Partial<Decided> = {}): Decided => ({
  ...{ granted: true, at: T0 + HOUR, by: 'admin', reason: 'паспорт показан' },
  ...change,
})

async function filed(store: Store, change: Partial<NewRequest> = {}) {
  const [number] = await store.requests.file([request(change)], event('login.refused'))
  return (await store.requests.byNumber(number!))[0]!
}

/** One account of the list, with the id that the store drew. */
async function account(store: Store): Promise<string> {
  await store.roster.replace('sgo', 'school-1', [record()], { now: T0 })
  return (await store.roster.bySnils(SNILS))[0]!.accountId
}

export function requestsContract(driver: string, open: Open): void {
  describe(`requests to schools: ${driver}`, () => {
    filingContract(open)
    decidingContract(open)
    queueContract(open)
  })
}

function filingContract(open: Open): void {
  it(
    'shows a question to its person and to its school, without the number of the IdP',
    using(open, async store => {
      const one = await filed(store)
      const { lastName, firstName, middleName, birthDate, snils } = person
      expect(one).to.deep.equal({
        ...request(),
        id: one.id,
        person: { lastName, firstName, middleName, birthDate, snils },
      })
      expect(await store.requests.of(person)).to.deep.equal([one])
      expect(await store.requests.of(somebodyElse)).to.deep.equal([])
      expect(await store.requests.open(['school-1', 'school-2'], 10)).to.deep.equal([one])
      expect(await store.requests.open(['school-2'], 10)).to.deep.equal([])
      const inJournal = (journal: string, school = 'school-1') => store.requests.open([{ journal, school }], 10)
      expect(await inJournal('sgo')).to.deep.equal([one])
      expect([await inJournal('other'), await inJournal('sgo', 'school-2')]).to.deep.equal([[], []])
      expect((await store.audit.byNumber(NUMBER)).map(({ what }) => what)).to.deep.equal(['login.refused'])
    }),
  )

  it(
    'asks the same thing once while it is open, under the first number',
    using(open, async store => {
      await filed(store)
      const again = await store.requests.file([request({ number: OTHER_NUMBER })], event('login.refused'))
      expect(again).to.deep.equal([NUMBER])
      expect(await store.requests.byNumber(OTHER_NUMBER)).to.deep.equal(await store.requests.byNumber(NUMBER))
      const other = await store.requests.file(
        [request({ number: OTHER_NUMBER, kind: 'ambiguous' }), request({ number: OTHER_NUMBER, person: somebodyElse })],
        event('login.refused'),
      )
      expect(other).to.deep.equal([OTHER_NUMBER, OTHER_NUMBER])
      expect(await store.requests.open(['school-1'], 10)).to.have.length(3)
      expect(await store.requests.open(['school-1'], 2)).to.have.length(2)
    }),
  )

  it(
    'adds a missed child to the question that is open, and keeps it when a decision is taken back',
    using(open, async store => {
      const missed = (firstName: string) => ({ lastName: 'Иванов', firstName, className: '5А' })
      const about = (firstName: string, number = NUMBER) =>
        request({ kind: 'child', accountIds: [], children: [missed(firstName)], number })
      await store.requests.file([about('Пётр')], event('request.filed'))
      expect(await store.requests.file([about('Яна', OTHER_NUMBER)], event('request.filed'))).to.deep.equal([NUMBER])
      const [one] = await store.requests.of(person)
      expect(one!.children).to.deep.equal([missed('Пётр'), missed('Яна')])
      expect(await store.requests.holders(one!.id, [])).to.deep.equal([])
      await store.requests.decide(one!.id, decided(), event('request.decided'))
      expect((await store.links.around(person, [])).own, 'a yes without an account').to.deep.equal([])
      await store.requests.takeBack(one!.id, T0 + 2 * HOUR, event('request.taken-back'))
      expect(await store.requests.of(person)).to.deep.equal([one])
    }),
  )

  it(
    'asks once, however many come at the same moment',
    using(open, async store => {
      await together(() => store.requests.file([request()], event('login.refused')))
      expect(await store.requests.of(person)).to.have.length(1)
    }),
  )
}

function decidingContract(open: Open): void {
  it(
    'gives the account to who asked, takes it from who had it, and takes all of it back',
    using(open, async store => {
      const accountId = await account(store)
      await store.links.make(link({ accountId, person: somebodyElse }), event('link.made'))
      const { id } = await filed(store, { accountIds: [accountId] })
      expect(await store.requests.decide(id, decided({ accountId }), event('request.decided'))).to.equal('decided')
      const after = await store.links.around(person, [accountId])
      expect(after.own.map(({ ground, snils }) => [ground, snils])).to.deep.equal([['school', 'same']])
      expect(after.held.size).to.equal(0)
      expect((await store.links.around(somebodyElse, [])).own[0]?.ended).to.deep.equal({ at: T0 + HOUR, by: 'school' })
      expect((await store.requests.of(person))[0]?.decided).to.deep.equal(decided({ accountId }))

      expect(await store.requests.takeBack(id, T0 + 2 * HOUR, event('request.taken-back'))).to.equal('taken-back')
      expect((await store.links.around(person, [accountId])).held).to.deep.equal(new Set([accountId]))
      expect((await store.links.around(somebodyElse, [])).own[0]?.ended).to.equal(undefined)
      expect(await store.requests.open(['school-1'], 10)).to.have.length(1)
    }),
  )

  it(
    'confirms a new СНИЛС on the link that was there, and takes it back',
    using(open, async store => {
      const accountId = await account(store)
      const today = { ...person, snils: OTHER_SNILS }
      await store.links.make(link({ accountId }), event('link.made'))
      const { id } = await filed(store, { kind: 'snils-changed', person: today, accountIds: [accountId] })
      await store.requests.decide(id, decided({ accountId }), event('request.decided'))
      const snils = async () => (await store.links.around(today, [])).own.map(one => [one.id, one.snils, one.ended])
      expect(await snils()).to.deep.equal([['link-1', 'same', undefined]])
      await store.requests.takeBack(id, T0 + 2 * HOUR, event('request.taken-back'))
      expect(await snils()).to.deep.equal([['link-1', 'other', undefined]])
    }),
  )

  it(
    'counts once, changes nothing by a no, and can be taken back for 30 days',
    using(open, async store => {
      const accountId = await account(store)
      const { id } = await filed(store, { accountIds: [accountId] })
      const decide = (change: Partial<Decided>) => store.requests.decide(id, decided(change), event('request.decided'))
      expect(await decide({ granted: false })).to.equal('decided')
      expect(await decide({ accountId })).to.equal('decided-before')
      expect((await store.links.around(person, [])).own).to.deep.equal([])
      expect(await store.requests.decide('unknown', decided(), event('request.decided'))).to.equal('unknown')
      const back = (at: number) => store.requests.takeBack(id, at, event('request.taken-back'))
      expect(await back(T0 + HOUR + UNDO_FOR)).to.equal('too-late')
      expect(await back(T0 + HOUR + UNDO_FOR - 1)).to.equal('taken-back')
      expect(await back(T0 + 2 * HOUR)).to.equal('unknown')
      const written = (await store.audit.byNumber(NUMBER)).map(({ what }) => what)
      expect(written).to.deep.equal(['login.refused', 'request.decided', 'request.taken-back'])
    }),
  )
}

function queueContract(open: Open): void {
  it(
    'shows who else has the accounts, what was decided of late, and each by its id',
    using(open, async store => {
      const accountId = await account(store)
      await store.links.make(link({ accountId, person: somebodyElse }), event('link.made'))
      const one = await filed(store, { accountIds: [accountId] })
      expect(await store.requests.find(one.id)).to.deep.equal(one)
      expect(await store.requests.find('unknown')).to.equal(undefined)
      const { lastName, firstName } = somebodyElse
      expect(await store.requests.holders('unknown', ['a-1'])).to.deep.equal([])
      const holders = await store.requests.holders(one.id, one.accountIds)
      expect(holders.map(({ lastName, firstName }) => ({ lastName, firstName }))).to.deep.equal([
        { lastName, firstName },
      ])

      await store.requests.decide(one.id, decided({ accountId }), event('request.decided'))
      expect(await store.requests.holders(one.id, one.accountIds), 'who asks is not somebody else').to.deep.equal([])
      const late = (since: number, schools = ['school-1']) => store.requests.decided(schools, since, 10)
      const shown = { ...one, decided: decided({ accountId }), tookAway: true }
      expect(await late(T0 + HOUR)).to.deep.equal([shown])
      expect([await late(T0 + HOUR + 1), await late(0, ['school-2']), await late(0, [])]).to.deep.equal([[], [], []])
    }),
  )

  it(
    'does not give what the last list does not name, and leaves the question open',
    using(open, async store => {
      const accountId = await account(store)
      const { id } = await filed(store, { accountIds: [accountId] })
      await store.roster.replace('sgo', 'school-1', [], { now: T0 })
      const decide = (change: Partial<Decided>) => store.requests.decide(id, decided(change), event('request.decided'))
      expect(await decide({ accountId })).to.equal('no-account')
      expect(await store.requests.open(['school-1'], 10)).to.have.length(1)
      expect((await store.audit.byNumber(NUMBER)).map(({ what }) => what)).to.deep.equal(['login.refused'])
      expect(await decide({ granted: false })).to.equal('decided')
    }),
  )

  it(
    'leaves the link that the same human made through another IdP',
    using(open, async store => {
      const accountId = await account(store)
      const elsewhere = { ...person, idp: 'https://other-idp.example', userId: '77' }
      await store.links.make(link({ accountId, person: elsewhere }), event('link.made'))
      const { id } = await filed(store, { kind: 'ambiguous', accountIds: [accountId] })
      await store.requests.decide(id, decided({ accountId }), event('request.decided'))
      expect((await store.links.around(elsewhere, [])).own[0]?.ended).to.equal(undefined)
      expect((await store.links.around(person, [])).own).to.have.length(1)
    }),
  )

  it(
    'takes nothing back from a third person, nor beside the same question that was put again',
    using(open, async store => {
      const accountId = await account(store)
      await store.links.make(link({ id: 'before', accountId, person: somebodyElse }), event('link.made'))
      const { id } = await filed(store, { accountIds: [accountId] })
      await store.requests.decide(id, decided({ accountId }), event('request.decided'))
      const back = () => store.requests.takeBack(id, T0 + 2 * HOUR, event('request.taken-back'))
      const [given] = (await store.links.around(person, [])).own
      await store.links.end(person, given!.id, T0 + HOUR, event('link.ended'))
      const third = { ...somebodyElse, userId: '4711', snils: OTHER_SNILS }
      await store.links.make(link({ id: 'third', accountId, person: third }), event('link.made'))
      expect(await back()).to.equal('held')
      expect((await store.links.around(somebodyElse, [])).own.at(-1)?.ended?.by).to.equal('school')

      await store.links.end(third, 'third', T0 + HOUR, event('link.ended'))
      const [again] = await store.requests.file([request({ number: OTHER_NUMBER })], event('login.refused'))
      expect([again, await back()]).to.deep.equal([OTHER_NUMBER, 'asked-again'])
      const open = (await store.requests.open(['school-1'], 10))[0]!
      await store.requests.decide(open.id, decided({ granted: false }), event('request.decided'))
      expect(await back()).to.equal('taken-back')
    }),
  )
}
