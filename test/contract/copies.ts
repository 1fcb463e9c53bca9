/** What Copies must do, whichever database is behind it. */
import { expect } from 'chai'
import type { Copy, SourceState } from '../../src/trust/ports.js'
import { failureOf, IDP, NUMBER, T0, together, using, without, type Open } from './samples.js'

const of = { source: 'https://federation.example/metadata', entityId: IDP }

const copy = (change: Partial<Copy> = {}): Copy => ({
  ...of,
  id: 'copy-1',
  state: 'active',
  essence: 'abc',
  xml: '<md:EntityDescriptor/>',
  validUntil: T0 + 1,
  signedBy: 'def',
  firstSeen: T0,
  lastSeen: T0,
  ...change,
})

const state: SourceState = {
  source: of.source,
  triedAt: T0,
  succeededAt: T0,
  failingSince: T0 + 1,
  failures: 2,
  problem: 'federation.example answers with status 500',
  etag: '"1"',
  lastModified: 'Tue, 01 Sep 2026 08:00:00 GMT',
  cacheDuration: 3_600_000,
  rules: 'abc',
}

const event = { at: T0, what: 'metadata.taken', result: 'ok', idp: IDP, number: NUMBER } as const

export function copiesContract(driver: string, open: Open): void {
  describe(`copies of metadata: ${driver}`, () => {
    it(
      'gives back every field, and none that was not written; the oldest copy first',
      using(open, async ({ copies }) => {
        const bare = without(copy({ id: 'copy-2', firstSeen: T0 - 1, state: 'retired' }), 'validUntil', 'signedBy')
        await copies.revise(of, () => ({ write: [copy(), bare], remove: [] }))
        expect(await copies.all()).to.deep.equal([bare, copy()])
      }),
    )

    it(
      'shows the decider the copies of one IdP of one source, and writes what it says with its event',
      using(open, async ({ copies, audit }) => {
        const others = [copy({ id: 'x', source: 'other' }), copy({ id: 'y', entityId: 'other' })]
        for (const other of others) await copies.revise(other, () => ({ write: [other], remove: [] }))
        await copies.revise(of, () => ({ write: [copy(), copy({ id: 'copy-2' })], remove: [] }))
        const revision = await copies.revise(of, found => {
          expect(found.map(({ id }) => id)).to.deep.equal(['copy-1', 'copy-2'])
          return { write: [copy({ state: 'retired', lastSeen: T0 + 1 })], remove: ['copy-2'], event }
        })
        expect(revision.event).to.deep.equal(event)
        expect(await copies.all()).to.have.deep.members([...others, copy({ state: 'retired', lastSeen: T0 + 1 })])
        expect(await audit.byNumber(NUMBER)).to.deep.equal([event])
      }),
    )

    it(
      'writes nothing when the decider fails',
      using(open, async ({ copies }) => {
        await copies.revise(of, () => ({ write: [copy()], remove: [] }))
        const failure = await failureOf(
          copies.revise(of, () => {
            throw new Error('undecided')
          }),
        )
        expect((failure as Error).message).to.equal('undecided')
        expect(await copies.all()).to.deep.equal([copy()])
      }),
    )

    it(
      'lets fifty decide one after the other',
      using(open, async ({ copies }) => {
        await together(i =>
          copies.revise(of, found => ({ write: found.length === 0 ? [copy({ id: `copy-${i}` })] : [], remove: [] })),
        )
        expect(await copies.all()).to.have.length(1)
      }),
    )

    it(
      'notes how the last visit at a source went, in place of the one before, with its event',
      using(open, async ({ copies, audit }) => {
        await copies.note(state)
        expect(await copies.sources()).to.deep.equal([state])
        const bare = { source: of.source, triedAt: T0 + 2, failures: 0, rules: '' }
        await copies.note(bare, event)
        expect(await copies.sources()).to.deep.equal([bare])
        expect(await audit.byNumber(NUMBER)).to.deep.equal([event])
      }),
    )
  })
}
