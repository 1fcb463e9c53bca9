/** deploy/nginx.conf and deploy/Caddyfile in the real programs, in front of a bridge that `init` made: a whole login over https. */
import { spawn, type ChildProcess } from 'node:child_process'
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, type SecureVersion } from 'node:tls'
import { expect } from 'chai'
import Database from 'libsql'
import { systemChance } from '../../src/base/chance.js'
import { systemClock } from '../../src/base/clock.js'
import { projectFile } from '../../src/base/project-file.js'
import { makeCertificate } from '../../src/certificates/make.js'
import { startMockIdp, type RunningMockIdp } from '../../src/mock-idp/app.js'
import { idpMetadata, path } from '../../src/mock-idp/metadata.js'
import { run } from '../cli/desk.js'
import { Browser } from '../support/browser.js'
import { freePorts } from '../support/free-ports.js'
import { authority, tlsFor } from '../support/https.js'
import { trusting } from '../support/https-fetch.js'
import { startCaddy, startNginx, startUpstream, type Proxy } from '../support/proxy.js'
import { has } from '../support/require.js'
import { walk } from '../support/sign-in.js'

interface Places {
  readonly https: number
  readonly http: number
  /** The bridge, or whatever stands in its place. */
  readonly behind: number
  readonly key: string
  readonly cert: string
  /** What certbot writes into. */
  readonly webroot: string
  /** A copy of deploy/ that its user may read. */
  readonly pages: string
  /** What nginx says of errors. */
  readonly errors: string
}

/** A file of deploy/ with our places in place of the example's. */
function deployed(file: string, places: Readonly<Record<string, string>>): string {
  return Object.entries(places).reduce(
    (text, [from, to]) => {
      if (!text.includes(from)) throw new Error(`deploy/${file} does not hold ${from}`)
      return text.replaceAll(from, to)
    },
    readFileSync(projectFile(`deploy/${file}`), 'utf8'),
  )
}

const kinds = {
  nginx: {
    program: '/usr/sbin/nginx',
    start: ({ https, http, behind, key, cert, webroot, pages, errors }: Places) =>
      startNginx(
        https,
        deployed('nginx.conf', {
          'listen 80;': `listen 127.0.0.1:${http};`,
          'listen [::]:80;': '',
          'listen 443 ssl http2;': `listen 127.0.0.1:${https} ssl http2;`,
          'listen [::]:443 ssl http2;': '',
          'vhod.school.example;': 'localhost;',
          '/etc/letsencrypt/live/vhod.school.example/fullchain.pem': cert,
          '/etc/letsencrypt/live/vhod.school.example/privkey.pem': key,
          '/var/www/html': webroot,
          '/var/log/nginx/error.log': errors,
          '/opt/bridge/deploy': pages,
          '127.0.0.1:8080': `127.0.0.1:${behind}`,
        }),
      ),
  },
  caddy: {
    program: 'caddy',
    start: ({ https, behind, key, cert, pages }: Places) =>
      startCaddy(
        https,
        deployed('Caddyfile', {
          'vhod.school.example {': `https://localhost:${https} {`,
          'tls {': `tls ${cert} ${key} {`,
          '/opt/bridge/deploy': pages,
          '127.0.0.1:8080': `127.0.0.1:${behind}`,
        }),
      ),
  },
} as const

const LIES = {
  'x-forwarded-for': '203.0.113.66, 127.0.0.1',
  'x-real-ip': '203.0.113.66',
  forwarded: 'for=203.0.113.66;proto=http;host=evil.example',
  'x-forwarded-proto': 'http',
}

for (const kind of ['nginx', 'caddy'] as const)
  describe(`deploy: the bridge behind ${kind}`, function () {
    this.timeout(180_000)
    const folder = mkdtempSync(join(tmpdir(), 'bridge-deploy-'))
    let [bridge, idp, proxy]: [ChildProcess?, RunningMockIdp?, Proxy?] = []
    let [origin, ports]: [string, Places] = ['', undefined as never]
    let ask: typeof fetch

    before(async function () {
      if (!has(kinds[kind].program, kind)) return this.skip()
      const [https, http, behind, idpPort] = (await freePorts(4)) as [number, number, number, number]
      const [key, cert] = [join(folder, 'tls.key'), join(folder, 'tls.crt')]
      const tls = await tlsFor({ name: 'localhost' })
      writeFileSync(key, tls.key as string)
      writeFileSync(cert, tls.cert as string)
      ask = trusting((await authority()).certificatePem)
      origin = `https://localhost:${https}`
      const pages = join(folder, 'pages')
      mkdirSync(pages)
      copyFileSync(projectFile('deploy/pause.html'), join(pages, 'pause.html'))
      // nginx serves as another user when it was started by root
      chmodSync(folder, 0o711)
      ports = {
        https,
        http,
        behind,
        key,
        cert,
        webroot: join(folder, 'webroot'),
        pages,
        errors: join(folder, 'errors.log'),
      }
      const idpUrl = `http://127.0.0.1:${idpPort}`
      const idpKey = await makeCertificate({ commonName: 'idp', at: Date.now(), days: 30, keyType: 'rsa-2048' })
      writeFileSync(join(folder, 'idp.xml'), idpMetadata(idpUrl + path.metadata, idpUrl, [idpKey]))
      const answers = {
        '--into': folder,
        '--port': String(behind),
        '--url': origin,
        '--organization': 'Школа',
        '--site': 'https://school.example',
        '--technical': 'it@school.example',
        '--phone': '1',
        '--school': 'Школа',
        '--idp-metadata': join(folder, 'idp.xml'),
        '--journal': 'Журнал',
        '--journal-url': 'https://sgo.school.example/sso',
      }
      const made = await run(['init', '--yes', ...Object.entries(answers).flat()])
      expect(made.err).to.equal('')
      bridge = spawn(process.execPath, [projectFile('dist/src/main.js'), '--config', join(folder, 'bridge.yaml')], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      for await (const part of bridge.stdout!) if (String(part).includes('"ready"')) break
      idp = await startMockIdp({
        host: '127.0.0.1',
        port: idpPort,
        baseUrl: idpUrl,
        keys: [idpKey],
        serviceProviders: [readFileSync(join(folder, 'metadata/sp.xml'), 'utf8')],
        clock: systemClock,
        chance: systemChance,
      })
      proxy = await kinds[kind].start(ports)
    })
    after(async () => {
      bridge?.kill()
      await Promise.all([proxy?.close(), idp?.close()])
      rmSync(folder, { recursive: true, force: true })
    })

    it('signs somebody in, and whatever he says about his address changes nothing', async () => {
      const page = await walk(new Browser(LIES, ask), `${origin}/self-test`, 'father@mail.example')
      expect([page.status, page.url.origin], page.text).to.deep.equal([200, origin])
      expect(page.text).to.include('Соколов')
      const raw = new Database(join(folder, 'data/bridge.db'))
      const rows = raw.prepare('select distinct address from audit_events where address is not null').all()
      raw.close()
      expect(rows).to.deep.equal([{ address: '127.0.0.1' }])
    })

    it('is what doctor looks for: this bridge, over TLS that browsers take', async () => {
      const network = { authorities: [(await authority()).certificatePem] }
      const { out } = await run(['doctor', '--config', join(folder, 'bridge.yaml'), '--json'], { network })
      const { remarks } = JSON.parse(out) as { remarks: { light: string; check: string }[] }
      // of a visitor on this very machine doctor cannot tell whether his address was believed
      const seen = remarks.filter(({ check }) => ['itself', 'tls'].includes(check))
      expect(seen.map(({ light, check }) => `${check} ${light}`)).to.have.members(['itself green', 'tls green'])
    })

    it('hands one address on, and no other word about where a request came from', async () => {
      const upstream = await startUpstream()
      const [https, http] = (await freePorts(2)) as [number, number]
      const other = await kinds[kind].start({ ...ports, https, http, behind: upstream.port })
      try {
        await ask(`https://localhost:${https}/`, { headers: { ...LIES, 'x-forwarded-host': 'dnevnik.school.example' } })
        const seen = upstream.seen[0]!.map(([name, value]) => [name.toLowerCase(), value] as const)
        const of = (name: string) => seen.filter(each => each[0] === name).map(each => each[1])
        expect(of('x-forwarded-for')).to.deep.equal(['127.0.0.1'])
        expect(of('forwarded').join('')).to.equal('')
        expect(of('x-forwarded-host'), 'a journal tells its own').to.deep.equal(['dnevnik.school.example'])
        expect(of('host')[0]).to.match(/^localhost/)
      } finally {
        await other.close()
        upstream.close()
      }
    })

    it('speaks TLS 1.2 and 1.3, and nothing older', async () => {
      const spoken = await Promise.all(
        (['TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const).map(version => speaks(ports.https, version)),
      )
      expect(spoken).to.deep.equal([false, true, true])
    })

    it('takes no body that no honest answer has', async () => {
      const body = new URLSearchParams({ SAMLResponse: 'A'.repeat(3_000_000) })
      const answer = await ask(`${origin}/saml/acs`, { method: 'POST', body }).catch(() => undefined)
      // Caddy before 2.8 takes it for a failure of the bridge
      expect(answer?.status ?? 413).to.be.oneOf(kind === 'nginx' ? [413] : [413, 503])
    })

    it('shows a page for people while the bridge is away, to whatever was asked', async () => {
      const [https, http, nobody] = (await freePorts(3)) as [number, number, number]
      const other = await kinds[kind].start({ ...ports, https, http, behind: nobody })
      try {
        for (const [path, method] of [
          ['/login?journal=sgo', 'GET'],
          ['/saml/slo?SAMLRequest=signed', 'GET'],
          ['/saml/acs', 'POST'],
        ] as const) {
          const answer = await ask(`https://localhost:${https}${path}`, { method })
          expect([answer.status, answer.headers.get('retry-after')], path).to.deep.equal([503, '30'])
          expect(answer.headers.get('content-type')).to.include('text/html')
          expect(answer.headers.get('cache-control')).to.equal('no-store')
          expect(await answer.text()).to.include('Вход скоро заработает')
        }
        expect(`${other.said()}${kind === 'nginx' ? readFileSync(ports.errors, 'utf8') : ''}`).not.to.match(
          /journal=|SAMLRequest/,
        )
      } finally {
        await other.close()
      }
    })

    it('lets the pages of the bridge through as they are', async () => {
      const answer = await ask(`${origin}/pause.html`)
      const own = await ask(`${origin}/no-such-address`)
      expect([answer.status, own.status]).to.deep.equal([404, 404])
      expect(await own.text()).to.include('bridge.css')
    })

    if (kind === 'nginx')
      it('lets certbot renew the certificate', async () => {
        const challenges = join(ports.webroot, '.well-known/acme-challenge')
        mkdirSync(challenges, { recursive: true })
        writeFileSync(join(challenges, 'token'), 'proof')
        const answer = await fetch(`http://127.0.0.1:${ports.http}/.well-known/acme-challenge/token`)
        expect([answer.status, await answer.text()]).to.deep.equal([200, 'proof'])
      })

    if (kind === 'nginx')
      it('leads from http to https', async () => {
        const answer = await fetch(`http://127.0.0.1:${ports.http}/login?journal=x`, { redirect: 'manual' })
        expect([answer.status, answer.headers.get('location')]).to.deep.equal([
          301,
          'https://127.0.0.1/login?journal=x',
        ])
      })
  })

const speaks = (port: number, version: SecureVersion): Promise<boolean> =>
  new Promise(resolve => {
    const range = { minVersion: version, maxVersion: version, ciphers: 'DEFAULT@SECLEVEL=0' }
    const socket = connect(
      { port, host: '127.0.0.1', servername: 'localhost', rejectUnauthorized: false, ...range },
      () => {
        socket.destroy()
        resolve(true)
      },
    ).once('error', () => resolve(false))
  })
