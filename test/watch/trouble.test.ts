/** When the pages say that an IdP is in trouble, when they stop, and that one stranger cannot make them. */
import { expect } from 'chai'
import type { AuditEvent } from '../../src/audit/audit.js'
import { refusals, type RefusalCode } from '../../src/base/refusals.js'
import { openStore } from '../../src/store/open.js'
import { troubleOf } from '../../src/watch/trouble.js'
import { troubles } from '../../src/words/watched.js'
import { options } from '../store/databases.js'
import { IDP, many, MINUTE, refusedAs, signedIn, T0, watchOver, type Planted } from './planted.js'

const failed = (i: number, code: RefusalCode = 'idp.declined', at = T0): AuditEvent =>
  refusedAs(code, { idp: IDP, at: at + i, address: `192.0.2.${i}` })
const fine = (i: number, at = T0) => signedIn(`p-${i}`, { at: at + i, address: `198.51.100.${i}` })
const began = (i: number, at = T0): AuditEvent => ({
  ...{ at, what: 'login.started', result: 'ok', idp: IDP, address: `192.0.2.${i}` },
})

describe('watch: IdPs in trouble', () => {
  let watch: Planted
  beforeEach(async () => {
    watch = watchOver(await openStore(options('sqlite::memory:')))
  })
  afterEach(() => watch.store.close())
  const standing = () => watch.standing.banners.map(({ trouble }) => trouble)

  it('five networks, and not four, however often', async () => {
    await watch.plant(...many(4, i => failed(i)), ...many(200, () => failed(0)))
    expect(standing()).to.deep.equal([])
    await watch.plant(failed(4))
    expect(standing()).to.deep.equal(['errors'])
    const events: AuditEvent[] = []
    for await (const event of watch.store.audit.between({})) events.push(event)
    expect(events.filter(({ what }) => what === 'banner.raised')).to.have.length(1)
  })

  it('one stranger with all the networks of a provider’s IPv6 has one', async () => {
    await watch.plant(...many(50, i => ({ ...failed(i), address: `2001:db8:1:${i.toString(16)}::1` })))
    expect(standing()).to.deep.equal([])
  })

  it('while as many get in, it is not the IdP', async () => {
    await watch.plant(...many(6, i => failed(i)), ...many(6, i => fine(i)))
    expect(standing()).to.deep.equal([])
    await watch.plant(failed(7))
    expect(standing()).to.deep.equal(['errors'])
  })

  it('goes when twice as many get in, though some still fail, and does not blink', async () => {
    await watch.plant(...many(5, i => failed(i)))
    await watch.plant(...many(11, i => fine(i, T0 + MINUTE)))
    expect(standing(), 'at least five minutes').to.deep.equal(['errors'])
    watch.at(T0 + 6 * MINUTE)
    await watch.plant(...many(3, i => failed(i, 'idp.declined', T0 + 6 * MINUTE)))
    expect(standing()).to.deep.equal([])
  })

  it('stays while it goes on with fewer people, and goes by itself when nobody meets it any more', async () => {
    await watch.plant(...many(5, i => failed(i)))
    await watch.plant(...many(3, i => failed(i, 'idp.declined', T0 + 9 * MINUTE)))
    watch.at(T0 + 18 * MINUTE)
    await watch.plant()
    expect(standing(), 'three of five').to.deep.equal(['errors'])
    watch.at(T0 + 19 * MINUTE + 5)
    await watch.plant()
    expect(standing()).to.deep.equal([])
  })

  it('each trouble by its refusals', async () => {
    const codes = { signature: 'saml.untrusted-key', clocks: 'saml.too-old', answers: 'saml.schema' } as const
    for (const code of Object.values(codes)) await watch.plant(...many(5, i => failed(i, code)))
    await watch.plant(...many(5, i => failed(i, 'idp.metadata-expired')))
    expect([...standing()].sort()).to.deep.equal([...Object.keys(codes), 'metadata'].sort())
  })

  it('nobody comes back: silent, but not before people had time to type their passwords', async () => {
    await watch.plant(...many(5, i => began(i)))
    watch.at(T0 + 5 * MINUTE - 1)
    await watch.plant()
    expect(standing()).to.deep.equal([])
    watch.at(T0 + 5 * MINUTE)
    await watch.plant()
    expect(standing()).to.deep.equal(['silent'])
    await watch.plant(fine(1, T0 + 11 * MINUTE))
    expect(standing()).to.deep.equal([])
  })

  it('one answer is enough to know that it answers', async () => {
    await watch.plant(...many(9, i => began(i)), failed(1))
    watch.at(T0 + 6 * MINUTE)
    await watch.plant()
    expect(standing()).to.deep.equal([])
  })

  it('what an operator has raised stands until its time, whatever happens, and no longer', async () => {
    const until = T0 + 60 * MINUTE
    const event = { at: T0, what: 'banner.raised', result: 'ok', idp: IDP } as const
    await watch.watching.raise({ idp: IDP, trouble: 'silent', since: T0, until }, event)
    watch.at(T0 + 30 * MINUTE)
    await watch.plant(...many(20, i => fine(i, T0 + 30 * MINUTE)))
    expect(standing()).to.deep.equal(['silent'])
    watch.at(until)
    expect(standing()).to.deep.equal([])
    await watch.watching.raise({ idp: IDP, trouble: 'errors', since: until, until: until + MINUTE }, event)
    expect(await watch.watching.lower(IDP, { ...event, what: 'banner.lowered' })).to.be.greaterThan(0)
  })

  it('knows the trouble behind every refusal that is the IdP’s doing', () => {
    const all = (Object.keys(refusals) as RefusalCode[]).filter(code => /^(saml|idp)\./.test(code))
    for (const code of all) if (refusals[code].fault === 'idp') expect(troubleOf(code), code).to.be.oneOf([...troubles])
    expect(troubleOf('saml.replayed')).to.equal(undefined)
    expect(troubleOf('login.unknown')).to.equal(undefined)
  })
})
