/**
 * Everything an IdP may combine: what is signed, with what; what is encrypted, how, and for whom. Each case is a message of
 * its own, from a writer that knows no canonicaliser, and must be accepted with the person that was written into it.
 */
import { expect } from 'chai'
import { judgeResponse } from '../../src/saml/response.js'
import type { ServiceProvider, TrustedIdp } from '../../src/saml/trust.js'
import { ecPair, rsaPair, type KeyPair } from '../support/foreign.js'
import { asked, NOW, posted, serviceProvider, trustedIdp, trustedKey } from '../support/judging.js'
import {
  assertion,
  MODERN,
  response,
  sealed,
  signed,
  SNILS,
  type Sealing,
  type SigningKey,
} from '../support/plain-writer.js'

type Coverage = 'response' | 'assertion' | 'both'
const COVERAGES: readonly Coverage[] = ['response', 'assertion', 'both']
const SIGNATURES = ['rsa-sha256', 'rsa-sha384', 'rsa-sha512', 'ecdsa-sha256', 'ecdsa-sha384'] as const
const CIPHERS = ['aes128-gcm', 'aes192-gcm', 'aes256-gcm', 'aes128-cbc', 'aes192-cbc', 'aes256-cbc'] as const
const HASHES = ['sha1', 'sha256'] as const
/** rsa-oaep-mgf1p fixes the mask to SHA-1 (xmlenc-core1 5.5.2). */
const TRANSPORTS: readonly Pick<Sealing, 'transport' | 'digest' | 'mgf'>[] = HASHES.flatMap(digest => [
  { transport: 'rsa-oaep-mgf1p' as const, digest, mgf: 'sha1' as const },
  ...HASHES.map(mgf => ({ transport: 'rsa-oaep' as const, digest, mgf })),
])

describe('profiles: the matrix', () => {
  let keys: Record<'rsa' | 'p256' | 'p384' | 'stranger', KeyPair>
  let next: KeyPair
  let current: KeyPair
  let idp: TrustedIdp
  let sp: ServiceProvider

  before(() => {
    keys = { rsa: rsaPair(), p256: ecPair('prime256v1'), p384: ecPair('secp384r1'), stranger: rsaPair() }
    ;[next, current] = [rsaPair(), rsaPair()]
    idp = trustedIdp([keys.p384, keys.p256, keys.rsa], { cbc: 'any' })
    sp = serviceProvider([next, current])
  })

  const signer = (method: (typeof SIGNATURES)[number]): SigningKey => {
    const pair = method.startsWith('rsa') ? keys.rsa : method === 'ecdsa-sha256' ? keys.p256 : keys.p384
    return { privateKey: pair.privateKey, method }
  }
  const covers = (coverage: Coverage, what: Coverage): boolean => coverage === 'both' || coverage === what

  function message(coverage: Coverage, key: SigningKey, sealing?: Partial<Sealing>, plain = assertion()): string {
    const inner = covers(coverage, 'assertion') ? signed(plain, key) : plain
    const content =
      sealing === undefined ? inner : sealed(inner, { ...MODERN, recipients: [current.publicKey], ...sealing })
    const outer = response(content)
    return covers(coverage, 'response') ? signed(outer, key) : outer
  }

  /** The person, or the refusal. */
  function outcome(xml: string, trusted = idp, ours = sp): string {
    const verdict = judgeResponse(posted(xml), asked(trusted, ours))
    return verdict.accepted ? verdict.assertion.attributes[0]!.values.join() : verdict.refusal.code
  }

  let cases = 0
  for (const coverage of COVERAGES) {
    it(`IIP-SSO04 IIP-ALG01 IIP-ALG02 IIP-ALG03 ${coverage} signed, plain: every signature`, () => {
      for (const method of SIGNATURES) {
        const xml = message(coverage, signer(method))
        expect(outcome(xml), method).to.equal(SNILS)
        expect(outcome(xml.replace('600 01', '600 03')), `${method}, altered`).to.equal('saml.altered')
        cases++
      }
    })

    for (const data of CIPHERS)
      it(`IIP-ALG04 IIP-ALG05 IIP-ALG06 ${coverage} signed, ${data}: every key transport and signature`, () => {
        for (const transport of TRANSPORTS)
          for (const method of SIGNATURES) {
            const xml = message(coverage, signer(method), { data, ...transport })
            expect(outcome(xml), `${method}, ${JSON.stringify(transport)}`).to.equal(SNILS)
            cases++
          }
        const spoilt = message(coverage, signer('rsa-sha256'), { data }).replace(
          /(?<=<\/ds:KeyInfo><xenc:CipherData><xenc:CipherValue>.{40})(.)/,
          sign => (sign === 'A' ? 'B' : 'A'),
        )
        expect(outcome(spoilt), 'the ciphertext altered').to.equal(
          covers(coverage, 'response') ? 'saml.altered' : 'saml.decryption',
        )
      })

    it(`${coverage} signed, by a stranger, and not at all`, () => {
      const stranger = { privateKey: keys.stranger.privateKey, method: 'rsa-sha256' }
      expect(outcome(message(coverage, stranger))).to.equal('saml.untrusted-key')
      expect(outcome(message(coverage, stranger, {}))).to.equal('saml.untrusted-key')
    })
  }

  it('has several hundred cases', () => {
    expect(cases).to.equal(3 * 5 * (1 + 6 * 6))
  })

  it('IIP-ALG05 aes-cbc: never, inside a signed Response, or anywhere, as the setting says', () => {
    const codes = (['never', 'signed-response', 'any'] as const).map(cbc =>
      COVERAGES.map(coverage =>
        outcome(message(coverage, signer('rsa-sha256'), { data: 'aes128-cbc' }), trustedIdp([keys.rsa], { cbc })),
      ),
    )
    const no = 'saml.algorithm'
    expect(codes).to.deep.equal([
      [no, no, no],
      [SNILS, no, SNILS],
      [SNILS, SNILS, SNILS],
    ])
  })

  describe('keys', () => {
    const key = (): SigningKey => signer('rsa-sha256')

    for (const place of ['inside', 'beside', 'retrieved'] as const)
      for (const coverage of COVERAGES)
        it(`IIP-SP08 the encrypted key ${place}, ${coverage} signed`, () => {
          expect(outcome(message(coverage, key(), { place }))).to.equal(SNILS)
        })

    it('several encrypted keys for several recipients: ours is found wherever it stands', () => {
      const others = [keys.rsa.publicKey, keys.stranger.publicKey]
      for (const at of [0, 1, 2])
        for (const place of ['inside', 'beside', 'retrieved'] as const) {
          const recipients = [...others.slice(0, at), current.publicKey, ...others.slice(at)]
          expect(outcome(message('both', key(), { place, recipients })), `${place} ${at}`).to.equal(SNILS)
        }
      expect(outcome(message('both', key(), { recipients: others }))).to.equal('saml.decryption')
    })

    it('IIP-SP08 SDP-SP37 SDP-SP38 IIP-MD08 both of our decryption keys open, and an unknown one does not', () => {
      for (const ours of [next, current])
        expect(outcome(message('assertion', key(), { recipients: [ours.publicKey] }))).to.equal(SNILS)
      expect(outcome(message('assertion', key(), {}), idp, serviceProvider([next]))).to.equal('saml.decryption')
    })

    it('IIP-MD07 any number of signing keys of the IdP is tried, and both keys of a rollover count', () => {
      const many = Array.from({ length: 6 }, () => ecPair('prime256v1'))
      const trusted = trustedIdp([...many, keys.stranger, keys.rsa])
      for (const privateKey of [keys.rsa.privateKey, keys.stranger.privateKey, many[5]!.privateKey]) {
        const method = privateKey.asymmetricKeyType === 'rsa' ? 'rsa-sha256' : 'ecdsa-sha256'
        expect(outcome(message('both', { privateKey, method }), trusted)).to.equal(SNILS)
      }
      expect(outcome(message('both', key()), trustedIdp([...many, keys.stranger]))).to.equal('saml.untrusted-key')
    })

    it('IIP-MD12 the key of a certificate that is over counts as any other', () => {
      const signingKeys = [{ ...trustedKey(keys.rsa), notAfter: NOW - 400 * 86_400_000 }]
      expect(outcome(message('both', key()), trustedIdp([], { signingKeys }))).to.equal(SNILS)
    })

    it('KeyInfo is not needed and not believed, whatever it says', () => {
      const written = (keyInfo: string): string => response(signed(assertion(), key(), keyInfo))
      const named = '<ds:KeyInfo><ds:KeyName>somebody</ds:KeyName></ds:KeyInfo>'
      const fetched = '<ds:KeyInfo><ds:RetrievalMethod URI="http://127.0.0.1:9/key"></ds:RetrievalMethod></ds:KeyInfo>'
      for (const keyInfo of ['', named, fetched]) expect(outcome(written(keyInfo)), keyInfo).to.equal(SNILS)
    })
  })
})
