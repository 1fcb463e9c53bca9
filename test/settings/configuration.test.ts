import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createPrivateKey, generateKeyPairSync } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { type KeyAndCertificate, makeCertificate } from '../../src/certificates/make.js'
import { writePkcs12 } from '../../src/certificates/pkcs12.js'
import { type Configuration, loadConfiguration } from '../../src/settings/configuration.js'
import { type Problem, SettingsError } from '../../src/settings/problems.js'
import { sample } from './sample.js'

const SGO_KEY = 'x'.repeat(32)
const curve = (namedCurve: string): string =>
  generateKeyPairSync('ec', { namedCurve }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()

const locked = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({
  type: 'pkcs8',
  format: 'pem',
  cipher: 'aes-256-cbc',
  passphrase: 'swordfish',
})

describe('loading the configuration', () => {
  let folder: string
  let pairs: readonly KeyAndCertificate[]
  let small: string
  const at = (path: string) => join(folder, path)
  const write = (path: string, content: string | Buffer, mode = 0o600) => {
    writeFileSync(at(path), content)
    chmodSync(at(path), mode)
  }

  before(async () => {
    const wish = { at: Date.now(), days: 365, keyType: 'rsa-2048' as const }
    pairs = await Promise.all(['signing', 'encryption'].map(commonName => makeCertificate({ commonName, ...wish })))
    small = generateKeyPairSync('rsa', { modulusLength: 1024 })
      .privateKey.export({ type: 'pkcs8', format: 'pem' })
      .toString()
  })

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'bridge-settings-'))
    for (const path of ['certs', 'metadata/idp']) mkdirSync(at(path), { recursive: true })
    write('bridge.yaml', sample)
    write('certs/session.key', 'a secret that is long enough for a cookie\n')
    write('certs/lookup.key', Buffer.alloc(32, 0x91))
    write('certs/data.key', `${Buffer.alloc(32, 0x92).toString('base64')}\n`)
    write('certs/token.key', curve('P-256'))
    for (const [i, name] of ['signing', 'encryption'].entries()) {
      write(`certs/sp-${name}.key`, pairs[i]!.privateKeyPem)
      write(`certs/sp-${name}.crt`, pairs[i]!.certificatePem)
    }
    write('metadata/idp/gosuslugi.xml', metadata())
  })
  afterEach(() => {
    rmSync(folder, { recursive: true })
  })

  /** The sample asks nobody for consent, and says so each time. */
  const warned = (): readonly Problem[] => load().warnings.filter(({ path }) => path !== 'consent')

  const metadata = (certificate = pairs[0]!.certificatePem.replace(/-----[^-]+-----|\s/g, '')) =>
    `<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://idp.example">
  <IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
    <KeyDescriptor><KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#">
      <X509Data><X509Certificate>${certificate}</X509Certificate></X509Data></KeyInfo></KeyDescriptor>
    <SingleLogoutService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="https://idp.example/slo"/>
    <SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="https://idp.example/sso"/>
  </IDPSSODescriptor>
</EntityDescriptor>`

  const load = (env: Readonly<Record<string, string>> = { SGO_KEY }): Configuration =>
    loadConfiguration(at('bridge.yaml'), env)

  function problems(env?: Readonly<Record<string, string>>): readonly Problem[] {
    try {
      load(env)
    } catch (error) {
      if (error instanceof SettingsError) return error.problems
      throw error
    }
    return []
  }

  it('control: reads every secret and key, and takes relative paths from the folder of the file', () => {
    const { settings, secrets, identityProviders } = load()
    expect(settings.storage.database).to.equal(`sqlite:${at('data/bridge.db')}`)
    expect(Buffer.from(secrets.session[0]!, 'base64').toString()).to.equal('a secret that is long enough for a cookie')
    expect(secrets.lookup).to.deep.equal([{ id: 'l1', key: Buffer.alloc(32, 0x91) }])
    expect(secrets.data).to.deep.equal([{ id: 'd1', key: Buffer.alloc(32, 0x92) }])
    expect(secrets.tokens[0]).to.include({ id: 't1' })
    expect(secrets.tokens[0]!.privateKey.asymmetricKeyType).to.equal('ec')
    expect(secrets.signing[0]!.certificatePem.trim()).to.equal(pairs[0]!.certificatePem.trim().replaceAll('\r', ''))
    expect(secrets.decryption[0]!.privateKey.equals(createPrivateKey(pairs[1]!.privateKeyPem))).to.equal(true)
    expect(secrets.secret({ env: 'SGO_KEY' }).toString()).to.equal(SGO_KEY)
    expect(identityProviders[0]).to.include({ metadataXml: metadata(), profile: 'esia' })
    expect(warned()).to.deep.equal([])
  })

  const rows: readonly (readonly [string, () => void, number, string, RegExp])[] = [
    ['a missing file', () => rmSync(at('certs/data.key')), 7, 'secrets.data[0]', /does not exist.*bridge make-certs/],
    ['a missing SP key', () => rmSync(at('certs/sp-signing.key')), 14, 'serviceProvider.signing[0].key', /bridge make-certs/],
    ['a folder instead of a file', () => {
      rmSync(at('certs/data.key'))
      mkdirSync(at('certs/data.key'))
    }, 7, 'secrets.data[0]', /is not a file/],
    ['an empty file', () => write('certs/data.key', ''), 7, 'secrets.data[0]', /is empty/],
    ['a short session secret', () => write('certs/session.key', 'swordfish\n'), 5, 'secrets.session[0]', /at least 32 bytes, has 9/],
    ['a short data key', () => write('certs/data.key', Buffer.alloc(31, 0x92)), 7, 'secrets.data[0]', /must be 32 bytes, has 31/],
    ['a password as data key', () => write('certs/data.key', 'swordfish'.repeat(4).slice(0, 32)), 7, 'secrets.data[0]', /32 random bytes/],
    ['base64 of another length', () => write('certs/lookup.key', Buffer.alloc(33, 0x91).toString('base64')), 6, 'secrets.lookup[0]', /32 random bytes/],
    ['one key for two purposes', () => write('certs/lookup.key', Buffer.alloc(32, 0x92).toString('hex')), 6, 'secrets.lookup[0]', /same key as one of secrets\.data/],
    ['a token key of another curve', () => write('certs/token.key', curve('P-384')), 8, 'secrets.tokens[0]', /EC P-256 or RSA/],
    ['a small token key', () => write('certs/token.key', small), 8, 'secrets.tokens[0]', /at least 2048 bits/],
    ['a SAML key as token key', () => write('certs/token.key', pairs[1]!.privateKeyPem), 8, 'secrets.tokens[0]', /same key as one of serviceProvider/],
    ['no key', () => write('certs/token.key', 'hello'), 8, 'secrets.tokens[0]', /holds no private key, but nothing that we know\. Make one/],
    ['a damaged PEM', () => write('certs/token.key', curve('P-256').replace(/\n[A-Za-z]/, '\n!')), 8, 'secrets.tokens[0]', /damaged/],
    ['a key with a passphrase', () => write('certs/token.key', locked), 8, 'secrets.tokens[0]', /passphrase/],
    ['a small SAML key', () => write('certs/sp-signing.key', small), 14, 'serviceProvider.signing[0].key', /RSA key with at least 2048 bits/],
    ['a SAML key that is not RSA', () => write('certs/sp-signing.key', curve('P-256')), 14, 'serviceProvider.signing[0].key', /RSA key/],
    ['a key in place of a certificate', () => write('certs/sp-signing.crt', pairs[0]!.privateKeyPem), 14, 'serviceProvider.signing[0].cert', /no certificate, but a private key; the \.crt/],
    ['a certificate of another key', () => write('certs/sp-signing.crt', pairs[1]!.certificatePem), 14, 'serviceProvider.signing[0].cert', /belongs to another key/],
    ['missing metadata', () => rmSync(at('metadata/idp/gosuslugi.xml')), 17, 'identityProviders[0].metadata', /Put the metadata there/],
    ['a token algorithm without a fitting key', () => write('bridge.yaml', sample.replace('alg: HS256, key: { env: SGO_KEY }', 'alg: RS256')), 24, 'journals[0].connector', /no token key fits RS256/],
  ] // prettier-ignore

  for (const [wrong, spoil, line, path, words] of rows) {
    it(`tells ${wrong}`, () => {
      spoil()
      const found = problems()
      expect(found.map(problem => [problem.line, problem.path])).to.deep.equal([[line, path]])
      expect(found[0]!.message).to.match(words)
      expect(found[0]!.message).not.to.match(/swordfish/)
    })
  }

  it('tells a variable that is not set, and a shared key that is too short', () => {
    expect(problems({})[0]).to.include({ line: 24, path: 'journals[0].connector.key' })
    expect(problems({})[0]!.message).to.equal(
      'the environment variable SGO_KEY is not set; a command needs it as the service does: docs/install.md',
    )
    expect(problems({ SGO_KEY: 'short' })[0]!.message).to.match(/at least 32 characters, got 5/)
  })

  it('tells what is wrong in the file and what is missing outside at once', () => {
    write('bridge.yaml', sample.replace('180s', '1h').replace('profile: esia', 'profile: saml'))
    rmSync(at('certs/data.key'))
    rmSync(at('metadata/idp/gosuslugi.xml'))
    expect(problems({}).map(({ line }) => line)).to.deep.equal([7, 17, 17, 24, 28])
  })

  it('tells what is wrong inside of metadata, after what is wrong in the settings', () => {
    write('bridge.yaml', sample.replace('180s', '1h'))
    write('metadata/idp/gosuslugi.xml', metadata('AAAA').replace(/<SingleSignOn.*/, ''))
    const found = problems()
    expect(found.map(({ file }) => file)).to.deep.equal([
      at('bridge.yaml'),
      ...found.slice(1).map(() => 'metadata/idp/gosuslugi.xml'),
    ])
    expect(
      found
        .slice(1)
        .map(({ message }) => message)
        .join(),
    )
      .to.match(/certificate/)
      .and.to.match(/SingleSignOnService/)
  })

  it('tells metadata that is not UTF-8, and one IdP in two files', () => {
    const idp = '  - { metadata: metadata/idp/gosuslugi.xml, profile: esia, assurance: confirmed }\n'
    write('bridge.yaml', sample.replace(idp, idp + idp.replace('gosuslugi', 'again')))
    write('metadata/idp/again.xml', metadata())
    expect(problems().map(({ line, message }) => `${line} ${message}`)).to.deep.equal([
      '18 holds the IdP of identityProviders[0] again (https://idp.example); remove one of the two',
    ])
    write('metadata/idp/again.xml', Buffer.from([0x3c, 0xcf]))
    expect(problems()[0]!.message).to.match(/again\.xml is not UTF-8 text/)
  })

  it('warns of what belongs into a demonstration or a set-up only', () => {
    write('bridge.yaml', `${sample}demo: true\nselfTest: true\n`)
    expect(warned().map(({ line, path }) => `${line} ${path}`)).to.deep.equal(['30 selfTest', '29 demo'])
  })

  it('warns of metadata that deserves a look', () => {
    write('metadata/idp/gosuslugi.xml', metadata().replace(/<SingleLogout.*/, ''))
    expect(warned().map(({ file }) => file)).to.deep.equal(['metadata/idp/gosuslugi.xml'])
    expect(warned()[0]!.message).to.match(/SingleLogoutService/)
  })

  it('tells a file that is missing or not UTF-8', () => {
    write('bridge.yaml', Buffer.from([0xcf, 0xf0, 0xe8, 0xe2, 0xe5, 0xf2]))
    expect(problems()[0]!.message).to.match(/not UTF-8/)
    rmSync(at('bridge.yaml'))
    expect(problems()[0]!.message).to.match(/does not exist\. Begin with a copy of bridge\.example\.yaml/)
  })

  describe('states of our keys', () => {
    const pair = (i: number, more: string) => {
      const name = ['signing', 'encryption'][i]!
      return `{ key: certs/sp-${name}.key, cert: certs/sp-${name}.crt${more} }`
    }
    const signing = (...list: readonly string[]) => {
      write('bridge.yaml', sample.replace(/^ {2}signing:.*$/m, `  signing: [${list.join(', ')}]`))
    }
    const told = () => problems().map(({ path, message }) => `${path}: ${message}`)

    it('put the current one first, whatever the order, and end the publication of a retired one', () => {
      signing(pair(0, ', state: retired, until: 2027-01-15'), pair(1, ', state: current'))
      const [first, second] = load().secrets.signing
      expect(first).to.include({ state: 'current', index: 1 })
      expect(second).to.include({ state: 'retired', index: 0, publishedUntil: Date.parse('2027-01-15T00:00Z') })
    })

    it('may be left out: the first one is current', () => {
      signing(pair(0, ''), pair(1, ''))
      expect(load().secrets.signing.map(({ state }) => state)).to.deep.equal(['current', 'published'])
      signing(pair(0, ', state: next'), pair(1, ''))
      expect(load().secrets.signing.map(({ state, index }) => `${index} ${state}`)).to.deep.equal([
        '1 current',
        '0 next',
      ])
    })

    it('tell contradictions with the fix', () => {
      signing(pair(0, ', state: current'), pair(1, ', state: current'))
      expect(told().join()).to.match(
        /^serviceProvider.signing\[1\].state: is current, and so is serviceProvider.signing\[0\]; .*write `next`/,
      )
      signing(pair(0, ', state: next'))
      expect(told().join()).to.match(/^serviceProvider.signing: has no current key; write `state: current`/)
      signing(pair(0, ', from: 2026-12-02, until: 2026-12-01'))
      expect(told().join()).to.match(/until: lies before `from`/)
      signing(pair(0, ''), pair(1, ', state: next, until: 2026-12-01'))
      expect(told().join()).to.match(/until: means nothing before the key is current/)
      signing(pair(0, ', until: 2026-02-30'))
      expect(told().join()).to.match(/until: must be a day like 2026-12-31/)
    })

    it('remind when a day of the calendar has come', () => {
      signing(pair(0, ', until: 2020-01-01'), pair(1, ', state: next, from: 2020-01-01'))
      expect(warned().map(({ path }) => path)).to.have.members([
        'serviceProvider.signing[0].until',
        'serviceProvider.signing[1].from',
      ])
    })
  })

  it('reads a PKCS#12 bundle with its password, and tells a wrong one under its place', () => {
    write('certs/sp.p12', writePkcs12({ ...pairs[0]!, authorityPems: [] }, 'correct horse'))
    write('certs/sp.password', 'correct horse\n')
    const entry = '{ key: certs/sp.p12, passphrase: { file: certs/sp.password } }'
    write('bridge.yaml', sample.replace(/^ {2}signing:.*$/m, `  signing: [${entry}]`))
    expect(load().secrets.signing[0]!.privateKey.equals(createPrivateKey(pairs[0]!.privateKeyPem))).to.equal(true)
    write('certs/sp.password', 'wrong\n')
    expect(problems()[0]).to.include({ path: 'serviceProvider.signing[0].key' })
    expect(problems()[0]!.message)
      .to.match(/password does not open/)
      .and.not.match(/wrong/)
  })

  it('allows the signature inside of requests to an IdP of the old days only, with a standing warning', () => {
    const asks = (profile: string) => {
      write('bridge.yaml', sample.replace('profile: esia', `profile: ${profile}, requestSignature: enveloped`))
    }
    asks('esia')
    expect(problems().map(({ path }) => path)).to.deep.equal(['identityProviders[0].requestSignature'])
    asks('legacy-esia')
    expect(warned().map(({ path, line }) => `${line} ${path}`)).to.deep.equal([
      '17 identityProviders[0].profile',
      '17 identityProviders[0].requestSignature',
    ])
  })

  it('tells of a journal whose IdP no metadata hold, and only warns while an address may still bring it', () => {
    const strange = sample.replace('title: Сетевой Город', '$&\n    identityProvider: https://idp.exmaple')
    write('bridge.yaml', strange)
    expect(problems().map(({ line, path }) => `${line} ${path}`)).to.deep.equal(['23 journals[0].identityProvider'])
    write(
      'bridge.yaml',
      strange.replace('confirmed }', '$&\n  - { metadata: "https://fed.example/m.xml", profile: esia }'),
    )
    expect(warned().map(({ path }) => path)).to.include('journals[0].identityProvider')
  })

  it('warns of private keys that everybody may read, and of dangers that were switched on', function () {
    if (process.platform === 'win32') this.skip()
    chmodSync(at('certs/sp-signing.key'), 0o644)
    chmodSync(at('certs/data.key'), 0o604)
    write(
      'bridge.yaml',
      sample.replace('profile: esia', 'profile: legacy-esia, cbc: any, acceptUnsolicited: i-accept-login-csrf'),
    )
    expect(warned().map(({ line, path }) => `${line} ${path}`)).to.have.members([
      '14 serviceProvider.signing[0].key',
      '7 secrets.data[0]',
      '17 identityProviders[0].profile',
      '17 identityProviders[0].cbc',
      '17 identityProviders[0].acceptUnsolicited',
    ])
  })
})
