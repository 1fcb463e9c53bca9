/** What Codes must do, whichever database is behind them. */
import { expect } from 'chai'
import { systemChance } from '../../src/base/chance.js'
import type { AuditEvent } from '../../src/audit/audit.js'
import { newCode, type Code, type NewCode } from '../../src/identity/codes.js'
import type { CodeBrought } from '../../src/login/people-ports.js'
import type { Store } from '../../src/store/open.js'
import { CODE_LIVES, CODE_LOOKS } from '../../src/words/code.js'
import { event, link, somebodyElse } from './links.js'
import { HOUR, MINUTE, NUMBER, person, T0, together, using, type Open } from './samples.js'

/** Zeros by chance, which is as good as any. */
export const CODE = newCode({ bytes: count => Buffer.alloc(count) })
const OTHER = newCode({ bytes: count => Buffer.alloc(count, 7) })

export const code = (change: Partial<NewCode> = {}): NewCode => ({
  ...{ code: CODE, accountId: 'a-1', journal: 'sgo', school: 'school-1' },
  ...{ madeAt: T0, expiresAt: T0 + CODE_LIVES },
  ...change,
})

export const brought = (change: Partial<CodeBrought> = {}): CodeBrought => ({
  ...{ code: CODE, person, address: '192.0.2.77', now: T0 + HOUR },
  ...change,
})

export const shown = (accountId: string): AuditEvent => ({ ...event('code.shown'), accountId })
const used = event('code.used')
const byCode = (change: Parameters<typeof link>[0] = {}) => link({ ground: 'code', ...change })

const kinds = async (store: Store) => (await store.audit.byNumber(NUMBER)).map(({ what }) => what)
const wrong = (): Code => newCode(systemChance)

export function codesContract(driver: string, open: Open): void {
  const made = (use: (store: Store) => Promise<void>) =>
    using(open, async store => {
      await store.codes.make([code()], event('code.made'))
      await use(store)
    })
  describe(`codes: ${driver}`, () => {
    usingContract(made)
    endingContract(made)
    guessingContract(made)
    schoolContract(made)
  })
}

type Made = (use: (store: Store) => Promise<void>) => () => Promise<void>

function usingContract(made: Made): void {
  it(
    'shows its account, makes the link once, and knows its person when they come again',
    made(async store => {
      expect(await store.codes.look(brought(), shown)).to.deep.equal({ at: 'found', accountId: 'a-1' })
      expect(await store.codes.find(brought())).to.deep.equal({ at: 'found', accountId: 'a-1' })
      expect(await store.codes.use(brought(), byCode(), used)).to.deep.equal({ at: 'made' })
      expect((await store.links.around(person, [])).own)
        .to.have.length(1)
        .and.have.nested.property('0.ground', 'code')
      const theirs = { at: 'made-before', accountId: 'a-1' }
      expect(await store.codes.use(brought(), byCode({ id: 'link-2' }), used)).to.deep.equal(theirs)
      expect(await store.codes.find(brought())).to.deep.equal(theirs)
      expect(await store.codes.look(brought(), shown)).to.deep.equal(theirs)
      const other = brought({ person: somebodyElse })
      expect(await store.codes.find(other)).to.deep.equal({ at: 'used' })
      expect(await store.codes.look(other, shown)).to.deep.equal({ at: 'used' })
      expect(await store.codes.use(other, byCode({ id: 'l-3', person: somebodyElse }), used)).to.deep.equal({
        at: 'used',
      })
      expect((await store.links.around(person, [])).own).to.have.length(1)
      expect(await kinds(store)).to.deep.equal(['code.made', 'code.shown', 'code.used'])
    }),
  )

  it(
    'of two people who bring it at the same moment binds one',
    made(async store => {
      const people = [person, somebodyElse] as const
      const raced = await together(i => {
        const who = people[i % 2]!
        return store.codes.use(brought({ person: who }), byCode({ id: `l-${i}`, person: who }), used)
      })
      expect(raced.filter(({ at }) => at === 'made')).to.have.length(1)
      expect(new Set(raced.map(({ at }) => at))).to.deep.equal(new Set(['made', 'made-before', 'used']))
      const holders = await Promise.all(people.map(async who => (await store.links.around(who, [])).own.length))
      expect(holders.sort()).to.deep.equal([0, 1])
    }),
  )

  it(
    'says yes to every press of one person at the same moment, and makes one link',
    made(async store => {
      const raced = await together(i => store.codes.use(brought(), byCode({ id: `l-${i}` }), used))
      expect(raced.filter(({ at }) => at === 'made')).to.have.length(1)
      expect(new Set(raced.map(({ at }) => at))).to.deep.equal(new Set(['made', 'made-before']))
      expect((await store.links.around(person, [])).own).to.have.length(1)
      expect((await kinds(store)).filter(what => what === 'code.used')).to.have.length(1)
    }),
  )

  it(
    'is not used up where somebody else has the account',
    made(async store => {
      await store.links.make(link({ person: somebodyElse }), event('link.made'))
      expect(await store.codes.use(brought(), byCode({ id: 'link-2' }), used)).to.deep.equal({ at: 'held' })
      expect(await store.codes.find(brought())).to.deep.equal({ at: 'found', accountId: 'a-1' })
      expect(await kinds(store)).not.to.include('code.used')
    }),
  )
}

function endingContract(made: Made): void {
  it(
    'ends after 14 days, for looks and for use',
    made(async ({ codes }) => {
      const late = brought({ now: T0 + CODE_LIVES })
      expect(await codes.look(brought({ now: T0 + CODE_LIVES - 1 }), shown)).to.have.property('at', 'found')
      expect(await codes.look(late, shown)).to.deep.equal({ at: 'expired' })
      expect(await codes.use(late, byCode(), used)).to.deep.equal({ at: 'expired' })
    }),
  )

  it(
    'is locked by the look after the fifth, whoever comes, and for good',
    made(async store => {
      const looks = await together(() => store.codes.look(brought(), shown))
      expect(looks.filter(({ at }) => at === 'found')).to.have.length(CODE_LOOKS)
      expect(new Set(looks.map(({ at }) => at))).to.deep.equal(new Set(['found', 'locked']))
      expect(await store.codes.use(brought(), byCode(), used)).to.deep.equal({ at: 'locked' })
      expect(await store.codes.find(brought({ person: somebodyElse }))).to.deep.equal({ at: 'locked' })
      expect((await kinds(store)).filter(what => what === 'code.shown')).to.have.length(CODE_LOOKS)
    }),
  )

  it(
    'can still be used after its fifth look',
    made(async ({ codes }) => {
      for (let i = 0; i < CODE_LOOKS; i++) await codes.look(brought(), shown)
      expect(await codes.use(brought(), byCode(), used)).to.deep.equal({ at: 'made' })
    }),
  )
}

function guessingContract(made: Made): void {
  it(
    'two wrong ones a minute are heard from one person, wherever they sit, and then the right one is not',
    made(async ({ codes }) => {
      const guess = (address: string) => codes.look(brought({ code: wrong(), address }), shown)
      expect(await guess('192.0.2.1')).to.deep.equal({ at: 'wrong' })
      expect(await guess('192.0.2.2')).to.deep.equal({ at: 'wrong' })
      expect(await guess('192.0.2.3')).to.deep.equal({ at: 'limit', seconds: 60 })
      expect(await codes.look(brought({ address: '192.0.2.4' }), shown)).to.deep.equal({ at: 'limit', seconds: 60 })
      expect(await codes.use(brought({ address: '192.0.2.4' }), byCode(), used)).to.have.property('at', 'limit')
      const later = brought({ address: '192.0.2.4', now: T0 + HOUR + MINUTE })
      expect(await codes.look(later, shown)).to.have.property('at', 'found')
    }),
  )

  it(
    'and from one address, whoever sits there',
    made(async ({ codes }) => {
      const who = (userId: string) => ({ ...person, userId })
      for (const userId of ['11', '12']) await codes.find(brought({ code: wrong(), person: who(userId) }))
      expect(await codes.find(brought({ person: who('13') }))).to.have.property('at', 'limit')
      expect(await codes.find(brought({ person: who('13'), address: '192.0.2.5' }))).to.have.property('at', 'found')
    }),
  )

  it(
    'no more than twenty a day from one person',
    made(async ({ codes }) => {
      const guess = (i: number) => codes.find(brought({ code: wrong(), address: `192.0.2.${i}`, now: T0 + i * MINUTE }))
      for (let i = 0; i < 20; i++) expect(await guess(i)).to.deep.equal({ at: 'wrong' })
      expect(await guess(20)).to.deep.equal({ at: 'limit', seconds: 24 * 3_600 - 20 * 60 })
    }),
  )

  it(
    'right ones do not count: three children have three slips',
    made(async ({ codes }) => {
      const slips = [OTHER, wrong()].map((each, i) => code({ code: each, accountId: `b-${i}` }))
      await codes.make(slips, event('code.made'))
      for (const slip of [code(), ...slips])
        expect(await codes.look(brought({ code: slip.code }), shown)).to.have.property('at', 'found')
    }),
  )
}

function schoolContract(made: Made): void {
  it(
    'a new one takes the place of the old one of its account, and of no other',
    made(async ({ codes }) => {
      await codes.make([code({ code: OTHER, accountId: 'a-2' })], event('code.made'))
      const again = wrong()
      await codes.make([code({ code: again })], event('code.made'))
      expect(await codes.find(brought())).to.deep.equal({ at: 'expired' })
      expect(await codes.find(brought({ code: again }))).to.have.property('at', 'found')
      expect(await codes.find(brought({ code: OTHER }))).to.have.property('accountId', 'a-2')
    }),
  )

  it(
    'is taken back for the accounts that are named, once',
    made(async ({ codes }) => {
      await codes.make([code({ code: OTHER, accountId: 'a-2' })], event('code.made'))
      const revoke = () => codes.revoke(['a-1', 'a-9'], T0, () => event('code.revoked'))
      expect([await revoke(), await revoke()]).to.deep.equal([1, 0])
      expect(await codes.use(brought(), byCode(), used)).to.deep.equal({ at: 'expired' })
      expect(await codes.find(brought({ code: OTHER }))).to.have.property('at', 'found')
    }),
  )

  it(
    'knows which accounts have one that still counts',
    made(async ({ codes }) => {
      const others = ['used', 'revoked', 'locked', 'old', 'elsewhere', 'living'].map(accountId =>
        code({
          ...{ code: wrong(), accountId, school: accountId === 'elsewhere' ? 'school-2' : 'school-1' },
          ...(accountId === 'old' && { expiresAt: T0 + HOUR }),
        }),
      )
      await codes.make(others, event('code.made'))
      const codeOf = (accountId: string) => others.find(other => other.accountId === accountId)!.code
      const first = brought({ code: codeOf('used') })
      await codes.use(first, byCode({ accountId: 'used' }), used)
      await codes.revoke(['revoked'], T0, () => event('code.revoked'))
      for (let i = 0; i <= CODE_LOOKS; i++) await codes.look(brought({ code: codeOf('locked') }), shown)
      expect(await codes.living('sgo', 'school-1', T0 + HOUR)).to.deep.equal(new Set(['a-1', 'living']))
      expect(await codes.living('other', 'school-1', T0 + HOUR)).to.deep.equal(new Set())
    }),
  )

  it(
    'is forgotten thirty days after its end',
    made(async ({ codes }) => {
      const gone = T0 + CODE_LIVES + 30 * 24 * HOUR
      expect(await codes.sweep(gone - 1)).to.equal(0)
      expect(await codes.sweep(gone)).to.equal(1)
      expect(await codes.find(brought({ now: gone }))).to.deep.equal({ at: 'wrong' })
    }),
  )
}
