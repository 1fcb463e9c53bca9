/** Each rule speaks at its threshold, not one below it, and about nobody else. */
import { expect } from 'chai'
import type { AuditEvent } from '../../src/audit/audit.js'
import { openStore } from '../../src/store/open.js'
import { rules, ruleOf } from '../../src/watch/rules.js'
import type { RuleName } from '../../src/words/watched.js'
import { options } from '../store/databases.js'
import { DAY, HOUR, many, MINUTE, refusedAs, signedIn, T0, terms, watchOver, type Planted } from './planted.js'

const SECOND = 1_000
const usual = (name: RuleName) => ruleOf(name).usual

/** `row(i)` is the i-th of what the rule counts; the last one is what makes it speak. */
const crossings: readonly {
  readonly rule: RuleName
  readonly about: string
  readonly row: (i: number) => AuditEvent
  /** Not counted, although they look alike. */
  readonly others: readonly AuditEvent[]
}[] = [
  {
    rule: 'person-failures',
    about: 'anna',
    row: i => refusedAs('code.wrong', { person: 'anna', at: T0 + i * SECOND, address: `192.0.2.${i}` }),
    others: [
      refusedAs('code.wrong', { person: 'boris' }),
      refusedAs('code.wrong'),
      refusedAs('identity.not-linked', { person: 'anna' }),
      refusedAs('lock.person', { person: 'anna' }),
      refusedAs('saml.altered', { person: 'anna' }),
    ],
  },
  {
    rule: 'network-failures',
    about: '192.0.2.1',
    row: i => refusedAs('login.unknown', { at: T0 + i * SECOND }),
    others: [
      refusedAs('login.unknown', { address: '192.0.2.2' }),
      refusedAs('saml.altered'),
      refusedAs('lock.network'),
      refusedAs('login.unknown', { address: '10.1.2.3' }),
      refusedAs('login.unknown', { address: '' }),
    ],
  },
  {
    rule: 'many-accounts',
    about: '192.0.2.1',
    row: i => signedIn(`person-${i}`, { at: T0 + i * SECOND }),
    others: [signedIn('person-0'), signedIn('somebody', { address: '192.0.2.2' })],
  },
  {
    rule: 'codes-tried',
    about: '192.0.2.1',
    row: i => refusedAs('code.wrong', { person: `person-${i}`, at: T0 + i * SECOND }),
    others: [refusedAs('code.used'), refusedAs('code.wrong', { address: '10.1.2.3' })],
  },
  {
    rule: 'many-devices',
    about: 'anna',
    row: i => signedIn('anna', { at: T0 + i * MINUTE, device: `browser ${i}` }),
    others: [signedIn('anna', { device: 'browser 0' }), signedIn('boris', { device: 'browser of Boris' })],
  },
]

describe('watch: rules', () => {
  let watch: Planted
  beforeEach(async () => {
    watch = watchOver(await openStore(options('sqlite::memory:')))
  })
  afterEach(() => watch.store.close())
  const found = async () =>
    (await watch.watching.list(['open'], 100)).map(({ rule, subject: { name }, value }) => ({ rule, name, value }))
  const of = async (rule: RuleName) => (await found()).filter(each => each.rule === rule)

  for (const { rule, about, row, others } of crossings) {
    const { most } = usual(rule)

    it(`${rule}: ${most}, and not one less`, async () => {
      await watch.plant(...many(most - 1, row), ...others)
      expect(await of(rule)).to.deep.equal([])
      await watch.plant(row(most - 1))
      expect(await of(rule)).to.deep.equal([{ rule, name: about, value: most }])
    })

    it(`${rule}: what lies further back than its time counts no more`, async () => {
      await watch.plant(row(0))
      const late = T0 + usual(rule).within + MINUTE
      await watch.plant(...many(most - 1, i => ({ ...row(i + 1), at: late })))
      expect(await of(rule)).to.deep.equal([])
      await watch.plant({ ...row(most), at: late })
      expect(await of(rule)).to.have.length(1)
    })
  }

  it('no rule about networks looks at those of schools, however much comes from there', async () => {
    const address = '10.1.2.3'
    await watch.plant(...many(120, i => refusedAs('code.wrong', { at: T0 + i, address })))
    await watch.plant(...many(120, i => signedIn(`person-${i}`, { at: T0 + i, address })))
    const networks = (await watch.watching.list(['open'], 10)).filter(({ subject }) => subject.kind === 'network')
    expect(networks).to.deep.equal([])
  })

  it('a burst that stands before quiet hours is seen when all of it is read at once', async () => {
    const { most } = usual('network-failures')
    const burst = many(most, i => refusedAs('login.unknown', { at: T0 + i * 100 }))
    await watch.plant(...burst, signedIn('anna', { at: T0 + 5 * HOUR }))
    expect(await of('network-failures')).to.have.length(1)
  })

  it('travel: places that nobody reaches so fast, whichever way, and none that are near or unknown', async () => {
    const west = (at: number) => signedIn('anna', { at, address: '198.51.100.7' })
    const near = (at: number) => signedIn('anna', { at, address: '192.0.2.7' })
    const east = (person: string, at: number) => signedIn(person, { at, address: '2001:db8:7::1' })
    await watch.plant(
      west(T0),
      near(T0 + 1),
      signedIn('anna', { at: T0 + 2, address: '203.0.114.9' }),
      east('boris', T0),
    )
    expect(await of('travel')).to.deep.equal([])
    await watch.plant(east('vera', T0), east('anna', T0 + 8 * HOUR))
    expect(await of('travel'), 'a journey of eight hours').to.deep.equal([])
    await watch.plant(west(T0 + 9 * HOUR))
    const [told] = await of('travel')
    expect(told).to.include({ name: 'anna' })
    expect(told!.value).to.be.within(7_300, 7_500)
  })

  describe('refusal-spike', () => {
    const { most } = usual('refusal-spike')
    const spread = (count: number, at: number, networks = 5): readonly AuditEvent[] =>
      many(count, i => refusedAs('saml.expired', { at: at + i, address: `192.0.2.${i % networks}` }))

    it(`${most} from five networks, and neither one less nor four networks`, async () => {
      await watch.plant(...spread(most - 1, T0))
      expect(await of('refusal-spike')).to.deep.equal([])
      await watch.plant(...spread(1, T0 + SECOND))
      expect(await of('refusal-spike')).to.deep.equal([{ rule: 'refusal-spike', name: 'saml.expired', value: most }])
      await watch.plant(...many(most, i => refusedAs('lock.person', { at: T0 + i, address: `192.0.2.${i % 5}` })))
      await watch.plant(...many(3 * most, i => refusedAs('login.unknown', { at: T0, address: `192.0.2.${i % 4}` })))
      expect(await of('refusal-spike')).to.have.length(1)
    })

    it('compares with the busiest minutes of its own days', async () => {
      const today = T0 + 8 * DAY
      for (let day = 1; day <= 7; day++) await watch.plant(...spread(10, today - day * DAY - HOUR))
      await watch.plant(...spread(30, today))
      expect(await of('refusal-spike'), 'three times as much').to.deep.equal([])
      await watch.plant(...spread(1, today + SECOND))
      expect(await of('refusal-spike'), 'more').to.have.length(1)
    })

    it('is not lulled by one day of trouble', async () => {
      const today = T0 + 8 * DAY
      await watch.plant(...spread(400, today - 3 * DAY))
      await watch.watching.sweep(today - DAY)
      const before = (await of('refusal-spike')).length
      await watch.plant(signedIn('anna', { at: today - DAY }))
      await watch.plant(...spread(most, today))
      expect([before, (await watch.watching.list(['open', 'closed'], 10)).length]).to.deep.equal([1, 2])
    })
  })

  it('speaks once for as long as it goes on, then closes, and opens anew', async () => {
    const { most } = usual('network-failures')
    const row = (i: number, at = T0) => refusedAs('login.unknown', { at: at + i })
    await watch.plant(...many(most, row))
    await watch.plant(...many(7, i => row(i, T0 + MINUTE)))
    const [open] = await watch.watching.list(['open'], 10)
    expect(open).to.include({ value: most + 7, first: T0 + most - 1, last: T0 + MINUTE + 6, number: 'D7FW-2NQ9' })
    watch.at(T0 + MINUTE + 6 + DAY)
    await watch.plant()
    expect(await found(), 'a day later, to the millisecond').to.have.length(1)
    watch.at(T0 + MINUTE + 7 + DAY)
    await watch.plant()
    expect(await found()).to.deep.equal([])
    await watch.plant(...many(most, i => row(i, T0 + 2 * DAY)))
    expect(await watch.watching.list(['open', 'closed'], 10)).to.have.length(2)
  })

  it('a rule that is off counts nothing, and none counts what the watch itself has written', async () => {
    await watch.store.close()
    watch = watchOver(await openStore(options('sqlite::memory:')), terms({ 'codes-tried': { action: 'off' } }))
    await watch.plant(...many(usual('codes-tried').most, i => refusedAs('code.wrong', { at: T0 + i })))
    expect(await of('codes-tried')).to.deep.equal([])
  })

  it('writes into the audit what it has found, once, and names nobody', async () => {
    await watch.plant(...many(20, i => refusedAs('proof.wrong', { person: 'anna', at: T0 + i })))
    const events = []
    for await (const event of watch.store.audit.between({})) if (!event.what.startsWith('login.')) events.push(event)
    expect(events.map(({ what, person }) => [what, person])).to.deep.equal([
      ['anomaly.found', 'anna'],
      ['lock.set', 'anna'],
    ])
  })

  it('has a name of its own for each, and lets no refusal be locked', () => {
    expect(new Set(rules.map(({ name }) => name))).to.have.property('size', rules.length)
    for (const { of: kind, mayLock, usual } of rules) {
      if (kind === 'code') expect(mayLock).to.equal(false)
      if (kind === 'network') expect(usual.action, 'a whole school may stand behind it').to.equal('notify')
    }
  })
})
