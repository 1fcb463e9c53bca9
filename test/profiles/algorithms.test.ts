/** Which algorithms an IdP may use with us, and how the settings narrow that (IIP 5). */
import { expect } from 'chai'
import { judgeResponse } from '../../src/saml/response.js'
import type { TrustedIdp } from '../../src/saml/trust.js'
import { algorithm, algorithmByName } from '../../src/words/saml-names.js'
import { rsaPair, type KeyPair } from '../support/foreign.js'
import { asked, posted, serviceProvider, trustedIdp } from '../support/judging.js'
import { assertion, MODERN, response, sealed, signed } from '../support/plain-writer.js'

describe('profiles: algorithms', () => {
  let idp: KeyPair
  let sp: KeyPair
  before(() => {
    ;[idp, sp] = [rsaPair(), rsaPair()]
  })
  function outcome(xml: string, changes: Partial<TrustedIdp> = {}): readonly unknown[] {
    const verdict = judgeResponse(posted(xml), asked(trustedIdp([idp], changes), serviceProvider([sp])))
    return verdict.accepted ? ['accepted'] : [verdict.refusal.code, verdict.refusal.facts]
  }
  const answer = (): string => {
    const key = { privateKey: idp.privateKey, method: 'rsa-sha512', digest: 'sha384' } as const
    return response(sealed(signed(assertion(), key), { ...MODERN, recipients: [sp.publicKey] }))
  }

  it('IIP-ALG08 md5, rsa-md5, rsa-1_5 and 3DES are refused whatever the settings say', () => {
    const everything = { legacyAlgorithms: true, cbc: 'any' } as const
    const swaps = [
      [algorithm.rsaOaepMgf1p, algorithm.rsa15, 'key transport'],
      [algorithm.aes256Gcm, 'http://www.w3.org/2001/04/xmlenc#tripledes-cbc', 'encryption'],
    ] as const
    for (const [from, to, use] of swaps) {
      const xml = answer().replace(from, to)
      expect(outcome(xml, everything), to).to.deep.equal(['saml.algorithm', { use, algorithm: to }])
    }
    const inTheClear = response(signed(assertion(), { privateKey: idp.privateKey, method: 'rsa-sha256' }))
    const md5 = 'http://www.w3.org/2001/04/xmldsig-more#md5'
    const rsaMd5 = 'http://www.w3.org/2001/04/xmldsig-more#rsa-md5'
    const digest = inTheClear.replace(algorithm.sha256, md5)
    expect(outcome(digest, everything)).to.deep.equal(['saml.algorithm', { use: 'digest', algorithm: md5 }])
    const method = inTheClear.replace(algorithm.rsaSha256, rsaMd5)
    expect(outcome(method, everything)).to.deep.equal(['saml.algorithm', { use: 'signature', algorithm: rsaMd5 }])
  })

  it('IIP-ALG08 and each algorithm that the settings forbid this IdP', () => {
    const xml = answer()
    expect(outcome(xml)).to.deep.equal(['accepted'])
    const rows = [
      ['sha384', 'digest'],
      ['rsa-sha512', 'signature'],
      ['aes256-gcm', 'encryption'],
      ['rsa-oaep-mgf1p', 'key transport'],
    ] as const
    for (const [name, use] of rows) {
      const uri = algorithmByName.get(name)!
      const expected = ['saml.algorithm', { use, algorithm: uri }]
      expect(outcome(xml, { refusedAlgorithms: [uri] }), name).to.deep.equal(expected)
    }
    const others = [...algorithmByName].filter(([name]) => !rows.some(([used]) => used === name)).map(([, uri]) => uri)
    expect(outcome(xml, { refusedAlgorithms: others }), 'all others').to.deep.equal(['accepted'])
  })
})
