/** `init` as a person meets it: questions, an interruption, and a bridge in which somebody signs in at the end. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { systemChance } from '../../src/base/chance.js'
import { systemClock } from '../../src/base/clock.js'
import { projectFile } from '../../src/base/project-file.js'
import { makeCertificate } from '../../src/certificates/make.js'
import { finishTogether, writeNew, writeTogether } from '../../src/cli/write-new.js'
import { startMockIdp } from '../../src/mock-idp/app.js'
import { idpMetadata, path } from '../../src/mock-idp/metadata.js'
import { loadConfiguration, loadOwnSide } from '../../src/settings/configuration.js'
import { roles } from '../../src/words/account.js'
import { Browser } from '../support/browser.js'
import { freePorts } from '../support/free-ports.js'
import { has } from '../support/require.js'
import { walk } from '../support/sign-in.js'
import { run } from './desk.js'

const bridge = projectFile('scripts/bridge.js')
const answers = [
  'https://vhod.school.example',
  'МБОУ «СОШ № 1»',
  'https://school.example',
  'it@school.example',
  '',
  '+7 495 000-00-00',
  'Школа "№ 1": первая',
  '',
  'Сетевой Город',
  'https://sgo.school.example/sso',
]
const flags = (change: Readonly<Record<string, string>> = {}): string[] =>
  Object.entries({
    '--url': answers[0]!,
    '--organization': answers[1]!,
    '--site': answers[2]!,
    '--technical': answers[3]!,
    '--phone': answers[5]!,
    '--school': answers[6]!,
    '--journal': answers[8]!,
    '--journal-url': answers[9]!,
    ...change,
  }).flat()

interface Ran {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

async function heard(child: ChildProcess, stdin = ''): Promise<Ran> {
  let [out, err] = ['', '']
  child.stdout?.on('data', part => (out += String(part)))
  child.stderr?.on('data', part => (err += String(part)))
  child.stdin?.on('error', () => undefined).end(stdin)
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, out, err }
}

const start = (...args: string[]) => spawn(process.execPath, [bridge, 'init', ...args], { stdio: 'pipe' })

/** Names and octets of everything below. */
async function picture(folder: string): Promise<Record<string, string>> {
  const files = await readdir(folder, { recursive: true, withFileTypes: true })
  const read = files
    .filter(file => file.isFile())
    .map(async ({ parentPath, name }) => {
      const file = join(parentPath, name)
      return [file, (await readFile(file)).toString('hex')] as const
    })
  return Object.fromEntries(await Promise.all(read))
}

const WRITTEN = [
  'bridge.yaml', 'letter-to-idp.txt', 'metadata/sp.xml', 'certs/sp-signing.key', 'certs/sp-signing.crt',
  'certs/sp-encryption.key', 'certs/sp-encryption.crt', 'certs/token.key', 'certs/session.key', 'certs/lookup.key',
  'certs/data.key',
] // prettier-ignore

describe('init', () => {
  let root: string
  let idp: { privateKeyPem: string; certificatePem: string }
  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'bridge-init-'))
    idp = await makeCertificate({ commonName: 'idp', at: Date.now(), days: 30, keyType: 'rsa-2048' })
  })
  after(() => rm(root, { recursive: true, force: true }))

  it('asks ten questions, takes no wrong answer, goes on after an interruption, and writes everything', async () => {
    const folder = join(root, 'asked')
    const first = await heard(
      start('--into', folder),
      `http://vhod.school.example/\n${answers.slice(0, 4).join('\n')}\n`,
    )
    expect(first.code).to.equal(2)
    expect(first.out).to.match(/1\/10 .*\n.*\n> {3}нужен адрес с https.*Например: https:/)
    expect(first.err).to.match(/сохранено: запустите init ещё раз/)
    expect(await readdir(folder), 'nothing but the answers').to.deep.equal(['.init-answers.json'])

    const second = await heard(start('--into', folder), `${answers.slice(4).join('\r\n')}\r\n`)
    expect(second.out).to.match(/^\n5\/10/)
    expect(second.code, second.err).to.equal(1)
    expect(second.out).to.match(/Когда пришлют метаданные, положите их в .*gosuslugi\.xml/)
    const names = Object.keys(await picture(folder)).map(name => name.slice(folder.length + 1).replaceAll('\\', '/'))
    expect(names).to.have.members(WRITTEN)
    const { settings } = loadOwnSide(join(folder, 'bridge.yaml'), {})
    expect(settings.schools[0]).to.deep.include({ title: 'Школа "№ 1": первая' })
    expect(settings.journals[0]!.journal.roles, 'everybody whom a list knows').to.have.members(roles)
    expect(settings.serviceProvider.contacts).to.deep.equal({
      technical: 'it@school.example',
      support: 'it@school.example',
    })
    const letter = await readFile(join(folder, 'letter-to-idp.txt'), 'utf8')
    expect(letter)
      .to.include('https://vhod.school.example/saml/acs')
      .and.match(/SHA-256 [0-9a-f]{64}/)
    if (process.platform !== 'win32')
      for (const name of WRITTEN.filter(each => each.endsWith('.key')))
        expect((await stat(join(folder, name))).mode & 0o777, name).to.equal(0o600)

    const before = await picture(folder)
    const third = await heard(start('--into', folder))
    expect(third.code, third.err).to.equal(1)
    expect(await picture(folder), 'nothing is overwritten').to.deep.equal(before)
    await writeFile(join(folder, 'metadata/idp/gosuslugi.xml'), metadataOf('https://idp.example'))
    loadConfiguration(join(folder, 'bridge.yaml'), {})
  })

  const metadataOf = (url: string): string => idpMetadata(url + path.metadata, url, [{ ...idp, privateKeyPem: '' }])

  it('makes a bridge that starts, and in which somebody signs in', async () => {
    const folder = join(root, 'running')
    const [port, idpPort] = (await freePorts(2)) as [number, number]
    const [url, idpUrl] = [`http://localhost:${port}`, `http://127.0.0.1:${idpPort}`]
    await writeFile(join(root, 'idp.xml'), metadataOf(idpUrl))
    const journal = { '--journal-url': 'http://localhost:9/sso' }
    const made = await heard(
      start('--into', folder, '--yes', ...flags({ '--url': url, '--idp-metadata': join(root, 'idp.xml'), ...journal })),
    )
    expect(made.out, made.err).to.match(/\d+ плохо, \d+ внимание, \d+ хорошо/)
    const config = join(folder, 'bridge.yaml')
    const server = spawn(process.execPath, [projectFile('dist/src/main.js'), '--config', config], { stdio: 'pipe' })
    const provider = await startMockIdp({
      host: '127.0.0.1',
      port: idpPort,
      baseUrl: idpUrl,
      keys: [idp],
      serviceProviders: [await readFile(join(folder, 'metadata/sp.xml'), 'utf8')],
      clock: systemClock,
      chance: systemChance,
    })
    try {
      for await (const part of server.stdout) if (String(part).includes('"ready"')) break
      const page = await walk(new Browser(), `${url}/self-test`, 'father@mail.example')
      expect([page.status, page.url.origin], page.text).to.deep.equal([200, url])
      expect(page.text).to.include('Соколов')
    } finally {
      server.kill()
      await provider.close()
    }
  })

  it('can be answered on a terminal', async function () {
    if (process.platform === 'win32' || !has('script', 'bsdutils')) this.skip()
    const folder = join(root, 'terminal')
    const line = `${process.execPath} ${bridge} init --into ${folder}`
    const ran = await heard(spawn('script', ['-qec', line, '/dev/null'], { stdio: 'pipe' }), `${answers.join('\n')}\n`)
    expect(ran.code, ran.out).to.equal(1)
    expect(loadOwnSide(join(folder, 'bridge.yaml'), {}).settings.journals[0]!.journal.title).to.equal('Сетевой Город')
  })

  it('killed anywhere it goes on, and leaves nothing half written', async () => {
    const folder = join(root, 'killed')
    for (const ms of [600, 1_200, 2_500]) {
      const child = start('--into', folder, '--yes', ...flags())
      const timer = setTimeout(() => child.kill('SIGKILL'), ms)
      await heard(child)
      clearTimeout(timer)
    }
    const last = await run(['init', '--into', folder, '--json', ...flags()])
    expect(last.code, last.err).to.equal(1)
    expect(last.json()).to.deep.include({ missing: [join(folder, 'metadata/idp/gosuslugi.xml')], remarks: [] })
    loadOwnSide(join(folder, 'bridge.yaml'), {})
    const names = Object.keys(await picture(folder)).map(name => name.slice(folder.length + 1).replaceAll('\\', '/'))
    expect(names).to.have.members(WRITTEN)
  })

  it('without questions names everything that is missing, and what is wrong with an option', async () => {
    const folder = join(root, 'silent')
    const none = await run(['init', '--into', folder, '--yes'])
    expect([none.code, none.out]).to.deep.equal([2, ''])
    for (const flag of [
      '--url',
      '--organization',
      '--site',
      '--technical',
      '--support',
      '--phone',
      '--school',
      '--journal',
      '--journal-url',
    ])
      expect(none.err).to.include(`${flag} "`)
    await writeFile(join(root, 'page.xml'), '<html></html>')
    await writeFile(join(root, 'other.xml'), metadataOf('https://other.example'))
    const rows: readonly (readonly [string, string, RegExp])[] = [
      ['--url', 'https://vhod.school.example/', /без косой черты/],
      ['--url', 'http://vhod.school.example', /с https/],
      ['--organization', '', /непустая строка/],
      ['--site', 'school.example', /начинается с https/],
      ['--technical', 'it', /не адрес почты/],
      ['--phone', 'a\nb', /одна непустая строка/],
      ['--idp-metadata', join(root, 'nowhere.xml'), /такого файла нет/],
      ['--idp-metadata', 'http://idp.example/metadata', /подменить кто угодно/],
      ['--idp-metadata', join(root, 'page.xml'), /не сможет взять этот файл/],
      ['--journal-url', 'sgo.school.example', /начинается с https/],
      ['--port', '0', /--port must be a whole number/],
    ]
    for (const [flag, value, words] of rows) {
      const { code, err } = await run(['init', '--into', folder, '--yes', ...flags({ [flag]: value })])
      expect([code, err], flag).to.satisfy(([code, err]: [number, string]) => code === 2 && words.test(err))
    }
    expect(await picture(folder)).to.deep.equal({})
  })

  it('takes no other metadata than those that are trusted already', async () => {
    const folder = join(root, 'trusted')
    await mkdir(join(folder, 'metadata/idp'), { recursive: true })
    await cp(join(root, 'other.xml'), join(folder, 'metadata/idp/gosuslugi.xml'))
    await writeFile(join(root, 'idp.xml'), metadataOf('https://idp.example'))
    const { code, err } = await run([
      'init',
      '--into',
      folder,
      '--yes',
      ...flags({ '--idp-metadata': join(root, 'idp.xml') }),
    ])
    expect([code, err]).to.satisfy(([code, err]: [number, string]) => code === 2 && /это другой файл/.test(err))
    expect(await readFile(join(folder, 'metadata/idp/gosuslugi.xml'), 'utf8')).to.equal(
      metadataOf('https://other.example'),
    )
  })
})

describe('files that belong together', () => {
  let folder: string
  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'write-new-'))))
  afterEach(() => rm(folder, { recursive: true }))
  const pair = [
    { name: 'a.key', text: 'key', mode: 0o600 },
    { name: 'a.crt', text: 'certificate', mode: 0o644 },
  ]

  it('are both there or none, wherever the run before was cut off', async () => {
    const making = join(folder, '.making')
    await mkdir(making)
    await writeFile(join(making, 'a.key'), 'half a k')
    await finishTogether(folder)
    expect(await readdir(folder), 'cut off while writing').to.deep.equal([])

    await mkdir(making)
    for (const { name, text } of pair) await writeFile(join(making, name), text)
    await writeFile(join(making, 'complete'), '')
    await cp(join(making, 'a.key'), join(folder, 'a.key'))
    await finishTogether(folder)
    expect((await readdir(folder)).sort(), 'cut off while moving').to.deep.equal(['a.crt', 'a.key'])
  })

  it('take the place of nothing', async () => {
    await writeFile(join(folder, 'a.key'), 'mine')
    await writeTogether(folder, pair)
    expect(await writeNew(join(folder, 'a.key'), 'other')).to.equal(false)
    expect(await readFile(join(folder, 'a.key'), 'utf8')).to.equal('mine')
    expect(await writeNew(join(folder, 'b'), 'new', 0o600)).to.equal(true)
    expect((await readdir(folder)).sort()).to.deep.equal(['a.crt', 'a.key', 'b'])
  })
})
