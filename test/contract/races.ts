/** What must come out when several nodes do the same thing at the same moment, whichever database is behind them. */
import { expect } from 'chai'
import type { RosterRecord } from '../../src/identity/roster.js'
import type { Store } from '../../src/store/open.js'
import { giving, withdrawal } from './consents.js'
import { entering } from './entering.js'
import { event, link, somebodyElse } from './links.js'
import { request } from './requests.js'
import {
  entered,
  HOUR,
  key,
  MINUTE,
  NUMBER,
  OTHER_SNILS,
  person,
  record,
  session,
  signIn,
  SNILS,
  T0,
  THIRD_SNILS,
  using,
  type Open,
} from './samples.js'

const DAY = 24 * HOUR
const twenty = <T>(ask: (i: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: 20 }, (_, i) => ask(i)))
const decided = { granted: true, at: T0 + HOUR, by: 'admin', reason: 'паспорт показан' }
const counted = (answers: readonly unknown[], wanted: unknown) => answers.filter(answer => answer === wanted).length

async function accounts(store: Store): Promise<readonly string[]> {
  const list = [record('a'), record('b', { snils: OTHER_SNILS }), record('c', { snils: THIRD_SNILS })]
  await store.roster.replace('sgo', 'school-1', list, { now: T0 })
  const found = await Promise.all([SNILS, OTHER_SNILS, THIRD_SNILS].map(snils => store.roster.bySnils(snils)))
  return found.map(([entry]) => entry!.accountId)
}

async function question(store: Store, accountIds: readonly string[]): Promise<string> {
  await store.requests.file([request({ accountIds })], event('login.refused'))
  return (await store.requests.byNumber(NUMBER))[0]!.id
}

const holders = async (store: Store, accountId: string): Promise<readonly string[]> => {
  const own = await Promise.all([person, somebodyElse].map(one => store.links.around(one, [accountId])))
  return own.flatMap(({ own }) => own.filter(one => one.accountId === accountId && !one.ended).map(({ id }) => id))
}

export function racesContract(driver: string, open: Open): void {
  describe(`at the same moment: ${driver}`, () => {
    decisionRaces(open)
    consentRaces(open)
    linkRaces(open)
    listRaces(open)
  })
}

function decisionRaces(open: Open): void {
  it(
    'one of twenty decides a question, and one takes it back',
    using(open, async store => {
      const ids = await accounts(store)
      const id = await question(store, ids)
      const answers = await twenty(i =>
        store.requests.decide(id, { ...decided, accountId: ids[i % 3]! }, event('request.decided')),
      )
      expect(answers.sort()).to.deep.equal(['decided', ...Array<string>(19).fill('decided-before')])
      const own = (await store.links.around(person, ids)).own.filter(one => !one.ended)
      expect(own, 'one account, whichever').to.have.length(1)
      const back = await twenty(() => store.requests.takeBack(id, T0 + 2 * HOUR, event('request.taken-back')))
      expect(counted(back, 'taken-back')).to.equal(1)
      expect((await store.audit.byNumber(NUMBER)).map(({ what }) => what)).to.deep.equal(['login.refused', 'request.decided', 'request.taken-back']) // prettier-ignore
    }),
  )

  it(
    'an account that is given away and entered by another has one of the two',
    using(open, async store => {
      const [accountId] = await accounts(store)
      const id = await question(store, [accountId!])
      await twenty(i =>
        i === 7
          ? store.requests.decide(id, { ...decided, accountId: accountId! }, event('request.decided'))
          : store.links.make(
              link({ id: `link-${i}`, accountId: accountId!, person: somebodyElse }),
              event('link.made'),
            ),
      )
      expect(await holders(store, accountId!), 'the school has spoken last, or first').to.have.length(1)
    }),
  )
}

function consentRaces(open: Open): void {
  it(
    'a consent is withdrawn once, and its destruction is ordered once and done once',
    using(open, async store => {
      await store.consents.give(giving())
      const withdrawn = await twenty(() => store.consents.withdraw(['consent-1'], withdrawal()))
      expect(withdrawn.filter(some => some.length > 0)).to.have.length(1)
      expect(await store.destructions.all()).to.have.length(1)
      const done = await twenty(() =>
        store.destructions.carryOut(T0 + MINUTE + 14 * DAY, () => event('data.destroyed')),
      )
      expect(done.filter(one => one !== undefined)).to.have.length(1)
    }),
  )

  it(
    'whoever enters while the consent is withdrawn is found by it afterwards, and everybody else enters nothing',
    using(open, async store => {
      await store.consents.give(giving())
      await twenty(i => signIn(store, session(`session-${i}`)))
      const entries = twenty(async i => {
        const wanted = { session: key(`session-${i}`), consents: ['consent-1'] }
        return (await store.logins.enter(entering(wanted))) === 'entered' ? wanted.session : undefined
      })
      await store.consents.withdraw(['consent-1'], withdrawal())
      const found: string[] = []
      for await (const trace of store.sessions.traces(T0 + MINUTE)) if (trace.entered.length > 0) found.push(trace.key)
      const inside = (await entries).filter(session => session !== undefined)
      expect(found.sort()).to.deep.equal(inside.sort())
    }),
  )

  it(
    'a consent that is given and withdrawn stands without an order, or is over with one',
    using(open, async store => {
      await store.consents.give(giving())
      await twenty<unknown>(i =>
        i % 2 === 0
          ? store.consents.withdraw(['consent-1'], withdrawal())
          : store.consents.give(giving({ id: `consent-${i + 1}`, at: T0 + 2 * MINUTE })),
      )
      const orders = (await store.destructions.all()).filter(({ calledOffAt }) => calledOffAt === undefined)
      const stands = (await store.consents.find(person, 'choice-1')) !== undefined
      expect(orders).to.have.length(stands ? 0 : 1)
      const standing = (await store.consents.ofPerson(person)).filter(({ ended }) => !ended)
      expect(standing).to.have.length(stands ? 1 : 0)
    }),
  )

  it(
    'what is past its time is deleted once',
    using(open, async store => {
      const limits = { loginAudit: DAY, securityAudit: DAY, unlinked: DAY, consents: DAY }
      for (let i = 0; i < 40; i++) await store.audit.record({ ...event('login.started'), at: T0 + i })
      const deleted = await twenty(() => store.retention.delete('loginAudit', T0 + 2 * DAY, limits, 5))
      expect(deleted.reduce((sum, some) => sum + some)).to.equal(40)
      expect(await store.audit.byNumber(NUMBER)).to.deep.equal([])
    }),
  )
}

function linkRaces(open: Open): void {
  const ends: Readonly<Record<string, (store: Store, accountId: string) => Promise<unknown>>> = {
    'the person takes the account off': store => store.links.end(person, 'link-1', T0, event('link.ended')),
    'the school gives the account to somebody else': async (store, accountId) => {
      await store.requests.file([request({ accountIds: [accountId], person: somebodyElse })], event('login.refused'))
      const [asked] = await store.requests.byNumber(NUMBER)
      return store.requests.decide(asked!.id, { ...decided, accountId }, event('request.decided'))
    },
  }
  for (const [what, end] of Object.entries(ends))
    it(
      `whoever enters while ${what} is found afterwards, and everybody else enters nothing`,
      using(open, async store => {
        const [accountId] = await accounts(store)
        await store.links.make(link({ accountId: accountId! }), event('link.made'))
        const seen = { person, links: (await store.links.around(person, [accountId!])).own }
        await twenty(i => signIn(store, session(`session-${i}`)))
        const entries = twenty(async i => {
          const wanted = { session: key(`session-${i}`), entered: entered(accountId!), seen }
          return (await store.logins.enter(entering(wanted))) === 'entered' ? wanted.session : undefined
        })
        await end(store, accountId!)
        const found: string[] = []
        for await (const trace of store.sessions.traces(T0 + MINUTE))
          if (trace.entered.length > 0) found.push(trace.key)
        const inside = (await entries).filter(session => session !== undefined)
        expect(found.sort()).to.deep.equal(inside.sort())
      }),
    )
}

function listRaces(open: Open): void {
  const list = (name: string): readonly RosterRecord[] => Array.from({ length: 30 }, (_, i) => record(`${name}-${i}`))

  it(
    'of lists for one school the last one counts, whole',
    using(open, async store => {
      const names = ['a', 'b', 'c', 'd']
      const plans = await Promise.all(
        names.map(name => store.roster.replace('sgo', 'school-1', list(name), { now: T0 })),
      )
      expect(plans.map(({ before }) => before).sort((a, b) => a - b)).to.deep.equal([0, 30, 30, 30])
      expect(await store.roster.count('sgo')).to.equal(30)
      const standing = (await store.roster.bySnils(SNILS)).map(({ login }) => login.slice(0, 1))
      expect([new Set(standing).size, standing.length]).to.deep.equal([1, 30])
    }),
  )

  it(
    'a file that two nodes took up is imported once',
    using(open, async store => {
      const taking = { token: 'token-1', journal: 'sgo', school: 'school-1', records: list('a'), now: T0, event: () => event('roster.imported') } // prettier-ignore
      const plans = await twenty(() => store.intake.take(taking))
      expect(plans.filter(plan => plan !== undefined)).to.have.length(1)
      expect(await store.audit.byNumber(NUMBER)).to.have.length(1)
    }),
  )
}
