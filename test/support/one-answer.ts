/** An honest answer, signed in two ways, and what the same IdP says when it lies. */
import type { RefusalCode } from '../../src/base/refusals.js'
import { judgeResponse, type Asked } from '../../src/saml/response.js'
import { responseXml, rsaPair } from './foreign.js'
import { asked, serviceProvider, trustedIdp, WORDING } from './judging.js'
import { signXml } from './signing.js'

export const idp = rsaPair()
export const plain = responseXml(WORDING)
export const signedAssertion = signXml(plain, 'Assertion', idp.privateKey)
export const signedResponse = signXml(plain, 'Response', idp.privateKey)

export const question = (changes: Partial<Asked> = {}): Asked => asked(trustedIdp([idp]), serviceProvider([]), changes)

export function codeOf(field: string, changes: Partial<Asked> = {}): RefusalCode | 'accepted' {
  const verdict = judgeResponse(field, question(changes))
  return verdict.accepted ? 'accepted' : verdict.refusal.code
}

export const assertionOf = (xml: string): string => /<saml2:Assertion[\s\S]*<\/saml2:Assertion>/.exec(xml)![0]

/** The assertion says something else, and is signed so. */
export function inAssertion(from: string | RegExp, to: string): string {
  const assertion = assertionOf(plain)
  const spoilt = changed(assertion, from, to)
  return signXml(
    plain.replace(assertion, () => spoilt),
    'Assertion',
    idp.privateKey,
  )
}

/** The same of the response. */
export const inResponse = (from: string | RegExp, to: string): string =>
  signXml(changed(plain, from, to), 'Response', idp.privateKey)

function changed(text: string, from: string | RegExp, to: string): string {
  const spoilt = text.replace(from, () => to)
  if (spoilt === text) throw new Error(`the row must change the message: ${String(from)}`)
  return spoilt
}
