/** nginx in front of all nodes: deploy/nginx.conf with the upstream of docs/several-nodes.md, and no stickiness. */
import { chmodSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { Agent } from 'node:https'
import { join } from 'node:path'
import { projectFile } from '../../src/base/project-file.js'
import { authority, tlsFor } from '../support/https.js'
import { trusting } from '../support/https-fetch.js'
import { startNginx, type Proxy } from '../support/proxy.js'

const PAGE = 'docs/several-nodes.md'

/** `https://localhost:PORT`, whose authority the fetch trusts. */
export interface Balancer extends Proxy {
  readonly ask: typeof fetch
}

/** @param folder for key and certificate */
export async function startBalancer(folder: string, port: number, nodes: readonly number[]): Promise<Balancer> {
  const [key, cert] = [join(folder, 'tls.key'), join(folder, 'tls.crt')]
  const tls = await tlsFor({ name: 'localhost' })
  writeFileSync(key, tls.key as string)
  writeFileSync(cert, tls.cert as string)
  const pages = join(folder, 'pages')
  mkdirSync(pages)
  copyFileSync(projectFile('deploy/pause.html'), join(pages, 'pause.html'))
  // nginx serves as another user when it was started by root
  chmodSync(folder, 0o711)
  const site = replaced(readFileSync(projectFile('deploy/nginx.conf'), 'utf8'), {
    'rate=20r/s': 'rate=100000r/s',
    'listen 443 ssl http2;': `listen 127.0.0.1:${port} ssl http2;`,
    'listen [::]:443 ssl http2;': '',
    'vhod.school.example;': 'localhost;',
    '/etc/letsencrypt/live/vhod.school.example/fullchain.pem': cert,
    '/etc/letsencrypt/live/vhod.school.example/privkey.pem': key,
    '/opt/bridge/deploy': pages,
    '/var/log/nginx/error.log': join(folder, 'nginx-errors.log'),
    'proxy_pass http://127.0.0.1:8080;': `${documented('proxy_pass')} add_header X-Node $upstream_addr always;`,
  })
  // the server that only redirects to https stays out
  const [, , https] = site.split(/^(?=server \{)/m)
  const zone = site.slice(0, site.indexOf('server {'))
  const proxy = await startNginx(port, `${zone}\n${upstream(nodes)}\n${https}`)
  // shorter than nginx keeps a connection: of those that it closes just then a request could be lost
  const agent = new Agent({ keepAlive: true, timeout: 20_000, ca: (await authority()).certificatePem, maxSockets: 200 })
  return {
    ...proxy,
    ask: trusting((await authority()).certificatePem, agent),
    async close() {
      agent.destroy()
      await proxy.close()
    },
  }
}

/** The n-th block of nginx on the page: the upstream, and what stands in `location`. */
function documented(begins: string): string {
  const blocks = [...readFileSync(projectFile(PAGE), 'utf8').matchAll(/```nginx\n([^]*?)```/g)].map(([, text]) => text!)
  const block = blocks.find(text => text.trimStart().startsWith(begins))
  if (block === undefined) throw new Error(`${PAGE} has no block of nginx that begins with ${begins}`)
  return block
}

function upstream(ports: readonly number[]): string {
  const lines = documented('upstream').split('\n')
  const like = lines.find(line => line.includes('10.0.0.11:8080'))
  if (like === undefined) throw new Error(`${PAGE} names no server 10.0.0.11:8080`)
  const servers = ports.map(port => like.replace('10.0.0.11:8080', `127.0.0.1:${port}`))
  return [...lines.filter(line => !line.includes(':8080')).slice(0, 1), ...servers, '}'].join('\n')
}

const replaced = (whole: string, places: Readonly<Record<string, string>>): string =>
  Object.entries(places).reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`deploy/nginx.conf does not hold ${from}`)
    return text.replaceAll(from, to)
  }, whole)
