/** The attacker in place of the bridge, before journals whose server or proxy asks it who has come: ours, and programs that are not ours. */
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { run, type Ran } from '../cli/desk.js'
import { modAuthCas, phpCas, type Client } from '../support/cas-clients.js'
import { freePort } from '../support/free-ports.js'
import { servePhp } from '../support/php.js'
import { proxies, startUpstream } from '../support/proxy.js'
import { has } from '../support/require.js'
import { startTestTown, type TestTown } from '../support/town.js'

type Flags = readonly string[]

/** The bridge of this town has been stopped, and the command takes its port. */
const check = ({ town, prepared }: TestTown, id: string, flags: Flags = []): Promise<Ran> =>
  run([
    ...['check-journal', id, '--config', prepared.configFile, '--login', 'p-1002', '--test-account'],
    ...['--listen', new URL(town.bridge).port, ...flags],
  ])

function expectShut(ran: Ran, ...doors: readonly string[]): void {
  expect(ran.code, ran.out + ran.err).to.equal(0)
  const shut = [...ran.out.matchAll(/^✓ shut +(\S+)/gm)].map(([, id]) => id)
  expect(shut).to.include.members(['replay', 'token-stays', ...doors])
}

describe('check-journal in place of the bridge', () => {
  let town: TestTown
  before(async () => {
    town = await startTestTown()
    await town.server.close()
  })
  after(() => town.close())

  it('finds every door of the demo journal with handles shut', async () => {
    const start = `${town.town.journals}/handle/login`
    const doors = ['invented', 'expired', 'other-audience', 'bridge-ailing', 'state-foreign', 'return-at-start']
    expectShut(await check(town, 'handle', ['--start', start]), ...doors, 'state-invented', 'logout-unheard')
  })

  it('finds every door of the demo journal with CAS shut', async () => {
    const start = `${town.town.journals}/cas/login`
    const doors = ['invented', 'other-service', 'logout-stranger', 'logout-unheard', 'bridge-ailing']
    expectShut(await check(town, 'cas', ['--start', start]), ...doors)
  })

  it('finds every door of the demo forum shut, which asks with a question', async () => {
    const doors = ['other-key', 'other-account', 'no-signature', 'state-missing', 'state-invented', 'state-foreign']
    expectShut(await check(town, 'forum'), ...doors, 'session-kept', 'return-at-start', 'logout-other-audience')
  })

  it('finds every door of the demo journal behind a proxy shut', async () => {
    const doors = ['header-outside', 'header-inside', 'header-struck', 'invented', 'state-foreign', 'logout-unheard']
    expectShut(await check(town, 'headers'), ...doors)
  })

  it('says which doors it left out where nobody can come in', async () => {
    const page = ['--page', `${town.town.journals}/handle/marks`]
    const [, ...blind] = [...page, '--config', town.prepared.configFile, '--login', 'x', '--test-account']
    const ran = await run(['check-journal', 'handle', '--page', ...blind])
    expect([ran.code, /shut +invented/.test(ran.out), ran.out.includes('--listen')], ran.out + ran.err).to.deep.equal([
      0,
      true,
      true,
    ])
    expect(ran.out).not.to.include('replay')
    const nowhere = await run(['check-journal', 'cas', ...blind.slice(1)])
    expect([nowhere.code, nowhere.err.includes('--listen PORT')]).to.deep.equal([2, true])
  })

  it('says that the port is taken', async () => {
    const ran = await check(town, 'handle', ['--listen', new URL(town.town.journals).port])
    expect([ran.code, ran.out]).to.deep.equal([2, ''])
    expect(ran.err).to.match(/--listen: Port \d+ .* in use/)
    const odd = await check(town, 'handle', ['--listen', 'x'])
    expect([odd.code, odd.err.includes('--listen')]).to.deep.equal([2, true])
  })
})

if (has('php', 'php-cli'))
  describe('check-journal against the receiver of DiscourseConnect for PHP', () => {
    it('finds every door shut', async () => {
      const port = await freePort()
      const origin = `http://127.0.0.1:${port}`
      const at = `${origin}/discourse-connect.php`
      const forum = {
        ...{ id: 'forum', title: 'Форум', schools: ['school-1'], roles: ['parent'], returnTo: [`${origin}/*`] },
        connector: { kind: 'discourse-connect', key: { file: 'certs/forum.key' }, url: at, startUrl: `${at}?login=1` },
      }
      const town = await startTestTown({ more: { journals: [forum] } })
      const key = await readFile(join(town.folder, 'certs/forum.key'), 'utf8')
      const diary = '<?php session_start(); echo isset($_SESSION["bridge_account"]) ? "in" : "out";'
      const settings = { bridge: town.town.bridge, journal: 'forum', key, home: `${origin}/diary/` }
      const site = await servePhp(['discourse-connect.php'], settings, { port, pages: { 'diary/index.php': diary } })
      try {
        expectShut(await check(town, 'forum'), 'other-account', 'state-foreign', 'session-kept', 'changed-field')
      } finally {
        site.close()
        await town.close()
      }
    })
  })

function casSuite(name: string, client: Client): void {
  it(`finds every door of ${name} shut`, async () => {
    const port = await freePort()
    const home = `http://127.0.0.1:${port}${client.page}`
    const journal = {
      ...{
        id: 'client',
        title: name,
        schools: ['school-1'],
        roles: ['parent'],
        release: ['login', 'role', 'lastName'],
      },
      returnTo: [`http://127.0.0.1:${port}/*`],
      connector: { kind: 'cas', home, ...client.settings },
    }
    const town = await startTestTown({ more: { journals: [journal] } })
    await town.server.close()
    const folder = await mkdtemp(join(tmpdir(), 'cas-client-'))
    await chmod(folder, 0o755)
    const program = await client.start(folder, port, town.town.bridge)
    try {
      expectShut(await check(town, 'client'), 'invented', 'other-service', 'logout-stranger', 'logout-unheard')
    } finally {
      program.removeAllListeners('exit').kill()
      await town.close()
      await rm(folder, { recursive: true, force: true })
    }
  })
}

describe('check-journal against CAS clients that are not ours', () => {
  if (has('/usr/lib/apache2/modules/mod_auth_cas.so', 'apache2 libapache2-mod-auth-cas'))
    casSuite('mod_auth_cas', modAuthCas)
  if (has('/usr/share/php/CAS.php', 'php-cas php-cli php-curl php-xml')) casSuite('php-cas', phpCas)
})

describe('check-journal against the proxies of the guide', () => {
  for (const kind of ['nginx', 'caddy'] as const)
    it(`finds every door of ${kind} shut, and one of a journal that listens beside it`, async function () {
      if (!has(proxies[kind].program, kind)) return this.skip()
      const port = await freePort()
      const site = `http://127.0.0.1:${port}`
      const headers = {
        'X-Remote-User': '{login}',
        'X-Remote-Role': '{role}',
        'X-Remote-Name': '{lastName} {firstName}',
      }
      const dnevnik = {
        ...{ id: 'dnevnik', title: 'Дневник', schools: ['school-1'], roles: ['parent'], returnTo: [`${site}/*`] },
        ...{
          connector: { kind: 'trusted-headers', site, headers },
          release: ['login', 'role', 'lastName', 'firstName'],
        },
      }
      const town = await startTestTown({ more: { journals: [dnevnik] } })
      await town.server.close()
      const upstream = await startUpstream()
      const proxy = await proxies[kind].start(port, new URL(town.town.bridge), upstream.port)
      try {
        const ran = await check(town, 'dnevnik')
        expectShut(ran, 'header-outside', 'header-inside', 'header-struck', 'logout-unheard')
        const beside = await check(town, 'dnevnik', ['--behind', `http://127.0.0.1:${upstream.port}`])
        expect([beside.code, /OPEN +past-the-proxy/.test(beside.out)], beside.out + beside.err).to.deep.equal([1, true])
        const guarded = await check(town, 'dnevnik', ['--behind', 'http://127.0.0.1:1'])
        expectShut(guarded, 'past-the-proxy')
      } finally {
        upstream.close()
        await proxy.close()
        await town.close()
      }
    })
})
