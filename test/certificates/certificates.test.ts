import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto'
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { CertificateError } from '../../src/certificates/certificate-error.js'
import { describeCertificate } from '../../src/certificates/describe.js'
import { writeKeyFile } from '../../src/certificates/key-file.js'
import { makeCertificate, makeTokenKey, type KeyAndCertificate } from '../../src/certificates/make.js'
import { readPkcs12, writePkcs12 } from '../../src/certificates/pkcs12.js'

const at = Date.parse('2026-09-01T08:00:00Z')

describe('certificates', () => {
  let authority: KeyAndCertificate
  let server: KeyAndCertificate
  before(async () => {
    authority = await makeCertificate({
      commonName: 'Тестовый центр',
      at,
      days: 3650,
      keyType: 'rsa-2048',
      isAuthority: true,
    })
    server = await makeCertificate({
      commonName: 'localhost', organization: 'МБОУ СОШ № 1', at, days: 30, keyType: 'rsa-2048',
      altNames: ['localhost', '127.0.0.1', '::1'], issuer: authority,
    }) // prettier-ignore
  })

  it('names, dates and key are those that were asked for', () => {
    const description = describeCertificate(server.certificatePem)
    expect(description).to.include({
      subject: 'CN=localhost, O=МБОУ СОШ № 1',
      issuer: 'CN=Тестовый центр',
      key: 'RSA 2048',
      selfSigned: false,
      isAuthority: false,
      notBefore: at - 3_600_000,
      notAfter: at + 30 * 86_400_000,
    })
    expect(description.altNames).to.deep.equal(['DNS:localhost', 'IP Address:127.0.0.1', 'IP Address:0:0:0:0:0:0:0:1'])
    expect(description.sha256).to.match(/^[0-9a-f]{64}$/)
  })

  it('node:crypto accepts the chain and the key', () => {
    const ca = new X509Certificate(authority.certificatePem)
    const leaf = new X509Certificate(server.certificatePem)
    expect(leaf.verify(ca.publicKey)).to.equal(true)
    expect(leaf.checkIssued(ca)).to.equal(true)
    expect(leaf.checkPrivateKey(createPrivateKey(server.privateKeyPem))).to.equal(true)
    expect(leaf.checkHost('localhost')).to.equal('localhost')
    expect(describeCertificate(authority.certificatePem)).to.include({ selfSigned: true, isAuthority: true })
  })

  it('two certificates never share a serial number', () => {
    const serials = [authority, server].map(made => describeCertificate(made.certificatePem).serialNumber)
    expect(serials[0]).to.not.equal(serials[1])
    expect(serials[0]).to.match(/^[4-7][0-9a-f]{31}$/)
  })

  it('makes a 3072-bit key where asked', async () => {
    const made = await makeCertificate({ commonName: 'sp', at, days: 1, keyType: 'rsa-3072' })
    expect(describeCertificate(made.certificatePem).key).to.equal('RSA 3072')
  })

  it('refuses a certificate without a name or a lifetime', async () => {
    const refused = async (wish: { commonName: string; days: number }) =>
      makeCertificate({ ...wish, at, keyType: 'rsa-2048' }).then(
        () => 'made',
        (error: unknown) => (error as RangeError).message,
      )
    expect(await refused({ commonName: ' ', days: 1 })).to.match(/^commonName: /)
    expect(await refused({ commonName: 'sp', days: 0 })).to.match(/^days: /)
    expect(await refused({ commonName: 'sp', days: Number.NaN })).to.match(/^days: /)
  })

  it('makes P-256 keys for tokens', async () => {
    const key = createPublicKey(await makeTokenKey())
    expect(key.asymmetricKeyDetails?.namedCurve).to.equal('prime256v1')
  })

  it('says what is wrong with a file that is no certificate', () => {
    expect(() => describeCertificate('hello')).to.throw(CertificateError, 'not an X.509 certificate')
  })

  describe('PKCS#12', () => {
    it('gives back what was put in', () => {
      const bundle = { ...server, authorityPems: [authority.certificatePem] }
      const file = writePkcs12(bundle, 'пароль', 'Школа')
      const read = readPkcs12(file, 'пароль')
      expect(read.certificatePem.trim()).to.equal(server.certificatePem.trim())
      expect(read.authorityPems.map(pem => pem.trim())).to.deep.equal([authority.certificatePem.trim()])
      expect(createPrivateKey(read.privateKeyPem).equals(createPrivateKey(server.privateKeyPem))).to.equal(true)
    })

    it('does not open with another password', () => {
      const file = writePkcs12({ ...server, authorityPems: [] }, 'one')
      expect(() => readPkcs12(file, 'two')).to.throw(CertificateError, 'password')
    })

    it('says so when the file is something else', () => {
      expect(() => readPkcs12(Buffer.from('hello'), 'x')).to.throw(CertificateError, 'not a PKCS#12 file')
    })
  })

  describe('key files', () => {
    let folder: string
    before(async () => (folder = await mkdtemp(join(tmpdir(), 'keys-'))))
    after(() => rm(folder, { recursive: true }))

    it('are for the owner alone and never overwritten', async () => {
      const path = join(folder, 'sp.key')
      await writeKeyFile(path, 'first')
      if (process.platform !== 'win32') expect((await stat(path)).mode & 0o777).to.equal(0o600)
      const second = await writeKeyFile(path, 'second').catch((error: unknown) => error)
      expect(second).to.be.instanceOf(CertificateError)
      expect(await readFile(path, 'utf8')).to.equal('first')
    })
  })
})
