/** Keys and certificates in every form in which people have them. */
import { execFileSync } from 'node:child_process'
import { createPrivateKey, createPublicKey, generateKeyPairSync, X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { CertificateError } from '../../src/certificates/certificate-error.js'
import { makeCertificate, type KeyAndCertificate } from '../../src/certificates/make.js'
import { writePkcs12 } from '../../src/certificates/pkcs12.js'
import { readMaterial } from '../../src/certificates/read.js'
import { has } from '../support/require.js'

const PASSWORD = 'correct horse'

describe('reading keys and certificates', () => {
  let one: KeyAndCertificate
  let other: KeyAndCertificate
  let locked: string
  before(async () => {
    const wish = { at: Date.now(), days: 30, keyType: 'rsa-2048' as const }
    ;[one, other] = await Promise.all([
      makeCertificate({ commonName: 'one', ...wish }),
      makeCertificate({ commonName: 'other', ...wish }),
    ])
    locked = createPrivateKey(one.privateKeyPem)
      .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: PASSWORD })
      .toString()
  })

  const der = (pem: string) => Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ''), 'base64')
  const certificatesOf = (octets: Buffer | string, password?: string) =>
    readMaterial(Buffer.from(octets), password).certificates.map(({ subject }) => subject.replace('CN=', ''))
  const isOurs = (octets: Buffer | string, password?: string) => {
    const { keys } = readMaterial(Buffer.from(octets), password)
    const spki = (key: ReturnType<typeof createPrivateKey>) =>
      createPublicKey(key).export({ type: 'spki', format: 'der' })
    return keys.length === 1 && spki(keys[0]!).equals(spki(createPrivateKey(one.privateKeyPem)))
  }
  const exported = (type: 'pkcs1' | 'pkcs8', format: 'pem' | 'der') =>
    createPrivateKey(one.privateKeyPem).export({ type, format } as { type: 'pkcs1'; format: 'der' })

  const certificateForms: Readonly<Record<string, () => Buffer | string>> = {
    PEM: () => one.certificatePem,
    'PEM with CRLF and a byte order mark': () => `\ufeff${one.certificatePem.replaceAll('\n', '\r\n')}`,
    'PEM that a form has spoilt with &#13;': () => one.certificatePem.replaceAll('\n', '&#13;\n'),
    'PEM with bag attributes and comments': () =>
      `Bag Attributes\n    friendlyName: SP\n# ours\n${one.certificatePem}# end\n`,
    'PEM in one long line': () =>
      `-----BEGIN CERTIFICATE-----\n${der(one.certificatePem).toString('base64')}\n-----END CERTIFICATE-----`,
    'the older label': () => one.certificatePem.replaceAll('CERTIFICATE', 'X509 CERTIFICATE'),
    DER: () => der(one.certificatePem),
    'bare base64, as it stands in metadata': () =>
      `\n   ${der(one.certificatePem).toString('base64').replace(/.{64}/g, '$&\r\n   ')}\n`,
  }
  for (const [form, make] of Object.entries(certificateForms))
    it(`takes a certificate as ${form}`, () => {
      expect(certificatesOf(make())).to.deep.equal(['one'])
    })

  it('takes a chain, whatever stands between', () => {
    const all = `${one.certificatePem}\nissuer:\n${other.certificatePem}${one.privateKeyPem}`
    expect(certificatesOf(all)).to.deep.equal(['one', 'other'])
    expect(isOurs(all)).to.equal(true)
  })

  it('takes a private key as PKCS#8 and PKCS#1, PEM and DER, and bare base64', () => {
    for (const type of ['pkcs1', 'pkcs8'] as const)
      for (const format of ['pem', 'der'] as const)
        expect(isOurs(exported(type, format)), `${type} ${format}`).to.equal(true)
    expect(isOurs(der(one.privateKeyPem).toString('base64'))).to.equal(true)
  })

  it('takes an EC key in both of its forms', () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    for (const type of ['sec1', 'pkcs8'] as const) {
      const [key] = readMaterial(privateKey.export({ type, format: 'der' })).keys
      expect(key?.asymmetricKeyType, type).to.equal('ec')
    }
  })

  it('takes PKCS#12 with its password, the own certificate first', () => {
    const bundle = writePkcs12({ ...one, authorityPems: [other.certificatePem] }, PASSWORD)
    expect(certificatesOf(bundle, PASSWORD)).to.deep.equal(['one', 'other'])
    expect(isOurs(bundle, PASSWORD)).to.equal(true)
  })

  it('takes keys with a passphrase, of today and of old OpenSSL', () => {
    expect(isOurs(locked, PASSWORD)).to.equal(true)
    expect(isOurs(der(locked), PASSWORD)).to.equal(true)
    const old = createPrivateKey(one.privateKeyPem)
      .export({ type: 'pkcs1', format: 'pem', cipher: 'aes-128-cbc', passphrase: PASSWORD })
      .toString()
    expect(old).to.include('Proc-Type: 4,ENCRYPTED')
    expect(isOurs(old, PASSWORD)).to.equal(true)
    expect(isOurs(old.replaceAll('\n', '\r\n'), PASSWORD)).to.equal(true)
  })

  const told = (octets: Buffer | string, words: RegExp, password?: string) =>
    expect(() => readMaterial(Buffer.from(octets), password)).to.throw(CertificateError, words)

  it('tells a wrong password from a missing one, and what is damaged', () => {
    told(locked, /protected by a passphrase; name its place/)
    told(locked, /does not open with this passphrase/, 'wrong')
    told(writePkcs12({ ...one, authorityPems: [] }, PASSWORD), /password does not open this bundle/, 'wrong')
    told(one.certificatePem.replace(/\n[A-Za-z]/, '\n!'), /certificate that cannot be read; it may be damaged/)
    told(one.certificatePem.slice(0, -30), /BEGIN line without its -----END/)
    told(Buffer.from(`\ufeff${one.certificatePem}`, 'utf16le'), /saved as UTF-16/)
    told(der(one.certificatePem).fill(0xff, 30, 60), /certificate that cannot be read; it may be damaged/)
  })

  it('says what else a file holds', () => {
    const publicKey = createPublicKey(one.privateKeyPem).export({ type: 'spki', format: 'pem' })
    expect(readMaterial(Buffer.from(publicKey)).others).to.deep.equal(['a public key'])
    expect(readMaterial(Buffer.from('hello')).others).to.deep.equal(['nothing that we know'])
    expect(readMaterial(Buffer.alloc(4, 0x30)).others).to.deep.equal(['nothing that we know'])
    const ssh = '-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n'
    expect(readMaterial(Buffer.from(ssh)).others).to.deep.equal(['an OpenSSH key'])
  })

  it('reads what OpenSSL writes: P7B, requests, PKCS#12 of today and of Windows XP', function () {
    if (!has('openssl', 'openssl')) this.skip()
    const folder = mkdtempSync(join(tmpdir(), 'read-'))
    const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' })
    const file = (name: string) => readFileSync(join(folder, name))
    try {
      writeFileSync(join(folder, 'one.crt'), one.certificatePem)
      writeFileSync(join(folder, 'one.key'), one.privateKeyPem)
      writeFileSync(join(folder, 'other.crt'), other.certificatePem)
      const bag = ['crl2pkcs7', '-nocrl', '-certfile', 'one.crt', '-certfile', 'other.crt']
      openssl(...bag, '-out', 'bag.pem')
      openssl(...bag, '-outform', 'DER', '-out', 'bag.p7b')
      for (const name of ['bag.pem', 'bag.p7b'])
        expect(certificatesOf(file(name)), name).to.have.members(['one', 'other'])
      openssl('req', '-new', '-key', 'one.key', '-subj', '/CN=one', '-out', 'one.csr')
      expect(readMaterial(file('one.csr')).others).to.deep.equal(['a certificate request (CSR)'])
      for (const legacy of [[], ['-legacy']]) {
        openssl(
          'pkcs12',
          '-export',
          ...legacy,
          '-in',
          'one.crt',
          '-inkey',
          'one.key',
          '-passout',
          `pass:${PASSWORD}`,
          '-out',
          'one.p12',
        )
        expect(isOurs(file('one.p12'), PASSWORD), legacy.join()).to.equal(true)
      }
      expect(new X509Certificate(one.certificatePem).subject).to.equal('CN=one')
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
