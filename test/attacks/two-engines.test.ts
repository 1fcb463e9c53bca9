/**
 * Two engines agree: messages honest and hostile, changed by chance at every stage of their making. Whatever we accept, xml-crypto
 * on xmldom accepts, too, and the same person is read from what it found signed. `npm run nightly` does the same for tens of
 * thousands; what it found once stands below by name.
 */
import { expect } from 'chai'
import fc from 'fast-check'
import { openCourtroom, type Courtroom } from '../support/judged.js'
import { readBySecond, toldBy } from '../support/second-reader.js'
import { anyCase, asXmldomReads, TwoEngines } from '../support/two-engines.js'

const RUNS = 400
/** The same cases each time: what chance finds is the business of `npm run nightly`, and stops nobody's work. */
const SEED = 20261124

describe('attacks: two engines', function () {
  let court: Courtroom
  let engines: TwoEngines
  before(async () => {
    court = await openCourtroom()
    engines = new TwoEngines(court)
  })

  it(`agree about ${RUNS} changed messages, and neither crashes nor hangs`, () => {
    const codes = new Map<string, number>()
    fc.assert(
      fc.property(anyCase, given => {
        const { ours, finding } = engines.judge(given, false)
        codes.set(ours, (codes.get(ours) ?? 0) + 1)
        expect(finding).to.equal(undefined)
      }),
      { numRuns: RUNS, seed: SEED },
    )
    expect(codes.get('accepted'), 'accepted').to.be.greaterThan(10)
    expect(codes.size, 'kinds of refusals').to.be.greaterThan(6)
  })

  const found: readonly [string, (assertion: string) => string][] = [
    ['a blank in every end tag', xml => xml.replace(/(<\/[^>]+)>/g, '$1 >')],
    [
      'U+2028 in text and in an attribute',
      xml => xml.replace('FriendlyName="', '$&\u2028').replace('>P<', '>\u2028P<'),
    ],
    [
      'U+0085 in text and in an attribute',
      xml => xml.replace('FriendlyName="', '$&\u0085').replace('>P<', '>\u0085P<'),
    ],
  ]
  // encrypted under the signature of the Response alone: the mock IdP signs with xmldom, too, and would spoil the plaintext
  for (const [what, assertion] of found)
    it(`agree about ${what}`, () => {
      const shape = { sign: 'response', encrypt: true } as const
      const made = court.make({ shape, trick: { name: 'x', title: 'x', assertion } })
      const verdict = court.judge(made.base64)
      if (!verdict.accepted) throw verdict.refusal
      const second = readBySecond(made.xml, court.idp, court.sp.decryption)
      if (!('told' in second)) throw new Error(second.why)
      expect(asXmldomReads(toldBy(verdict.assertion))).to.deep.equal(asXmldomReads(second.told))
    })
})
