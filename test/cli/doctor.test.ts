import { chmod, readFile, writeFile } from 'node:fs/promises'
import type { RequestListener } from 'node:http'
import { join } from 'node:path'
import { expect } from 'chai'
import { doctorsQuestion, isProof, proofFor } from '../../src/base/doctors-question.js'
import { disk, language, nodeVersion, notYet, olderKeys } from '../../src/cli/doctor/machine.js'
import { metadata } from '../../src/cli/doctor/metadata.js'
import { dates, identityProviders, journals } from '../../src/cli/doctor/partners.js'
import { verbatim, type Patient, type Remark } from '../../src/cli/doctor/patient.js'
import { tlsRemarks } from '../../src/cli/doctor/certificate.js'
import { proxy } from '../../src/cli/doctor/proxy.js'
import { driftRemark, plainHttp, publicAddress } from '../../src/cli/doctor/public-address.js'
import { systemNetwork, type Network } from '../../src/cli/network.js'
import { loadConfiguration, type Configuration } from '../../src/settings/configuration.js'
import { serveHttp, serveHttps, testNetwork, type Served } from '../support/https.js'
import { startTestTown, type TestTown } from '../support/town.js'
import { run } from './desk.js'

const DAY = 86_400_000
const lights = (remarks: readonly Remark[]): string[] => remarks.map(({ light, check }) => `${light} ${check}`)

describe('command: doctor', () => {
  let town: TestTown
  let configuration: Configuration
  let network: Network
  const open: Served[] = []
  before(async () => {
    town = await startTestTown()
    configuration = loadConfiguration(town.prepared.configFile, {})
    network = { ...systemNetwork, ...(await testNetwork()) }
  })
  after(() => Promise.all([town.close(), ...open.map(each => each.close())]))

  const doctor = (...more: string[]) => run(['doctor', '--config', town.prepared.configFile, ...more])
  const keep = async (server: Promise<Served>): Promise<Served> => {
    open.push(await server)
    return server
  }
  /** The same bridge as browsers would see it under another address. */
  const patient = (settings: Partial<Configuration['settings']> = {}, more: Partial<Patient> = {}): Patient => ({
    configuration: { ...configuration, settings: { ...configuration.settings, ...settings } },
    file: 'bridge.yaml',
    network,
    now: Date.now(),
    ...more,
  })
  const seenAt = async (publicUrl: string): Promise<readonly Remark[]> => publicAddress(patient({ publicUrl }))
  /** A web server in front of the bridge. */
  const forwarding =
    (headers: Record<string, string> = {}): RequestListener =>
    (request, response) => {
      const question = String(request.headers['x-bridge-doctor'])
      void fetch(`${town.town.bridge}${request.url ?? ''}`, { headers: { 'x-bridge-doctor': question, ...headers } })
        .then(async answer => response.writeHead(answer.status).end(await answer.text()))
    } // prettier-ignore

  it('has nothing red to say about a bridge in good health, and prints no secret', async () => {
    const ran = await doctor()
    expect(ran.code, ran.out + ran.err).to.equal(0)
    for (const check of ['settings', 'language', 'name', 'itself', 'proxy', 'idp', 'journal', 'database', 'disk', 'keys'])
      expect(ran.out, check).to.match(new RegExp(`^✓ green +${check} `, 'm'))
    expect(ran.out).to.match(/! yellow +settings .*demo/).and.match(/^ {22}fix: /m)
    const json = (await doctor('--json')).json()
    expect(json).to.include({ healthy: true, schemaVersion: 1 })
    const secrets = [...configuration.secrets.session, town.prepared.journalSecrets.sgo]
    for (const secret of secrets) expect(ran.out + JSON.stringify(json)).not.to.include(secret)
  }) // prettier-ignore

  it('tells every problem of settings that cannot be used, and goes on with the machine', async () => {
    const yaml = (await readFile(town.prepared.configFile, 'utf8')).replace(/^publicUrl:.*$/m, 'publicUrl: nonsense')
    const file = join(town.folder, 'bad.yaml')
    await writeFile(file, yaml.replace(/clockSkew/, 'clockSkw'))
    const ran = await run(['doctor', '--config', file])
    expect(ran.code).to.equal(1)
    expect(ran.out)
      .to.match(/✗ red +settings .*publicUrl/)
      .and.match(/(green|yellow) +node/)
    expect((await run(['doctor', '--config', join(town.folder, 'nowhere.yaml')])).code).to.equal(2)
  })

  it('knows the age of Node.js, the disk and the languages', () => {
    expect(['18.20.1', '20.18.0', '20.19.0', '22.1.0', '23.0.0', '24.2.0'].map(each => nodeVersion(each).light))
      .to.deep.equal(['red', 'red', 'yellow', 'green', 'yellow', 'green']) // prettier-ignore
    expect([2 ** 20, 2 ** 29, 2 ** 40].map(free => disk('/', free)[0]!.light)).to.deep.equal(['red', 'yellow', 'green'])
    expect([language('January').light, language().light]).to.deep.equal(['yellow', 'green'])
  })

  it('knows a database that is still to be made from one that cannot be', () => {
    const path = join(town.folder, 'data', 'new', 'bridge.db')
    expect(notYet(path)).to.include({ light: 'yellow' })
    const refused = notYet(path, folder => (folder === town.folder ? 'EROFS' : undefined))
    expect(refused).to.include({ light: 'red', check: 'database' })
    expect(refused.what.en).to.include(`may not write in ${town.folder} (EROFS)`)
  })

  it('names a change of keys that was begun and forgotten, and one that is over', () => {
    const key = { secret: 'data', id: 'd1', first: false, kept: [] } as const
    const kept = [{ column: 'links.content', rows: 3 }]
    const said = olderKeys([
      { ...key, state: 'rows', kept },
      { ...key, state: 'rows', kept, until: 1 },
      { ...key, state: 'free' },
      { ...key, state: 'in-use' },
    ])
    expect(said.map(({ light, what }) => `${light}: ${what.en}`)).to.deep.equal([
      'yellow: 3 values stand under the older key secrets.data d1',
      'yellow: nothing stands under secrets.data d1 any more',
    ])
  })

  it('reaches the bridge behind a proxy over https', async () => {
    const { origin } = await keep(serveHttps(forwarding()))
    expect(lights(await seenAt(origin)).slice(0, 3)).to.deep.equal(['green name', 'green tls', 'green itself'])
  })

  it('tells a stranger at publicUrl from ourselves', async () => {
    const stranger = await keep(serveHttps((_, response) => response.end('{"status":"ok","proof":"x","seen":{}}')))
    expect(lights(await seenAt(stranger.origin))).to.include('red itself')
    const moved = await keep(serveHttps((_, response) => response.writeHead(301, { Location: 'https://www.x' }).end()))
    const [, , remark] = await seenAt(moved.origin)
    expect(remark).to.include({ light: 'red', check: 'itself' })
    expect(remark!.what.en).to.include('leads on to https://www.x')
    const down = await keep(serveHttps((_, response) => response.writeHead(502).end()))
    expect((await seenAt(down.origin))[2]!.what.en).to.include('without the bridge behind it')
  })

  it('knows an unknown name, and a bridge that runs behind a closed door from one that is down', async () => {
    expect(lights(await seenAt('https://vhod.nowhere'))).to.deep.equal(['red name', 'skipped itself'])
    const [, closed] = await seenAt('https://vhod.test:1')
    expect(closed!.what.en).to.include('refuses the connection').and.include('but the bridge runs at')
    const down = patient({ publicUrl: 'https://vhod.test:1', listen: { ...configuration.settings.listen, port: 1 } })
    for (const [file, said] of [
      ['/etc/bridge/bridge.yaml', '/etc/bridge/bridge.yaml'],
      ['C:\\school bridge\\bridge.yaml', '"C:\\school bridge\\bridge.yaml"'],
    ] as const)
      expect((await publicAddress({ ...down, file }))[1]!.fix!.en).to.equal(`start it: npm start -- --config ${said}`)
  })

  it('names what is wrong with the certificate', async () => {
    for (const [wish, what] of [
      [{ selfSigned: true }, 'self-signed'],
      [{ days: -3 }, 'has expired'],
      [{ name: 'other.test' }, 'for another name'],
    ] as const) {
      const { port } = await keep(serveHttps(forwarding(), wish))
      const tls = (await seenAt(`https://vhod.test:${port}`)).find(({ check }) => check === 'tls')
      expect(tls, what).to.include({ light: 'red' })
      expect(tls!.what.en).to.include(what)
    }
    const seen = { protocol: 'TLSv1.3', notAfter: DAY * 60 }
    expect(lights(tlsRemarks(seen, 0))).to.deep.equal(['green tls'])
    expect(lights(tlsRemarks({ ...seen, notAfter: DAY * 3 }, 0))).to.deep.equal(['yellow tls'])
    expect(lights(tlsRemarks({ ...seen, protocol: 'TLSv1.1' }, 0))).to.deep.equal(['green tls', 'red tls'])
  })

  it('names the header that lies', () => {
    const settings = { ...configuration.settings, publicUrl: 'https://vhod.test' }
    const seen = { host: 'vhod.test', peer: '127.0.0.1', address: '198.51.100.7', forwardedFor: true }
    const told = (trustProxy: 'loopback' | false, more: Partial<typeof seen> = {}) =>
      proxy({ ...settings, listen: { ...settings.listen, trustProxy } }, { ...seen, ...more })[0]!
    expect(told('loopback').light).to.equal('green')
    expect(told('loopback', { host: '127.0.0.1:8080' }).what.en).to.include('changes Host')
    expect(told(false).what.en).to.include('is not believed')
    expect(told('loopback', { forwardedFor: false }).what.en).to.include('no X-Forwarded-For')
    expect(told('loopback', { address: '127.0.0.1' }).what.en).to.include('not in listen.trustProxy')
  })

  it('wants http to lead to https', async () => {
    const url = new URL('https://vhod.test')
    const leads = await keep(
      serveHttp((_, response) => response.writeHead(301, { Location: 'https://vhod.test/' }).end()),
    )
    const stays = await keep(serveHttp((_, response) => response.end('hello')))
    expect(lights(await plainHttp(network, url, String(leads.port)))).to.deep.equal(['green redirect'])
    expect(lights(await plainHttp(network, url, String(stays.port)))).to.deep.equal(['yellow redirect'])
    expect(lights(await plainHttp(network, url, '1'))).to.deep.equal(['yellow redirect'])
  })

  it('compares clocks', async () => {
    expect([5, -31, 181].map(seconds => driftRemark(verbatim(''), seconds, 180).light)).to.deep.equal([
      'green',
      'yellow',
      'red',
    ])
    const late = await identityProviders(patient({}, { now: Date.now() + 600_000 }))
    expect(late.find(({ check }) => check === 'clock')).to.include({ light: 'red' })
  })

  it('asks whether the journals answer', async () => {
    const gone = await keep(serveHttp((_, response) => response.writeHead(404).end()))
    const sick = await keep(serveHttp((_, response) => response.writeHead(503).end()))
    const [first] = configuration.settings.journals
    const at = (url: string) => ({ ...first!, connector: { kind: 'signed-link', block: { url } } })
    const found = await journals(patient({ journals: [at(gone.origin), at(sick.origin), at('http://vhod.test:1')] }))
    expect(lights(found)).to.deep.equal(['red journal', 'yellow journal', 'red journal'])
  })

  it('looks at metadata and dates', async () => {
    const [idp] = configuration.identityProviders
    const old = { ...idp!, metadataXml: idp!.metadataXml!.replace('entityID=', 'validUntil="2020-01-01T00:00:00Z" entityID=') }
    const sick = { ...patient(), configuration: { ...configuration, identityProviders: [old] } }
    expect((await metadata(sick)).map(({ what }) => what.en).join()).to.include('validUntil is past')
    expect(lights(dates(patient()))).to.deep.equal(['green keys'])
    expect(lights(dates(patient({}, { now: Date.now() + 5_000 * DAY })))).to.include('yellow keys')
  }) // prettier-ignore

  it('sees a database of other keys, and one that everybody may read', async () => {
    const path = configuration.settings.storage.database.slice('sqlite:'.length)
    await chmod(path, 0o644)
    const ran = await doctor()
    await chmod(path, 0o600)
    if (process.platform !== 'win32') expect(ran.out).to.include('may be read by every user')
    const key = join(town.folder, 'certs', 'lookup.key')
    const before = await readFile(key)
    await writeFile(key, Buffer.alloc(32, 7).toString('base64'))
    const wrong = await doctor()
    await writeFile(key, before)
    expect(wrong.code).to.equal(1)
    expect(wrong.out).to.match(/✗ red +database +secrets.lookup/)
  })
})

describe("the doctor's question", () => {
  const question = doctorsQuestion('secret', 'nonce', 1_000_000)

  it('is answered by whoever has the secret, also an older one', () => {
    const proof = proofFor(['new', 'secret'], question, 1_030_000)
    expect(isProof('secret', question, proof)).to.equal(true)
    expect(isProof('other', question, proof)).to.equal(false)
  })

  it('of a stranger, a stale one or nonsense is not answered', () => {
    expect(proofFor(['other'], question, 1_000_000)).to.equal(undefined)
    expect(proofFor(['secret'], question, 1_060_001)).to.equal(undefined)
    for (const text of ['', 'x', '1000000.nonce.', question.replace('nonce', 'nonse'), `${question}x`])
      expect(proofFor(['secret'], text, 1_000_000)).to.equal(undefined)
  })
})
