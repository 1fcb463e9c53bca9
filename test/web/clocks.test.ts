import { expect } from 'chai'
import { Refusal } from '../../src/base/refusal.js'
import { clocksApart, measuredClocks, span } from '../../src/web/pages/clocks.js'

describe('what pages say about clocks', () => {
  it('writes spans as people say them', () => {
    expect([5, -240, 3_600, -7_500].map(span)).to.deep.equal(['5 с', '4 мин', '1 ч', '2 ч 5 мин'])
  })

  it('names the difference and blames nobody', () => {
    const early = clocksApart(new Refusal('saml.not-yet-valid', { drift: 240 }))
    expect(early).to.include('расходятся на 4 мин').and.include('Чьи часы ошибаются, отсюда не видно')
    const late = clocksApart(new Refusal('saml.expired', { drift: -900, usualDrift: -240 }))
    expect(late, 'what all answers say, not this one').to.include('расходятся на 4 мин').and.include('раньше')
  })

  it('tells an answer that came late from a clock that is wrong', () => {
    expect(clocksApart(new Refusal('saml.too-old', { drift: -900, usualDrift: 1 }))).to.include('просто опоздал')
    expect(clocksApart(new Refusal('saml.too-old', { drift: -900 }))).to.include('Либо')
  })

  it('says nothing where a clock is no cause', () => {
    expect(clocksApart(new Refusal('saml.audience', { drift: 240 }))).to.equal(undefined)
    expect(clocksApart(new Refusal('saml.expired'))).to.equal(undefined)
    expect(clocksApart(new Refusal('saml.not-yet-valid', { drift: 2 }))).to.equal(undefined)
  })

  it('tells school IT what was measured', () => {
    expect(measuredClocks(undefined)).to.equal(undefined)
    expect(measuredClocks({ seconds: 2, answers: 5 }))
      .to.include('идут вместе')
      .and.include('5')
    expect(measuredClocks({ seconds: -240, answers: 5 })).to.include('позади наших на 4 мин')
  })
})
