/** Every way an answer may lie that we know of, against the judge; each row names the refusal that it must earn. */
import { createHash, generateKeyPairSync } from 'node:crypto'
import { expect } from 'chai'
import { refusals } from '../../src/base/refusals.js'
import { faults } from '../../src/mock-idp/faults.js'
import { oddities } from '../../src/mock-idp/oddities.js'
import type { TrustedKey } from '../../src/saml/trust.js'
import { NOW, openCourtroom, outcomeOf, type Courtroom } from '../support/judged.js'

/** Refusals that no single message of the table can earn, and where they are earned. */
const elsewhere: Readonly<Record<string, string>> = {
  'saml.authn-context': 'test/profiles/requests.test.ts: asked for by a setting',
  'saml.replayed': 'test/contract/logins.ts: a matter of what was used before',
}

describe('attacks: the answer', () => {
  let court: Courtroom
  before(async () => {
    court = await openCourtroom()
  })

  for (const sign of ['response', 'assertion', 'both'] as const)
    for (const encrypt of [false, true])
      it(`control: ${sign} signed, ${encrypt ? 'encrypted' : 'plain'}, is accepted`, () => {
        const verdict = court.judge(court.make({ shape: { sign, encrypt } }).base64)
        expect(outcomeOf(verdict)).to.equal('accepted')
      })

  for (const row of faults)
    it(`${row.name} -> ${row.refused}`, () => {
      const { made, changed } = court.spoilt(row)
      expect(changed, 'the row must change the message').to.equal(true)
      const forced = row.onlyWhenForced === true
      const verdict = court.judge(made.base64, {
        request: { id: '_request', at: NOW, forced },
      })
      expect(outcomeOf(verdict)).to.equal(row.refused)
      const told = JSON.stringify([verdict.checks, verdict.accepted || verdict.refusal.facts])
      expect(told, 'a word about the person').not.to.match(/Соколова|Марина|900-000|1000900001|mother@/)
    })

  for (const row of oddities)
    it(`odd and honest: ${row.name} is accepted, and the same person is read`, () => {
      const { made, changed } = court.spoilt(row)
      expect(changed, 'the row must change the message').to.equal(true)
      const [odd, usual] = [made, court.make()].map(({ base64 }) => court.judge(base64))
      if (!odd!.accepted) throw odd!.refusal
      if (!usual!.accepted) throw usual!.refusal
      const known = odd!.assertion.attributes.filter(({ name }) => !name.startsWith('urn:x:'))
      expect(known).to.deep.equal(usual!.assertion.attributes)
      expect(odd!.assertion.nameId).to.deep.equal(usual!.assertion.nameId)
    })

  const trusting = (publicKey: TrustedKey['key']) => {
    const fingerprint = createHash('sha256').update('any').digest('hex')
    return court.judge(court.make().base64, { idp: { ...court.idp, signingKeys: [{ key: publicKey, fingerprint }] } })
  }

  it('SDP-MD06 a key of 1024 bits is not trusted, whoever published it -> saml.weak-key', () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024 })
    expect(outcomeOf(trusting(publicKey))).to.equal('saml.weak-key')
  })

  it('a key of another type does not fit the algorithm -> saml.weak-key', () => {
    expect(outcomeOf(trusting(generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey))).to.equal('saml.weak-key')
    expect(outcomeOf(trusting(generateKeyPairSync('ed25519').publicKey))).to.equal('saml.weak-key')
  })

  it('every saml.* refusal is earned by a row, or by a test that is named here', () => {
    const earned = new Set<string>([...faults.map(({ refused }) => refused), ...Object.keys(elsewhere)])
    const missing = Object.keys(refusals).filter(code => code.startsWith('saml.') && !earned.has(code))
    expect(missing).to.deep.equal([])
    const names = faults.map(({ name }) => name)
    expect(new Set(names).size).to.equal(names.length)
    expect(names.length).to.be.greaterThan(500)
  })
})
