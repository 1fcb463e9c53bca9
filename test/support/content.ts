/** An answer made of given parts, signed whole, and what the judge reads in it. */
import { expect } from 'chai'
import { judgeResponse, type Asked, type Verdict } from '../../src/saml/response.js'
import type { TrustedIdp } from '../../src/saml/trust.js'
import { rsaPair } from './foreign.js'
import { asked, posted, serviceProvider, trustedIdp } from './judging.js'
import { assertion, response, signed, type Parts, type ResponseParts } from './plain-writer.js'

export const idp = rsaPair()

/** Signed whole, so that everything in it counts. `touch` rewrites the signed text to the same canonical form. */
export function judge(
  parts: Partial<Parts>,
  more: {
    around?: Partial<ResponseParts>
    idp?: Partial<TrustedIdp>
    asked?: Partial<Asked>
    touch?: (xml: string) => string
  } = {},
): Verdict {
  const xml = signed(response(assertion(parts), more.around), { privateKey: idp.privateKey, method: 'rsa-sha256' })
  const written = more.touch?.(xml) ?? xml
  if (more.touch) expect(written, 'touched').not.to.equal(xml)
  return judgeResponse(posted(written), asked(trustedIdp([idp], more.idp), serviceProvider([]), more.asked))
}
export function read(...args: Parameters<typeof judge>) {
  const verdict = judge(...args)
  if (!verdict.accepted) throw verdict.refusal
  return verdict.assertion
}
export function outcome(...args: Parameters<typeof judge>): string {
  const verdict = judge(...args)
  return verdict.accepted ? 'accepted' : verdict.refusal.code
}
export const values = (...args: Parameters<typeof judge>) => read(...args).attributes.map(each => each.values)
