/** What the chain of the audit must do, whichever database is behind it. */
import { expect } from 'chai'
import type { AuditEvent } from '../../src/audit/audit.js'
import type { Finding } from '../../src/login/chain-ports.js'
import type { Store } from '../../src/store/open.js'
import { claim, HOUR, NUMBER, started, T0, together, using, type Open } from './samples.js'

const DAY = 24 * HOUR
export const logged = (i = 0, change: Partial<AuditEvent> = {}): AuditEvent => ({
  ...{ at: T0 + i, what: 'login.verified', result: 'ok', number: NUMBER, address: '192.0.2.1', facts: { i } },
  ...change,
})

export async function write(store: Store, count: number, change: Partial<AuditEvent> = {}): Promise<void> {
  for (let i = 0; i < count; i += 1) await store.audit.record(logged(i, change))
}

/** Takes in whatever is there, a few at a time. */
export async function takeAll(store: Store, now = T0 + HOUR, most = 4): Promise<void> {
  while ((await store.chain.take(now, most)) > 0);
}

export async function examined(store: Store) {
  const findings: Finding[] = []
  const result = await store.chain.examine({}, finding => findings.push(finding))
  return { ...result, findings }
}

const limits = { loginAudit: 365 * DAY, securityAudit: 1096 * DAY, unlinked: 30 * DAY, consents: 30 * DAY }

export function chainContract(driver: string, open: Open): void {
  describe(`chain of the audit: ${driver}`, () => {
    it(
      'is whole when nobody touches it, and knows what is not taken in yet',
      using(open, async store => {
        expect(await examined(store)).to.deep.equal({ entries: 0, rows: 0, loose: 0, prunedTo: 0, findings: [] })
        await write(store, 10)
        expect(await examined(store))
          .to.include({ loose: 10 })
          .and.to.deep.include({ findings: [] })
        await takeAll(store)
        const { head, ...rest } = await examined(store)
        expect(rest).to.deep.equal({ entries: 4, rows: 10, loose: 0, prunedTo: 0, findings: [] })
        expect(head).to.deep.equal(await store.chain.head())
        expect(await store.chain.macAt(4)).to.equal(head?.mac)
        expect(await store.chain.macAt(5)).to.equal(undefined)
        expect(await store.chain.take(T0, 10)).to.equal(0)
      }),
    )

    it(
      'takes every row in once, whoever writes and however many take at the same moment',
      using(open, async store => {
        await Promise.all([
          together(i => store.audit.record(logged(i))),
          together(() => store.chain.take(T0, 7).catch(() => 0)),
        ])
        await takeAll(store)
        expect(await examined(store))
          .to.include({ rows: 50, loose: 0 })
          .and.to.deep.include({ findings: [] })
      }),
    )

    it(
      'stays whole when rows go that are past their time, and forgets entries of which nothing is left',
      using(open, async store => {
        await write(store, 6)
        await write(store, 2, { what: 'login.refused', at: T0 + DAY })
        await write(store, 4, { at: T0 + 400 * DAY })
        await takeAll(store)
        const now = T0 + 500 * DAY
        expect(await store.retention.delete('loginAudit', now, limits, 4)).to.equal(4)
        expect(await store.retention.delete('loginAudit', now, limits, 4)).to.equal(2)
        expect((await examined(store)).findings).to.deep.equal([])
        expect(await store.chain.prune()).to.equal(2)
        expect(await store.chain.prune(), 'what is kept is kept').to.equal(0)
        expect(await examined(store))
          .to.include({ prunedTo: 2, rows: 6 })
          .and.to.deep.include({ findings: [] })

        await store.retention.delete('loginAudit', T0 + 2000 * DAY, limits, 100)
        await store.retention.delete('securityAudit', T0 + 2000 * DAY, limits, 100)
        await store.chain.prune()
        await write(store, 3)
        await takeAll(store)
        expect(await examined(store))
          .to.include({ rows: 3, loose: 0 })
          .and.to.deep.include({ findings: [] })
      }),
    )

    it(
      'keeps anchors, each place once',
      using(open, async ({ chain }) => {
        const anchor = { position: 3, at: T0, token: 'a.b.c' }
        await chain.keepAnchor(anchor)
        await chain.keepAnchor({ ...anchor, token: 'd.e.f' })
        await chain.keepAnchor({ ...anchor, position: 1 })
        expect(await chain.anchors()).to.deep.equal([{ ...anchor, position: 1 }, anchor])
      }),
    )

    it(
      'writes everything of a time out in the order in which it was written',
      using(open, async store => {
        await store.logins.start(started())
        await store.logins.claim(claim({ events: Array.from({ length: 1_001 }, (_, i) => logged(i)) }))
        const seen: number[] = []
        for await (const { at } of store.audit.between({ from: T0 + 1, to: T0 + 999 })) seen.push(at - T0)
        expect(seen).to.deep.equal(Array.from({ length: 999 }, (_, i) => i + 1))
      }),
    )
  })
}
