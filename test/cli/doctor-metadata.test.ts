/** What doctor says about metadata and key files: of files, of fetched copies, of an address that is gone. */
import { chmod, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { freshness } from '../../src/cli/doctor/metadata.js'
import type { IdpStatus } from '../../src/saml/trust.js'
import {
  alone,
  IDP_ONE,
  makeParties,
  startPublisher,
  until,
  type Parties,
  type Publisher,
} from '../support/publisher.js'
import { run } from './desk.js'
import { makeFolder, type Folder } from './folder.js'

const HOUR = 3_600_000

describe('doctor: how fresh metadata are', () => {
  const fresh: IdpStatus = { entityId: IDP_ONE, source: 'https://x', remote: true, fetchedAt: 0, pending: false }
  const told = (change: Partial<IdpStatus>) => freshness({ ...fresh, ...change })

  it('is green while they come and nothing waits', () => {
    expect(told({})).to.deep.equal([
      {
        light: 'green',
        check: 'metadata',
        what: {
          en: `the metadata of ${IDP_ONE} are fresh (1970-01-01 00:00 UTC)`,
          ru: `метаданные ${IDP_ONE} свежие (1970-01-01 00:00 UTC)`,
        },
      },
    ])
  })

  it('names the command when they are stale, and until when the last copy counts', () => {
    const [remark, ...others] = told({ staleSince: 0, problem: 'it answers 503' })
    expect(others).to.deep.equal([])
    expect(remark).to.include({ light: 'yellow' })
    expect(remark!.what.en).to.match(/stale since 1970-01-01 00:00 UTC: it answers 503$/)
    expect(remark!.fix!.en).to.include('bridge idp-metadata refresh').and.include('last good copy counts')
  })

  it('names the commands when a change is held, also beside staleness', () => {
    const remarks = told({ staleSince: 0, pending: true })
    expect(remarks.map(({ light }) => light)).to.deep.equal(['yellow', 'yellow'])
    expect(remarks[1]!.fix!.en).to.include('idp-metadata show').and.include('approve or reject')
  })

  it('is red when nothing was ever fetched', () => {
    const never: IdpStatus = { source: 'https://x', remote: true, pending: false }
    expect(freshness({ ...never, problem: 'no such host' })[0]).to.deep.equal({
      light: 'red',
      check: 'metadata',
      what: {
        en: 'nothing is known of https://x yet: no such host',
        ru: 'о https://x пока ничего не известно; причина по-английски: «no such host»',
      },
      fix: {
        en: 'npx --no-install bridge idp-metadata refresh',
        ru: 'npx --no-install bridge idp-metadata refresh',
      },
    })
  })
})

describe('doctor: metadata from an address', () => {
  let folder: Folder
  let parties: Parties
  let publisher: Publisher
  before(async () => {
    folder = await makeFolder()
    parties = await makeParties()
    publisher = await startPublisher(parties)
    const yaml = await readFile(folder.config, 'utf8')
    const written = yaml.replace('metadata: idp.xml', `metadata: ${publisher.address}`)
    expect(written).to.not.equal(yaml)
    await writeFile(folder.config, written)
  })
  after(async () => {
    await publisher.close()
    await folder.remove()
  })

  const ask = (...args: string[]) =>
    run([...args, '--config', folder.config], { network: { authorities: [parties.server.certificatePem] } })
  const metadataLines = (out: string) => out.split('\n').filter(line => / metadata +/.test(line))

  it('says that nothing is known before the first fetch, and reaches the address', async () => {
    publisher.publish(alone({ keys: [parties.keys[0]] }))
    await ask('idp-metadata', 'list')
    const { out, code } = await ask('doctor')
    expect(code).to.equal(1)
    expect(metadataLines(out).join('\n'))
      .to.match(/✓ green +metadata +the address of metadata .* answers/)
      .and.match(/✗ red +metadata +nothing is known of https:/)
  })

  it('lints the copy that is in use, not the text at the address, and knows when it ends', async () => {
    const misspelt = (xml: string) => xml.replace(/(SingleLogoutService Binding=")[^"]*/, '$1urn:oasis:names:tc:SAML:2.0:bindings:HTTP-redirect') // prettier-ignore
    const good = alone({ keys: [parties.keys[0]], more: until(Date.now() + HOUR) })
    const spoilt = misspelt(good)
    expect(spoilt).to.not.equal(good)
    publisher.publish(spoilt)
    await ask('idp-metadata', 'refresh')
    publisher.publish(good)
    const lines = metadataLines((await ask('doctor')).out).join('\n')
    expect(lines)
      .to.match(/! yellow +metadata +.*a binding is written in an odd way/)
      .and.match(/! yellow +metadata +the copy of https:\/\/one\.example\/idp is valid until .* only/)
  })

  it('says that the address is down, and what to do', async () => {
    publisher.behave((_, response) => void response.writeHead(404).end())
    const { out } = await ask('doctor')
    expect(out).to.match(/✗ red +metadata +the address of metadata .* answers 404/)
    expect(out).to.include('ask the IdP where its metadata are now')
  })

  it('does not look at copies when the database does not open, and says why', async () => {
    const key = join(folder.path, 'certs', 'lookup.key')
    const before = await readFile(key)
    await writeFile(key, Buffer.alloc(32, 9).toString('base64'))
    const { out } = await ask('doctor')
    await writeFile(key, before)
    expect(out).to.match(/– skipped +metadata +the copies of .* database, which does not open/)
    expect(out).to.match(/, 2 not looked at\.\n$/)
  })
})

describe('doctor: key files', () => {
  let folder: Folder
  before(async () => {
    folder = await makeFolder()
  })
  after(() => folder.remove())

  for (const name of ['sp-signing.key', 'sp-encryption.key', 'session.key', 'lookup.key', 'data.key', 'token.key'])
    it(`sees that everybody may read ${name}, and is content when only the owner may`, async function () {
      if (process.platform === 'win32') this.skip()
      const path = join(folder.path, 'certs', name)
      const lineAbout = async () =>
        (await run(['doctor', '--config', folder.config])).out
          .split('\n')
          .filter(line => line.includes(`certs/${name}`))
      await chmod(path, 0o604)
      const [open, fix] = await lineAbout()
      await chmod(path, 0o600)
      expect(open).to.match(/^! yellow +settings .*everybody on this machine may read/)
      expect(fix).to.match(/^ +fix: change it: chmod 600 /)
      expect(await lineAbout()).to.deep.equal([])
    })
})
