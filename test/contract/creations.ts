/** What Creations must do, whichever database is behind them; and what becomes of an account that was made so. */
import { expect } from 'chai'
import { standingOf } from '../../src/identity/creating.js'
import type { Creation, Made, NewCreation } from '../../src/login/creation-ports.js'
import type { Store } from '../../src/store/open.js'
import type { Person } from '../../src/words/person.js'
import { UNDO_FOR } from '../../src/words/undo.js'
import { giving, withdrawal } from './consents.js'
import { event, link, somebodyElse } from './links.js'
import { message } from './messages.js'
import {
  HOUR,
  MINUTE,
  NUMBER,
  OTHER_SNILS,
  person,
  record,
  SNILS,
  T0,
  together,
  using,
  without,
  type Open,
} from './samples.js'

const DAY = 24 * HOUR
/** Another IdP vouches for the same human. */
const elsewhere: Person = { ...person, idp: 'https://region.example/idp', userId: '5' }

export const creation = (change: Partial<NewCreation> = {}): NewCreation => ({
  ...{ id: 'creation-1', accountId: 'new-account-1', journal: 'sgo', school: 'school-2', role: 'parent' },
  ...{ number: NUMBER, since: T0, person },
  ...change,
})
const asked = event('account.asked')
const begin = (store: Store, change: Partial<NewCreation> = {}) => store.creations.begin(creation(change), asked)

/** As the corridor writes it down when the journal has answered with this login. */
const made = (begun: Creation, login = 'made-1', change: Partial<Made> = {}, who = person): Made => ({
  creation: begun,
  record: record(login, { role: begun.role, children: [], snils: who.snils ?? SNILS }),
  link: {
    ...link({ id: `link-to-${login}`, accountId: begun.accountId, school: begun.school, person: who }),
    ground: 'created',
  },
  schools: [],
  event: { ...event('account.created'), at: T0 + MINUTE },
  message: message({ id: `message-${login}`, person: who }),
  ...change,
})
const finish = (store: Store, what: Made) => store.creations.finish(what, standingOf)
async function create(store: Store, login = 'made-1', change: Partial<NewCreation> = {}): Promise<Creation> {
  const begun = await begin(store, change)
  if (begun.at !== 'begun') throw new Error(begun.at)
  expect(await finish(store, made(begun.creation, login, {}, change.person))).to.deep.equal({ at: 'made' })
  return begun.creation
}

const kinds = async (store: Store) => (await store.audit.byNumber(NUMBER)).map(({ what }) => what)
const accountsOf = (store: Store, login = 'made-1') => store.roster.byLogin('sgo', ['school-1', 'school-2'], login)
const take = (store: Store, ...records: ReturnType<typeof record>[]) =>
  store.roster.replace('sgo', 'school-2', records, { now: T0 + HOUR })

export function creationsContract(driver: string, open: Open): void {
  describe(`accounts made at a first login: ${driver}`, () => {
    writing(open)
    whose(open)
    races(open)
    afterwards(open)
  })
}

function writing(open: Open): void {
  it(
    'is written down before the journal is asked, for its human alone, and asked for under one key',
    using(open, async store => {
      const begun = { at: 'begun', creation: without(creation(), 'person') }
      expect(await begin(store)).to.deep.equal(begun)
      expect(await begin(store, { id: 'creation-2', accountId: 'x', since: T0 + HOUR, role: 'teacher' })).to.deep.equal(
        begun,
      )
      expect(await begin(store, { id: 'creation-3', person: elsewhere }), 'by another IdP').to.deep.equal(begun)
      for (const who of [person, elsewhere]) expect(await store.creations.of(who)).to.deep.equal([begun.creation])
      expect(await store.creations.of(somebodyElse)).to.deep.equal([])
      expect(await store.creations.of(without(person, 'snils'))).to.deep.equal([])
      const theirs = await begin(store, { id: 'creation-4', person: somebodyElse })
      expect(theirs.at === 'begun' && theirs.creation.id).to.equal('creation-4')
      const other = await begin(store, { id: 'creation-5', school: 'school-1' })
      expect(other.at === 'begun' && other.creation.id).to.equal('creation-5')
      expect(await kinds(store)).to.deep.equal(Array(5).fill('account.asked'))
    }),
  )

  it(
    'account, link, event and notice are one: all of it, once, and the creation is over',
    using(open, async store => {
      const begun = await create(store)
      expect(await finish(store, made(begun)), 'the same answer again').to.deep.equal({ at: 'made-before' })
      const [entry, ...more] = await accountsOf(store)
      expect(more).to.deep.equal([])
      const expected = { accountId: begun.accountId, school: 'school-2', snils: SNILS, createdAt: T0 + MINUTE }
      expect(entry).to.deep.include({ ...expected, login: 'made-1', role: 'parent', children: [] })
      expect(await store.roster.bySnils(SNILS)).to.deep.equal([entry])
      const { own } = await store.links.around(person, [])
      expect(own.map(({ accountId, ground }) => [accountId, ground])).to.deep.equal([[begun.accountId, 'created']])
      expect(await store.creations.of(person)).to.deep.equal([])
      expect(await kinds(store)).to.deep.equal(['account.asked', 'account.created'])
      expect((await store.outbox.due(T0 + HOUR, T0 + DAY, 9)).map(({ id }) => id)).to.deep.equal(['message-made-1'])
    }),
  )

  it(
    'begins none where the human has an account, or had one that the school took off its list',
    using(open, async store => {
      await take(store, record('listed'))
      expect(await begin(store)).to.deep.equal({ at: 'listed' })
      await take(store, record('listed', { snils: OTHER_SNILS }))
      expect((await begin(store)).at, 'it was another’s').to.equal('begun')
      await store.creations.drop('creation-1', event('login.refused'))
      await take(store, record('listed'))
      await take(store, record('new', { snils: OTHER_SNILS }))
      expect(await begin(store)).to.deep.equal({ at: 'was-listed' })
      const [entry] = await accountsOf(store, 'new')
      await store.links.make(
        link({ accountId: entry!.accountId, school: 'school-2', person: somebodyElse }),
        event('link.made'),
      )
      expect(await begin(store, { person: { ...somebodyElse, snils: SNILS } }), 'linked by a code').to.deep.equal({
        at: 'listed',
      })
      expect(await kinds(store), 'and writes nothing').to.deep.equal(['account.asked', 'login.refused', 'link.made'])
    }),
  )

  it(
    'is dropped when the journal will not, and nothing can be finished then',
    using(open, async store => {
      const begun = await begin(store)
      await store.creations.drop('creation-1', event('login.refused'))
      expect(await store.creations.of(person)).to.deep.equal([])
      expect(begun.at === 'begun' && (await finish(store, made(begun.creation)))).to.deep.equal({ at: 'over' })
      expect([await accountsOf(store), (await store.links.around(person, [])).own]).to.deep.equal([[], []])
      expect(await kinds(store)).to.deep.equal(['account.asked', 'login.refused'])
    }),
  )
}

function whose(open: Open): void {
  const answers = async (store: Store, login: string, change: Partial<Made> = {}) => {
    const begun = await begin(store)
    if (begun.at !== 'begun') throw new Error(begun.at)
    return finish(store, made(begun.creation, login, change))
  }
  const unharmed = async (store: Store) => {
    expect((await store.links.around(person, [])).own).to.deep.equal([])
    expect(await store.creations.of(person), 'the school decides, and the journal is asked nothing new').to.have.length(
      1,
    )
    expect(await kinds(store)).not.to.include('account.created')
  }

  for (const [what, there] of [
    ['another СНИЛС', { snils: OTHER_SNILS }],
    ['no СНИЛС', {}],
    ['another role of the same login', { role: 'teacher' as const, snils: OTHER_SNILS }],
  ] as const)
    it(
      `a login that the list gives to ${what} is not the person’s, whatever the journal says`,
      using(open, async store => {
        await take(store, { ...without(record('p-1'), 'snils'), ...there })
        const [entry] = await accountsOf(store, 'p-1')
        expect(await answers(store, 'p-1')).to.deep.equal({ at: 'taken', accountIds: [entry!.accountId] })
        await unharmed(store)
      }),
    )

  it(
    'nor one that the list named once, nor one that another human has',
    using(open, async store => {
      await take(store, record('p-1', { snils: OTHER_SNILS }))
      await take(store, record('p-2', { snils: OTHER_SNILS }))
      expect(await answers(store, 'p-1')).to.include({ at: 'taken' })
      await create(store, 'made-1', { person: somebodyElse, id: 'creation-9', accountId: 'new-9', school: 'school-1' })
      // a journal of a whole region, that knows people by the login alone
      const region = Array.from({ length: 9_000 }, (_, i) => `far-${i}`)
      expect((await answers(store, 'made-1', { schools: ['school-2', ...region, 'school-1'] })).at).to.equal('taken')
      expect((await store.links.around(person, [])).own).to.deep.equal([])
      expect(await store.creations.of(person), 'the school decides first').to.have.length(1)
    }),
  )

  it(
    'one that the list brings meanwhile under the person’s own СНИЛС is theirs by the list',
    using(open, async store => {
      const begun = await begin(store)
      await take(store, record('made-1'))
      expect(begun.at === 'begun' && (await finish(store, made(begun.creation)))).to.deep.equal({ at: 'listed' })
      expect(await accountsOf(store)).to.have.length(1)
      expect(await store.creations.of(person)).to.deep.equal([])
    }),
  )

  it(
    'in another role, too; but not one that it brought and took away again',
    using(open, async store => {
      const begun = await begin(store)
      if (begun.at !== 'begun') throw new Error(begun.at)
      await take(store, record('p-1', { role: 'teacher' }), record('p-2'))
      await take(store, record('p-1', { role: 'teacher' }))
      expect(await finish(store, made(begun.creation, 'p-2'))).to.include({ at: 'taken' })
      expect(await finish(store, made(begun.creation, 'p-1'))).to.deep.equal({ at: 'listed' })
    }),
  )

  it(
    'one login of one human in two schools is theirs in both',
    using(open, async store => {
      await create(store, 'made-1', { id: 'creation-2', accountId: 'new-2', school: 'school-1' })
      const again = { link: { ...made(creation()).link, id: 'link-2' }, message: message({ id: 'message-2' }) }
      const finished = await answers(store, 'made-1', { schools: ['school-1', 'school-2'], ...again })
      expect(finished).to.deep.equal({ at: 'made' })
      expect(await accountsOf(store)).to.have.length(2)
    }),
  )
}

function races(open: Open): void {
  it(
    'of fifty who begin at once all ask under one key',
    using(open, async store => {
      const begun = await together(i =>
        begin(store, { id: `creation-${i}`, accountId: `new-${i}`, person: i % 2 ? person : elsewhere }),
      )
      expect(new Set(begun.map(each => each.at === 'begun' && each.creation.id)).size).to.equal(1)
    }),
  )

  it(
    'of fifty who bring the answer at once one writes, and the others hear that it is written',
    using(open, async store => {
      const begun = await begin(store)
      if (begun.at !== 'begun') throw new Error(begun.at)
      const done = await together(i =>
        finish(store, made(begun.creation, 'made-1', { link: { ...made(begun.creation).link, id: `link-${i}` } })),
      )
      expect(done.filter(({ at }) => at === 'made')).to.have.length(1)
      expect(done.filter(({ at }) => at === 'made-before')).to.have.length(49)
      expect([(await accountsOf(store)).length, (await store.links.around(person, [])).own.length]).to.deep.equal([
        1, 1,
      ])
    }),
  )

  it(
    'while a list is imported that names the same login, there is one account in the end',
    using(open, async store => {
      const begun = await begin(store)
      if (begun.at !== 'begun') throw new Error(begun.at)
      const listed = record('made-1', { email: 'list@pochta.example' })
      await Promise.all([finish(store, made(begun.creation)), take(store, listed), take(store, listed)])
      const entries = await accountsOf(store)
      expect(entries).to.have.length(1)
      expect(entries[0]).not.to.have.property('createdAt')
      expect(await store.roster.bySnils(SNILS)).to.have.length(1)
    }),
  )
}

function afterwards(open: Open): void {
  it(
    'no list makes it missing, and one that names it takes it over: the same account, and from then on as any other',
    using(open, async store => {
      const { accountId } = await create(store)
      const plan = await take(store, record('other', { snils: OTHER_SNILS }))
      expect([plan.missing, plan.before]).to.deep.equal([[], 0])
      expect((await accountsOf(store))[0]).to.include({ accountId, createdAt: T0 + MINUTE })
      const same = without((await accountsOf(store))[0]!, 'accountId', 'journal', 'school', 'createdAt')
      const over = await take(store, same, record('other', { snils: OTHER_SNILS }))
      expect([over.added, over.changed, over.missing]).to.deep.equal([[], ['made-1'], []])
      const [entry] = await accountsOf(store)
      expect([entry!.accountId, entry!.createdAt]).to.deep.equal([accountId, undefined])
      const gone = await take(store, record('other', { snils: OTHER_SNILS }))
      expect(gone.missing).to.deep.equal(['made-1'])
      expect(await accountsOf(store)).to.deep.equal([])
    }),
  )

  it(
    'goes with everything else of its person, unless somebody else has it, or the school’s list names it',
    using(open, async store => {
      await create(store)
      const listed = await create(store, 'made-2', { id: 'creation-2', accountId: 'new-2', school: 'school-1' })
      await store.roster.replace('sgo', 'school-1', [record('made-2')], { now: T0 })
      await begin(store, { id: 'creation-3', journal: 'eljur' })
      const shared = await create(store, 'made-4', { id: 'creation-4', accountId: 'new-4', school: 'school-3' })
      const theirs = link({ id: 'l-4', accountId: shared.accountId, school: 'school-3', person: elsewhere })
      await store.links.make(theirs, event('link.made'))
      await store.consents.give(giving())
      await store.consents.withdraw(['consent-1'], withdrawal(T0 + HOUR))
      const done = await store.destructions.carryOut(T0 + 60 * DAY, () => event('data.destroyed'))
      const counts = Object.fromEntries(done!.done!.destroyed.map(({ category, records }) => [category, records]))
      expect(counts).to.include({ accounts: 1, creations: 1, links: 3 })
      const left = (await store.roster.entries({})).map(({ accountId }) => accountId)
      expect(left.sort()).to.deep.equal([listed.accountId, shared.accountId].sort())
      expect(await store.creations.of(person)).to.deep.equal([])
    }),
  )

  it(
    'goes some time after its person took it off; so does a wish that the journal never answered',
    using(open, async store => {
      const limits = { loginAudit: DAY, securityAudit: DAY, unlinked: 40 * DAY, consents: DAY }
      await create(store)
      await begin(store, { id: 'creation-2', school: 'school-1' })
      const at = (now: number) => store.retention.plan(now, limits)
      expect(await at(T0 + 40 * DAY)).to.include({ created: 0, creations: 0 })
      expect(await at(T0 + 40 * DAY + 1)).to.include({ created: 0, creations: 1 })
      expect(await store.retention.delete('creations', T0 + 40 * DAY + 1, limits, 9)).to.equal(1)
      await store.links.end(person, 'link-to-made-1', T0 + 90 * DAY, event('link.ended'))
      expect(UNDO_FOR).to.be.lessThan(40 * DAY + 1)
      expect(await at(T0 + 130 * DAY)).to.include({ created: 0 })
      expect(await store.retention.delete('created', T0 + 130 * DAY + 1, limits, 9)).to.equal(1)
      expect([await store.roster.entries({}), await store.creations.of(person)]).to.deep.equal([[], []])
    }),
  )
}
