/** Honest signed messages, changed by chance: whatever is still accepted says the same, and the second engine accepts it, too. */
import { DOMParser } from '@xmldom/xmldom'
import { expect } from 'chai'
import fc from 'fast-check'
import { SignedXml } from 'xml-crypto'
import { Refusal } from '../../src/base/refusal.js'
import type { AssertionContent } from '../../src/saml/assertion.js'
import { mutated, mutation } from '../support/mutations.js'
import { openCourtroom, type Courtroom } from '../support/judged.js'

const DS = 'http://www.w3.org/2000/09/xmldsig#'
const RUNS = 400

describe('attacks: changes by chance', function () {
  this.timeout(20_000)
  let court: Courtroom
  before(async () => {
    court = await openCourtroom()
  })

  /** What makes the person: everything but the moment until which the assertion is remembered. */
  const told = ({ idp, id, nameId, sessionIndex, authnInstant, authnContext, attributes }: AssertionContent) =>
    ({ idp, id, nameId, sessionIndex, authnInstant, authnContext, attributes }) // prettier-ignore

  /** xml-crypto on xmldom: every signature of the message verifies with the key of the metadata. */
  function secondOpinion(xml: string): boolean {
    const fail = (): never => {
      throw new Error('xmldom reads no XML here')
    }
    const parser = new DOMParser({ errorHandler: { warning: fail, error: fail, fatalError: fail } })
    const signatures = Array.from(parser.parseFromString(xml, 'text/xml').getElementsByTagNameNS(DS, 'Signature'))
    const publicCert = court.order.key.certificatePem
    return (
      signatures.length > 0 &&
      signatures.every(signature => {
        const verifier = new SignedXml({ publicCert, getCertFromKeyInfo: () => null })
        verifier.loadSignature(signature)
        return verifier.checkSignature(xml)
      })
    )
  }

  for (const sign of ['assertion', 'response', 'both'] as const)
    it(`${sign} signed: ${RUNS} messages, each changed once to three times`, () => {
      const honest = court.make({ shape: { sign, encrypt: false } })
      const usual = court.judge(honest.base64)
      if (!usual.accepted) throw usual.refusal
      const counted = { accepted: 0, refused: new Map<string, number>() }
      const property = fc.property(fc.array(mutation, { minLength: 1, maxLength: 3 }), changes => {
        const octets = changes.reduce(mutated, Buffer.from(honest.xml))
        const verdict = court.judge(octets.toString('base64'))
        if (!verdict.accepted) {
          expect(verdict.refusal).to.be.instanceOf(Refusal)
          counted.refused.set(verdict.refusal.code, (counted.refused.get(verdict.refusal.code) ?? 0) + 1)
          return
        }
        counted.accepted++
        expect(told(verdict.assertion)).to.deep.equal(told(usual.assertion))
        expect(secondOpinion(octets.toString()), 'the second opinion').to.equal(true)
      })
      fc.assert(property, { numRuns: RUNS })
      expect(counted.accepted, 'some changes touch nothing that is signed').to.be.greaterThan(0)
      expect(counted.refused.size, 'kinds of refusals').to.be.greaterThan(4)
    })
})
