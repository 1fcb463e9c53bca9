/** Real proxies with the very text of our documentation, in front of a journal that only writes down what it was sent. */
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { projectFile } from '../../src/base/project-file.js'

const PAGE = 'docs/integrators/trusted-headers.md'

/** The block of the page in this language, with our places in place of the example's. */
function documented(language: string, places: Readonly<Record<string, string>>): string {
  const page = readFileSync(projectFile(PAGE), 'utf8')
  const block = new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``).exec(page)?.[1]
  if (block === undefined) throw new Error(`${PAGE} has no block of ${language}`)
  return Object.entries(places).reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`the ${language} block of ${PAGE} does not hold ${from}`)
    return text.replaceAll(from, to)
  }, block)
}

export interface Upstream {
  readonly port: number
  /** Names and values of each request, as they came, with the request line as `:request`. */
  readonly seen: (readonly (readonly [string, string])[])[]
  close(): void
}

/** A journal that believes its headers. */
export async function startUpstream(): Promise<Upstream> {
  const seen: Upstream['seen'] = []
  const server = createServer((request, response) => {
    const raw = request.rawHeaders
    const pairs = raw.flatMap((name, i) => (i % 2 === 0 ? [[name, raw[i + 1]!] as const] : []))
    seen.push([[':request', `${request.method!} ${request.url!}`], ...pairs])
    response.setHeader('Content-Type', 'text/html; charset=utf-8')
    response.end(`journal ${JSON.stringify(pairs)}`)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    seen,
    close: () => server.close().closeAllConnections(),
  }
}

export interface Proxy {
  /** On stderr, so far. */
  said(): string
  close(): Promise<void>
}

/** Debian keeps it out of the way of people who are not root. */
const NGINX = '/usr/sbin/nginx'

/** @param server what stands inside of `http`, with the paths of this machine */
export async function startNginx(port: number, server: string): Promise<Proxy> {
  const folder = mkdtempSync(join(tmpdir(), 'nginx-'))
  const at = (name: string): string => join(folder, name)
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(name => `${name}_temp_path ${at(name)};`)
  writeFileSync(
    at('nginx.conf'),
    `daemon off; master_process off; pid ${at('pid')}; error_log ${at('error.log')};
events {}
http { access_log off; ${paths.join(' ')}
${server} }`,
  )
  const nginx = spawn(NGINX, ['-p', folder, '-c', at('nginx.conf'), '-e', at('error.log')], { stdio: 'pipe' })
  return running(nginx, port, folder)
}

/** @param site what stands below the global options */
export async function startCaddy(port: number, site: string): Promise<Proxy> {
  const folder = mkdtempSync(join(tmpdir(), 'caddy-'))
  writeFileSync(join(folder, 'Caddyfile'), `{\n  admin off\n  auto_https off\n}\n${site}`)
  const environment = { ...process.env, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder }
  const caddy = spawn('caddy', ['run', '--config', join(folder, 'Caddyfile'), '--adapter', 'caddyfile'], {
    stdio: 'pipe',
    env: environment,
  })
  return running(caddy, port, folder)
}

/** As the page has them, between a port of ours, the bridge and the journal. */
export const proxies = {
  nginx: {
    program: NGINX,
    start: (port: number, bridge: URL, upstream: number) =>
      startNginx(
        port,
        documented('nginx', {
          'listen 443 ssl;': `listen 127.0.0.1:${port};`,
          'server_name dnevnik.school.example;': 'server_name 127.0.0.1;',
          'https://vhod.school.example': bridge.origin,
          'Host vhod.school.example': `Host ${bridge.host}`,
          '127.0.0.1:8088': `127.0.0.1:${upstream}`,
        }),
      ),
  },
  caddy: {
    program: 'caddy',
    start: (port: number, bridge: URL, upstream: number) =>
      startCaddy(
        port,
        documented('caddy', {
          'dnevnik.school.example {': `http://127.0.0.1:${port} {`,
          'https://vhod.school.example': bridge.origin,
          'Host vhod.school.example': `Host ${bridge.host}`,
          '127.0.0.1:8088': `127.0.0.1:${upstream}`,
        }),
      ),
  },
} as const

async function running(child: ChildProcess, port: number, folder: string): Promise<Proxy> {
  let said = ''
  child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()))
  const exit = new Promise(resolve => child.once('exit', resolve))
  while (!(await accepts(port))) if (child.exitCode !== null) throw new Error(`the proxy ended: ${said}`)
  return {
    said: () => said,
    async close() {
      child.kill()
      await exit
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Asked again and again, since a refused connection costs nothing. */
const accepts = (port: number): Promise<boolean> =>
  new Promise(resolve => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy()
      resolve(true)
    }).once('error', () => setTimeout(() => resolve(false), 10))
  })

/** Octets as they stand: clients that mean no good write what no library would. @returns status line and headers of the first answer */
export const sendRaw = (port: number, text: string): Promise<string> =>
  new Promise((resolve, reject) => {
    let answer = ''
    const socket = connect(port, '127.0.0.1', () => socket.write(text, 'latin1'))
    socket.setEncoding('latin1')
    socket.on('data', chunk => (answer += String(chunk)))
    socket.once('end', () => resolve(answer))
    socket.once('error', reject)
  })
