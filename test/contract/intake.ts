/** What Intake must do, whichever database is behind it. */
import { expect } from 'chai'
import { failureOf, NUMBER, record, T0, using, type Open } from './samples.js'

const event = () => ({ at: T0, what: 'roster.imported', result: 'ok', number: NUMBER, journal: 'sgo' }) as const
const taking = { token: 'token-1', journal: 'sgo', school: 'school-1', records: [record()], now: T0, event }

export function intakeContract(driver: string, open: Open): void {
  describe(`intake: ${driver}`, () => {
    it(
      'replaces the list, records the event and remembers the token, once',
      using(open, async ({ intake, roster, audit }) => {
        expect(await intake.taken('token-1')).to.equal(false)
        expect(await intake.take(taking)).to.deep.include({ added: ['yunikova'] })
        expect(await intake.taken('token-1')).to.equal(true)
        expect(await intake.take({ ...taking, records: [] })).to.equal(undefined)
        expect(await roster.count('sgo')).to.equal(1)
        expect(await audit.byNumber(NUMBER)).to.have.length(1)
        expect(await intake.take({ ...taking, token: 'token-2', records: [] })).to.deep.include({
          missing: ['yunikova'],
        })
      }),
    )

    it(
      'remembers nothing of an import that was not wanted',
      using(open, async ({ intake, roster, audit }) => {
        const check = () => {
          throw new Error('not wanted')
        }
        expect(await failureOf(intake.take({ ...taking, check }))).to.match(/not wanted/)
        expect([await intake.taken('token-1'), await roster.count('sgo')]).to.deep.equal([false, 0])
        expect(await audit.byNumber(NUMBER)).to.deep.equal([])
      }),
    )
  })
}
