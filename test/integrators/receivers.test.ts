/** The files we give to integrators, run as they will run them. Each row spoils one thing in a link that is otherwise accepted. */
import { spawn } from 'node:child_process'
import { createPublicKey, generateKeyPairSync, randomUUID, type KeyObject } from 'node:crypto'
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect } from 'chai'
import { SignJWT } from 'jose'
import { MONO, PYTHON, startCsharp, startJava, startPython } from '../support/receivers.js'
import { has, hasPythonModule } from '../support/require.js'
import { projectFile } from '../../src/base/project-file.js'

const BRIDGE = 'https://vhod.school.example'
const HOME = 'https://sgo.school.example/diary/'
const SHARED = 'k5n2v8Qx0rLwYb7TzJ3hGd9sUe4aPm6C'
const seconds = (): number => Math.floor(Date.now() / 1000)

interface Pair {
  readonly publicKey: KeyObject
  readonly privateKey: KeyObject
}

interface Settings {
  readonly alg: string
  readonly key: string
  readonly requireState?: boolean
  /** Seconds. */
  readonly now?: number
}
interface Receiver {
  readonly login: string
  /** A page that says who is in. */
  readonly who?: string
  readonly sso: string
  readonly close: () => void
}
const common = { bridge: BRIDGE, journal: 'sgo', audience: 'sgo', home: HOME, requireState: false }

async function openNode({ now, ...settings }: Settings): Promise<Receiver> {
  interface Kit {
    readonly login: (request: IncomingMessage, response: ServerResponse) => void
    readonly sso: (request: IncomingMessage, response: ServerResponse) => Promise<void>
  }
  const { createReceiver } = (await import(pathToFileURL(projectFile('docs/integrators/node/receiver.mjs')).href)) as {
    readonly createReceiver: (settings: object) => Kit
  }
  const receiver = createReceiver({
    ...{ ...common, ...settings, ...(now !== undefined && { now: () => now * 1000 }) },
    signIn: (account: { login: string; child: string }, _: IncomingMessage, response: ServerResponse) =>
      response.setHeader('X-Signed-In', `${account.login} ${account.child}`),
  })
  const server = createServer((request, response) => {
    if (request.url?.startsWith('/login')) receiver.login(request, response)
    else void receiver.sso(request, response)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { login: `${origin}/login`, sso: `${origin}/sso?token=`, close: () => server.close().closeAllConnections() }
}

async function openPhp(settings: Settings): Promise<Receiver> {
  const folder = mkdtempSync(join(tmpdir(), 'receiver-'))
  copyFileSync(projectFile('docs/integrators/php/receiver.php'), join(folder, 'receiver.php'))
  const all = { ...common, ...settings, usedFile: join(folder, 'used.txt') }
  writeFileSync(join(folder, 'settings.json'), JSON.stringify(all))
  writeFileSync(
    join(folder, 'settings.php'),
    "<?php return json_decode(file_get_contents(__DIR__ . '/settings.json'), true);",
  )
  writeFileSync(join(folder, 'who.php'), "<?php session_start(); echo implode(' ', $_SESSION['bridge_account']);")
  const php = spawn('php', ['-d', `session.save_path=${folder}`, '-S', '127.0.0.1:0', '-t', folder])
  const port = await new Promise<string>((resolve, reject) => {
    php.once('exit', code => reject(new Error(`php ended with ${String(code)}`)))
    php.stderr.on('data', (chunk: Buffer) => {
      const [, found] = /127\.0\.0\.1:([0-9]+)\) started/.exec(chunk.toString()) ?? []
      if (found) resolve(found)
    })
  })
  const origin = `http://127.0.0.1:${port}/receiver.php`
  return {
    ...{ login: `${origin}?login=1`, sso: `${origin}?token=`, who: origin.replace(/receiver.*/, 'who.php') },
    close: () => {
      php.kill()
      rmSync(folder, { recursive: true })
    },
  }
}

const openDemo =
  (start: typeof startPython) =>
  async ({ requireState = false, ...settings }: Settings): Promise<Receiver> => {
    const { origin, close } = await start({ bridge: BRIDGE, home: HOME, requireState, ...settings })
    return { login: `${origin}/login`, sso: `${origin}/sso?token=`, who: `${origin}/`, close }
  }

const get = async (url: string, cookie = '') => {
  const answer = await fetch(url, { redirect: 'manual', headers: { cookie } })
  const cookies = answer.headers.getSetCookie().map(line => line.split(';')[0]!)
  return {
    status: answer.status,
    to: answer.headers.get('location'),
    text: await answer.text(),
    cookies,
    headers: answer.headers,
  }
}

const token = (
  claims: object = {},
  key: KeyObject | Uint8Array = Buffer.from(SHARED),
  alg = 'HS256',
): Promise<string> =>
  new SignJWT({
    ...{ iss: BRIDGE, aud: 'sgo', iat: seconds(), exp: seconds() + 60, jti: randomUUID(), sub: 'x', account: 'a' },
    ...{ login: 'p-1001', role: 'parent', school: 'school-1', child: 'c-501', ...claims },
  })
    .setProtectedHeader({ alg, typ: 'JWT' })
    .sign(key)

const none = Buffer.from('{"alg":"none"}').toString('base64url')
const attacks: readonly [string, () => Promise<string>, number, string][] = [
  ['nothing', () => Promise.resolve(''), 400, 'token-form'],
  ['not a token', () => Promise.resolve('a.b'), 400, 'token-form'],
  ['parts that are no JSON', () => Promise.resolve('AAAA.AAAA.AAAA'), 400, 'token-form'],
  ['a key of their own', () => token({}, Buffer.from('x'.repeat(32))), 403, 'token-signature'],
  ['alg none', async () => (await token()).replace(/^[^.]+/, none), 403, 'token-algorithm'],
  ['alg none, unsigned', async () => (await token()).replace(/^[^.]+/, none).replace(/[^.]+$/, ''), 400, 'token-form'],
  ['another login', async () => {
    const [head, , signature] = (await token()).split('.')
    return [head, (await token({ login: 't-1' })).split('.')[1], signature].join('.')
  }, 403, 'token-signature'],
  ['expired', () => token({ iat: seconds() - 120, exp: seconds() - 60 }), 403, 'token-expired'],
  ['not yet valid', () => token({ iat: seconds() + 90, exp: seconds() + 150 }), 403, 'token-early'],
  ['another audience', () => token({ aud: 'eljur' }), 403, 'token-audience'],
  ['another issuer', () => token({ iss: 'https://evil.example' }), 403, 'token-issuer'],
  ['a foreign state', () => token({ state: 'foreign' }), 403, 'state-foreign'],
  ['no login', () => token({ login: 1 }), 400, 'token-form'],
  ['no expiry', () => token({ exp: undefined }), 400, 'token-form'],
] // prettier-ignore

function receiverSuite(name: string, open: (settings: Settings) => Promise<Receiver>): void {
  let receiver: Receiver
  before(async () => (receiver = await open({ alg: 'HS256', key: SHARED })))
  after(() => receiver.close())

  it(`${name}: control: a good link opens a session and leads to a clean address`, async () => {
    const door = await get(receiver.sso + (await token()))
    expect([door.status, door.to]).to.deep.equal([303, HOME])
    expect(door.headers.get('referrer-policy')).to.equal('no-referrer')
    const signedIn = door.headers.get('x-signed-in') ?? (await get(receiver.who!, door.cookies.at(-1))).text
    expect(signedIn).to.contain('p-1001').and.to.contain('c-501')
  })

  for (const [attack, make, status, code] of attacks) {
    it(`${name}: ${attack} -> ${code}`, async () => {
      const answer = await get(receiver.sso + (await make()))
      expect([answer.status, answer.to]).to.deep.equal([status, null])
      expect(answer.text).to.contain(`Для школы: ${code}<`)
    })
  }

  it(`${name}: the same link twice -> token-used, and a refused one uses nothing up`, async () => {
    const link = receiver.sso + (await token())
    expect((await get(link.slice(0, -3))).status).to.equal(403)
    const both = await Promise.all([get(link), get(link)])
    expect(both.map(({ status }) => status).sort()).to.deep.equal([303, 403])
    expect((await get(link)).text).to.contain('token-used')
  })

  it(`${name}: a login that starts here comes back with its state`, async () => {
    const start = await get(receiver.login)
    const { origin, pathname, searchParams } = new URL(start.to!)
    expect([origin, pathname]).to.deep.equal([BRIDGE, '/login'])
    expect([searchParams.get('journal'), searchParams.get('return')]).to.deep.equal(['sgo', HOME])
    const state = searchParams.get('state')
    expect((await get(receiver.sso + (await token({ state })))).text).to.contain('state-foreign')
    const back = await get(
      receiver.sso + (await token({ state, return_to: `${HOME}marks?week=1` })),
      start.cookies.at(-1),
    )
    expect([back.status, back.to]).to.deep.equal([303, `${HOME}marks?week=1`])
  })

  it(`${name}: a foreign return address leads home`, async () => {
    expect((await get(receiver.sso + (await token({ return_to: 'https://evil.example/' })))).to).to.equal(HOME)
  })

  it(`${name}: takes the token by a form, too`, async () => {
    const body = new URLSearchParams({ token: await token() })
    const address = receiver.sso.replace(/\?.*/, '')
    expect((await fetch(address, { method: 'POST', body, redirect: 'manual' })).status).to.equal(303)
  })

  if (!['PHP', 'C#'].includes(name))
    it(`${name}: takes ES256, and no signature of another key`, async () => {
      const [own, other] = [1, 2].map(() => generateKeyPairSync('ec', { namedCurve: 'P-256' })) as [Pair, Pair]
      const pem = own.publicKey.export({ type: 'spki', format: 'pem' }) as string
      const ec = await open({ alg: 'ES256', key: pem })
      expect((await get(ec.sso + (await token({}, own.privateKey, 'ES256')))).status).to.equal(303)
      const strange = await get(ec.sso + (await token({}, other.privateKey, 'ES256')))
      expect(strange.text).to.contain('token-signature')
      ec.close()
    })

  it(`${name}: takes the test vector of the guide, and RS256, and demands a state where told to`, async () => {
    const [vector] = /^eyJ.+$/m.exec(readFileSync(projectFile('docs/integrators/signed-link.md'), 'utf8'))!
    const tried = await open({ alg: 'HS256', key: 'test-vector-key-of-the-bridge-0001', now: 1_795_507_200 })
    expect((await get(tried.sso + vector)).status).to.equal(303)
    tried.close()
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const pem = createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }) as string
    const rsa = await open({ alg: 'RS256', key: pem, requireState: true })
    const start = await get(rsa.login)
    const state = new URL(start.to!).searchParams.get('state')
    expect((await get(rsa.sso + (await token({}, privateKey, 'RS256')))).text).to.contain('state-foreign')
    expect((await get(rsa.sso + (await token({ state }, Buffer.from(pem), 'HS256')))).text).to.contain(
      'token-algorithm',
    )
    const good = await get(rsa.sso + (await token({ state }, privateKey, 'RS256')), start.cookies.at(-1))
    expect(good.status).to.equal(303)
    rsa.close()
  })
}

describe('receiver for Node.js', () => {
  receiverSuite('Node.js', openNode)
})

if (has('php', 'php-cli'))
  describe('receiver for PHP', () => {
    receiverSuite('PHP', openPhp)
  })

if (hasPythonModule(PYTHON, 'cryptography', 'python3-cryptography'))
  describe('receiver for Python', () => {
    receiverSuite('Python', openDemo(startPython))
  })

if (has('javac', 'default-jdk-headless'))
  describe('receiver for Java', () => {
    receiverSuite('Java', openDemo(startJava))
  })

if (has('mcs', MONO) && has('mono', MONO))
  describe('receiver for C#', () => {
    receiverSuite('C#', openDemo(startCsharp))
  })

describe('receivers', () => {
  for (const file of [
    'python/receiver.py',
    'python/demo.py',
    'java/Receiver.java',
    'java/Json.java',
    'java/Demo.java',
    'csharp/Receiver.cs',
    'csharp/Json.cs',
    'csharp/PublicKey.cs',
    'csharp/Demo.cs',
  ]) {
    it(`${file} has fewer than 170 lines`, () => {
      const lines = readFileSync(projectFile(`docs/integrators/${file}`), 'utf8').split('\n').length - 1
      expect(lines).to.be.below(170)
    })
  }

  for (const file of ['php/receiver.php', 'node/receiver.mjs', 'php/logout.php', 'node/logout.mjs']) {
    it(`${file} has fewer than 100 lines`, () => {
      const lines = readFileSync(projectFile(`docs/integrators/${file}`), 'utf8').split('\n').length - 1
      expect(lines).to.be.below(100)
    })
  }
})
