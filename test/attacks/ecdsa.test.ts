/** Numbers that only look like ECDSA signatures (CVE-2022-21449 and its relatives), against the one place where keys verify. */
import { generateKeyPairSync, sign } from 'node:crypto'
import { expect } from 'chai'
import { Refusal } from '../../src/base/refusal.js'
import { verifyOctets } from '../../src/saml/algorithms.js'
import { algorithm } from '../../src/words/saml-names.js'
import { trustedIdp } from '../support/judging.js'

const ORDER = Buffer.from('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551', 'hex')

describe('attacks: ECDSA', () => {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const octets = Buffer.from('what was signed')
  const honest = sign('sha256', octets, { key: pair.privateKey, dsaEncoding: 'ieee-p1363' })
  const outcome = (signature: Buffer, uri: string = algorithm.ecdsaSha256): string => {
    try {
      verifyOctets(octets, signature, uri, trustedIdp([pair]))
      return 'verified'
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      return error.code
    }
  }
  const zero = Buffer.alloc(32)
  const one = Buffer.concat([Buffer.alloc(31), Buffer.from([1])])
  const [r, s] = [honest.subarray(0, 32), honest.subarray(32)]

  it('control: the honest signature verifies', () => {
    expect(outcome(honest)).to.equal('verified')
  })

  const lies: Readonly<Record<string, Buffer>> = {
    'r = s = 0': Buffer.concat([zero, zero]),
    'r = 0': Buffer.concat([zero, s]),
    's = 0': Buffer.concat([r, zero]),
    'r = s = 1': Buffer.concat([one, one]),
    'r = s = n': Buffer.concat([ORDER, ORDER]),
    'r and s exchanged': Buffer.concat([s, r]),
    'DER instead of r and s': sign('sha256', octets, { key: pair.privateKey, dsaEncoding: 'der' }),
    'a zero before each half': Buffer.concat([Buffer.alloc(1), r, Buffer.alloc(1), s]),
    'one octet less': honest.subarray(1),
    'one octet more': Buffer.concat([honest, Buffer.alloc(1)]),
    'twice in a row': Buffer.concat([honest, honest]),
    nothing: Buffer.alloc(0),
    '100 KB': Buffer.alloc(100_000, 1),
  }
  for (const [name, signature] of Object.entries(lies))
    it(`${name} -> saml.untrusted-key`, () => {
      expect(outcome(signature)).to.equal('saml.untrusted-key')
    })

  it('under the name of RSA -> saml.weak-key, of HMAC -> saml.algorithm', () => {
    expect(outcome(honest, algorithm.rsaSha256)).to.equal('saml.weak-key')
    expect(outcome(honest, 'http://www.w3.org/2001/04/xmldsig-more#hmac-sha256')).to.equal('saml.algorithm')
  })
})
