/** Locks: set by rules and by hand, lifted, over; and that nobody brings one upon another. */
import { expect } from 'chai'
import fc from 'fast-check'
import type { AuditEvent } from '../../src/audit/audit.js'
import type { Refusal } from '../../src/base/refusal.js'
import { refusals, type RefusalCode } from '../../src/base/refusals.js'
import { Standing } from '../../src/login/standing.js'
import { openStore } from '../../src/store/open.js'
import { lockByHand, unlock } from '../../src/watch/decide.js'
import { person } from '../contract/samples.js'
import { options } from '../store/databases.js'
import { DAY, HOUR, locking, many, MINUTE, refusedAs, signedIn, T0, watchOver, type Planted } from './planted.js'

const by = { by: 'os:test', event: {} }

describe('watch: locks', () => {
  let watch: Planted
  let anna: string
  beforeEach(async () => {
    watch = watchOver(await openStore(options('sqlite::memory:')), locking())
    anna = watch.store.pseudonyms.forAudit(person)
  })
  afterEach(() => watch.store.close())

  const wrong = (count: number, at = T0) =>
    many(count, i => refusedAs('code.wrong', { person: anna, at: at + i, address: `10.0.0.${i}` }))
  const check = (standing = watch.standing) => standing.checkPerson(watch.store.pseudonyms, person)
  const locked = (act: () => void): Refusal => {
    try {
      act()
    } catch (error) {
      return error as Refusal
    }
    throw new Error('nothing was refused')
  }

  it('stands from the threshold to its end, to the millisecond, and tells when that is', async () => {
    await watch.plant(...wrong(2))
    check()
    await watch.plant(...wrong(1, T0 + MINUTE))
    const { code, facts } = locked(check)
    expect({ code, ...facts }).to.deep.equal({
      ...{ code: 'lock.person', until: T0 + MINUTE + HOUR, rule: 'person-failures' },
    })
    watch.at(T0 + MINUTE + HOUR - 1)
    locked(check)
    watch.at(T0 + MINUTE + HOUR)
    check()
  })

  it('begins the count anew: what led to a lock does not lead to the next one', async () => {
    await watch.store.close()
    watch = watchOver(await openStore(options('sqlite::memory:')), { ...locking(), lockFor: 10 * MINUTE })
    anna = watch.store.pseudonyms.forAudit(person)
    await watch.plant(...wrong(3))
    watch.at(T0 + 10 * MINUTE + 2)
    check()
    await watch.plant(...wrong(2, T0 + 11 * MINUTE))
    check()
    await watch.plant(...wrong(1, T0 + 12 * MINUTE))
    locked(check)
  })

  it('is known to every node, and to one that starts later', async () => {
    await watch.plant(...wrong(3))
    const other = new Standing(watch.clock, watch.store.watching)
    check(other)
    await other.refresh()
    locked(() => check(other))
  })

  it('is lifted once, and then everything that was counted is forgotten', async () => {
    await watch.plant(...wrong(3))
    await watch.plant(...wrong(2, T0 + 3))
    const subject = { kind: 'person', name: anna } as const
    expect(await unlock(watch, subject, by, 'came with a passport')).to.equal(true)
    expect(await unlock(watch, subject, by, 'came with a passport')).to.equal(false)
    await watch.standing.refresh()
    check()
    const [closed] = await watch.watching.list(['closed'], 10)
    expect(closed).to.include({ by: 'os:test', reason: 'came with a passport' })
    await watch.plant(...wrong(2, T0 + MINUTE))
    check()
    await watch.plant(...wrong(1, T0 + 2 * MINUTE))
    locked(check)
  })

  it('is set by hand, once, and not for a network when only a person was meant', async () => {
    const subject = { kind: 'network', name: '2001:db8:0:7' } as const
    expect(await lockByHand(watch, subject, T0 + DAY, by, 'guesses codes')).to.equal(true)
    expect(await lockByHand(watch, subject, T0 + DAY, by, 'guesses codes')).to.equal(false)
    await watch.standing.refresh()
    watch.standing.checkNetwork('2001:db8:0:8::1')
    check()
    expect(locked(() => watch.standing.checkNetwork('2001:db8:0:7:1:2:3:4')).code).to.equal('lock.network')
  })

  it('whom it is about is found under a name of before a change of keys, too', async () => {
    await watch.plant(...wrong(3))
    const everInAudit = () => ['a new name', anna]
    expect(watch.standing.ofPerson({ everInAudit }, person)?.subject.name).to.equal(anna)
  })

  it('whatever others do, from whatever network, a person who did nothing unusual is never locked', async () => {
    const codes = Object.keys(refusals) as RefusalCode[]
    const others = ['boris', 'vera']
    const row: fc.Arbitrary<AuditEvent> = fc
      .record({
        code: fc.constantFrom(...codes, undefined),
        who: fc.constantFrom(...others, undefined),
        network: fc.constantFrom('192.0.2.1', '198.51.100.7', '203.0.113.9', '2001:db8:7::1'),
        device: fc.constantFrom('a', 'b', 'c', 'd'),
        after: fc.integer({ min: 0, max: 30 }),
      })
      .map(({ code, who, network, device, after }) => {
        const around = { at: T0 + after * MINUTE, address: network, device, ...(who !== undefined && { person: who }) }
        return code === undefined ? { ...signedIn(who ?? ''), ...around } : refusedAs(code, around)
      })
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 60 }), async rows => {
        const over = watchOver(await openStore(options('sqlite::memory:')), locking(2))
        try {
          const name = over.store.pseudonyms.forAudit(person)
          // an ordinary day: one sign-in, and one refusal that is none of their doing
          const own = [
            signedIn(name, { address: '192.0.2.1', device: 'a' }),
            refusedAs('identity.not-linked', { person: name }),
            refusedAs('code.wrong', { person: name }),
          ]
          await over.plant(...own, ...rows)
          over.standing.checkPerson(over.store.pseudonyms, person)
        } finally {
          await over.store.close()
        }
      }),
      { numRuns: 60 },
    )
  })

  it('limits that others use up, at the same address or on the same account, never lock whoever presses again', async () => {
    for (const code of ['code.limit', 'proof.limit', 'confirm.limit'] as const)
      await watch.plant(...many(30, i => refusedAs(code, { person: anna, at: T0 + i, address: '10.0.0.1' })))
    check()
  })

  it('refusals that a strange page can provoke in the browser of a person never lock them', async () => {
    const provoked: readonly RefusalCode[] = [
      ...(['journal.return-denied', 'journal.unknown', 'login.loop', 'identity.not-linked', 'identity.held'] as const),
      ...(['request.malformed', 'request.forged', 'queue.not-admin', 'confirm.mistyped', 'code.mistyped'] as const),
    ]
    for (const code of provoked)
      await watch.plant(...many(20, i => refusedAs(code, { person: anna, at: T0 + i, address: '10.0.0.1' })))
    check()
  })
})
