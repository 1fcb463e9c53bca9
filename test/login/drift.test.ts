import { expect } from 'chai'
import { Drifts, type Drift } from '../../src/login/drift.js'

const T0 = Date.UTC(2026, 8, 1, 8)
const HOUR = 3_600_000

/** A clock that stands, and the warnings that were given. */
function measuring() {
  const warnings: (readonly [string, Drift])[] = []
  const clock = { at: T0, now: () => clock.at }
  const drifts = new Drifts(clock, (idp, drift) => warnings.push([idp, drift]))
  let answers = 0
  const answer = (idp: string, ahead: number, id = `_${(answers += 1)}`): void =>
    drifts.measure(idp, { id, issuedAt: clock.at + ahead * 1_000 }, clock.at)
  return { drifts, clock, warnings, answer }
}

describe('drift of the clocks', () => {
  it('is the median: positive when the clock of the IdP is ahead, and one old answer changes nothing', () => {
    const { drifts, answer } = measuring()
    for (const ahead of [240, 241, -600, 239, 240]) answer('idp', ahead)
    expect(drifts.of('idp')).to.deep.equal({ seconds: 240, answers: 5 })
    for (let i = 0; i < 15; i++) answer('behind', -3.4)
    expect(drifts.of('behind'), 'whole seconds').to.deep.equal({ seconds: -3, answers: 15 })
  })

  it('is unknown until three answers came, and of another IdP', () => {
    const { drifts, answer } = measuring()
    for (let i = 0; i < 2; i++) answer('idp', 0)
    expect(drifts.of('idp')).to.equal(undefined)
    answer('idp', 0)
    expect(drifts.of('idp')).to.deep.equal({ seconds: 0, answers: 3 })
    expect(drifts.of('another')).to.equal(undefined)
  })

  it('counts one answer once, however often it is posted', () => {
    const { drifts, answer } = measuring()
    for (let i = 0; i < 3; i++) answer('idp', 1)
    for (let i = 0; i < 50; i++) answer('idp', -500, '_old')
    expect(drifts.of('idp')).to.deep.equal({ seconds: 1, answers: 4 })
  })

  it('follows a clock that was set right: fifteen answers count', () => {
    const { drifts, answer } = measuring()
    for (let i = 0; i < 30; i++) answer('idp', 100)
    for (let i = 0; i < 8; i++) answer('idp', 0)
    expect(drifts.of('idp')).to.deep.equal({ seconds: 0, answers: 15 })
  })

  it('is told to the operator from thirty seconds on, once an hour for each IdP', () => {
    const { clock, warnings, answer } = measuring()
    for (let i = 0; i < 5; i++) answer('almost', 29)
    expect(warnings).to.deep.equal([])
    for (let i = 0; i < 5; i++) answer('ahead', 30)
    for (let i = 0; i < 5; i++) answer('behind', -30)
    expect(warnings.map(([idp, { seconds }]) => [idp, seconds])).to.deep.equal([
      ['ahead', 30],
      ['behind', -30],
    ])
    clock.at += HOUR
    answer('ahead', 31)
    expect(warnings).to.have.length(3)
  })
})
