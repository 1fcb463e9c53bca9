/** What Audit must do, whichever database is behind it. */
import { expect } from 'chai'
import type { AuditEvent } from '../../src/audit/audit.js'
import type { RequestNumber } from '../../src/base/request-number.js'
import { IDP, NUMBER, T0, using, type Open } from './samples.js'

const full: AuditEvent = {
  at: T0,
  what: 'login.refused',
  result: 'refused',
  number: NUMBER,
  code: 'saml.expired',
  address: '2001:db8::1',
  device: 'Mozilla/5.0 (Ъ)',
  idp: IDP,
  authnMethod: 'PWD',
  person: 'pseudonym',
  journal: 'sgo',
  accountId: 'a-1',
  facts: { seconds: 5, late: true, text: 'x' },
  checks: [
    { check: 'times', result: 'fail', expected: '08:00', found: '07:00', why: 'late' },
    { check: 'audience', result: 'not-checked' },
  ],
}

export function auditContract(driver: string, open: Open): void {
  describe(`audit: ${driver}`, () => {
    it(
      'gives back every field, and no field that was not recorded',
      using(open, async ({ audit }) => {
        const bare: AuditEvent = { at: T0, what: 'login.started', result: 'ok', number: NUMBER }
        await audit.record(full)
        await audit.record(bare)
        expect(await audit.byNumber(NUMBER)).to.deep.equal([full, bare])
      }),
    )

    it(
      'keeps the order in which events were recorded, also within one millisecond',
      using(open, async ({ audit }) => {
        const whats = ['login.started', 'login.verified', 'account.chosen', 'journal.entered'] as const
        for (const what of whats) await audit.record({ at: T0, what, result: 'ok', number: NUMBER })
        expect((await audit.byNumber(NUMBER)).map(({ what }) => what)).to.deep.equal(whats)
      }),
    )

    it(
      'shows a person what was written about them, the latest first, and of nobody else',
      using(open, async ({ audit }) => {
        const own = (at: number, person = 'pseudonym'): AuditEvent => ({ ...full, at, person })
        const [old, first, twin, last] = [own(T0), own(T0 + 1), own(T0 + 1, 'before-the-rotation'), own(T0 + 2)]
        for (const event of [last, old, first, twin, own(T0 + 1, 'somebody')]) await audit.record(event)
        const names = ['pseudonym', 'before-the-rotation']
        expect(await audit.ofPerson(names, T0 + 1, 10)).to.deep.equal([last, twin, first])
        expect(await audit.ofPerson(names, T0, 1)).to.deep.equal([last])
        expect(await audit.ofPerson([], T0, 10)).to.deep.equal([])
        expect(await audit.ofPerson(names, T0, 10, 'login.started')).to.deep.equal([])
        expect(await audit.ofPerson(names, T0, 10, 'login.refused')).to.have.length(4)
      }),
    )

    it(
      'gives all of a person, many at a time, in the same order and each once',
      using(open, async ({ audit }) => {
        // more than are read at once stand in one millisecond
        const names = ['pseudonym', 'before-the-rotation', 'somebody']
        for (let i = 0; i < 1_600; i++) {
          const what = i % 4 === 0 ? 'login.verified' : 'login.refused'
          await audit.record({ at: T0 + Math.floor(i / 1_100), what, result: 'ok', number: NUMBER, person: names[i % 3]!, facts: { i } }) // prettier-ignore
        }
        const own = names.slice(0, 2)
        const all = async (...asked: Parameters<typeof audit.allOfPerson>) => {
          const found: AuditEvent[] = []
          for await (const event of audit.allOfPerson(...asked)) found.push(event)
          return found
        }
        expect(await all(own, 0)).to.deep.equal(await audit.ofPerson(own, 0, 5_000))
        expect(await all(own, T0 + 1)).to.deep.equal(await audit.ofPerson(own, T0 + 1, 5_000))
        expect(await all(own, 0, 'login.verified')).to.deep.equal(await audit.ofPerson(own, 0, 5_000, 'login.verified'))
        expect([await all([], 0), await all(['nobody'], 0)]).to.deep.equal([[], []])
      }),
    )

    it(
      'shows under a number only what belongs to it',
      using(open, async ({ audit }) => {
        await audit.record({ at: T0, what: 'roster.imported', result: 'ok' })
        await audit.record({ ...full, number: 'ZZZZ-ZZZZ' as RequestNumber })
        expect(await audit.byNumber(NUMBER)).to.deep.equal([])
      }),
    )
  })
}
