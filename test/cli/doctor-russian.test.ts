/** `doctor` as the only IT person of a Russian school reads it: a bridge in good health, and many that are sick. */
import { chmod, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { tlsRemarks } from '../../src/cli/doctor/certificate.js'
import { disk, language, nodeVersion, notYet, olderKeys } from '../../src/cli/doctor/machine.js'
import { freshness, metadata } from '../../src/cli/doctor/metadata.js'
import { dates, identityProviders, journals } from '../../src/cli/doctor/partners.js'
import type { Patient } from '../../src/cli/doctor/patient.js'
import { proxy } from '../../src/cli/doctor/proxy.js'
import { plainHttp, publicAddress } from '../../src/cli/doctor/public-address.js'
import { watchRemarks } from '../../src/cli/doctor/watch.js'
import { systemNetwork, type Network } from '../../src/cli/network.js'
import { openStoreOf } from '../../src/compose.js'
import { loadConfiguration, type Configuration } from '../../src/settings/configuration.js'
import { serveHttp, serveHttps, testNetwork, type Served } from '../support/https.js'
import { startTestTown, type TestTown } from '../support/town.js'
import { run } from './desk.js'
import { englishIn, expectRussian } from './in-russian.js'

const DAY = 86_400_000
const RUSSIAN = { env: { LANG: 'ru_RU.UTF-8' } }

describe('command: doctor, in Russian', () => {
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

  const doctor = (...more: string[]) => run(['doctor', '--config', town.prepared.configFile, ...more], RUSSIAN)
  const keep = async (server: Promise<Served>): Promise<Served> => {
    open.push(await server)
    return server
  }
  const answering = (status: number, headers: Record<string, string> = {}) =>
    keep(serveHttps((_, response) => response.writeHead(status, headers).end()))
  const patient = (settings: Partial<Configuration['settings']> = {}, more: Partial<Patient> = {}): Patient => ({
    configuration: { ...configuration, settings: { ...configuration.settings, ...settings } },
    file: 'bridge.yaml',
    network,
    now: Date.now(),
    ...more,
  })
  const seenAt = (publicUrl: string) => publicAddress(patient({ publicUrl }))

  it('speaks the language of the machine, or the one it is told; programs read English', async () => {
    const { out, code } = await doctor()
    expect(code, out).to.equal(0)
    for (const check of ['настройки', 'язык', 'имя', 'мост', 'прокси', 'IdP', 'журнал', 'база', 'диск', 'ключи', 'наблюдение'])
      expect(out, check).to.match(new RegExp(`^[✓!] (хорошо|внимание) +${check} `, 'm'))
    expect(out)
      .to.match(/^– не смотрели +TLS +publicUrl начинается с http/m)
      .and.match(/^ {27}что сделать: /m)
      .and.match(/\n\n0 плохо, \d+ внимание, \d+ хорошо, 1 не смотрели\.\n$/)
    for (const line of out.split('\n')) expect(englishIn(line), line).to.equal(undefined)
    const flag = (spoken: string) => run(['doctor', '--config', town.prepared.configFile, '--language', spoken])
    expect((await flag('ru')).out).to.include(' хорошо')
    expect((await doctor('--language', 'en')).out).to.match(/^✓ green +settings .*are usable[^]*0 red, /)
    expect((await flag('de')).code).to.equal(2)
    expect((await doctor('--json')).json()['remarks']).to.deep.include({ light: 'green', check: 'database', what: 'the database opens with these keys and takes a write' }) // prettier-ignore
  }) // prettier-ignore

  it('settings: says in Russian which line, who judged it, and what to do', async () => {
    const yaml = (await readFile(town.prepared.configFile, 'utf8')).replace(/^publicUrl:.*$/m, 'publicUrl: nonsense')
    const file = join(town.folder, 'bad.yaml')
    await writeFile(file, yaml.replace(/clockSkew/, 'clockSkw'))
    const { out, code } = await run(['doctor', '--config', file], RUSSIAN)
    expect(code).to.equal(1)
    expect(out)
      .to.match(/✗ плохо +настройки +\S+bad\.yaml:\d+, настройка publicUrl: проверка настроек этого не принимает, по-английски: «/)
      .and.match(/что сделать: исправьте эту строку, например так: publicUrl: /)
      .and.include('сначала исправьте настройки')
    for (const line of out.split('\n')) expect(englishIn(line.replace(/так: .*/, '')), line).to.equal(undefined)
  }) // prettier-ignore

  it('database: other keys, and a file that everybody may read', async () => {
    const path = configuration.settings.storage.database.slice('sqlite:'.length)
    await chmod(path, 0o644)
    const readable = (await doctor()).out
    await chmod(path, 0o600)
    if (process.platform !== 'win32') expect(readable).to.include('может прочесть каждый пользователь этой машины')
    const key = join(town.folder, 'certs', 'lookup.key')
    const before = await readFile(key)
    await writeFile(key, Buffer.alloc(32, 7).toString('base64'))
    const { out } = await doctor()
    await writeFile(key, before)
    expect(out).to.match(/✗ плохо +база +с базой не вышло; причина по-английски: «secrets\.lookup/)
    for (const line of out.split('\n')) expect(englishIn(line), line).to.equal(undefined)
  })

  it('machine: Node.js, dates, disk, a database that is not there, keys that are done with', () => {
    const key = { secret: 'data', id: 'd1', first: false, kept: [] } as const
    const kept = [{ column: 'links.content', rows: 3 }]
    const path = join(town.folder, 'data', 'new', 'bridge.db')
    expectRussian(['18.20.1', '20.19.0', '23.0.0'].map(nodeVersion), 'слишком старый', 'не для долгой службы')
    expectRussian([language('January')], 'не умеет писать даты')
    expectRussian(
      [2 ** 20, 2 ** 29, 2 ** 40].flatMap(free => disk('/', free)),
      'никто не войдёт',
      'свободно 0,5 ГиБ',
    )
    expectRussian([notYet(path), notYet(path, () => 'EROFS')], 'нельзя писать в', 'до первого запуска')
    const older = olderKeys([
      { ...key, state: 'rows', kept },
      { ...key, state: 'free' },
    ])
    expectRussian(older, 'под старым ключом secrets.data d1 ещё 3 значения', 'больше ничего нет')
  })

  it('name and address: unknown, closed, down', async () => {
    expectRussian(await seenAt('https://vhod.nowhere'), 'имени vhod.nowhere никто не знает', 'внесите его в DNS')
    expectRussian(await seenAt('https://vhod.test:1'), 'отклоняет соединение', 'но мост работает: ')
    const down = patient({ publicUrl: 'https://vhod.test:1', listen: { ...configuration.settings.listen, port: 1 } })
    expectRussian(await publicAddress(down), 'и сам мост не отвечает', 'запустите его: npm start -- --config bridge.yaml')
  }) // prettier-ignore

  it('itself: another program, another address, nothing behind the web server', async () => {
    expectRussian(await seenAt((await answering(200)).origin), 'другая программа или мост с другими настройками (200)')
    expectRussian(await seenAt((await answering(502)).origin), 'отвечает 502: это веб-сервер, за которым нет моста')
    const moved = await answering(301, { Location: 'https://www.x' })
    expectRussian(await seenAt(moved.origin), 'перенаправляет на https://www.x')
  })

  it('certificate: self-signed, expired, of another name, soon over, an old TLS', async () => {
    for (const [wish, what] of [
      [{ selfSigned: true }, 'сертификат подписан сам собой'],
      [{ days: -3 }, 'срок сертификата истёк'],
      [{ name: 'other.test' }, 'сертификат выдан на другое имя'],
    ] as const) {
      const { port } = await keep(serveHttps((_, response) => response.end(), wish))
      expectRussian(await seenAt(`https://vhod.test:${port}`), what)
    }
    const seen = { protocol: 'TLSv1.1', notAfter: DAY * 3 }
    expectRussian(tlsRemarks(seen, 0), 'до 1970-01-04 00:00 UTC, ещё 3 дня', 'браузеры его не принимают')
    expectRussian(tlsRemarks({ ...seen, fault: 'CERT_REVOKED' }, 0), 'не стали бы доверять сертификату (CERT_REVOKED)')
  })

  it('proxy: the header that lies, and http that leads nowhere', async () => {
    const settings = { ...configuration.settings, publicUrl: 'https://vhod.test' }
    const seen = { host: 'vhod.test', peer: '127.0.0.1', address: '198.51.100.7', forwardedFor: true }
    const told = (trustProxy: 'loopback' | false, more: Partial<typeof seen> = {}) =>
      proxy({ ...settings, listen: { ...settings.listen, trustProxy } }, { ...seen, ...more })
    expectRussian(told('loopback'), 'запросы доходят как надо')
    expectRussian(told('loopback', { host: '127.0.0.1:8080' }), 'веб-сервер меняет Host на')
    expectRussian(told(false), 'мост ему не верит')
    expectRussian(told('loopback', { forwardedFor: false }), 'у всех один адрес')
    expectRussian(told('loopback', { address: '127.0.0.1' }), 'этого адреса нет в listen.trustProxy')
    const stays = await keep(serveHttp((_, response) => response.end('hello')))
    const url = new URL('https://vhod.test')
    expectRussian(await plainHttp(network, url, String(stays.port)), 'отвечает 200, а должен вести на https')
    expectRussian(await plainHttp(network, url, '1'), 'отклоняет соединение', 'люди набирают имя без него')
  })

  it('partners: clocks apart, journals that are gone, sick or shut', async () => {
    const late = await identityProviders(patient({}, { now: Date.now() + 600_000 }))
    expectRussian(late, 'отстают от наших на ', 'сначала проверьте часы этой машины')
    const [gone, sick, false_] = [await answering(404), await answering(503), await keep(serveHttps((_, response) => response.end(), { selfSigned: true }))] // prettier-ignore
    const [first] = configuration.settings.journals
    const at = (url: string) => ({ ...first!, connector: { kind: 'signed-link', block: { url } } })
    const all = [gone.origin, sick.origin, false_.origin, 'http://vhod.test:1', 'nonsense'].map(at)
    expectRussian(await journals(patient({ journals: all })), 'отвечает 404: там ничего нет', 'верный знают его разработчики',
      'отвечает 503', 'немного позже', 'браузеры не доверяют', 'сообщите разработчикам журнала', 'людям это не мешает', 'нет адреса') // prettier-ignore
  })

  it('metadata and dates: faults, staleness, a change that waits, certificates that end', async () => {
    const [idp] = configuration.identityProviders
    const old = { ...idp!, metadataXml: idp!.metadataXml!.replace('entityID=', 'validUntil="2020-01-01T00:00:00Z" entityID=') }
    const sick = { ...patient(), configuration: { ...configuration, identityProviders: [old] } }
    expectRussian(await metadata(sick), 'замечание к метаданным по-английски: «', 'администраторам IdP')
    expectRussian(dates(patient({}, { now: Date.now() + 5_000 * DAY })), 'сертификат подписи', 'истёк')
    const status = { entityId: 'https://idp/x', source: 'https://x', remote: true, pending: true, problem: 'it answers 503' }
    expectRussian(freshness({ ...status, fetchedAt: 0, staleSince: 0 }), 'не обновляются с 1970-01-01 00:00 UTC; причина по-английски: «it answers 503»',
      'ждёт вашего решения', 'последняя хорошая копия', 'сверьте с администраторами IdP по телефону')
    expectRussian(freshness(status), 'пока ничего не известно')
  }) // prettier-ignore

  it('watch: what nobody has looked at', async () => {
    const now = Date.now()
    const store = await openStoreOf(configuration, { now: () => now })
    try {
      expectRussian(
        await watchRemarks(store.watching, configuration, now),
        'ничего необычного',
        'об этом никто не узнает',
      )
    } finally {
      await store.close()
    }
  })
})
