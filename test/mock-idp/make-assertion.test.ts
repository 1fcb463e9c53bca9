/** The generator as a command: what it prints, and how it fails. */
import { expect } from 'chai'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { projectFile } from '../../src/base/project-file.js'
import { spMetadata } from '../../src/saml/sp-metadata.js'
import { decrypt, verifiedByXmlCrypto } from './open.js'
import { makeParties } from './stand.js'

describe('mock IdP: make-assertion', () => {
  let folder: string
  let files: string[]
  before(async () => {
    const { key, sp } = await makeParties()
    folder = mkdtempSync(join(tmpdir(), 'make-assertion-'))
    const write = (name: string, text: string): string => {
      writeFileSync(join(folder, name), text)
      return join(folder, name)
    }
    const metadata = write('sp.xml', spMetadata(sp))
    files = ['--key', write('idp.key', key.privateKeyPem), '--cert', write('idp.crt', key.certificatePem)]
    files.push('--sp-metadata', metadata)
  })
  after(() => rmSync(folder, { recursive: true }))

  const run = (...args: readonly string[]): { status: number | null; stdout: string; stderr: string } =>
    spawnSync(process.execPath, [projectFile('dist/src/mock-idp/make-assertion.js'), ...args], { encoding: 'utf8' })

  it('prints base64 of a signed and encrypted answer', async () => {
    const { status, stdout } = run('--person', 'mother', '--in-response-to', '_asked', ...files)
    expect(status).to.equal(0)
    const xml = Buffer.from(stdout, 'base64').toString()
    const { key, sp } = await makeParties()
    expect(verifiedByXmlCrypto(xml, key.certificatePem)).to.equal(true)
    expect(decrypt(xml, sp.decryption[0]!.privateKey)).to.include('900-000-001 82').and.to.include('"_asked"')
  })

  it('spoils the answer by name, as XML or JSON', () => {
    const spoilt = run('--person', 'teacher-parent', '--fault', 'no-audience', '--xml', '--plain', ...files)
    expect(spoilt.stdout).to.include('Лебедева').and.not.to.include('AudienceRestriction')
    const json = JSON.parse(run('--person', 'mother', '--fault', 'expired', '--json', ...files).stdout)
    expect(json).to.include({ schemaVersion: 1, refused: 'saml.expired' })
  })

  it('lists people and faults', () => {
    expect(run('--list').stdout).to.include('long-name').and.to.include('xsw-8')
    expect(JSON.parse(run('--list', '--json').stdout).people[0].key).to.equal('mother')
  })

  const unusable: readonly (readonly [string, readonly string[], string])[] = [
    ['nobody of that name', ['--person', 'santa'], '--list'],
    ['no such fault', ['--person', 'mother', '--fault', 'santa'], '--list'],
    ['an option that does not exist', ['--santa'], '--santa'],
    ['no person', [], '--person is missing'],
    ['a time that is none', ['--person', 'mother', '--at', 'noon'], '--at'],
    ['a foreign organisation', ['--person', 'mother', '--organisation', '1'], 'organisation'],
    ['a missing file', ['--person', 'mother', '--key', 'nowhere.key'], 'nowhere.key: there is no such file'],
  ]
  for (const [name, args, words] of unusable) {
    it(`ends with 2 and says why: ${name}`, () => {
      const { status, stdout, stderr } = run(...files, ...args)
      expect(status).to.equal(2)
      expect(stdout).to.equal('')
      expect(stderr).to.include(words)
    })
  }
})
