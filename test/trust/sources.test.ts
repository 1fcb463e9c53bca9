/** From an entry of the settings to the rules by which its metadata are fetched and taken: nothing of it gets lost on the way. */
import { readFile } from 'node:fs/promises'
import { expect } from 'chai'
import { parse, stringify } from 'yaml'
import { sourcesOf } from '../../src/compose-trust.js'
import { loadConfiguration } from '../../src/settings/configuration.js'
import { makeFolder, type Folder } from '../cli/folder.js'
import { makeParties, pinned } from '../support/publisher.js'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const ADDRESS = 'https://federation.example/metadata.xml'

describe('trust: what the settings say of metadata', () => {
  let folder: Folder
  let signer: string
  before(async () => {
    folder = await makeFolder()
    const { federation } = await makeParties()
    signer = pinned(federation).fingerprint
    await folder.file('federation.crt', federation.certificatePem)
  })
  after(() => folder.remove())

  async function rulesFor(entry: object): Promise<object> {
    const settings = parse(await readFile(folder.config, 'utf8')) as object
    const identityProviders = [{ title: 'Федерация', profile: 'esia', ...entry }]
    const file = await folder.file('other.yaml', stringify({ ...settings, identityProviders }))
    const [source] = sourcesOf(loadConfiguration(file, {}))
    const { idp, file: read, signers, ...rules } = source!
    expect(idp.legacyAlgorithms).to.equal(false)
    return { ...rules, signers: signers.map(({ fingerprint }) => fingerprint), hasFile: read !== undefined }
  }

  it('reaches it whole', async () => {
    const entityId = ['https://one.example/idp', 'https://two.example/idp']
    const wished = { metadata: ADDRESS, entityId, signedBy: 'federation.crt', maxValidity: '14d', refresh: '1h' }
    expect(await rulesFor({ ...wished, whenExpired: 'warn', newSigningKeys: 'accept' })).to.deep.equal({
      name: ADDRESS,
      hasFile: false,
      wanted: entityId,
      signers: [signer],
      longest: 14 * DAY,
      refresh: HOUR,
      whenExpired: 'warn',
      newSigningKeys: 'accept',
    })
  })

  it('is careful where it says nothing', async () => {
    const careful = { hasFile: false, signers: [], refresh: 6 * HOUR, whenExpired: 'refuse', newSigningKeys: 'ask' }
    expect(await rulesFor({ metadata: ADDRESS })).to.deep.equal({ ...careful, name: ADDRESS })
    const signed = await rulesFor({ metadata: ADDRESS, signedBy: 'federation.crt' })
    expect(signed).to.deep.equal({ ...careful, name: ADDRESS, signers: [signer], longest: 30 * DAY })
    const mere = await rulesFor({ metadata: 'idp.xml' })
    expect(mere, 'somebody put it there').to.deep.equal({ ...careful, name: 'idp.xml', hasFile: true, whenExpired: 'warn' }) // prettier-ignore
  })
})
