/** The guides are followed: what needs no root is run as it stands, and what is laid out for others is looked at. */
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect } from 'chai'
import { parse } from 'yaml'
import { projectFile } from '../../src/base/project-file.js'
import { makeCertificate } from '../../src/certificates/make.js'
import { idpMetadata, path } from '../../src/mock-idp/metadata.js'
import { has } from '../support/require.js'

const read = (name: string): string => readFileSync(projectFile(name), 'utf8')

/** deploy/school-bridge, with our places in place of the machine's, and without another user. */
function wrapper(home: string, secrets: string): string {
  const places = {
    '/var/lib/bridge': home,
    '/opt/bridge/': `${projectFile('.')}/`,
    '/etc/bridge.env': secrets,
    'runuser -u bridge -- /usr/bin/node': process.execPath,
  }
  return Object.entries(places).reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`deploy/school-bridge does not hold ${from}`)
    return text.replaceAll(from, to)
  }, read('deploy/school-bridge'))
}

/** Code blocks of this kind, in order. */
const blocks = (page: string, kind: string): string[] =>
  [...read(page).matchAll(/```(.*)\n([^]*?)```/g)].flatMap(([, found, text]) => (found === kind ? [text!] : []))

describe('deploy: the guides', function () {
  this.timeout(240_000)
  let folder: string
  before(() => (folder = mkdtempSync(join(tmpdir(), 'bridge-guide-'))))
  after(() => rmSync(folder, { recursive: true, force: true }))

  for (const page of ['docs/install.md', 'docs/ru/ustanovka.md'])
    it(`${page}: every command that changes nothing outside of its folder does what the page says`, async function () {
      if (process.platform === 'win32') this.skip()
      const home = join(folder, page.replaceAll('/', '-'))
      mkdirSync(home)
      const idp = await makeCertificate({ commonName: 'idp', at: Date.now(), days: 30, keyType: 'rsa-2048' })
      const url = 'https://idp.school.example'
      writeFileSync(join(home, 'gosuslugi.xml'), idpMetadata(url + path.metadata, url, [idp]))
      const [install, metadata, doctor, ...others] = blocks(page, 'sh')
      expect(others).to.deep.equal([])
      const programs = join(home, 'programs')
      mkdirSync(programs)
      writeFileSync(join(programs, 'school-bridge'), wrapper(home, join(home, 'bridge.env')), { mode: 0o755 })
      const [language, said] = page.includes('/ru/') ? ['ru_RU.UTF-8', /хорошо +настройки[^]*\d+ плохо, \d+ внимание/] : ['C', /green +settings[^]*\d+ red, \d+ yellow/] // prettier-ignore
      const env = {
        ...process.env,
        PATH: `${programs}:${process.env['PATH']!}`,
        LC_ALL: '',
        LC_MESSAGES: '',
        LANG: language,
      }
      const follow = (text: string) =>
        spawnSync('bash', ['-ec', text.replaceAll('/var/lib/bridge', home)], { cwd: home, encoding: 'utf8', env })
      const made = follow(install!)
      expect([made.status, made.stderr], made.stdout).to.deep.equal([1, ''])
      const checked = follow(metadata!)
      expect(checked.status, checked.stdout + checked.stderr).to.equal(0)
      expect(follow(doctor!).stdout).to.match(said)
    })

  it('school-bridge has the secrets of the service, works in its folder, and says who asked', function () {
    if (process.platform === 'win32') this.skip()
    const [home, secrets] = [join(folder, 'wrapped'), join(folder, 'secrets.env')]
    mkdirSync(home)
    writeFileSync(secrets, '# of the journals\nSGO_KEY=a=b "c"\n\nLAST=no newline')
    const script = wrapper(home, secrets).replace(
      /(scripts\/bridge\.js "\$@")/,
      '-p "process.cwd()+JSON.stringify(process.env)"',
    )
    const said = spawnSync('sh', ['-c', script.replace(`${projectFile('.')}/-p`, '-p')], { encoding: 'utf8', env: { PATH: process.env['PATH'] } }) // prettier-ignore
    expect(said.stdout, said.stderr).to.include(home)
    const env = JSON.parse(said.stdout.slice(said.stdout.indexOf('{'))) as Record<string, string>
    const user = execFileSync('id', ['-un'], { encoding: 'utf8' }).trim()
    expect(env).to.deep.include({ SGO_KEY: 'a=b "c"', LAST: 'no newline', SUDO_USER: user })
  })

  it('name only files of deploy/ that are there, and say the same in both languages', () => {
    const [english, russian] = ['docs/install.md', 'docs/ru/ustanovka.md'].map(page => ({
      files: [...read(page).matchAll(/(?<!test\/)deploy\/([\w./-]*\w)/g)].map(([, file]) => file!),
      root: blocks(page, 'sh root')
        .join('')
        .replace(/ADDRESS|АДРЕС|YOUR\.NAME|ВАШЕ\.ИМЯ|NAME|ИМЯ/g, ''),
    }))
    // whoever follows them writes the others
    for (const file of english!.files.filter(each => !each.endsWith('.env'))) read(`deploy/${file}`)
    expect(russian).to.deep.equal(english)
  })
})

describe('deploy: what is laid out', () => {
  it('systemd units are right and give little away', function () {
    if (process.platform !== 'linux' || !has('systemd-analyze', 'systemd')) this.skip()
    const units = ['bridge.service', 'bridge-backup.service', 'bridge-backup.timer'].map(name =>
      projectFile(`deploy/${name}`),
    )
    execFileSync('systemd-analyze', ['verify', ...units], { stdio: 'pipe' })
    for (const unit of units.slice(0, 2))
      execFileSync('systemd-analyze', ['security', '--offline=true', '--threshold=25', unit], { stdio: 'pipe' })
  })

  it('the containers run as nobody, read-only, without capabilities', () => {
    const { services } = parse(read('deploy/compose.yaml')) as { services: Record<string, Record<string, unknown>> }
    expect(services['bridge']).to.deep.include({
      user: '10001:10001',
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      network_mode: 'service:web',
    })
    expect(services['bridge']).to.not.have.any.keys('ports', 'privileged')
    const [, last = ''] = read('deploy/Dockerfile').split(/\nFROM (?!.* AS )/)
    expect(last)
      .to.match(/\nUSER 10001:10001\n/)
      .and.match(/\nHEALTHCHECK .*\n.*\/readyz/)
    const ignored = read('deploy/Dockerfile.dockerignore').split('\n')
    expect(ignored).to.include.members(['certs', 'data', 'bridge.yaml', '.git'])
  })

  it('the files of the image are enough: the bridge starts on them alone', async function () {
    if (process.platform === 'win32') this.skip()
    const image = mkdtempSync(join(tmpdir(), 'bridge-image-'))
    const copied = [...read('deploy/Dockerfile').matchAll(/^COPY --from=build \/opt\/bridge\/(\S+) \.\/(\S+)$/gm)]
    for (const [, from, to] of copied) {
      mkdirSync(dirname(join(image, to!)), { recursive: true })
      if (from === 'node_modules') symlinkSync(projectFile('node_modules'), join(image, 'node_modules'))
      else cpSync(projectFile(from!), join(image, to!), { recursive: true })
    }
    const home = join(image, 'home')
    try {
      const idp = await makeCertificate({ commonName: 'idp', at: Date.now(), days: 30, keyType: 'rsa-2048' })
      writeFileSync(
        join(image, 'idp.xml'),
        idpMetadata(`https://idp.example${path.metadata}`, 'https://idp.example', [idp]),
      )
      const answers = [
        '--organization',
        'S',
        '--site',
        'https://s.example',
        '--technical',
        'it@s.example',
        '--phone',
        '1',
        '--school',
        'S',
      ]
      const journal = [
        '--journal',
        'J',
        '--journal-url',
        'https://j.example/sso',
        '--idp-metadata',
        join(image, 'idp.xml'),
      ]
      const init = ['init', '--json', '--into', home, '--url', 'https://vhod.school.example', ...answers, ...journal]
      const made = spawnSync(process.execPath, [join(image, 'scripts/bridge.js'), ...init], { encoding: 'utf8' })
      expect(made.stderr).to.equal('')
      const config = join(home, 'bridge.yaml')
      writeFileSync(config, readFileSync(config, 'utf8').replace('port: 8080', 'port: 0'))
      const server = spawn(process.execPath, [join(image, 'dist/src/main.js'), '--config', config])
      let said = ''
      server.stderr.on('data', part => (said += String(part)))
      for await (const part of server.stdout) if ((said += String(part)).includes('"ready"')) break
      server.kill()
      expect(said).to.include('"ready"')
    } finally {
      rmSync(image, { recursive: true, force: true })
    }
  })

  it('the service of Windows names what the guide lays out', () => {
    const xml = read('deploy/windows/bridge.xml')
    expect(xml).to.include('C:\\bridge\\program\\dist\\src\\main.js --config C:\\bridge\\bridge.yaml')
    expect(xml).to.include('<username>NT SERVICE\\bridge</username>')
  })
})
