/** The servers that compose.yaml can bring along, with the very scripts that start them, in the real programs. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { parse } from 'yaml'
import { systemClock } from '../../src/base/clock.js'
import { projectFile } from '../../src/base/project-file.js'
import { readShortLivedAddress } from '../../src/base/short-lived-address.js'
import { openStore } from '../../src/store/open.js'
import { failureOf } from '../contract/samples.js'
import { options, temporaryFile } from '../store/databases.js'
import { freePorts } from '../support/free-ports.js'
import { postgresServer } from '../support/postgres.js'
import { PASSWORD, USER } from '../support/postgres-program.js'
import { has } from '../support/require.js'

interface Service {
  readonly profiles?: readonly string[]
  readonly image?: string
  readonly volumes?: readonly string[]
  readonly stop_grace_period?: string
  readonly environment?: Readonly<Record<string, string>>
}
const read = (name: string): string => readFileSync(projectFile(name), 'utf8')
const { services } = parse(read('deploy/compose.yaml')) as { readonly services: Readonly<Record<string, Service>> }
const SECRET = "it's a 'secret' 1"

describe('deploy: who stops the bridge', () => {
  it('waits longer than the longest drain and what comes after it', () => {
    const longest = Number(/listen\.drain.* to (\d+)s \|/.exec(read('docs/configuration.md'))?.[1]) + 2 * 5
    expect(longest).to.equal(70)
    const waits = {
      systemd: /^TimeoutStopSec=(\d+)$/m.exec(read('deploy/bridge.service'))?.[1],
      docker: /^(\d+)s$/.exec(services['bridge']?.stop_grace_period ?? '')?.[1],
      windows: /<stoptimeout>(\d+) sec</.exec(read('deploy/windows/bridge.xml'))?.[1],
    }
    for (const [who, seconds] of Object.entries(waits)) expect(Number(seconds), who).to.be.above(longest)
  })
})

describe('deploy: the servers of compose.yaml', () => {
  it('come only when asked for, reach nobody outside, and may nothing', () => {
    for (const name of ['postgres', 'valkey']) {
      expect(services[name]).to.deep.include({
        profiles: [name],
        network_mode: 'service:web',
        user: '999:999',
        read_only: true,
        cap_drop: ['ALL'],
        security_opt: ['no-new-privileges:true'],
      })
      expect(services[name]).to.not.have.any.keys('ports', 'privileged')
    }
    const mounted = Object.values(services).flatMap(({ volumes = [] }) =>
      volumes.flatMap(each => /^\.\/([^:]+):/.exec(each)?.[1] ?? []),
    )
    expect(mounted).to.include.members(['postgres-init.sh', 'valkey.sh'])
    for (const file of mounted) read(`deploy/${file}`)
    expect(services['valkey']!.volumes, 'it keeps nothing').to.deep.equal(['./valkey.sh:/etc/valkey.sh:ro'])
    expect(Object.keys(services['bridge']!.environment ?? {})).to.have.members([
      'BRIDGE_POSTGRES_PASSWORD',
      'BRIDGE_REDIS_PASSWORD',
    ])
    expect(read('.gitignore')).to.match(/^deploy\/\.env$/m)
    expect(read('deploy/Dockerfile.dockerignore')).to.match(/^deploy\/\.env$/m)
  })

  it('Valkey is what the bridge asks of it, and lets in nobody else', async function () {
    if (!has('redis-server', 'redis-server')) this.skip()
    const [port] = (await freePorts(1)) as [number]
    const script = projectFile('deploy/valkey.sh')
    const none = spawnSync('sh', [script], { encoding: 'utf8', env: { PATH: process.env['PATH'] } })
    expect([none.status === 0, none.stderr]).to.satisfy(([ok, said]: [boolean, string]) => !ok && said.includes('deploy/.env')) // prettier-ignore
    const env = { PATH: process.env['PATH'], VALKEY: 'redis-server', BRIDGE_REDIS_PASSWORD: 'secret' }
    const server: ChildProcess = spawn('sh', [script, '--port', String(port)], { env, stdio: ['ignore', 'pipe', 'inherit'] }) // prettier-ignore
    try {
      let said = ''
      for await (const part of server.stdout!) if ((said += String(part)).includes('Ready to accept')) break
      const open = (password: string) => {
        const shortLived = {
          address: readShortLivedAddress(`redis://bridge@127.0.0.1:${port}`)!,
          password,
          clock: systemClock,
        }
        return openStore(options(`sqlite:${temporaryFile()}`, { shortLived }))
      }
      const store = await open('secret')
      await store.shortLived!.meet()
      await store.check()
      expect(store.shortLived!.facts().policy).to.equal('noeviction')
      await store.close()
      const other = await open('wrong')
      expect(await failureOf(other.check())).to.be.instanceOf(Error)
      await other.close()
    } finally {
      server.kill()
      await once(server, 'exit')
    }
  })

  it('PostgreSQL gets a role that owns one database, and is no superuser', async function () {
    const server = await postgresServer()
    if (!server || !has('psql', 'postgresql-client')) return this.skip()
    // the server of the tests has a role and databases of that name
    const script = read('deploy/postgres-init.sh').replace(/(role|database|owner) bridge/g, '$1 composed')
    const env = {
      ...{ PATH: process.env['PATH'], POSTGRES_USER: USER, PGPASSWORD: PASSWORD },
      ...{ PGHOST: '127.0.0.1', PGPORT: String(server.port), BRIDGE_POSTGRES_PASSWORD: SECRET },
    }
    const made = spawnSync('sh', ['-c', script], { encoding: 'utf8', env })
    expect([made.status, made.stderr]).to.deep.equal([0, ''])
    const store = await openStore({
      ...options(`postgres://composed@127.0.0.1:${server.port}/composed`),
      postgres: { password: SECRET },
    })
    await store.check()
    await store.close()
    const roles = await server.ask('composed', "select rolsuper, rolcreatedb, rolcreaterole from pg_roles where rolname = 'composed'") // prettier-ignore
    expect(roles).to.deep.equal([{ rolsuper: false, rolcreatedb: false, rolcreaterole: false }])
  })
})
