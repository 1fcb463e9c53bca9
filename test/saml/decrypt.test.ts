/** What may come out of a ciphertext, and that nobody learns which of it did. */
import { constants, createCipheriv, publicEncrypt, randomBytes, type CipherGCMTypes } from 'node:crypto'
import { expect } from 'chai'
import { Refusal } from '../../src/base/refusal.js'
import { refusals } from '../../src/base/refusals.js'
import { open, readSealed } from '../../src/saml/decrypt.js'
import { readXml } from '../../src/saml/reader.js'
import { judgeResponse } from '../../src/saml/response.js'
import { childNamed } from '../../src/saml/tree.js'
import type { TrustedIdp } from '../../src/saml/trust.js'
import { ns } from '../../src/words/saml-names.js'
import { responseXml, rsaPair, type KeyPair } from '../support/foreign.js'
import { asked, posted, serviceProvider, trustedIdp, WORDING } from '../support/judging.js'
import { signXml } from '../support/signing.js'

const XENC = 'http://www.w3.org/2001/04/xmlenc#'
const XENC11 = 'http://www.w3.org/2009/xmlenc11#'

let idp: KeyPair
let sp: KeyPair
let response: string
let assertion: string

before(() => {
  idp = rsaPair()
  sp = rsaPair()
  response = signXml(responseXml(WORDING), 'Assertion', idp.privateKey)
  assertion = extracted(response)
})

const extracted = (xml: string): string => /<saml2:Assertion[\s\S]*<\/saml2:Assertion>/.exec(xml)![0]

interface Parts {
  /** Octets of the EncryptedData's CipherValue. */
  data: Buffer
  /** Octets of the EncryptedKeys' CipherValues. */
  keys: Buffer[]
  algorithm: string
  transport: string
}

function sealed(plaintext: string | Buffer, cipher = 'aes-256-gcm', keyLength = 32): Parts {
  const key = randomBytes(keyLength)
  const wrapped = publicEncrypt({ key: sp.publicKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' }, key)
  const parts = { keys: [wrapped], transport: `${XENC}rsa-oaep-mgf1p` }
  if (cipher.endsWith('cbc')) {
    const iv = randomBytes(16)
    const encryption = createCipheriv(cipher, key, iv) // PKCS#7 is one of the paddings that xmlenc allows
    const data = Buffer.concat([iv, encryption.update(plaintext), encryption.final()])
    return { ...parts, data, algorithm: `${XENC}${cipher.replace('aes-', 'aes')}` }
  }
  const iv = randomBytes(12)
  const encryption = createCipheriv(cipher as CipherGCMTypes, key.subarray(0, 32), iv)
  const data = Buffer.concat([iv, encryption.update(plaintext), encryption.final(), encryption.getAuthTag()])
  return { ...parts, data, algorithm: `${XENC11}${cipher.replace('aes-', 'aes')}` }
}

function carrying({ data, keys, algorithm, transport }: Parts, around = response): string {
  const key = (octets: Buffer): string =>
    `<x:EncryptedKey><x:EncryptionMethod Algorithm="${transport}"/><x:CipherData><x:CipherValue>${octets.toString('base64')}</x:CipherValue></x:CipherData></x:EncryptedKey>`
  const keyInfo =
    keys.length === 0
      ? ''
      : `<d:KeyInfo xmlns:d="http://www.w3.org/2000/09/xmldsig#">${keys.map(key).join('')}</d:KeyInfo>`
  const encrypted =
    `<a:EncryptedAssertion xmlns:a="urn:oasis:names:tc:SAML:2.0:assertion"><x:EncryptedData xmlns:x="${XENC}"><x:EncryptionMethod Algorithm="${algorithm}"/>` +
    `${keyInfo}<x:CipherData><x:CipherValue>${data.toString('base64')}</x:CipherValue></x:CipherData></x:EncryptedData></a:EncryptedAssertion>`
  return around.replace(/<saml2:Assertion[\s\S]*<\/saml2:Assertion>/, () => encrypted)
}

function judge(xml: string, allowances: Partial<TrustedIdp> = {}) {
  const verdict = judgeResponse(posted(xml), asked(trustedIdp([idp], allowances), serviceProvider([idp, sp])))
  if (verdict.accepted) return { code: 'accepted' }
  const { code, facts, message } = verdict.refusal
  return { code, facts, message, check: verdict.checks.find(({ result }) => result === 'fail') }
}

describe('decryption', () => {
  it('control: sealed and signed, it is accepted', () => {
    expect(judge(carrying(sealed(assertion))).code).to.equal('accepted')
    expect(judge(carrying(sealed(assertion, 'aes-128-cbc', 16)), { cbc: 'any' }).code).to.equal('accepted')
  })

  it('the right key among several', () => {
    const parts = sealed(assertion)
    expect(judge(carrying({ ...parts, keys: [randomBytes(256), ...parts.keys, randomBytes(256)] })).code).to.equal(
      'accepted',
    )
  })

  it('a plaintext that speaks with the prefixes around it', () => {
    const declared = ' xmlns:saml2="urn:oasis:names:tc:SAML:2.0:assertion" xmlns:xs="http://www.w3.org/2001/XMLSchema"'
    const outside = responseXml(WORDING)
      .replaceAll(/ xmlns:(?:saml2|xs)="[^"]*"/g, '')
      .replace('<saml2p:Response', `<saml2p:Response${declared}`)
    const signed = signXml(outside, 'Assertion', idp.privateKey)
    const inner = extracted(signed)
    expect(inner).not.to.contain('xmlns:saml2')
    expect(judge(carrying(sealed(inner), signed)).code).to.equal('accepted')
  })

  const secrets: readonly (readonly [string, () => Parts])[] = [
    ['another key', () => ({ ...sealed(assertion), keys: sealed(assertion).keys })],
    ['a key that is no ciphertext', () => ({ ...sealed(assertion), keys: [randomBytes(256)] })],
    ['a key of another length', () => ({ ...sealed(assertion, 'aes-256-gcm', 48) })],
    ['a key for another cipher', () => ({ ...sealed(assertion, 'aes-128-gcm', 16), algorithm: `${XENC11}aes256-gcm` })],
    ['one bit changed', () => spoilt(sealed(assertion), 40)],
    ['one bit of the tag changed', () => spoilt(sealed(assertion), -1)],
    ['a tag of 12 octets', () => shortened(sealed(assertion), 4)],
    ['nothing but a tag', () => ({ ...sealed(assertion), data: randomBytes(28) })],
    ['not UTF-8', () => sealed(Buffer.from([0xff, 0xfe]))],
    ['not XML', () => sealed('hello')],
    ['nothing', () => sealed('')],
    ['two assertions', () => sealed(assertion + assertion.replace('"_assertion"', '"_second"'))],
    ['a document type', () => sealed(`<!DOCTYPE a>${assertion}`)],
    ['a processing instruction', () => sealed(`<?a?>${assertion}`)],
    ['an ID that the response has, too', () => sealed(assertion.replace('ID="_assertion"', 'ID="_response"'))],
    ['no SAML', () => sealed('<a/>')],
    ['an assertion within the assertion, all of it signed', () => sealed(signedWith(`<saml2:Advice>${nested()}</saml2:Advice>`))],
    ['what no schema knows, all of it signed', () => sealed(signedWith('<saml2:Nothing/>'))],
    ['a response', () => sealed(responseXml(WORDING).replace('"_response"', '"_inner"'))],
    ['an assertion within the assertion', () => sealed(assertion.replace('</saml2:Conditions>', () => `</saml2:Conditions><saml2:Advice>${assertion.replace('"_assertion"', '"_second"')}</saml2:Advice>`))],
  ] // prettier-ignore
  const nested = (): string => extracted(responseXml(WORDING)).replace('"_assertion"', '"_second"')
  const signedWith = (extra: string): string => {
    const xml = responseXml(WORDING).replace('</saml2:Conditions>', () => `</saml2:Conditions>${extra}`)
    return extracted(signXml(xml, 'Assertion', idp.privateKey))
  }
  const spoilt = (parts: Parts, at: number): Parts => {
    const data = Buffer.from(parts.data)
    const index = at < 0 ? data.length + at : at
    data[index]! ^= 1
    return { ...parts, data }
  }
  const shortened = (parts: Parts, by: number): Parts => ({ ...parts, data: parts.data.subarray(0, -by) })

  it('every failure inside is told in the same words', () => {
    const answers = secrets.map(([title, make]) => [title, judge(carrying(make()))])
    const message = new Refusal('saml.decryption').message
    const expected = 'encrypted for a key of ours, by an algorithm that we take'
    const found = refusals['saml.decryption'].meaning
    const check = { check: 'decryption', result: 'fail', expected, found }
    const one = { code: 'saml.decryption', facts: {}, message, check }
    for (const [title, answer] of answers) expect(answer, title as string).to.deep.equal(one)
  })

  it('goes on with a key of chance where none of ours fits: the ciphertext is opened all the same, as with the right one', () => {
    const element = readXml(carrying(sealed(assertion))).root
    const read = readSealed(childNamed(element, ns.assertion, 'EncryptedAssertion')!, { cbc: 'never' }, false)
    const opened = ({ privateKey }: KeyPair): readonly [times: number, whole: boolean] => {
      let times = 0
      const watched = {
        ...read,
        get octets() {
          times += 1
          return read.octets
        },
      }
      try {
        const whole = open(watched, [{ privateKey, certificatePem: '' }]) === assertion
        return [times, whole]
      } catch (error) {
        expect(error).to.be.instanceOf(Refusal).and.include({ code: 'saml.decryption' })
        return [times, false]
      }
    }
    expect(opened(sp)).to.deep.equal([1, true])
    expect(opened(idp)).to.deep.equal([1, false])
  })

  it('aes-cbc: whatever the last octet becomes, one answer', () => {
    const parts = sealed(assertion, 'aes-256-cbc', 32)
    const codes = new Set<string>()
    for (let change = 1; change < 256; change += 3) {
      const data = Buffer.from(parts.data)
      data[data.length - 17]! ^= change
      codes.add(JSON.stringify(judge(carrying({ ...parts, data }), { cbc: 'any' })))
    }
    expect([...codes]).to.have.length(1)
    expect([...codes][0]).to.contain('saml.decryption')
  })

  it('aes-gcm relabelled as aes-cbc is not opened where cbc is not allowed', () => {
    const parts = { ...sealed(assertion), algorithm: `${XENC}aes256-cbc` }
    expect(judge(carrying(parts)).code).to.equal('saml.algorithm')
    expect(judge(carrying(parts), { cbc: 'signed-response' }).code).to.equal('saml.algorithm')
    expect(judge(carrying(parts), { cbc: 'any' }).code).to.equal('saml.decryption')
  })

  it('a sealed assertion that was changed before sealing', () => {
    expect(judge(carrying(sealed(assertion.replace('600 01', '600 03')))).code).to.equal('saml.altered')
  })

  it('algorithms that are not on the list', () => {
    expect(judge(carrying({ ...sealed(assertion), transport: `${XENC}rsa-1_5` })).facts).to.deep.equal({
      use: 'key transport',
      algorithm: `${XENC}rsa-1_5`,
    })
    expect(judge(carrying({ ...sealed(assertion), algorithm: `${XENC}tripledes-cbc` })).code).to.equal('saml.algorithm')
  })

  it('no key, and more keys than anybody needs', () => {
    const parts = sealed(assertion)
    expect(judge(carrying({ ...parts, keys: [] })).code).to.equal('saml.decryption')
    expect(judge(carrying({ ...parts, keys: Array<Buffer>(9).fill(parts.keys[0]!) })).code).to.equal('saml.decryption')
  })
})
