/** How long a session may live that a real assertion opens: the mock IdP's session ends eight hours after it answered. */
import { expect } from 'chai'
import { newRequestNumber } from '../../src/base/request-number.js'
import { readPerson } from '../../src/identity/person.js'
import { openingSession } from '../../src/sessions/opening.js'
import type { Session, SessionLimits } from '../../src/sessions/sessions.js'
import { countedChance } from '../mock-idp/stand.js'
import { NOW, openCourtroom, type Courtroom } from '../support/judged.js'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

describe('the session that an assertion opens', () => {
  let courtroom: Courtroom
  before(async () => {
    courtroom = await openCourtroom()
  })

  const open = (limits: SessionLimits): Session => {
    const verdict = courtroom.judge(courtroom.make().base64)
    if (!verdict.accepted) throw verdict.refusal
    const { assertion } = verdict
    return openingSession({
      secret: 'secret',
      assertion,
      person: readPerson(assertion),
      number: newRequestNumber(countedChance()),
      now: NOW,
      limits,
      keepReceived: false,
    }).session
  }

  it("ends no later than the IdP's own (SessionNotOnOrAfter)", () => {
    expect(open({ idle: 15 * MINUTE, absolute: 24 * HOUR }).endsAt).to.equal(NOW + 8 * HOUR)
  })

  it('ends at our own limit when that comes first', () => {
    expect(open({ idle: 15 * MINUTE, absolute: HOUR }).endsAt).to.equal(NOW + HOUR)
  })

  it('is not idle for longer than it lives', () => {
    expect(open({ idle: 24 * HOUR, absolute: 24 * HOUR }).idleEndsAt).to.equal(NOW + 8 * HOUR)
  })

  it('forgets what the IdP sent, unless it is a self-test', () => {
    expect(open({ idle: MINUTE, absolute: HOUR })).not.to.have.property('received')
  })
})
