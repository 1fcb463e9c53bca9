/** Messages that xmlsec1 made once: they are judged on every machine. See test/fixtures/foreign/README.md. */
import { constants, createHash, createPrivateKey, createPublicKey, publicEncrypt } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { DOMParser } from '@xmldom/xmldom'
import { expect } from 'chai'
import { SignedXml } from 'xml-crypto'
import { projectFile } from '../../src/base/project-file.js'
import { openOaep, type OaepHash } from '../../src/saml/oaep.js'
import { judgeResponse } from '../../src/saml/response.js'
import { asked, posted, serviceProvider, trustedIdp } from '../support/judging.js'

const file = (name: string): string => readFileSync(projectFile(`test/fixtures/foreign/${name}`), 'utf8')
const idp = { publicKey: createPublicKey(file('idp-rsa.pub.pem')) }
const elliptic = { publicKey: createPublicKey(file('idp-ec.pub.pem')) }
const sp = { privateKey: createPrivateKey(file('sp-decryption.key.pem')) }

function judge(name: string, allowances = {}): string {
  const question = asked(trustedIdp([elliptic, idp], allowances), serviceProvider([sp]))
  const verdict = judgeResponse(posted(file(name)), question)
  return verdict.accepted ? verdict.assertion.attributes[1]!.values.join() : verdict.refusal.code
}

const PERSON = "Ёжикова-Д'Артаньян & Ко"

describe('foreign fixtures', () => {
  for (const name of ['signed-assertion.xml', 'signed-response.xml', 'signed-ecdsa.xml', 'encrypted.xml']) {
    it(`${name} is accepted`, () => {
      expect(judge(name)).to.equal(PERSON)
    })
  }

  it('legacy-esia.xml is accepted where the settings allow each of its weaknesses', () => {
    expect(judge('legacy-esia.xml')).to.equal('saml.algorithm')
    expect(judge('legacy-esia.xml', { legacyAlgorithms: true })).to.equal('saml.algorithm')
    expect(judge('legacy-esia.xml', { legacyAlgorithms: true, cbc: 'signed-response' })).to.equal(PERSON)
  })

  it('what we accept, xml-crypto on xmldom accepts', () => {
    for (const [name, key] of [
      ['signed-assertion.xml', idp],
      ['signed-response.xml', idp],
    ] as const) {
      const xml = file(name)
      const node = new DOMParser()
        .parseFromString(xml)
        .getElementsByTagNameNS('http://www.w3.org/2000/09/xmldsig#', 'Signature')[0]!
      const verifier = new SignedXml({ publicCert: key.publicKey.export({ type: 'spki', format: 'pem' }) })
      verifier.loadSignature(node)
      expect(verifier.checkSignature(xml), name).to.equal(true)
      expect(judge(name)).to.equal(PERSON)
    }
  })
})

describe('RSA-OAEP', () => {
  const vectors = JSON.parse(file('oaep.json')) as {
    digest: OaepHash
    mgf: OaepHash
    label: string
    message: string
    ciphertext: string
  }[]
  const read = (vector: (typeof vectors)[number]) => ({
    ...vector,
    label: Buffer.from(vector.label, 'hex'),
    octets: Buffer.from(vector.ciphertext, 'base64'),
  })

  for (const vector of vectors) {
    it(`opens what openssl sealed with ${vector.digest}, mask ${vector.mgf}${vector.label && ', labelled'}`, () => {
      expect(openOaep(sp.privateKey, read(vector))?.toString()).to.equal(vector.message)
    })

    it(`gives nothing for another label, hash or ciphertext (${vector.digest}, ${vector.mgf})`, () => {
      const good = read(vector)
      expect(openOaep(sp.privateKey, { ...good, label: Buffer.from('other') })).to.equal(undefined)
      expect(openOaep(sp.privateKey, { ...good, digest: good.digest === 'sha1' ? 'sha384' : 'sha1' })).to.equal(
        undefined,
      )
      expect(openOaep(sp.privateKey, { ...good, mgf: 'sha512' })).to.equal(undefined)
      const spoilt = Buffer.from(good.octets)
      spoilt[200]! ^= 1
      expect(openOaep(sp.privateKey, { ...good, octets: spoilt })).to.equal(undefined)
      expect(openOaep(sp.privateKey, { ...good, octets: good.octets.subarray(1) })).to.equal(undefined)
      expect(openOaep(sp.privateKey, { ...good, octets: Buffer.alloc(0) })).to.equal(undefined)
    })
  }

  /** A block as RFC 8017, 7.1.1 builds it with SHA-256 and a mask of SHA-1, or spoilt in one octet. */
  function block(first: number, filler: number, separator: number): Buffer {
    const mask = (seed: Buffer, length: number): Buffer => {
      const parts: Buffer[] = []
      for (let i = 0; i * 20 < length; i++)
        parts.push(
          createHash('sha1')
            .update(seed)
            .update(Buffer.from([0, 0, 0, i]))
            .digest(),
        )
      return Buffer.concat(parts, length)
    }
    const xor = (a: Buffer, b: Buffer): Buffer => Buffer.from(a.map((octet, i) => octet ^ b[i]!))
    const label = createHash('sha256').digest()
    const data = Buffer.concat([
      label,
      Buffer.alloc(223 - 32 - 1 - 16, filler),
      Buffer.from([separator]),
      Buffer.alloc(16, 7),
    ])
    const seed = Buffer.alloc(32, 3)
    const masked = xor(data, mask(seed, 223))
    return Buffer.concat([Buffer.from([first]), xor(seed, mask(masked, 32)), masked])
  }

  it('looks at every octet of the block', () => {
    const opened = (...octets: [number, number, number]): string | undefined => {
      const padded = publicEncrypt(
        { key: createPublicKey(sp.privateKey), padding: constants.RSA_NO_PADDING },
        block(...octets),
      )
      const ciphertext = { digest: 'sha256', mgf: 'sha1', label: Buffer.alloc(0), octets: padded } as const
      return openOaep(sp.privateKey, ciphertext)?.toString('hex')
    }
    expect(opened(0, 0, 1)).to.equal('07'.repeat(16))
    expect(opened(1, 0, 1), 'the first octet is zero').to.equal(undefined)
    expect(opened(0, 2, 1), 'zeros before the one').to.equal(undefined)
    expect(opened(0, 0, 0), 'a one before the message').to.equal(undefined)
  })
})
